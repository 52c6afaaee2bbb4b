/*
 * schedule: the picks of one execution, and which of two is the shorter one.
 */
#ifndef SIM_EXPLORE_SEARCH_SCHEDULE_H
#define SIM_EXPLORE_SEARCH_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;

struct schedule {
    uint8_t *tasks;
    int count, cap;
    int preemptions, steps; /* steps: without task starts */
    bool any;
};

void schedule_note(struct schedule *out, const struct cluster *c); /* the picks of c->events */
bool schedule_same(const struct schedule *a, const struct schedule *b);
/* Takes the current order if it is shorter than the one that is kept. */
void schedule_keep(struct schedule *kept, const struct schedule *current);

#endif
