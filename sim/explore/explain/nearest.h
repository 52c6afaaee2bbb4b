/*
 * nearest: an execution in which a property holds, as near as can be to one in which it is broken:
 * the two go together as long as possible. What a reader compares to see why.
 *
 * At each choice of the broken execution, from the last one back, another task goes on that could
 * have, for one step or as long as it can, and then all go on as before as far as they can. The
 * first such order in which the property holds is the nearest; one with a fault that the broken
 * execution was spared counts only if there is no other. Steps that depend on nothing that they
 * overtake need not be tried: nothing would change.
 */
#ifndef SIM_EXPLORE_EXPLAIN_NEAREST_H
#define SIM_EXPLORE_EXPLAIN_NEAREST_H

#include "sim/explore/search/search.h"

struct nearest {
    struct schedule passing; /* .any is false if none was found */
    int common;              /* events before they part */
    /* Two steps that depend on each other, and go the other way: events, in the order of the broken
     * execution, and the same steps in the passing one. race[0] < 0: none */
    int race[2], passing_race[2];
};

/* Also where the scenario is a script: nothing but that order may be tried, and none is found. */
enum err_code nearest_passing(struct search *s, const struct tally *t, struct nearest *out,
                              struct err *err);
void nearest_release(struct nearest *n);

#endif
