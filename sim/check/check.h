/*
 * check: the properties. One a file; each sees the history and the final store, never a node's
 * inside.
 *
 * A check says whether the property holds in one execution that came to its end. If it does not,
 * `why` gets one sentence for the reader (NULL: nobody reads). Checks have no side effects and hold
 * nothing from one execution to the next.
 */
#ifndef SIM_CHECK_CHECK_H
#define SIM_CHECK_CHECK_H

#include "base/strbuf.h"
#include <stdbool.h>

struct cluster;

struct check {
    const char *name;
    bool services; /* is about ingestors and queriers */
    bool posix;    /* can only fail under posix semantics */
    bool restarts; /* … where a node is restarted */
    bool markers;  /* … where nodes make markers */
    bool versions; /* … where schemas have versions */
    bool asked;    /* is judged only where a scenario expects it: most have no use for it, or it
                    * costs orders */
    bool (*holds)(struct cluster *c, struct strbuf *why);
    bool lasting; /* can be judged after any step, from the history alone: once broken, for good */
};

extern const struct check check_one_creator, check_one_definition, check_no_lost_events,
    check_no_lost_update, check_converged, check_monotonic_versions, check_no_ghost,
    check_no_torn_read, check_linearizable, check_no_stuck_marker, check_no_deadlock,
    check_restarts, check_no_unauthorized;

extern const struct check *const checks[]; /* all, NULL-terminated, in the order of reports */
const struct check *check_find(const char *name); /* NULL if there is none */

/* --- for checks: the final store --- */

struct store;
struct record;
/* A way into the store that is no step. */
void check_store(struct cluster *c, struct store *out);
/* Has this generation of the stream a tombstone (nodes/role/delete.h)? */
bool check_is_over(struct store *s, const char *stream, int generation);
/* All definitions in the store, one for each *.stream.json, without those of generations that are
 * over. Memory is the cluster's, for this execution. */
int check_definitions(struct cluster *c, struct record **out);

#endif
