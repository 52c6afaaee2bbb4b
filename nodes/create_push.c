/*
 * push: streams are made at a querier only, which then tells the ingestors that are up.
 *
 * The state before parseable#825: an ingestor never creates. With settings.sync.load off it is that
 * before #745, too: an ingestor that was down at the time never hears of the stream.
 *
 * So does an ingestor of an old release in any cluster (create.h): it takes what it finds in the
 * store, and what queriers tell it.
 */
#include "fsstore/object.h"
#include "nodes/create.h"

void push_tell(struct world *w, const struct record *r)
{
    struct msg sync = {.kind = MSG_SYNC, .record = *r};

    for (const char *const *peer = world_peers(w, "ingestor"); *peer; peer++)
        world_send(w, *peer, &sync); /* one that is down is passed over, as in the real system */
}

enum status create_push(struct world *w, const struct wanted *want, struct record *out)
{
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
