/*
 * no_torn_read: a whole-object read finds a whole object, one that some writer meant. Half of one,
 * or nothing where something was being written, is torn. Objects that are appended to have no
 * single meaning and are left out.
 */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>

static bool was_meant(const struct history *h, const struct history_value *read)
{
    bool known = false;

    for (int i = 0; i < h->written_count; i++) {
        if (h->written[i].path != read->path)
            continue;
        if (h->written[i].value == read->value || h->written[i].value == HISTORY_ANY_VALUE)
            return true;
        known = true;
    }
    return !known; /* nobody wrote it: it is from before */
}

bool check_no_torn_read(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;

    for (int i = 0; i < h->read_count; i++)
        if (!was_meant(h, &h->read[i])) {
            if (why)
                strbuf_adds(why, "a read found what no writer meant: a half-written object");
            return false;
        }
    return true;
}
