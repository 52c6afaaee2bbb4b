/* What all schemes are made of, and the choice between them. */
#include "nodes/create.h"
#include "fsstore/layout.h"
#include "fsstore/object.h"
#include <stdio.h>
#include <string.h>

const char *const create_scheme_names[] = {"naive",  "proxy",    "marker", "push",
                                           "verify", "registry", "hybrid", NULL};

typedef enum status create_fn(struct world *w, const char *stream, const struct schema *fields,
                              struct record *out);

enum status create_stream(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out)
{
    static create_fn *const schemes[CREATE_SCHEMES] = {[CREATE_NAIVE] = create_naive,
                                                       [CREATE_PROXY] = create_proxy,
                                                       [CREATE_MARKER] = create_marker,
                                                       [CREATE_PUSH] = create_push,
                                                       [CREATE_VERIFY] = create_verify};

    return schemes[w->settings->create](w, stream, fields, out);
}

enum status stream_ensure(struct world *w, const char *stream, const struct schema *fields,
                          struct known *out)
{
    enum status status = ST_EXISTS;
    struct record r;

    stream_lock(w, stream);
    if (!catalog_find(w, stream, out)) {
        status = create_stream(w, stream, fields, &r);
        if (status == ST_CREATED || status == ST_EXISTS)
            catalog_insert(w, &r, out);
    }
    stream_unlock(w, stream);
    return status;
}

void stream_lock(struct world *w, const char *stream)
{
    if (lock_in_memory(w->settings))
        world_lock(w, stream);
}

void stream_unlock(struct world *w, const char *stream)
{
    if (lock_in_memory(w->settings))
        world_unlock(w, stream);
}

/* GET, and take its fields into the record; what cannot be read or merged is skipped. */
static void load_schema(struct world *w, const char *key, struct record *r)
{
    struct schema s;
    char *data;
    size_t len;

    if (object_get(w->store, key, &data, &len) == 0 && schema_parse(data, len, &s))
        schema_merge(&r->schema, &s);
}

/* LIST, the first stream.json in list order, every schema: as the real system merges them. */
bool stream_load(struct world *w, const char *stream, struct record *out)
{
    const char *dir = layout_stream_dir(w->arena, stream);
    struct port_names names;
    struct record r = {.created_at = 0};
    bool found = false;
    char *data;
    size_t len;

    if (object_list(w->store, dir, &names) != 0)
        return false;
    for (int i = 0; i < names.count && !found; i++) {
        if (!layout_is_stream_json(names.v[i].name))
            continue;
        found = object_get(w->store, arena_printf(w->arena, "%s/%s", dir, names.v[i].name), &data,
                           &len) == 0 &&
                record_parse(data, len, &r);
    }
    for (int i = 0; found && i < names.count; i++)
        if (layout_is_schema(names.v[i].name))
            load_schema(w, arena_printf(w->arena, "%s/%s", dir, names.v[i].name), &r);
    if (found)
        *out = r;
    return found;
}

/* Queriers write the base objects, an ingestor its own. */
static const char *own_objects(const struct world *w)
{
    return node_is(w, "querier") ? NULL : w->node;
}

int stream_put(struct world *w, const struct record *r)
{
    const char *node = own_objects(w);
    const char *schema = schema_text(w->arena, &r->schema);
    const char *text = record_text(w->arena, r);
    int rc = object_put(w->store, layout_schema(w->arena, r->stream, node), schema, strlen(schema));

    if (rc == 0)
        rc =
            object_put(w->store, layout_stream_json(w->arena, r->stream, node), text, strlen(text));
    return rc;
}

void stream_new(struct world *w, const char *stream, const struct schema *fields,
                struct record *out)
{
    *out = (struct record){.created_at = world_now(w), .schema = *fields};
    world_guard(w);
    snprintf(out->incarnation, sizeof out->incarnation, "%.48s-%d", w->node, ++w->self->made);
    world_remember(w, "incarnations", out->incarnation);
    world_unguard(w);
    snprintf(out->stream, sizeof out->stream, "%s", stream);
    snprintf(out->owner, sizeof out->owner, "%s", w->node);
}
