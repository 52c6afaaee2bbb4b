/*
 * push: streams are made at a querier only, which then tells the ingestors that are up.
 *
 * The state before parseable#825: an ingestor never creates. With settings.sync.load off it is that
 * before #745, too: an ingestor that was down at the time never hears of the stream.
 *
 * So does an ingestor of an old release in any cluster (create.h): it takes what it finds in the
 * store, and what queriers tell it.
 */
#include "fsstore/store/object.h"
#include "nodes/create/scheme.h"
#include <assert.h>

/* One that is down, or does not answer, is passed over, as in the real system. */
static void tell(struct world *w, const char *ingestor, const struct record *r)
{
    struct msg sync = {.kind = MSG_SYNC, .record = *r}, answer;
    bool wait = w->settings->push.wait;

    if (wait)
        sync.id = world_request_id(w);
    if (world_send(w, ingestor, &sync) == 0 && wait)
        world_await_answer(w, sync.id, w->settings->net.timeout_ms, &answer);
}

void push_tell(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);
    for (const char *const *peer = world_peers(w, "ingestor"); *peer; peer++)
        tell(w, *peer, r);
}

enum status create_push(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    bool look = w->settings->sync.load || node_is(w, "querier");

    if (look && stream_load(w, want->prefix, out)) {
        if (node_is(w, "ingestor"))
            stream_put(w, out);
        return ST_EXISTS;
    }
    if (!node_is(w, "querier"))
        return ST_NOT_FOUND;
    stream_new(w, want, out);
    if (stream_put(w, out) != 0)
        return ST_REJECTED;
    return stream_created(w, out);
}
