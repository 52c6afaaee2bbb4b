#include "nodes/create/scheme.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <stdio.h>

void stream_new(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);
    *out = (struct record){.created_at = world_now(w),
                           .generation = layout_generation_of(want->prefix),
                           .schema = *want->schema,
                           .request = want->request};
    world_guard(w);
    snprintf(out->incarnation, sizeof out->incarnation, "%.48s-%d", w->node, ++w->self->made);
    world_remember(w, "incarnations", out->incarnation);
    world_unguard(w);
    snprintf(out->stream, sizeof out->stream, "%s", want->stream);
    snprintf(out->owner, sizeof out->owner, "%s", w->node);
}

enum status stream_created(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);
    if (generation_over(w, r))
        return ST_EXISTS;
    world_created(w, r);
    return ST_CREATED;
}

const char *lock_name(const struct world *w, const char *stream)
{
    assert(w);
    assert(stream);
    return w->settings->lock_global ? ".all" : stream; /* no stream has a dot in front */
}

void stream_lock(struct world *w, const char *stream)
{
    assert(w);
    assert(stream);
    if (lock_in_memory(w->settings))
        world_lock(w, lock_name(w, stream));
}

void stream_unlock(struct world *w, const char *stream)
{
    assert(w);
    assert(stream);
    if (lock_in_memory(w->settings))
        world_unlock(w, lock_name(w, stream));
}
