/*
 * dpor: every order that can matter, by depth-first search over choices.
 *
 * Two executions that differ only in the order of independent steps (footprint.h) end alike, so of each
 * such class one has to be run. The search runs one execution to its end in the fixed order, finds
 * the races in it (two dependent steps of different tasks with nothing between that forces their
 * order), and for each race writes down, at the choice before it, an order in which the race goes
 * the other way: in that choice's wakeup tree (wakeup.h). Sleep sets remember what was tried from
 * here, so that it is not tried again until something that depends on it has happened.
 * Sources: Flanagan and Godefroid, "Dynamic partial-order reduction for model checking software",
 * 2005; Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order reduction", 2014,
 * algorithm 2; Godefroid, "Partial-order methods", 1996.
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
 *         cluster_run(c, &a.chooser, &err); …; cluster_reset(c, &err);
 *     } while (all_next(&a, c));            before the reset: it looks at c->events
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
    const struct footprint *footprint; /* of the second, if it came first */
    wakeup_clock
        clock; /* of the second, without the first and without what only made it possible */
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
    wakeup_clock clock; /* of its step, with that one itself */
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
    struct race *races; /* of the execution that ended */
    int race_count, race_cap;
    int64_t cut;   /* executions that were given up as redundant */
    int64_t stray; /* steps of a wakeup tree that were not possible after all */
};

/* What happened before what in the execution that c->events has: fills a->levels[i].clock and
 * .floor for every event. For use on a fresh all_chooser, without a search. */
void all_order_events(struct all_chooser *a, const struct cluster *c);

/* For searches that are divided (partition.h). The races of the execution that c->events has, turned
 * round; all_next() does that itself. With only_fixed, the levels are the fixed ones alone, and what
 * comes of the races behind them is left out. */
void all_turn_round(struct all_chooser *a, const struct cluster *c, bool only_fixed);
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
