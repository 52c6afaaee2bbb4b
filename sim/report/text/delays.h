/*
 * delays: who is slow in a story, for how long, and between which of his steps.
 *
 *     struct delay d = {.step = -1};
 *
 *     while (delays_next(picture, &d))
 *         show(picture->trace.v[d.step].task, d.ms);   // is slow for so long
 *
 * Slow is who could go on and did not while time passed. Of steps that may wait for others nothing is
 * told. Only where somebody may be slow: "time": "free", or a fault.
 */
#ifndef SIM_REPORT_TEXT_DELAYS_H
#define SIM_REPORT_TEXT_DELAYS_H

#include "sim/report/text/execution_view.h"

struct delay {
    int before,
        step; /* records: between these two steps of one task; before: -1, it is its first */
    int64_t ms;
};

bool delays_next(const struct picture *p, struct delay *d);

#endif
