#include "sim/engine/state_value.h"
#include "base/hash.h"
#include "nodes/role/serve.h"
#include "nodes/stream/node.h"
#include "nodes/stream/wire.h"
#include "sim/trace/history.h"
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static uint64_t text_of(uint64_t h, const char *text)
{
    return text ? hash_str(hash_u64(h, 1), text) : hash_u64(h, 0);
}

static uint64_t schema_of(uint64_t h, const struct schema *s)
{
    for (int i = 0; i < s->count; i++)
        h = hash_str(hash_str(h, s->v[i].name), s->v[i].type);
    return hash_u64(h, s->is_static);
}

static uint64_t record_of(uint64_t h, const struct record *r)
{
    h = hash_str(hash_str(hash_str(h, r->stream), r->incarnation), r->owner);
    h = hash_u64(hash_u64(h, (uint64_t)r->generation), (uint64_t)r->created_at);
    h = hash_u64(hash_u64(h, r->request), (uint64_t)r->version);
    return schema_of(h, &r->schema);
}

uint64_t state_of_msg(const struct msg *m)
{
    uint64_t h = hash_u64(hash_u64(HASH_INIT, (uint64_t)m->kind), (uint64_t)m->status);

    h = hash_str(hash_str(hash_u64(h, m->id), m->from), m->token);
    h = hash_u64(record_of(h, &m->record), (uint64_t)m->version);
    for (int i = 0; i < m->vector.count; i++) {
        const struct version *v = &m->vector.v[i];

        h = hash_u64(hash_str(h, v->stream), (uint64_t)v->generation);
        h = hash_u64(h, (uint64_t)v->version);
    }
    return hash_mix(h);
}

/* --- memory --- */

/* Two writers of one stream are two: who has got hold of the first puts into that. */
static uint64_t entry_of(const struct entry *e)
{
    uint64_t h = hash_str(record_of(HASH_INIT, &e->record), e->writer->events);

    h = hash_u64(hash_u64(h, (uint64_t)e->writer->count), (uint64_t)e->writer->number);
    return hash_mix(schema_of(h, &e->writer->fields));
}

bool state_of_stream(const struct node *n, const char *key, const char *what, uint64_t *out)
{
    assert(n);
    assert(key);
    assert(out);
    for (const struct entry *e = n->catalog.first; e; e = e->next)
        if (strcmp(e->record.stream, key) == 0) {
            *out = entry_of(e);
            return strcmp(e->record.incarnation, what) == 0;
        }
    return false;
}

uint64_t state_of_fact(const struct node *n, const char *key)
{
    assert(n);
    assert(key);

    const struct msg *m;

    for (const struct entry *e = n->catalog.first; e; e = e->next)
        if (strcmp(e->record.stream, key) == 0)
            return entry_of(e);
    if (strncmp(key, "request ", 8) == 0)
        for (int i = 0; (m = serve_answered(n, i)); i++)
            if (m->id == strtoull(key + 8, NULL, 10))
                return state_of_msg(m);
    return hash_u64(HASH_INIT, (uint64_t)n->registry_version);
}

static uint64_t config_of(const struct config *c)
{
    uint64_t h = hash_str(hash_str(HASH_INIT, c->deployment), c->token);

    for (int i = 0; i < c->endpoint_count; i++)
        h = hash_str(h, c->endpoints[i]);
    return h;
}

uint64_t state_of_node(const struct node *n)
{
    assert(n);

    uint64_t h = hash_u64(config_of(&n->config), (uint64_t)n->release), answers = 0;
    const struct msg *m;

    for (const struct entry *e = n->catalog.first; e; e = e->next)
        h = hash_u64(h, entry_of(e));
    for (int i = 0; (m = serve_answered(n, i)); i++)
        answers += state_of_msg(m);
    h = hash_u64(hash_u64(h, answers), (uint64_t)n->registry_version);
    h = hash_u64(hash_u64(h, (uint64_t)n->made), (uint64_t)n->uploads);
    return hash_mix(hash_u64(h, (uint64_t)n->catalog.writers));
}

