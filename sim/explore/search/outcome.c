#include "sim/explore/search/outcome.h"
#include "base/hash.h"
#include "fsstore/store/walk.h"
#include "sim/check/final_store.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A look that fails is the machine's failure. */
static void look(struct cluster *c, walk_fn *fn, void *ctx)
{
    struct store s;
    int rc;

    check_store(c, &s);
    rc = walk_store(&s, fn, ctx);
    if (rc != 0)
        cluster_fail(c, ERR_IO, "the store cannot be listed: %s", strerror(-rc));
}

static void hash_entry(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    uint64_t *h = ctx;

    (void)depth;
    *h = hash_mix(hash_str(*h, path) + len * 2 + !data);
    *h = hash_bytes(*h, data ? data : "", len);
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
    assert(c);

    uint64_t h = hash_u64(HASH_INIT, (uint64_t)c->end);

    h = hash_u64(h, hash_requests(&c->history));
    for (int i = 0; i < c->scenario->register_count; i++)
        h = hash_str(h, c->registers[i] ? c->registers[i] : "\x01unset");
    look(c, hash_entry, &h);
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

struct outcome *outcome_slot(struct search *s, uint64_t hash)
{
    assert(s);

    struct outcome *o;

    if (2 * s->outcome_count >= s->outcome_cap)
        grow(s);
    hash = hash ? hash : 1;
    o = slot(s->outcomes, s->outcome_cap, hash);
    s->outcome_count += !o->hash;
    o->hash = hash;
    return o;
}

void outcome_add(struct search *s, uint64_t hash)
{
    assert(s);

    struct outcome *o = outcome_slot(s, hash);

    o->count++;
    if (s->options.outcome_witnesses || (s->twin && !o->witness.any))
        schedule_keep(&o->witness, &s->current);
}

struct telling {
    const struct scenario *scenario;
    struct strbuf *out;
};

/* It is as "init" copied it: no news. */
static bool is_as_copied(const struct scenario *s, const char *path, const char *data, size_t len)
{
    for (int i = 0; data && i < s->copy_count; i++) {
        const struct program_copy *copy = &s->copies[i];

        if (copy->data && strcmp(copy->path, path) == 0)
            return copy->len == len && memcmp(copy->data, data, len) == 0;
    }
    return false;
}

static void print_entry(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    const struct telling *t = ctx;
    struct strbuf *out = t->out;
    const char *slash = strrchr(path, '/');

    if (is_as_copied(t->scenario, path, data, len))
        return;

    strbuf_printf(out, "%*s", 2 * depth, "");
    strbuf_visible(out, slash ? slash + 1 : path);
    strbuf_adds(out, data ? "" : "/");
    if (data) {
        strbuf_adds(out, ": ");
        if (len == 0)
            strbuf_adds(out, "(empty)");
        else
            trace_quote(out, data, len);
    }
    strbuf_addc(out, '\n');
}

/* A program that says nothing is not told. */
static bool is_silence(const struct scenario *s, const char *name, const char *value)
{
    for (int i = 0; value && !*value && i < s->node_count; i++)
        if (s->nodes[i].run && (s->nodes[i].run->out == name || s->nodes[i].run->errors == name))
            return true;
    return false;
}

void outcome_print(struct cluster *c, struct strbuf *out)
{
    assert(c);
    assert(out);

    struct telling t = {c->scenario, out};

    for (int i = 0; i < c->scenario->register_count; i++) {
        if (is_silence(c->scenario, c->scenario->registers[i], c->registers[i]))
            continue;
        strbuf_printf(out, "%s = ", c->scenario->registers[i]);
        if (c->registers[i])
            trace_quote(out, c->registers[i], strlen(c->registers[i]));
        else
            strbuf_adds(out, "(unset)");
        strbuf_addc(out, '\n');
    }
    look(c, print_entry, &t);
}

static void add_file(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    const struct telling *t = ctx;
    struct strbuf *out = t->out;

    (void)depth;
    if (!data || is_as_copied(t->scenario, path, data, len))
        return;
    strbuf_adds(out, out->len ? ", " : "");
    strbuf_visible(out, path);
    strbuf_adds(out, " = ");
    if (len == 0)
        strbuf_adds(out, "(empty)");
    else
        trace_quote(out, data, len);
}

void outcome_files(struct cluster *c, struct strbuf *out)
{
    assert(c);
    assert(out);

    struct store s = {.port = c->port, .arena = &c->arena}; /* no hooks: nobody is to be told */
    struct telling t = {c->scenario, out};

    walk_store(&s, add_file, &t);
    if (!out->len)
        strbuf_adds(out, "nothing");
}
