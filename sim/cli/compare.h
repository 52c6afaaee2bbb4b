/*
 * compare: what `fsrace compare` is made of. compare_run.c runs work under one scheme,
 * compare_tables.c has fsrace's own questions, a table each, and compare.c puts them together.
 */
#ifndef SIM_CLI_COMPARE_H
#define SIM_CLI_COMPARE_H

#include "nodes/create/create.h"
#include "sim/cli/cli.h"
#include "sim/compare/figures.h"
#include "sim/compare/work.h"
#include "sim/report/text/table.h"

struct compare {
    const struct options *o;
    struct session session;
    int current; /* the contestant that runs, by its number in work_contestant() */
    bool at_querier
        [WORK_CONTESTANTS_MAX]; /* who asks an ingestor gets no stream: a querier makes it */
    bool accepted;              /* what came of the last run that asked for it */
    bool undecided;
    int printed;
    struct used_files inputs;
};

/* Adds to a row what came of a run. */
typedef void cells_fn(struct compare *c, struct table *t, const struct search *s,
                      const struct figures *f);

/* Runs the work of one contestant, and releases it. */
enum err_code compare_run(struct compare *c, struct work *w, int contestant, struct table *t,
                          cells_fn *cells, struct err *err);

/* A table with a row for each contestant. */
struct question {
    const char *name, *title, *note;
    void (*columns)(struct table *t); /* but the first, the scheme */
    enum err_code (*row)(struct compare *c, struct table *t, int contestant, struct err *err);
};

extern const struct question compare_questions[]; /* up to one without a name */
/* Fills at_querier; before any question. */
enum err_code compare_makers(struct compare *c, struct err *err);

#endif
