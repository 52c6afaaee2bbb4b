/*
 * divided: a search in parts (sim/explore/parallel/partition.h), run by several processes, kept in a journal as
 * far as it is done, or one shard of it.
 *
 *     struct search *s = divided_run(&d, &err);
 *     … as after search_run(); NULL: an error, or a shard, which has no verdict of its own …
 *     divided_release(&d);
 *
 * Which parts there are does not depend on who runs them, and what they came to is added up in
 * their order. So the counts, the verdicts and the witnesses are the same for any number of jobs
 * and of shards, and for a search that was interrupted.
 */
#ifndef SIM_CLI_DIVIDED_H
#define SIM_CLI_DIVIDED_H

#include "sim/cli/cli.h"
#include "sim/explore/parallel/journal.h"
#include "sim/explore/search/progress.h"

struct division {
    const struct options *options;
    struct scenario *scenario;
    struct search_options search; /* of the undivided search */
    struct session *session;      /* for the search that is returned */
    struct progress *progress;    /* NULL: nobody looks */
    char **lines;                 /* results: journal's, others', and our own */
    int line_count, line_cap;
    struct journal journal;
    bool merging;           /* all parts of the first round have to be there */
    bool over;              /* the budget ended it */
    int64_t executions;     /* so far */
    int shard_parts, parts; /* of a shard: which are its own, of all */
    struct parts *tree;     /* while it runs */
    struct search *own;     /* a worker's */
    struct session own_session;
    struct crew_shared *shared;
    int64_t start_ms, round;
};

/* --jobs, --shard or --resume was given */
bool divided_wanted(const struct options *o);
/* What the journal's first line says of this search: JSON. */
void divided_header(const struct division *d, struct strbuf *out);
/* A result from elsewhere; before divided_run(). */
void divided_add(struct division *d, const char *text, size_t len);
struct search *divided_run(struct division *d, struct err *err);
void divided_release(struct division *d);

#endif
