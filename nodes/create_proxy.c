/*
 * proxy: the ingestor forwards the creation to the querier that its configuration names; the
 * querier decides.
 *
 * The querier is the only writer of the base objects and holds a lock while it decides
 * (settings.lock: in its memory against its own threads, a marker in the store against other
 * queriers). The answer carries the record that counts, and "exists" is a success, unless the
 * cluster runs it as it was shipped (#980).
 */
#include "fsstore/marker.h"
#include "fsstore/object.h"
#include "nodes/create.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The store's level of the lock. A lock, not a creation: it is released, and a dead holder's lease
 * runs out. */
static bool take_store_lock(struct world *w, const char *name, struct marker *m)
{
    const struct settings *s = w->settings;
    int64_t tries = s->marker.lease_ms / s->marker.poll_ms + 2;

    for (int64_t i = 0; i < tries; i++) {
        int rc = marker_claim(w->store, name, w->node, "", world_now(w), s->marker.lease_ms, m);

        if (rc != -EEXIST)
            return rc == 0;
        world_sleep(w, s->marker.poll_ms);
    }
    return false;
}

static enum status look_then_write(struct world *w, const char *stream, const struct schema *fields,
                                   struct record *out)
{
    if (stream_load(w, stream, out))
        return ST_EXISTS;
    world_mark(w, "proxy.after-look");
    stream_new(w, stream, fields, out);
    if (stream_put(w, out) != 0)
        return ST_REJECTED;
    world_created(w, out);
    return ST_CREATED;
}

/* At the querier, with its memory lock held by the caller if there is one. */
static enum status decide(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out)
{
    const char *lock = arena_printf(w->arena, "%s.lock", stream);
    struct marker m;
    enum status status;

    if (!lock_in_store(w->settings))
        return look_then_write(w, stream, fields, out);
    if (!take_store_lock(w, lock, &m))
        return ST_UNKNOWN;
    status = look_then_write(w, stream, fields, out);
    marker_release(w->store, &m);
    return status;
}

void proxy_serve(struct world *w, const struct msg *request)
{
    struct msg answer = {.kind = MSG_ANSWER, .id = request->id, .status = ST_UNAUTHORIZED};
    struct known k;

    if (strcmp(request->token, w->self->config.token) == 0) {
        answer.status = stream_ensure(w, request->record.stream, &request->record.schema, &k);
        if (answer.status == ST_EXISTS && w->settings->proxy.exists_is_error)
            answer.status = ST_REJECTED;
        else if (answer.status == ST_CREATED || answer.status == ST_EXISTS)
            answer.record = k.record;
    }
    world_answer(w, request, &answer);
}

static enum status forward(struct world *w, const char *stream, const struct schema *fields,
                           struct record *out)
{
    const struct config *config = &w->self->config;
    struct msg request = {.kind = MSG_CREATE, .id = world_request_id(w)}, answer;
    enum status status = ST_REJECTED; /* until something was sent, nothing can have happened */

    snprintf(request.token, sizeof request.token, "%s", config->token);
    snprintf(request.record.stream, sizeof request.record.stream, "%s", stream);
    request.record.schema = *fields;
    for (int i = 0; i <= w->settings->net.retries; i++) {
        if (world_send(w, config_endpoint(config, 0), &request) != 0)
            continue;
        status = ST_UNKNOWN;
        if (world_await_answer(w, request.id, w->settings->net.timeout_ms, &answer) == 0) {
            if (answer.status == ST_CREATED || answer.status == ST_EXISTS)
                *out = answer.record;
            return answer.status;
        }
    }
    return status;
}

enum status create_proxy(struct world *w, const char *stream, const struct schema *fields,
                         struct record *out)
{
    if (node_is(w, "querier"))
        return decide(w, stream, fields, out);
    return forward(w, stream, fields, out);
}
