/*
 * progress: a line on stderr for those who wait, if it is a terminal: executions, how many a
 * second, and how much is done where that is known (a sample, a budget). Of all orders,
 * it says how much of what is known so far: nobody knows beforehand how many there are.
 */
#ifndef SIM_EXPLORE_SEARCH_PROGRESS_H
#define SIM_EXPLORE_SEARCH_PROGRESS_H

#include "sim/explore/search/search.h"

struct progress {
    const struct scenario *scenario;
    const struct search_options *options;
    int64_t start_ms, shown_ms;
    double known; /* search_options.share */
    bool shown;
};

void progress_begin(struct progress *p, const struct scenario *sc,
                    const struct search_options *options);
void progress_show(void *progress, int64_t executions); /* search_options.progress */
void progress_end(struct progress *p);                  /* wipes the line */

/* "dup-create, naive: 1200 executions, 400/s, 12%, 22 s left" */
void progress_words(const struct progress *p, int64_t executions, int64_t now_ms,
                    struct strbuf *out);

#endif
