#include "nodes/stream/stream_meta.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

static int schema_index(const struct schema *s, const char *name)
{
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->v[i].name, name) == 0)
            return i;
    return -1;
}

static bool schema_add(struct schema *s, const struct field *f)
{
    int at = schema_index(s, f->name);

    if (at >= 0)
        return strcmp(s->v[at].type, f->type) == 0;
    if (s->count == SCHEMA_MAX)
        return false;
    for (at = s->count; at > 0 && strcmp(s->v[at - 1].name, f->name) > 0; at--)
        s->v[at] = s->v[at - 1];
    s->v[at] = *f;
    s->count++;
    return true;
}

bool schema_has(const struct schema *s, const char *field)
{
    assert(s);
    assert(field);
    return schema_index(s, field) >= 0;
}

bool schema_covers(const struct schema *all, const struct schema *part)
{
    assert(all);
    assert(part);
    for (int i = 0; i < part->count; i++) {
        int at = schema_index(all, part->v[i].name);

        if (at < 0 || strcmp(all->v[at].type, part->v[i].type) != 0)
            return false;
    }
    return true;
}

bool schema_merge(struct schema *a, const struct schema *b)
{
    assert(a);
    assert(b);

    struct schema merged = *a;

    if (a->is_static)
        return schema_covers(a, b);
    for (int i = 0; i < b->count; i++)
        if (!schema_add(&merged, &b->v[i]))
            return false;
    *a = merged;
    return true;
}

bool schema_equal(const struct schema *a, const struct schema *b)
{
    assert(a);
    assert(b);
    return a->count == b->count && schema_covers(a, b);
}

const char *schema_text(struct arena *a, const struct schema *s)
{
    assert(a);
    assert(s);

    struct strbuf sb = STRBUF_INIT;
    const char *text;

    strbuf_addc(&sb, '{');
    for (int i = 0; i < s->count; i++) {
        if (i > 0)
            strbuf_addc(&sb, ',');
        strbuf_json(&sb, s->v[i].name);
        strbuf_addc(&sb, ':');
        strbuf_json(&sb, s->v[i].type);
    }
    strbuf_addc(&sb, '}');
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

const char *record_text(struct arena *a, const struct record *r)
{
    assert(a);
    assert(r);

    const char *request =
        r->request ? arena_printf(a, ",\"request\":%llu", (unsigned long long)r->request) : "";

    const char *fixed = r->schema.is_static ? ",\"static\":true" : "";

    /* The names were checked when the scenario was read: nothing in them needs escaping. */
    const char *generation =
        r->generation > 0 ? arena_printf(a, "\"generation\":%d,", r->generation) : "";

    return arena_printf(
        a, "{\"stream\":\"%s\",%s\"created_at\":%lld,\"incarnation\":\"%s\",\"owner\":\"%s\"%s%s}",
        r->stream, generation, (long long)r->created_at, r->incarnation, r->owner, fixed, request);
}

const char *record_prefix(struct arena *a, const struct record *r)
{
    assert(a);
    assert(r);
    return layout_prefix(a, r->stream, r->generation);
}

static bool copy_name(const struct json *object, const char *key, char out[NAME_MAX_BYTES])
{
    struct json at;
    const char *text;

    if (!json_get(object, key, &at) || !(text = json_str(&at)) || strlen(text) >= NAME_MAX_BYTES)
        return false;
    snprintf(out, NAME_MAX_BYTES, "%s", text);
    return true;
}

bool record_parse(const char *text, size_t len, struct record *out)
{
    assert(text);
    assert(out);

    struct json_doc *doc = json_parse("stream.json", text, len, NULL);
    struct record r = *out;
    int64_t generation = 0;
    struct json root, at;
    int64_t request = 0;
    bool whole;

    if (!doc)
        return false;
    root = json_root(doc);
    whole = copy_name(&root, "stream", r.stream) &&
            copy_name(&root, "incarnation", r.incarnation) && copy_name(&root, "owner", r.owner) &&
            json_get(&root, "created_at", &at) &&
            json_int(&at, 0, JSON_MAX_INT, &r.created_at, NULL) == OK;
    if (whole && json_get(&root, "request", &at))
        whole = json_int(&at, 0, JSON_MAX_INT, &request, NULL) == OK;
    r.schema.is_static = false;
    if (whole && json_get(&root, "static", &at))
        whole = json_bool(&at, &r.schema.is_static, NULL) == OK;
    if (whole && json_get(&root, "generation", &at))
        whole = json_int(&at, 1, GENERATION_MAX, &generation, NULL) == OK;
    r.request = (uint64_t)request;
    json_free(doc);
    r.generation = (int)generation;
    if (whole)
        *out = r;
    return whole;
}

bool schema_parse(const char *text, size_t len, struct schema *out)
{
    assert(text);
    assert(out);

    struct json_doc *doc = json_parse("schema", text, len, NULL);
    struct schema s = {.count = 0};
    struct json root;
    bool whole;

    if (!doc)
        return false;
    root = json_root(doc);
    whole = json_kind(&root) == JSON_OBJECT;
    for (struct json it = {0}; whole && json_next(&root, &it);) {
        struct field f;
        const char *type = json_str(&it);

        whole = type && strlen(it.key) < sizeof f.name && strlen(type) < sizeof f.type;
        if (!whole)
            break;
        snprintf(f.name, sizeof f.name, "%s", it.key);
        snprintf(f.type, sizeof f.type, "%s", type);
        whole = schema_add(&s, &f);
    }
    json_free(doc);
    if (whole)
        *out = s;
    return whole;
}

bool record_older(const struct record *a, const struct record *b)
{
    assert(a);
    assert(b);
    return a->generation != b->generation ? a->generation < b->generation : a->version < b->version;
}

bool record_same(const struct record *a, const struct record *b)
{
    assert(a);
    assert(b);
    return a->created_at == b->created_at && strcmp(a->incarnation, b->incarnation) == 0;
}
