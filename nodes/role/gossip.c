#include "nodes/role/gossip.h"
#include "nodes/create/create.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

static void add(struct vector *v, const struct record *r)
{
    struct version *one = &v->v[v->count++];

    snprintf(one->stream, sizeof one->stream, "%s", r->stream);
    one->generation = r->generation;
    one->version = r->version;
}

/* To the node whose task sent the message: "q1/gossip" is q1's. */
static void reply(struct world *w, const struct msg *to, const struct vector *vector)
{
    struct msg m = {.kind = MSG_NEWER, .vector = *vector};

    world_send(w, arena_memdup(w->arena, to->from, strcspn(to->from, "/#")), &m);
}

static void tell_peers(struct world *w, const struct vector *vector)
{
    static const char *const roles[] = {"ingestor", "querier", "registry"};
    struct msg m = {.kind = MSG_VECTOR, .vector = *vector};

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        for (const char *const *peer = world_peers(w, roles[i]); *peer; peer++)
            world_send(w, *peer, &m);
}

static void tell_all(struct world *w)
{
    struct vector vector = {.count = 0};
    const struct record *known;
    int count = catalog_copy(w, &known);

    for (int i = 0; i < count; i++) {
        add(&vector, &known[i]);
        if (vector.count == VECTOR_MAX || i == count - 1) {
            tell_peers(w, &vector);
            vector.count = 0;
        }
    }
}

void gossip_run(struct world *w)
{
    assert(w);
    for (;;) {
        world_pause(w, w->settings->sync.gossip_ms);
        tell_all(w);
    }
}

bool gossip_wanted(const struct settings *s)
{
    assert(s);
    return s->sync.gossip_ms > 0;
}

static void fetch(struct world *w, const char *stream)
{
    struct record r;

    if (stream_find(w, stream, &r))
        catalog_learn(w, &r);
}

void gossip_hear(struct world *w, const struct msg *m)
{
    assert(w);
    assert(m);

    struct vector newer = {.count = 0};

    for (int i = 0; i < m->vector.count; i++) {
        const struct version *v = &m->vector.v[i];
        struct record theirs = {.generation = v->generation, .version = v->version};
        struct known mine;

        if (!catalog_find(w, v->stream, &mine) || record_older(&mine.record, &theirs))
            fetch(w, v->stream);
        else if (record_older(&theirs, &mine.record))
            add(&newer, &mine.record);
    }
    if (m->kind == MSG_VECTOR && newer.count > 0)
        reply(w, m, &newer);
}
