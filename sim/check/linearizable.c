#include "sim/check/linearizable.h"
#include "base/hash.h"
#include "base/mem.h"
#include "nodes/stream/layout.h"
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    const char *name; /* not terminated */
    size_t len;
};

/* What has been tried: these calls done, and these streams there. */
struct state {
    uint64_t done;
    uint32_t there;
    bool used;
};

struct catalog_search {
    const struct history_request *calls[LINEAR_CALLS_MAX];
    int count;
    struct stream streams[LINEAR_STREAMS_MAX];
    int stream_count;
    uint64_t must; /* the calls that have happened for sure */
    struct state *seen;
    int seen_count, seen_cap;
    uint64_t farthest; /* the most of them that could be explained */
};

/* --- what there is to explain --- */

/* Its bit; 0: there are too many streams. */
static uint32_t stream_bit(struct catalog_search *s, const char *name, size_t len)
{
    for (int i = 0; i < s->stream_count; i++)
        if (s->streams[i].len == len && memcmp(s->streams[i].name, name, len) == 0)
            return UINT32_C(1) << i;
    if (s->stream_count == LINEAR_STREAMS_MAX)
        return 0;
    s->streams[s->stream_count] = (struct stream){name, len};
    return UINT32_C(1) << s->stream_count++;
}

/* Names joined by blanks; false: too many. */
static bool stream_bits(struct catalog_search *s, const char *names, uint32_t *out)
{
    *out = 0;
    for (const char *p = names; *p; p += strcspn(p, " "), p += *p == ' ') {
        uint32_t bit = stream_bit(s, p, strcspn(p, " "));

        if (!bit)
            return false;
        *out |= bit;
    }
    return true;
}

static bool says_something(const struct history_request *r)
{
    bool reads = r->kind == REQ_QUERY || r->kind == REQ_LIST;

    if (r->kind == REQ_INFO || r->status == ST_REJECTED || r->status == ST_UNAUTHORIZED)
        return false;
    return !(reads && r->status == ST_UNKNOWN);
}

static bool collect(struct catalog_search *s, const struct history *h)
{
    uint32_t bits;

    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];

        if (!says_something(r))
            continue;
        if (s->count == LINEAR_CALLS_MAX ||
            !stream_bits(s, r->kind == REQ_LIST ? r->events : r->stream, &bits))
            return false;
        if (r->status != ST_UNKNOWN)
            s->must |= UINT64_C(1) << s->count;
        s->calls[s->count++] = r;
    }
    return true;
}

/* --- the catalog --- */

/* Does the call's answer fit, if it takes effect now? Then *there is as it leaves it. */
static bool takes_effect(struct catalog_search *s, const struct history_request *r, uint32_t *there)
{
    uint32_t bits = 0, was;

    stream_bits(s, r->kind == REQ_LIST ? r->events : r->stream, &bits);
    was = *there & bits;
    if (r->kind == REQ_LIST)
        return *there == bits;
    switch (r->status) {
    case ST_CREATED:
        *there |= bits;
        return !was;
    case ST_DELETED:
        *there &= ~bits;
        return was;
    case ST_ACCEPTED:
        *there |= bits;
        return true;
    case ST_NOT_FOUND:
        return !was;
    case ST_UNKNOWN:
        *there = r->kind == REQ_DELETE ? *there & ~bits : *there | bits;
        return true;
    default:
        return was;
    }
}

/* No call that has happened for sure, and is still to be done, ended before it began. */
static bool may_be_next(const struct catalog_search *s, uint64_t done, int call)
{
    for (int i = 0; i < s->count; i++)
        if ((s->must & ~done) >> i & 1 && s->calls[i]->ended < s->calls[call]->began)
            return false;
    return true;
}

/* --- the search --- */

static struct state *slot(struct state *v, int cap, uint64_t done, uint32_t there)
{
    uint64_t at = hash_u64(hash_u64(HASH_INIT, done), there);

    for (;; at++) {
        struct state *it = &v[at & (uint64_t)(cap - 1)];

        if (!it->used || (it->done == done && it->there == there))
            return it;
    }
}

