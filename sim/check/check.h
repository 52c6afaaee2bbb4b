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

#endif
