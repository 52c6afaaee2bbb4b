#include "nodes/stream/catalog.h"
#include "base/strbuf.h"
#include "nodes/stream/node.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define ALL_STREAMS "*" /* the fact of which streams there are */

static struct entry **slot(struct catalog *c, const char *stream)
{
    struct entry **at = &c->first;

    while (*at && strcmp((*at)->record.stream, stream) < 0)
        at = &(*at)->next;
    return at;
}

static bool is(const struct entry *e, const char *stream)
{
    return e && strcmp(e->record.stream, stream) == 0;
}

static void know(const struct entry *e, struct known *out)
{
    out->record = e->record;
    out->writer = e->writer;
}

bool catalog_find(struct world *w, const char *stream, struct known *out)
{
    assert(w);
    assert(stream);
    assert(out);

    struct entry *e;
    bool found;

    world_guard(w);
    e = *slot(&w->self->catalog, stream);
    found = is(e, stream);
    if (found)
        know(e, out);
    world_recall(w, stream, found ? e->record.incarnation : "unknown");
    world_unguard(w);
    return found;
}

static struct entry *insert(struct world *w, const struct record *r)
{
    struct entry **at = slot(&w->self->catalog, r->stream);
    struct entry *e = arena_alloc(w->self->arena, sizeof *e);

    e->record = *r;
    e->writer = arena_alloc(w->self->arena, sizeof *e->writer);
    e->writer->number = ++w->self->catalog.writers;
    e->next = is(*at, r->stream) ? (*at)->next : *at;
    if (!is(*at, r->stream))
        world_remember(w, ALL_STREAMS, "one more");
    *at = e;
    world_remember(w, r->stream, r->incarnation);
    world_knows(w, r);
    return e;
}

void catalog_insert(struct world *w, const struct record *r, struct known *out)
{
    assert(w);
    assert(r);
    assert(out);
    world_guard(w);
    know(insert(w, r), out);
    world_unguard(w);
}

/* What was read earlier and comes later takes nothing away: not a field, and not the version. */
static void take_in(struct world *w, struct entry *e, const struct record *r)
{
    struct record before = e->record;

    e->record = *r;
    if (!schema_merge(&e->record.schema, &before.schema))
        e->record.schema = before.schema;
    if (record_same(&before, r) && record_older(r, &before))
        e->record.version = before.version;
    world_remember(w, r->stream, r->incarnation);
    world_knows(w, &e->record);
}

void catalog_learn(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    struct entry *e;

    world_guard(w);
    e = *slot(&w->self->catalog, r->stream);
    if (!is(e, r->stream) || e->record.generation < r->generation) {
        insert(w, r);
    } else if (e->record.generation > r->generation) {
        world_recall(w, r->stream, "a newer generation");
    } else {
        take_in(w, e, r);
    }
    world_unguard(w);
}

/* … and in the generation of the record. */
static bool is_same(const struct entry *e, const struct record *r)
{
    return is(e, r->stream) && e->record.generation == r->generation;
}

bool catalog_grow(struct world *w, const struct record *of, const struct schema *fields,
                  struct schema *all)
{
    assert(w);
    assert(of);
    assert(fields);
    assert(all);

    const char *stream = of->stream;
    struct entry *e;
    bool fits = true;

    *all = *fields;
    world_guard(w);
    e = *slot(&w->self->catalog, stream);
    if (!is_same(e, of)) {
        world_recall(w, stream, "unknown");
    } else if (schema_covers(&e->record.schema, fields)) {
        *all = e->record.schema;
        world_recall(w, stream, "no new fields");
    } else {
        fits = schema_merge(&e->record.schema, fields);
        *all = e->record.schema;
        if (fits)
            world_remember(w, stream, "schema grows");
        else
            world_recall(w, stream, "another type");
    }
    world_unguard(w);
    return fits;
}

/* In the guard. */
static void drop(struct world *w, struct entry **at)
{
    world_remember(w, ALL_STREAMS, "one less");
    world_remember(w, (*at)->record.stream, "dropped");
    *at = (*at)->next;
}

void catalog_drop(struct world *w, const char *stream)
{
    assert(w);
    assert(stream);

    struct entry **at;

    world_guard(w);
    at = slot(&w->self->catalog, stream);
    if (is(*at, stream))
        drop(w, at);
    else
        world_recall(w, stream, "unknown");
    world_unguard(w);
}

void catalog_end(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    struct entry **at;

    world_guard(w);
    at = slot(&w->self->catalog, r->stream);
    if (is_same(*at, r))
        drop(w, at);
    else
        world_recall(w, r->stream, "not that generation");
    world_unguard(w);
}

const char *catalog_names(struct world *w)
{
    assert(w);

    struct strbuf sb = STRBUF_INIT;
    const char *names;

    world_guard(w);
    for (struct entry *e = w->self->catalog.first; e; e = e->next)
        strbuf_printf(&sb, "%s%s", sb.len ? " " : "", e->record.stream);
    names = arena_strdup(w->arena, sb.s);
    strbuf_release(&sb);
    world_recall(w, ALL_STREAMS, names);
    world_unguard(w);
    return names;
}

int catalog_copy(struct world *w, const struct record **out)
{
    assert(w);
    assert(out);

    struct record *copy;
    int n = 0;

    world_guard(w);
    for (struct entry *e = w->self->catalog.first; e; e = e->next) {
        world_recall(w, e->record.stream, e->record.incarnation);
        n++;
    }
    world_recall(w, ALL_STREAMS, "all");
    copy = arena_alloc(w->arena, sizeof *copy * (size_t)(n + 1));
    n = 0;
    for (struct entry *e = w->self->catalog.first; e; e = e->next)
        copy[n++] = e->record;
    world_unguard(w);
    *out = copy;
    return n;
}

bool writer_append(struct world *w, const struct known *k, const char *events, int count,
                   const struct schema *fields)
{
    assert(w);
    assert(k);
    assert(events);
    assert(fields);
    assert(count > 0);

    struct writer *writer = k->writer;
    size_t used, more = strlen(events);
    bool fits;

    world_guard(w);
    used = strlen(writer->events);
    fits = used + more + 2 <= sizeof writer->events;
    if (fits) {
        snprintf(writer->events + used, sizeof writer->events - used, "%s%s", used ? " " : "",
                 events);
        writer->count += count;
        schema_merge(&writer->fields, fields);
        world_remember(w, k->record.stream, events);
    } else {
        world_recall(w, k->record.stream, "writer full");
    }
    world_unguard(w);
    return fits;
}

bool writer_take(struct world *w, const char *stream, struct record *of, struct writer *out)
{
    assert(w);
    assert(stream);
    assert(of);
    assert(out);

    struct entry *e;
    bool any;

    world_guard(w);
    e = *slot(&w->self->catalog, stream);
    any = is(e, stream) && e->writer->count > 0;
    if (any) {
        *of = e->record;
        *out = *e->writer;
        *e->writer = (struct writer){.number = out->number};
        world_remember(w, stream, "writer emptied");
    } else {
        world_recall(w, stream, "nothing to upload");
    }
    world_unguard(w);
    return any;
}
