/*
 * proxy: the ingestor forwards the creation to the queriers that its configuration names, in that
 * order; the first one that answers has decided.
 *
 * The querier holds a lock while it decides (settings.lock: in its memory against its own threads,
 * a claim in the store against other queriers). A querier that was slow, and has lost its claim to
 * a standby, does not replace what the standby wrote. The answer carries the record that counts,
 * and "exists" is a success, unless the cluster runs it as it was shipped (#980): there, the schema
 * stayed behind, too.
 */
#include "nodes/create/ask.h"
#include "nodes/create/claim.h"
#include "nodes/create/endpoint.h"
#include "nodes/create/schema.h"
#include "nodes/stream/marker.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

/* The store's level of the lock. A lock, not a creation: it is released, and a dead holder's lease
 * runs out. */
static bool take_store_lock(struct world *w, const char *name, struct marker *m)
{
    struct patience patience = {0};

    do {
        int rc = claim_try(w, name, &patience, m);

        if (rc != -EEXIST)
            return rc == 0;
    } while (claim_wait(w, &patience));
    return false;
}

/* `held` is NULL without the store's level. */
static enum status look_then_write(struct world *w, const struct wanted *want,
                                   const struct marker *held, struct record *out)
{
    int rc;

    if (stream_load(w, want->prefix, out))
        return ST_EXISTS;
    world_mark(w, "proxy.after-look");
    stream_new(w, want, out);
    rc = held ? stream_put_held(w, held, out) : stream_put(w, out);
    if (rc == -EEXIST || rc == -ESTALE) /* we were slow, and another one holds the lock now */
        return stream_load(w, want->prefix, out) ? ST_EXISTS : ST_UNKNOWN;
    if (rc != 0)
        return ST_REJECTED;
    return stream_created(w, out);
}

/* At the querier, with its memory lock held by the caller if there is one. */
static enum status decide(struct world *w, const struct wanted *want, struct record *out)
{
    const char *lock = arena_printf(w->arena, "%s.lock", lock_name(w, want->prefix));
    struct marker m;
    enum status status;

    if (!lock_in_store(w->settings))
        return look_then_write(w, want, NULL, out);
    if (!take_store_lock(w, lock, &m))
        return ST_UNKNOWN;
    status = look_then_write(w, want, &m, out);
    marker_release(w->store, &m);
    return status;
}

static enum status ask_queriers(struct world *w, enum msg_kind kind, const struct wanted *want,
                                struct record *out)
{
    const struct config *config = &w->self->config;
    const char *queriers[CONFIG_ENDPOINTS_MAX];

    for (int i = 0; i < config->endpoint_count; i++)
        queriers[i] = endpoint_node(w->arena, config->endpoints[i], w->node);
    return ask(w, kind, queriers, config->endpoint_count, want, out);
}

enum status create_proxy(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    const struct schema none = {.count = 0};
    struct wanted forwarded = *want;

    if (node_is(w, "querier"))
        return decide(w, want, out);
    if (!w->settings->proxy.metadata)
        forwarded.schema = &none;
    return ask_queriers(w, MSG_CREATE, &forwarded, out);
}

enum status proxy_grow(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);
    return ask_queriers(w, MSG_GROW, want, out);
}