/* --- the history --- */

/* Is it one that a request that begins later is told from: an answered deletion of its stream, or any, if real time counts? */
static bool is_past(const struct history_request *r, const char *stream, int began, bool real_time)
{
    bool deleted = r->status == ST_DELETED && stream && strcmp(r->stream, stream) == 0;

    return r->ended < began && (deleted || real_time);
}

static uint64_t nth_of_its_task(const struct history *h, int i)
{
    uint64_t one = hash_str(HASH_INIT, h->requests[i].task);
    int n = 0;

    for (int k = 0; k < i; k++)
        n += strcmp(h->requests[k].task, h->requests[i].task) == 0;
    return hash_mix(hash_u64(one, (uint64_t)n));
}

static uint64_t past_of(const struct history *h, const char *stream, int began, bool real_time)
{
    uint64_t sum = 0;

    for (int i = 0; i < h->request_count; i++)
        if (is_past(&h->requests[i], stream, began, real_time))
            sum += nth_of_its_task(h, i);
    return sum;
}

uint64_t state_of_past(const struct history *h, const char *stream, bool real_time)
{
    assert(h);
    return past_of(h, stream, INT_MAX, real_time);
}

static uint64_t request_of(const struct history *h, int i, bool real_time)
{
    const struct history_request *r = &h->requests[i];
    uint64_t one = hash_u64(nth_of_its_task(h, i), (uint64_t)r->kind * 64 + (uint64_t)r->status);

    one = text_of(text_of(text_of(one, r->stream), r->events), r->incarnation);
    one = hash_u64(hash_u64(one, (uint64_t)r->rows), (uint64_t)r->generation);
    one = hash_u64(hash_u64(one, (uint64_t)r->version), (uint64_t)r->began_ms);
    one = hash_u64(one, (uint64_t)r->ended_ms);
    return hash_mix(hash_u64(one, past_of(h, r->stream, r->began, real_time)));
}

static uint64_t lives_of(const struct history_life *v, int count)
{
    uint64_t sum = 0;

    for (int i = 0; i < count; i++)
        sum += hash_mix(record_of(hash_str(HASH_INIT, v[i].task), &v[i].record));
    return sum;
}

/* In order for each node and stream: monotonic_versions. */
static uint64_t view_of(const struct history *h, int at)
{
    const struct history_view *v = h->views, *now = &v[at];
    uint64_t one = hash_str(hash_str(HASH_INIT, now->node), now->stream);
    int n = 0;

    for (int i = 0; i < at; i++)
        n += strcmp(v[i].node, now->node) == 0 && strcmp(v[i].stream, now->stream) == 0;
    one = hash_u64(hash_u64(hash_str(one, now->incarnation), (uint64_t)now->generation),
                   (uint64_t)now->version);
    return hash_mix(hash_u64(one, (uint64_t)n));
}

static uint64_t values_of(const struct history_value *v, int count)
{
    uint64_t sum = 0;

    for (int i = 0; i < count; i++)
        sum += hash_mix(hash_u64(v[i].path, v[i].value));
    return sum;
}

uint64_t state_of_history(const struct history *h, bool real_time)
{
    assert(h);

    uint64_t requests = 0, asked = 0, views = 0, all;

    for (int i = 0; i < h->request_count; i++)
        requests += request_of(h, i, real_time);
    for (int i = 0; i < h->asked_count; i++)
        asked += hash_mix(text_of(
            text_of(text_of(hash_u64(HASH_INIT, h->asked[i].id), h->asked[i].from), h->asked[i].to),
            h->asked[i].token));
    for (int i = 0; i < h->view_count; i++)
        views += view_of(h, i);
    all = hash_u64(hash_u64(HASH_INIT, requests), asked);
    all = hash_u64(all, views);
    all = hash_u64(all, lives_of(h->creations, h->creation_count));
    all = hash_u64(all, lives_of(h->deletions, h->deletion_count));
    all = hash_u64(all, values_of(h->written, h->written_count));
    return hash_mix(hash_u64(all, values_of(h->read, h->read_count)));
}
