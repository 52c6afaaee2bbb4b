/*
 * classes: how many of the executions that were run differ in more than the order of independent
 * steps.
 *
 * An execution's class (its Mazurkiewicz trace) is its steps with what happened before what. It is
 * told from others by a hash: of each step, which of its task it is and the hashes of all earlier
 * steps that it depends on; of the whole, the sum over its steps, so that the order in which
 * independent ones were made is not in it.
 */
#ifndef SIM_EXPLORE_SEARCH_CLASSES_H
#define SIM_EXPLORE_SEARCH_CLASSES_H

#include "base/set.h"
#include "sim/engine/cluster.h"

struct classes { /* zeroed: none seen */
    struct set seen;
    uint64_t *hashes; /* scratch, per event */
    int cap;
};

/* The class of the execution that c->events has; `k` lends its scratch. */
uint64_t class_of(struct classes *k, const struct cluster *c);
void classes_release(struct classes *k);

#endif
