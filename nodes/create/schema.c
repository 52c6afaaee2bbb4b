#include "nodes/create/schema.h"
#include "fsstore/store/object.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

/* The whole version that is there. */
static bool take_in(struct world *w, struct record *r, int version)
{
    const char *prefix = record_prefix(w->arena, r);
    char *data;
    size_t len;

    if (object_get(w->store, layout_schema_version(w->arena, prefix, version), &data, &len) != 0 ||
        !schema_parse(data, len, &r->schema))
        return false;
    r->version = version;
    return true;
}

enum status schema_publish(struct world *w, struct record *r, const struct schema *fields)
{
    assert(w);
    assert(r);
    assert(fields);

    const char *prefix = record_prefix(w->arena, r);

    while (!schema_covers(&r->schema, fields)) {
        struct schema all = r->schema;
        const char *text;
        int rc;

        if (!schema_merge(&all, fields))
            return ST_CONFLICT;
        text = schema_text(w->arena, &all);
        rc = object_publish(w->store, layout_schema_version(w->arena, prefix, r->version + 1), text,
                            strlen(text));
        if (rc == 0) {
            r->schema = all;
            r->version++;
        } else if (rc != -EEXIST || !take_in(w, r, r->version + 1)) {
            return ST_REJECTED;
        }
    }
    return ST_OK;
}

enum status schema_decide(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    enum status status;

    if (!stream_find(w, want->stream, out))
        return ST_NOT_FOUND;
    if (record_older(want->known, out))
        return ST_STALE;
    status = schema_publish(w, out, want->schema);
    if (status != ST_OK)
        return status;
    catalog_learn(w, out);
    return ST_EXISTS;
}

/* New fields go to this node's own object; a field of another type is refused. */
static enum status grow_own(struct world *w, const struct record *r, const struct schema *fields)
{
    struct record grown = *r;

    if (!catalog_grow(w, r, fields, &grown.schema))
        return ST_CONFLICT;
    return stream_grow(w, &grown) == 0 ? ST_OK : ST_REJECTED;
}

static enum status grow_here(struct world *w, struct record *r, const struct schema *fields)
{
    enum status status = schema_publish(w, r, fields);

    if (generation_over(w, r)) {
        grave_sweep(w, r);
        return ST_STALE;
    }
    catalog_learn(w, r);
    return status;
}

static bool fits(const struct record *r, const struct schema *fields)
{
    struct schema all = r->schema;

    return schema_merge(&all, fields);
}

/* Until the node that decides has them, or has said why not. */
static enum status grow_by_asking(struct world *w, struct record *r, const struct schema *fields)
{
    bool registry = w->settings->create == CREATE_REGISTRY;
    struct wanted want = {.stream = r->stream, .schema = fields, .known = r};
    struct record newer = *r;

    while (!schema_covers(&r->schema, fields)) {
        enum status status =
            registry ? registry_grow(w, &want, &newer) : proxy_grow(w, &want, &newer);

        if (status != ST_EXISTS && status != ST_STALE)
            return status;
        catalog_learn(w, &newer);
        if (newer.generation != r->generation)
            return ST_STALE;
        if (!fits(&newer, fields))
            return ST_CONFLICT;
        *r = newer;
    }
    return ST_OK;
}

enum status schema_commit(struct world *w, const struct known *k, const struct schema *fields)
{
    assert(w);
    assert(k);
    assert(fields);

    const struct settings *s = w->settings;
    struct record r = k->record;

    if (schema_covers(&r.schema, fields))
        return ST_OK;
    if (s->create == CREATE_REGISTRY ||
        (s->schema == SCHEMA_VERSIONED && s->create == CREATE_PROXY))
        return grow_by_asking(w, &r, fields);
    return s->schema == SCHEMA_VERSIONED ? grow_here(w, &r, fields) : grow_own(w, &r, fields);
}
