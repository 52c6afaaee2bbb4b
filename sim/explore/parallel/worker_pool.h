/*
 * worker_pool: processes that share a list of work. Each takes the next item that nobody has, and sends
 * back a line for each.
 *
 * The caller has no threads while it forks. A worker that dies, or fails, ends the whole; a worker
 * whose parent dies ends, too (prctl(2), PR_SET_PDEATHSIG). Each has a processor of its own where
 * there are enough.
 */
#ifndef SIM_EXPLORE_PARALLEL_WORKER_POOL_H
#define SIM_EXPLORE_PARALLEL_WORKER_POOL_H

#include "base/err.h"
#include "base/strbuf.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define JOBS_MAX 256

struct crew_shared { /* memory of all */
    _Atomic int next;
    _Atomic int64_t executions;
};

struct crew_work {
    const int *items;
    int count;
    /* In a worker, which has begun by begin(ctx): the item's line. *over: the rest need not be
     * done. */
    enum err_code (*begin)(void *ctx, struct crew_shared *shared, struct err *err);
    enum err_code (*run)(void *ctx, int item, struct strbuf *line, bool *over, struct err *err);
    void (*end)(void *ctx);
    /* In the parent: a worker's line; now and then, how far all are. */
    enum err_code (*line)(void *ctx, const char *text, struct err *err);
    void (*tick)(void *ctx, int64_t executions);
    void *ctx;
};

/* before: executions that count as done already. */
enum err_code crew_run(const struct crew_work *w, int jobs, int64_t before, struct err *err);

#endif
