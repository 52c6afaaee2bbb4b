/*
 * invariant: the scenario's own properties that have to hold after every step.
 */
#ifndef SIM_ENGINE_INVARIANT_H
#define SIM_ENGINE_INVARIANT_H

#include "sim/workload/predicate.h"

struct cluster;

/* What invariants look at, for footprints: a step that changes one of these is visible to them. */
void invariants_prepare(struct cluster *c);
/* After a step: marks those that do not hold. */
void invariants_look(struct cluster *c);
/* Looks at registers and the store without a step. */
struct sight invariant_sight(struct cluster *c);

#endif
