/*
 * strategy: the one source of chance. An execution is a function of scenario, variant and what its
 * chooser picks.
 */
#ifndef SIM_ENGINE_STRATEGY_H
#define SIM_ENGINE_STRATEGY_H

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define CHOOSE_STOP (-1) /* this execution need not be finished */

struct cluster;

/* A choice: which of the enabled tasks makes the next step. */
struct choice {
    const struct cluster *cluster;
    int number;       /* of choices before it in this execution: the index of the coming event */
    uint64_t enabled; /* a bit per task; never empty */
    int last;         /* the task of the last step, -1 at the start; a task's own start is none */
    int end; /* the task whose pick ends the run, if all others that are enabled are faults; else -1
              */
    bool barrier; /* time has moved since the last event: nothing before can be swapped with what
                     follows */
};

struct chooser {
    const char *name;
    int (*pick)(struct chooser *self, const struct choice *choice); /* a task, or CHOOSE_STOP */
    /* Nobody can go on any more: the last chance to object (cluster_fail). May be NULL. */
    void (*over)(struct chooser *self, const struct cluster *c);
};

/* The fixed order: whoever ran goes on as long as it can, then the first in the scenario's order.
 */
static inline int choose_fixed(const struct choice *choice)
{
    if (choice->end >= 0)
        return choice->end;
    if (choice->last >= 0 && choice->enabled >> choice->last & 1)
        return choice->last;
    return __builtin_ctzll(choice->enabled);
}

#endif
