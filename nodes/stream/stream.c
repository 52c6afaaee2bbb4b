#include "nodes/stream/stream.h"
#include "fsstore/store/object.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/marker.h"
#include "nodes/stream/node.h"
#include <assert.h>
#include <string.h>

/* GET, and take its fields into the record; what cannot be read or merged is skipped. */
static void load_schema(struct world *w, const char *key, struct record *r)
{
    struct schema s;
    char *data;
    size_t len;

    if (object_get(w->store, key, &data, &len) == 0 && schema_parse(data, len, &s))
        schema_merge(&r->schema, &s);
}

static bool load_record(struct world *w, const char *dir, const struct port_names *names,
                        struct record *r)
{
    char *data;
    size_t len;

    for (int i = 0; i < names->count; i++)
        if (layout_is_stream_json(names->v[i].name) &&
            object_get(w->store, arena_printf(w->arena, "%s/%s", dir, names->v[i].name), &data,
                       &len) == 0 &&
            record_parse(data, len, r))
            return true;
    return false;
}

/* LIST, the first stream.json in list order, every schema, as the real system merges them; of
 * numbered ones the newest, which has all fields of those before it. */
bool stream_load(struct world *w, const char *prefix, struct record *out)
{
    assert(w);
    assert(prefix);
    assert(out);

    const char *dir = layout_stream_dir(w->arena, prefix);
    struct record r = {.created_at = 0};
    struct port_names names;
    bool is_static;

    if (object_list(w->store, dir, &names) != 0 || !load_record(w, dir, &names, &r))
        return false;
    is_static = r.schema.is_static;
    r.schema.is_static = false; /* until all its fields are there */
    for (int i = 0; i < names.count; i++) {
        int number = layout_schema_number(names.v[i].name);

        if (number > r.version)
            r.version = number;
        if (number == 0 && layout_is_schema(names.v[i].name))
            load_schema(w, arena_printf(w->arena, "%s/%s", dir, names.v[i].name), &r);
    }
    if (r.version > 0)
        load_schema(w, layout_schema_version(w->arena, prefix, r.version), &r);
    r.schema.is_static = is_static;
    *out = r;
    return true;
}

/* An ingestor writes its own objects, others the base objects. */
static const char *own_objects(const struct world *w)
{
    return node_is(w, "ingestor") ? w->node : NULL;
}

static int put_schema(struct world *w, const struct record *r, const char *node)
{
    const char *text = schema_text(w->arena, &r->schema);
    const char *key = layout_schema(w->arena, record_prefix(w->arena, r), node);

    return object_put(w->store, key, text, strlen(text));
}

int stream_put_schema(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);
    return put_schema(w, r, own_objects(w));
}

int stream_grow(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    int rc = stream_put_schema(w, r);

    if (rc == 0 && generation_over(w, r))
        grave_sweep(w, r);
    return rc;
}

int stream_put(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    const char *node = own_objects(w), *text = record_text(w->arena, r);
    const char *prefix = record_prefix(w->arena, r);
    int rc = stream_put_schema(w, r);

    if (rc != 0)
        return rc;
    return object_put(w->store, layout_stream_json(w->arena, prefix, node), text, strlen(text));
}

int stream_publish(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    const char *text = record_text(w->arena, r);
    const char *prefix = record_prefix(w->arena, r);

    return object_publish(w->store, layout_stream_json(w->arena, prefix, NULL), text, strlen(text));
}

/* Between its look at the marker and its put a holder may be put aside for longer than its lease;
 * so the record is published, not put. Else two incarnations can stand side by side. And the schema
 * is an object of this node's own, beside a successor's. */
int stream_put_held(struct world *w, const struct marker *m, const struct record *r)
{
    assert(w);
    assert(m);
    assert(r);

    int rc = marker_holds(w->store, m);

    if (rc != 0)
        return rc;
    if (!w->settings->marker.fenced)
        return stream_put(w, r);
    rc = put_schema(w, r, w->node);
    return rc == 0 ? stream_publish(w, r) : rc;
}

bool stream_find(struct world *w, const char *stream, struct record *out)
{
    assert(w);
    assert(stream);
    assert(out);

    int generation = 0;

    for (;;) {
        generation = generation_now(w, stream, generation);
        if (!stream_load(w, layout_prefix(w->arena, stream, generation), out))
            return false;
        if (!generation_over(w, out))
            return true;
    }
}
