/*
 * converged: once all is quiet, what nodes know agrees with the store. Every querier knows exactly
 * the streams that are there, with all their fields; every node that knows a stream knows the one
 * definition that the store has.
 */
#include "nodes/stream/stream_meta.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static const struct record *find(const struct record *v, int count, const char *stream)
{
    for (int i = 0; i < count; i++)
        if (strcmp(v[i].stream, stream) == 0)
            return &v[i];
    return NULL;
}

static bool fail(struct strbuf *why, const char *node, const char *what, const char *stream)
{
    if (why)
        strbuf_printf(why, "%s %s %s", node, what, stream);
    return false;
}

static bool node_agrees(const struct history_info *info, const struct record *store, int count,
                        struct strbuf *why)
{
    for (int i = 0; i < info->count; i++) {
        const struct record *mine = &info->records[i];

        for (int k = 0; k < count; k++)
            if (strcmp(store[k].stream, mine->stream) == 0 && !record_same(&store[k], mine))
                return fail(why, info->node, "and the store differ on what is", mine->stream);
        if (!find(store, count, mine->stream))
            return fail(why, info->node,
                        "knows a stream that the store does not have:", mine->stream);
    }
    return true;
}

static bool querier_knows_all(const struct history_info *info, const struct record *store,
                              int count, struct strbuf *why)
{
    for (int i = 0; i < count; i++)
        if (!find(info->records, info->count, store[i].stream))
            return fail(why, info->node, "does not know", store[i].stream);
    return true;
}

/* Every field that any ingestor has accepted for the stream. */
static bool querier_knows_fields(const struct history *h, const struct history_info *info,
                                 struct strbuf *why)
{
    for (int i = 0; i < h->info_count; i++)
        for (int k = 0; k < h->infos[i].count; k++) {
            const struct record *theirs = &h->infos[i].records[k];
            const struct record *mine = find(info->records, info->count, theirs->stream);

            if (mine && !schema_covers(&mine->schema, &theirs->schema))
                return fail(why, info->node, "does not know all fields of", theirs->stream);
        }
    return true;
}

bool check_converged(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;
    struct record *store;
    int count = check_definitions(c, &store);

    for (int i = 0; i < h->info_count; i++) {
        const struct history_info *info = &h->infos[i];

        if (!node_agrees(info, store, count, why))
            return false;
        if (info->querier &&
            (!querier_knows_all(info, store, count, why) || !querier_knows_fields(h, info, why)))
            return false;
    }
    return true;
}
