#include "sim/report/page/snapshots.h"
#include "base/vec.h"
#include "fsstore/store/walk.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/marker.h"
#include "sim/engine/fault.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MAX 300 /* bytes of a file that are shown */

const char *const fact_names[FACTS] = {"dir",   "file", "marker",   "node",
                                       "knows", "lock", "register", "cut"};

static void look_release(struct film_look *l)
{
    free(l->v);
    arena_release(&l->arena);
}

void film_release(struct film *f)
{
    assert(f);
    look_release(&f->now);
    look_release(&f->before);
    free(f->v);
    arena_release(&f->arena);
}

/* --- what is to be seen --- */

static void see(struct film_look *l, enum fact_kind kind, const char *name, const char *value)
{
    VEC_ROOM(l->v, l->count, l->cap, 64);
    l->v[l->count++] = (struct fact){kind, name, value};
}

static const char *quote(struct arena *a, const char *data, size_t len)
{
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    if (len > 0)
        trace_quote_most(&sb, data, len, CONTENT_MAX);
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

static void see_marker(struct film_look *l, const char *path, const char *data, size_t len)
{
    struct marker m = {.fence = 0};
    const char *claim;

    marker_parse(data, len, &m);
    if (!*m.owner)
        claim = "nobody has signed it yet";
    else if (m.done)
        claim = arena_printf(&l->arena, "%s, done", m.owner);
    else if (m.until_ms < 0)
        claim = arena_printf(&l->arena, "%s, released", m.owner);
    else
        claim = arena_printf(&l->arena, "%s until %lld ms", m.owner, (long long)m.until_ms);
    see(l, FACT_MARKER, path, claim);
}

static void see_entry(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    struct film_look *l = ctx;

    (void)depth;
    path = arena_strdup(&l->arena, path);
    see(l, data ? FACT_FILE : FACT_DIR, path, data ? quote(&l->arena, data, len) : "");
    if (data && strncmp(path, LAYOUT_MARKERS "/", sizeof LAYOUT_MARKERS) == 0)
        see_marker(l, path, arena_memdup(&l->arena, data, len), len);
}

static void see_store(struct film *f)
{
    struct store s = {.port = f->cluster->port, .arena = &f->now.arena};

    walk_store(&s, see_entry, &f->now);
}

static const char *known_as(struct arena *a, const struct record *r)
{
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    strbuf_printf(&sb, "%s, created %lld ms", r->incarnation, (long long)r->created_at);
    for (int i = 0; i < r->schema.count; i++)
        strbuf_printf(&sb, "%s%s: %s", i ? ", " : "; ", r->schema.v[i].name, r->schema.v[i].type);
    if (r->version > 0)
        strbuf_printf(&sb, "; version %d", r->version);
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

/* Asks the node, as the final look does. */
static void see_catalog(struct film *f, int node)
{
    struct cluster *c = f->cluster;
    struct response res = {.status = ST_UNKNOWN};

    cluster_ask(c, node, &(struct request){.kind = REQ_INFO}, &res, &f->now.arena);
    for (int i = 0; i < res.record_count; i++)
        see(&f->now, FACT_KNOWS,
            arena_printf(&f->now.arena, "%s %s", c->scenario->nodes[node].name,
                         res.records[i].stream),
            known_as(&f->now.arena, &res.records[i]));
}

static void see_nodes(struct film *f)
{
    struct cluster *c = f->cluster;

    for (int i = 0; i < c->scenario->node_count; i++) {
        const struct node_state *n = &c->nodes[i];

        see(&f->now, FACT_NODE, c->scenario->nodes[i].name,
            n->pauses > 0 ? "paused"
            : n->up       ? "up"
                          : "down");
        if (n->up && c->scenario->nodes[i].role->serves)
            see_catalog(f, i);
    }
    for (int i = 0; i < c->lock_count; i++)
        if (c->locks[i].holder >= 0)
            see(&f->now, FACT_LOCK,
                arena_printf(&f->now.arena, "%s %s", c->scenario->nodes[c->locks[i].node].name,
                             c->locks[i].name),
                c->tasks[c->locks[i].holder].name);
}

static void see_cuts(struct film *f, int64_t ms)
{
    const struct scenario *sc = f->cluster->scenario;

    for (int i = 0; i < sc->fault_count; i++) {
        const struct fault *cut = &sc->faults[i];

        if (cut->kind == FAULT_CUT && ms >= cut->from_ms && ms < cut->to_ms)
            see(&f->now, FACT_CUT,
                arena_printf(&f->now.arena, "%s %s", sc->nodes[cut->from].name,
                             sc->nodes[cut->to].name),
                "");
    }
}

static void see_registers(struct film *f)
{
    const struct cluster *c = f->cluster;

    for (int i = 0; i < c->scenario->register_count; i++)
        if (c->registers[i])
            see(&f->now, FACT_REGISTER, c->scenario->registers[i],
                quote(&f->now.arena, c->registers[i], strlen(c->registers[i])));
}

/* --- what is different --- */

static int by_kind_and_name(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;

    return x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind)
                              : strcmp(x->name, y->name);
}

static void tell(struct film *f, int record, const struct fact *fact, const char *value)
{
    VEC_ROOM(f->v, f->count, f->cap, 256);
    f->v[f->count++] = (struct film_change){record,
                                            {fact->kind, arena_strdup(&f->arena, fact->name),
                                             value ? arena_strdup(&f->arena, value) : NULL}};
}

static void tell_differences(struct film *f, int record)
{
    const struct film_look *old = &f->before, *new = &f->now;
    int i = 0, k = 0;

    while (i < old->count || k < new->count) {
        int order = i == old->count   ? 1
                    : k == new->count ? -1
                                      : by_kind_and_name(&old->v[i], &new->v[k]);

        if (order < 0)
            tell(f, record, &old->v[i], NULL);
        else if (order > 0 || strcmp(old->v[i].value, new->v[k].value) != 0)
            tell(f, record, &new->v[k], new->v[k].value);
        i += order <= 0;
        k += order >= 0;
    }
}

static void look(struct trace_watcher *watcher, struct trace *t, int first)
{
    struct film *f = (struct film *)watcher; /* its first member */
    struct film_look old = f->before;

    (void)first;
    f->before = f->now;
    f->now = old;
    f->now.count = 0;
    arena_clear(&f->now.arena);
    see_store(f);
    see_nodes(f);
    see_registers(f);
    see_cuts(f, t->latest_ms);
    if (f->now.count > 0)
        qsort(f->now.v, (size_t)f->now.count, sizeof *f->now.v, by_kind_and_name);
    tell_differences(f, t->count - 1);
}

void film_init(struct film *f, struct cluster *c, struct trace *t)
{
    assert(f);
    assert(c);
    assert(t);
    *f = (struct film){.watcher = {.look = look, .next = t->watchers}, .cluster = c};
    t->watchers = &f->watcher;
}
