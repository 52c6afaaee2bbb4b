#include "sim/explore/outcome.h"
#include "base/hash.h"
#include "fsstore/file.h"
#include <stdlib.h>
#include <string.h>

/* A look that fails is the machine's failure: hooks say so of calls that are steps, and this of
 * bare ones. */
static void list(struct cluster *c, struct store *s, const char *dir, struct port_names *out)
{
    int rc = s->port->calls->list(s->port, dir, s->arena, out);

    if (rc == 0)
        return;
    *out = (struct port_names){.count = 0};
    cluster_fail(c, ERR_IO, "list %s: %s", *dir ? dir : ".", strerror(-rc));
}

typedef void walk_fn(void *ctx, const char *path, int depth, bool is_dir, const char *data,
                     size_t len);

static void walk(struct cluster *c, struct store *s, const char *dir, int depth, walk_fn *fn,
                 void *ctx)
{
    struct port_names names;

    list(c, s, dir, &names);
    for (int i = 0; i < names.count; i++) {
        bool is_dir = names.v[i].kind == PORT_DIR;
        const char *path = arena_printf(s->arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);
        char *data = NULL;
        size_t len = 0;

        if (!*dir && (strcmp(path, STORE_TMP) == 0 || strcmp(path, ".node") == 0))
            continue;
        if (!is_dir && file_read(s, path, &data, &len) != 0)
            continue;
        fn(ctx, path, depth, is_dir, data, len);
        if (is_dir)
            walk(c, s, path, depth + 1, fn, ctx);
    }
}

static void hash_entry(void *ctx, const char *path, int depth, bool is_dir, const char *data,
                       size_t len)
{
    uint64_t *h = ctx;

    (void)depth;
    *h = hash_u64(hash_str(*h, path), is_dir);
    *h = hash_bytes(hash_u64(*h, len), data ? data : "", len);
}

/* Requests of one task follow each other; those of different tasks have no order. */
static uint64_t hash_requests(const struct history *h)
{
    uint64_t sum = 0;

    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];
        uint64_t one = hash_str(HASH_INIT, r->task);
        int n = 0;

        for (int k = 0; k < i; k++)
            n += strcmp(h->requests[k].task, r->task) == 0;
        one =
            hash_u64(hash_u64(hash_u64(one, (uint64_t)n), (uint64_t)r->status), (uint64_t)r->rows);
        sum += hash_mix(hash_str(one, r->events));
    }
    return sum;
}

uint64_t outcome_hash(struct cluster *c)
{
    struct store s;
    uint64_t h = hash_u64(HASH_INIT, (uint64_t)c->end);

    h = hash_u64(h, hash_requests(&c->history));
    for (int i = 0; i < c->scenario->register_count; i++)
        h = hash_str(h, c->registers[i] ? c->registers[i] : "\x01unset");
    check_store(c, &s);
    walk(c, &s, "", 0, hash_entry, &h);
    return hash_mix(h);
}

/* The slot of this outcome, or the empty one where it goes. */
static struct outcome *slot(struct outcome *set, int cap, uint64_t hash)
{
    uint64_t i = hash;

    while (set[i & (uint64_t)(cap - 1)].hash && set[i & (uint64_t)(cap - 1)].hash != hash)
        i++;
    return &set[i & (uint64_t)(cap - 1)];
}

static void grow(struct search *s)
{
    int cap = s->outcome_cap ? 2 * s->outcome_cap : 64;
    struct outcome *set = mem_alloc(sizeof *set * (size_t)cap);

    for (int i = 0; i < s->outcome_cap; i++)
        if (s->outcomes[i].hash)
            *slot(set, cap, s->outcomes[i].hash) = s->outcomes[i];
    free(s->outcomes);
    s->outcomes = set;
    s->outcome_cap = cap;
}

void outcome_add(struct search *s, uint64_t hash)
{
    struct outcome *o;

    if (2 * s->outcome_count >= s->outcome_cap)
        grow(s);
    hash = hash ? hash : 1;
    o = slot(s->outcomes, s->outcome_cap, hash);
    s->outcome_count += !o->hash;
    o->hash = hash;
    o->count++;
    if (s->options.outcome_witnesses)
        schedule_keep(&o->witness, &s->current);
}

static void print_entry(void *ctx, const char *path, int depth, bool is_dir, const char *data,
                        size_t len)
{
    struct strbuf *out = ctx;
    const char *slash = strrchr(path, '/');

    strbuf_printf(out, "%*s%s%s", 2 * depth, "", slash ? slash + 1 : path, is_dir ? "/" : "");
    if (!is_dir) {
        strbuf_adds(out, ": ");
        if (len == 0)
            strbuf_adds(out, "(empty)");
        else
            trace_quote(out, data, len);
    }
    strbuf_addc(out, '\n');
}

void outcome_print(struct cluster *c, struct strbuf *out)
{
    struct store s;

    for (int i = 0; i < c->scenario->register_count; i++) {
        strbuf_printf(out, "%s = ", c->scenario->registers[i]);
        if (c->registers[i])
            trace_quote(out, c->registers[i], strlen(c->registers[i]));
        else
            strbuf_adds(out, "(unset)");
        strbuf_addc(out, '\n');
    }
    check_store(c, &s);
    walk(c, &s, "", 0, print_entry, out);
}
