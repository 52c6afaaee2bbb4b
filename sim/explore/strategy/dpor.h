/*
 * dpor: every order that can matter, by depth-first search over choices.
 *
 * Two executions that differ only in the order of independent steps (footprint.h) end alike, so of
 * each such class one has to be run. The search runs one execution to its end in the fixed order,
 * finds the races in it (two dependent steps of different tasks with nothing between that forces
 * their order), and for each race writes down, at the choice before it, an order in which the race
 * goes the other way: in that choice's wakeup tree (wakeup.h). Sleep sets remember what was tried
 * from here, so that it is not tried again until something that depends on it has happened.
 * Sources: Flanagan and Godefroid, "Dynamic partial-order reduction for model checking software",
 * 2005; Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order reduction", 2014, and
 * "Source sets", 2017; Godefroid, "Partial-order methods", 1996.
 *
 * Why nothing is missed. The papers ask of dependence that a step between two dependent ones takes
 * nothing of it away. Footprints of what happened do not grant that: an exclusive create that failed
 * has only read, and does not depend on the next one that fails; made earlier, it would have
 * succeeded. So the argument here is one that does without. Let E be what led to a level, Z its
 * sleep set, D the tasks that were tried there. To show: for each sequence w that can follow E, and
 * that no sleeper begins (is *initial* in: has a step there, and nothing in its past), an execution
 * is run that has w as a beginning, up to swaps.
 *   - If a task of D begins w, the search behind it runs that (by induction; the sleepers there are
 *     those of Z and D that its step does not wake, and none of them begins the rest of w).
 *   - If a task d of D has a step that commutes with all of w, the search behind it runs w.
 *   - Else the step of each d conflicts with a first step q of w, behind a part w' that commutes with
 *     it. Where d does not hold up q, the search behind d runs d w' q; and there d and q race. Where it
 *     does, q is among the steps that were left (struct unmade), or was made late, and they race, too.
 *     Of all such d take the one whose w' is longest, and of these the one that was tried last. When its
 *     race was turned round, at least one of these held, or was made to. Let v be what happened
 *     without d up to the end of the execution, and without q, which has all of w'.
 *       (a) A task that is still to be tried here begins v, or its step commutes with v; or it is q's,
 *           and nothing in v is in q's past or could conflict with q. If it does not begin w, its w' is
 *           no shorter, and it is tried later: which cannot be.
 *       (b) A sleeper, or a task that was tried, begins q's past, or is q's as in (a). Then it begins w.
 *       (c) A task that was tried here commutes with v and with all that q could do. Then its w' is
 *           longer, or it commutes with w.
 *       A fault that is to lie in wait comes only while somebody goes on: in (a) and (c), what takes a
 *       node down does not commute with it.
 *       (d) Else v and then q become a new branch, the last one: (a) again.
 *     So a task of D begins w after all.
 * What q did after d is known; what it would do before d is not. It is bounded by footprint_may(),
 * unless the step is `sure` to touch the same wherever it comes. Each of the four that the papers
 * build on keeps this: a *sleep set* has a step by what it touched when it was made here, and is never
 * asked whether it only commutes; an *initial* is one by the clocks of steps that happened, never by
 * that of q; *weakly first* is asked only of branches to come, (a), and of steps that were made here,
 * (c); a *wakeup tree* only says which order to try first below a branch: that a leaf wakes all
 * sleepers is not relied on. The price is executions that are given up half way, where all that could
 * go on sleeps; none is run twice to its end. Where a scenario has nothing but sure steps, the papers'
 * own proof holds: there (c) is asked of sleepers, too, and nothing is given up.
 *
 * Beyond the papers: steps that cannot go at any time (a receive, a lock, a read of an event queue)
 * have footprints that say which earlier step made them possible. Such a pair is no race; but a
 * race with what came before that (who gets the lock, who gets the message) is, so enabling steps
 * do not count when it is decided whether something forces an order. When time jumps, all before
 * happened before all after.
 *
 * With reduction off, every enabled task is tried everywhere: for checking the reduction, and for
 * teaching.
 *
 *     all_init(&a, true);
 *     do {
 *         cluster_run(c, &a.chooser, &err);
 *         // …
 *         more = all_next(&a, c);    // before the reset: it looks at c->events
 *         cluster_reset(c, &err);
 *     } while (more);
 *     all_release(&a);
 */
