/*
 * one_definition: all objects of a stream in the store agree on its incarnation and created-at, and
 * no field has two types. Ingestors may each know other fields: schemas have to be mergeable, not
 * equal.
 */
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static bool one_record(struct record *v, int count, struct strbuf *why)
{
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++) {
            if (strcmp(v[i].stream, v[k].stream) != 0 || record_same(&v[i], &v[k]))
                continue;
            if (why)
                strbuf_printf(why,
                              "the store has two definitions of %s: %s, created at %lld ms, and "
                              "%s, at %lld ms",
                              v[i].stream, v[i].incarnation, (long long)v[i].created_at,
                              v[k].incarnation, (long long)v[k].created_at);
            return false;
        }
    return true;
}

static bool one_schema(struct store *s, const struct record *r, struct strbuf *why)
{
    const char *stream = r->stream;
    const char *dir = layout_stream_dir(s->arena, record_prefix(s->arena, r));
    struct schema all = {.count = 0}, one;
    struct port_names names;
    char *data;
    size_t len;

    if (object_list(s, dir, &names) != 0)
        return true;
    for (int i = 0; i < names.count; i++) {
        const char *key = arena_printf(s->arena, "%s/%s", dir, names.v[i].name);

        if (!layout_is_schema(names.v[i].name) || object_get(s, key, &data, &len) != 0 ||
            !schema_parse(data, len, &one) || schema_merge(&all, &one))
            continue;
        if (why)
            strbuf_printf(why, "a field of %s has another type in %s than in the schemas before it",
                          stream, key);
        return false;
    }
    return true;
}

bool check_one_definition(struct cluster *c, struct strbuf *why)
{
    assert(c);

    struct record *v;
    struct store s;
    int count = check_definitions(c, &v);

    check_store(c, &s);
    if (!one_record(v, count, why))
        return false;
    for (int i = 0; i < count; i++)
        if ((i == 0 || strcmp(v[i].stream, v[i - 1].stream) != 0) && !one_schema(&s, &v[i], why))
            return false;
    return true;
}
