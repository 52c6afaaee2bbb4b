/*
 * page_runs: the executions that a page shows of one variant, each once. Which property or outcome wants
 * it is the caller's to know, by its number.
 */
#ifndef SIM_REPORT_PAGE_PAGE_RUNS_H
#define SIM_REPORT_PAGE_PAGE_RUNS_H

#include "sim/explore/search/search.h"
#include "sim/report/page/intern.h"

#define REEL_MAX 48 /* more are not shown */

struct reel_run {
    const struct schedule *schedule; /* the caller's */
    int *first; /* per event: its first record, or that of the next that has one; one more: all */
    int events;
};

struct reel {
    struct reel_run v[REEL_MAX];
    int count;
};

int reel_add(struct reel *r, const struct schedule *schedule); /* its number; -1: there is none */
/* Runs them all once more, and writes a list of what was to be seen (docs/report-format.md, runs).
 */
enum err_code reel_json(struct reel *r, struct search *s, struct words *words, struct strbuf *out,
                        struct err *err);
/* The first record of the run's event. Only after reel_json(). */
int reel_record(const struct reel *r, int run, int event);
void reel_release(struct reel *r);

#endif