static void grow(struct catalog_search *s)
{
    int cap = s->seen_cap ? 2 * s->seen_cap : 64;
    struct state *v = mem_alloc(sizeof *v * (size_t)cap);

    for (int i = 0; i < s->seen_cap; i++)
        if (s->seen[i].used)
            *slot(v, cap, s->seen[i].done, s->seen[i].there) = s->seen[i];
    free(s->seen);
    s->seen = v;
    s->seen_cap = cap;
}

/* False: it was tried before. */
static bool is_new(struct catalog_search *s, uint64_t done, uint32_t there)
{
    struct state *it;

    if (2 * s->seen_count >= s->seen_cap)
        grow(s);
    it = slot(s->seen, s->seen_cap, done, there);
    if (it->used)
        return false;
    *it = (struct state){done, there, true};
    s->seen_count++;
    return true;
}

static bool explain(struct catalog_search *s, uint64_t done, uint32_t there)
{
    if (__builtin_popcountll(done & s->must) > __builtin_popcountll(s->farthest))
        s->farthest = done & s->must;
    if (!(s->must & ~done))
        return true;
    if (!is_new(s, done, there))
        return false;
    for (int i = 0; i < s->count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        uint32_t after = there;

        if (!(done & bit) && may_be_next(s, done, i) && takes_effect(s, s->calls[i], &after) &&
            explain(s, done | bit, after))
            return true;
    }
    return false;
}

/* Where the best try got stuck: the call that ended first of those that are left. */
static void tell(const struct catalog_search *s, struct strbuf *why)
{
    const struct history_request *first = NULL;

    for (int i = 0; i < s->count; i++)
        if ((s->must & ~s->farthest) >> i & 1 && (!first || s->calls[i]->ended < first->ended))
            first = s->calls[i];
    assert(first); /* what explains all is told to nobody */
    strbuf_printf(why, "no order of the calls explains what %s was told: %s", first->task,
                  request_kind_name(first->kind));
    if (first->kind == REQ_LIST)
        strbuf_printf(why, ", \"%s\"", first->events);
    else
        strbuf_printf(why, " %s, %s", first->stream, status_name(first->status));
}

enum linear linear_history(const struct history *h, const char *const *there, struct strbuf *why)
{
    assert(h);
    assert(there);

    struct catalog_search s = {.count = 0};
    enum linear found = TOO_LONG;
    uint32_t first = 0;
    bool fits = collect(&s, h);

    for (int i = 0; fits && there[i]; i++) {
        uint32_t bit = stream_bit(&s, there[i], strlen(there[i]));

        first |= bit;
        fits = bit != 0;
    }
    if (fits)
        found = explain(&s, 0, first) ? LINEAR : NOT_LINEAR;
    if (found == NOT_LINEAR && why)
        tell(&s, why);
    free(s.seen);
    return found;
}

/* --- one execution --- */

/* Streams whose definition the scenario's init puts into the store. */
static const char *const *laid_out(struct cluster *c)
{
    const struct program *init = &c->scenario->init;
    const char **streams = arena_alloc(&c->arena, sizeof *streams * (size_t)(init->count + 1));
    int n = 0;

    for (int i = 0; i < init->count; i++) {
        const char *path = init->v[i].path;
        bool makes = init->v[i].kind == ACT_WRITE || init->v[i].kind == ACT_PUT;

        if (makes && layout_is_stream_json(path) && layout_stream_of(&c->arena, path))
            streams[n++] = layout_stream_of(&c->arena, path);
    }
    return streams;
}

/* Calls that hang are not in the history, and may have happened: no_deadlock says that they hang. */
bool check_linearizable(struct cluster *c, struct strbuf *why)
{
    assert(c);

    enum linear found;

    if (c->end == END_DEADLOCK)
        return true;
    found = linear_history(&c->history, laid_out(c), why);
    if (found == TOO_LONG)
        cluster_fail(c, ERR_INPUT, "%s: linearizable looks at %d calls and %d streams at most",
                     c->scenario->file, LINEAR_CALLS_MAX, LINEAR_STREAMS_MAX);
    return found == LINEAR;
}
