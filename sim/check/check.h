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
#include "sim/scenario/builtin.h"
#include <stdbool.h>

struct cluster;

struct check {
    const char *name;
    unsigned traits; /* enum property_trait */
    bool (*holds)(struct cluster *c, struct strbuf *why);
};

#define CHECK_PROTOTYPE(name, traits) bool check_##name(struct cluster *c, struct strbuf *why);
BUILTIN_PROPERTIES(CHECK_PROTOTYPE)

extern const struct check checks[]; /* up to one without a name, in the order of reports */

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