#ifndef SIM_EXPLORE_STRATEGY_DPOR_H
#define SIM_EXPLORE_STRATEGY_DPOR_H

#include "sim/engine/cluster.h"
#include "sim/engine/strategy.h"
#include "sim/explore/strategy/wakeup.h"

/* A task that need not be tried for now, because its next step was, with this footprint. */
struct sleeper {
    int task;
    bool given; /* not all that wakes it will be found by trying it: dpor.c, tried_elsewhere() */
    struct footprint footprint;
};

/* Two steps whose order could have been the other way. */
struct race {
    int first, second;
    int second_task;
    bool unmade;  /* the second was not made, and could not be any more after … */
    int gone;     /* … this level */
    bool in_wait; /* the second is a fault that begins to lie in wait */
    bool sure;    /* coming first, the second touches just the same */
    int settled;  /* the step that settled it: only what comes from there on may change that */
    wakeup_clock clock; /* the second's past, without the first */
};

/* One choice on the way to where the search is. */
struct level {
    uint64_t enabled;
    int chosen; /* the task of the tree's first root */
    int tree;   /* what is still to be tried here, the current one first */
    int tried;  /* branches that are done */
    int floor;  /* the first event since time last moved */
    struct sleeper *sleep;
    int sleep_count, sleep_cap;
    int inherited;        /* so many of them from above; the others were tried here */
    wakeup_clock clock;   /* of its step, with that one itself */
    struct footprint may; /* the most that its step may touch, coming earlier */
};

struct all_chooser {
    struct chooser chooser;
    bool reduce;
    int bound;   /* preemptions at most; < 0: any number; without reduction only */
    bool delays; /* the bound is one of delays */
    struct level *levels;
    int count, cap;
    int prefix; /* levels whose choice is already made in the coming execution */
    int first;  /* the number of the first choice that is ours; a script makes those before */
    int fixed;  /* levels that are not searched: what is to be tried there is for others to try */
    bool owes;  /* the last execution has added something to try at one of those */
    struct wakeup_pool pool;
    struct wakeup_step *steps; /* scratch */
    int step_cap;
    struct race *races; /* of the execution that ended, by their second */
    int race_count, race_cap;
    int made_races; /* so many whose second step was made */
    int64_t cut;    /* executions that were given up as redundant */
    int64_t stray;  /* steps of a wakeup tree that were not possible after all */
};

/* What happened before what in the execution that c->events has: fills a->levels[i].clock and
 * .floor for every event. For use on a fresh all_chooser, without a search. */
void all_order_events(struct all_chooser *a, const struct cluster *c);

/* For searches that are divided (partition.h). The races of the execution that c->events has, turned
 * round; all_next() does that itself. With only_fixed, the levels are the fixed ones alone, and what
 * comes of the races behind them is left out. */
void all_turn_round(struct all_chooser *a, const struct cluster *c, bool only_fixed);
/* The choice is made elsewhere: the level gets to know of it. A choice of the fixed levels, or the
 * next one. */
void all_follow(struct all_chooser *a, const struct choice *choice, int task);
struct level *all_add_level(struct all_chooser *a);
void all_put_to_sleep(struct level *l, int task, const struct footprint *f);

void all_init(struct all_chooser *a, bool reduce);
bool all_next(struct all_chooser *a,
              const struct cluster *c); /* false: every order has been tried */
/* How much of the tree is done, as far as it is known: each branch that is known at a choice counts
 * alike. Knuth, "Estimating the efficiency of backtrack programs", 1975. More branches turn up, so it
 * is too much rather than too little. */
double all_share(const struct all_chooser *a);
void all_release(struct all_chooser *a);

#endif
