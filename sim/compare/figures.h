/*
 * figures: what the executions of one scenario cost, and what its clients were told.
 *
 *     struct figures f;
 *
 *     figures_init(&f, scenario);
 *     options.judged = figures_add;
 *     options.judged_ctx = &f;
 *     // … search_run() …
 *     text = figures_register(&f, "i1.r");
 *     figures_release(&f);
 *
 * Of each figure the most of any execution is kept, so it is a bound in all orders where all were
 * run, and what was seen in a sample else. Milliseconds are virtual.
 */
#ifndef SIM_COMPARE_FIGURES_H
#define SIM_COMPARE_FIGURES_H

#include "sim/engine/cluster.h"

#define FIGURES_VARIES "varies"

struct figures {
    const struct scenario *scenario;
    struct arena arena;
    int64_t executions;
    int messages, store_calls;
    int64_t answered_ms; /* from a request to its answer, the longest */
    int64_t accepted_ms; /* until i2's events are accepted; -1: in some execution they never are */
    int creations;       /* streams that somebody takes for its own, in an execution */
    const char *
        *values; /* of the registers: NULL: no execution; FIGURES_VARIES: not always the same */
};

void figures_init(struct figures *f, const struct scenario *s);
void figures_release(struct figures *f);
void figures_add(void *figures, struct cluster *c);
const char *figures_register(const struct figures *f, const char *name); /* "" if never set */

#endif
