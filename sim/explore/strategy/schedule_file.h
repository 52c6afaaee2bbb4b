/*
 * schedule_file: an execution's picks as a file that tells them by name (explain/export.h writes it), and the
 * chooser that makes them again. A step that is not possible ends the execution with ERR_DIVERGE.
 *
 *     named_load(&n, scenario, path, &err);
 *     cluster_run(c, &n.chooser, &err);
 *     named_release(&n);
 */
#ifndef SIM_EXPLORE_STRATEGY_SCHEDULE_FILE_H
#define SIM_EXPLORE_STRATEGY_SCHEDULE_FILE_H

#include "base/mem.h"
#include "sim/engine/strategy.h"
#include "sim/scenario/scenario.h"

/* A step of nobody: no task can go on, and no fault comes of those that may come anywhere. */
#define NOBODY   "-"
#define NO_FAULT "no fault happens"

struct named_step {
    const char *task, *point;
};

struct named_chooser {
    struct chooser chooser;
    struct named_step *steps;
    int count, at;
    struct arena arena;
};

enum err_code named_load(struct named_chooser *n, const struct scenario *s, const char *path,
                         struct err *err);
void named_release(struct named_chooser *n);

#endif
