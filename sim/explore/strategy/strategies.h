/*
 * strategies: the ways of picking an order. Each embeds a struct chooser as its first member;
 * X_init() makes it ready, what has something to free has X_release().
 */
#ifndef SIM_EXPLORE_STRATEGY_STRATEGIES_H
#define SIM_EXPLORE_STRATEGY_STRATEGIES_H

#include "base/rng.h"
#include "sim/engine/cluster.h"
#include "sim/engine/strategy.h"
#include "sim/scenario/scenario.h"

/* random: any enabled task, from a seed. */
struct random_chooser {
    struct chooser chooser;
    struct rng rng;
};

void random_init(struct random_chooser *r);
void random_begin(struct random_chooser *r, uint64_t seed,
                  uint64_t run); /* before each execution */

/* pct: by random priorities of tasks, that change at depth - 1 random ones of the first `steps`
 * steps. */
struct pct_chooser {
    struct chooser chooser;
    int depth, tasks, steps;
    int priority[TASK_MAX];
    int change[PCT_DEPTH_MAX]; /* the numbers of the choices before which it does */
};

void pct_init(struct pct_chooser *p, int depth, int tasks, int steps);
void pct_begin(struct pct_chooser *p, uint64_t seed, uint64_t run); /* before each execution */
/* Of one run to hit a bug of that depth, at least. */
double pct_chance(int depth, int tasks, int steps);

/* pos: by random priorities of steps, drawn anew when they have lost a race. */
struct pos_chooser {
    struct chooser chooser;
    struct rng rng;
    uint64_t priority[TASK_MAX]; /* of each task's next step */
    uint64_t drawn;              /* which of them there are: a bit each */
};

void pos_init(struct pos_chooser *p);
void pos_begin(struct pos_chooser *p, uint64_t seed, uint64_t run); /* before each execution */

/* script: the scenario's list of steps, and then another chooser (NULL: the fixed order). A step
 * that cannot be followed ends the execution with ERR_INPUT. */
struct script_chooser {
    struct chooser chooser;
    const struct scenario *scenario;
    struct chooser *then;
    int step;  /* the one that is being followed */
    int *seen; /* per step: how often its task has done its point */
    int lost;  /* the step that could not be followed, if that is no error; else -1 */
};

void script_init(struct script_chooser *s, const struct scenario *scenario, struct chooser *then);
void script_begin(struct script_chooser *s);
void script_release(struct script_chooser *s);

/* given: tasks by index, one after the other, and then the fixed order: an execution of this
 * process once more. */
struct given_chooser {
    struct chooser chooser;
    const uint8_t *tasks;
    int count;
};

void given_init(struct given_chooser *g, const uint8_t *tasks, int count);

#endif
