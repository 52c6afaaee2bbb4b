/*
 * control: every order that can matter, by the plainest means: sleep sets and merged states, and nothing else. No races, no
 * clocks, no wakeup trees. It is there to check the reduced search (dpor.h), and is slow where that is fast.
 *
 * A depth-first search tries at each choice every enabled task, but for those that sleep. A task that was tried at a choice
 * sleeps behind the ones tried after it, until a step comes that depends on its own.
 *
 * Why nothing is missed (Godefroid, "Partial-order methods", 1996). Let s be a state, Z its sleep set, and w a sequence that
 * can follow. To show: if no sleeper of Z is *first* in w (has a step in w, and all before that are independent of it), then
 * w, up to swaps, is run from (s, Z). By induction on w's length. Take the tasks that are first in w; none sleeps, so each is
 * tried here. Let t be the one that is tried first, and w' the rest of w, t's step being swapped to the front. Who sleeps
 * behind t is of Z, or was tried before t, and its step is independent of t's. Were it first in w', it would be first in w,
 * too, t's step being no hindrance; but of Z none is, and what was tried before t is not, for t was the first of those. So w'
 * is run behind t. And it is run only once: of all orders of a class just one survives, the one that takes at each choice the
 * earliest tried of the tasks that are first.
 *   Used is only this: independent steps that are next to each other change places, and both then do what they did, and touch
 * what they touched. What a sleeper touches was seen when it was tried, and holds as long as it sleeps. What a step *would*
 * touch elsewhere is asked nowhere.
 *   When time moves, all before happened before all after: nobody sleeps across that.
 *
 * Merged states: what can follow is a function of the state (sim/engine/state.h), and what is run of it, of the state and the
 * sleep set. So a pair that was met before is not searched again. (It is searched to its end by then: each step changes what
 * its task was told, so no path comes to one state twice.) A sleeper's footprint is a function of the state: the mask is
 * enough.
 *   The number of classes is that of paths from the root that come to an end, in the graph of pairs: each pair has its own,
 * the sum over its steps. The same is counted for each property that is broken at the end. They are those
 * that the reduced search runs, but for one kind: where a fault that lies in wait for a call or a message may come anywhere,
 * those in which it waits in vain are all counted here, and run there but by accident.
 *
 * That a state holds all that matters is checked at each step: the same task going on from the same state has to come to
 * the same state, and the last step to the same outcome. Where it does not, the search ends with ERR_DIVERGE and says in
 * what the two states differ.
 *
 *     control_init(&k, c, tallies);
 *     do {
 *         cluster_run(c, &k.chooser, &err);
 *         // … ended, and then its outcome, and which properties are broken
 *         more = control_next(&k, c, ended, outcome, broken, &err);
 *         cluster_reset(c, &err);
 *     } while (more);
 *     // … k.total …
 *     control_release(&k);
 */
#ifndef SIM_EXPLORE_STRATEGY_CONTROL_H
#define SIM_EXPLORE_STRATEGY_CONTROL_H

#include "base/map.h"
#include "sim/engine/cluster.h"
#include "sim/engine/state.h"
#include "sim/engine/strategy.h"

#define CONTROL_TALLIES 64

/* Classes below a pair, and in how many of them each property is broken at the end. */
struct control_count {
    uint64_t classes;
    uint64_t broken[CONTROL_TALLIES]; /* the first `tallies` of them */
};

struct control_sleeper {
    int task;
    struct footprint footprint;
};

/* A choice on the way to where the search is. */
struct control_level {
    uint64_t state, pair; /* hashes; the pair's sleep set is the one it was met with */
    uint64_t enabled, todo, asleep;
    int chosen;
    struct control_sleeper *sleep;
    int sleep_count, sleep_cap;
    struct control_count count; /* so far */
};

struct control {
    struct chooser chooser;
    int tallies;
    struct control_level *levels;
    int count, cap;
    int first;        /* the number of the first choice that is ours; a script makes those before */
    struct map pairs; /* to where in `counts` theirs begin */
    struct map moves; /* (state, task) to the state that it led to */
    uint64_t *counts;
    int64_t counts_count, counts_cap;
    struct state *states; /* that were led to */
    int64_t state_count, state_cap;
    struct control_count total;
    int64_t merged; /* executions that ended at a pair that was met before */
    int64_t asleep; /* … where all who could go on sleep */
    int64_t steps;  /* of all executions */
};

void control_init(struct control *k, struct cluster *c, int tallies);
/* Before the reset. ended: the execution came to its end, with that outcome, and these of the properties broken, as bits.
 * False: every order has been tried, or err is set. */
bool control_next(struct control *k, struct cluster *c, bool ended, uint64_t outcome,
                  uint64_t broken, struct err *err);
void control_release(struct control *k);

#endif
