/*
 * parallel: a search in parts (partition.h), run by several processes, kept in a journal as far as
 * it is done, or one shard of it.
 *
 *     struct search *s = divided_run(&d, &err);
 *     // … as after search_run(); NULL: an error, or a shard, which has no verdict of its own …
 *     divided_release(&d);
 *
 * Which parts there are does not depend on who runs them, and what they came to is added up in
 * their order. So the counts, the verdicts and the witnesses are the same for any number of jobs
 * and of shards, and for a search that was interrupted.
 */
#ifndef SIM_EXPLORE_PARALLEL_PARALLEL_H
#define SIM_EXPLORE_PARALLEL_PARALLEL_H

#include "sim/explore/parallel/journal.h"
#include "sim/explore/search/progress.h"
#include "sim/explore/search/session.h"

struct parallel_options {
    const char *resume; /* the journal; NULL: there is none */
    int64_t jobs;       /* processes; 0: the search is not divided */
    int shard, shards;  /* 2/8; shards 0: none */
};

struct division {
    struct parallel_options options;
    struct session_options where;
    const char *order, *seed; /* how the scenario's orders were changed; NULL: not at all */
    int64_t runs;             /* … 0: as it says */
    const char *version;      /* of this program: results of others are not added up */
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

bool divided_wanted(const struct parallel_options *o); /* any of them was given */
/* What the journal's first line says of this search: JSON. */
void divided_header(const struct division *d, struct strbuf *out);
/* A result from elsewhere; before divided_run(). */
void divided_add(struct division *d, const char *text, size_t len);
struct search *divided_run(struct division *d, struct err *err);
void divided_release(struct division *d);

#endif
