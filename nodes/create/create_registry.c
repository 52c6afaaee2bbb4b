/*
 * registry: a node whose only work it is to decide keeps the streams, and a version that grows.
 *
 * Whoever needs a stream asks it by a message. It looks, publishes the record, and then logs the
 * change (registry_log.h), answers, and tells its subscribers. The record in the store is the
 * decision: it is there before anybody is answered, and it is there once, whatever the registry
 * forgets in a crash. A creation that was not logged any more is logged when the registry starts
 * again.
 *
 * New fields of a stream are asked for in the same way. So one node sees them all, in one order,
 * and of two types for one field, one is refused. Hybrid does without that.
 */
#include "nodes/create/ask.h"
#include "nodes/create/registry_log.h"
#include <assert.h>
#include <errno.h>

static int write(struct world *w, const struct record *r)
{
    int rc = stream_put_schema(w, r);

    return rc == 0 ? stream_publish(w, r) : rc;
}

static enum status decide(struct world *w, const struct wanted *want, struct record *out)
{
    enum status status;
    int rc;

    if (stream_load(w, want->prefix, out))
        return ST_EXISTS;
    world_mark(w, "registry.after-look");
    stream_new(w, want, out);
    rc = write(w, out);
    if (rc == -EEXIST) /* another thread, where there is no lock */
        return stream_load(w, want->prefix, out) ? ST_EXISTS : ST_UNKNOWN;
    if (rc != 0)
        return ST_REJECTED;
    status = stream_created(w, out);
    if (status == ST_CREATED)
        registry_changed(w, out, want->from);
    return status;
}

enum status create_registry(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);
    if (node_is(w, "registry"))
        return decide(w, want, out);
    return ask(w, MSG_CREATE, &w->settings->registry, 1, want, out);
}

enum status registry_grow(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);
    return ask(w, MSG_GROW, &w->settings->registry, 1, want, out);
}
