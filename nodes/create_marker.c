/*
 * marker: an O_EXCL marker in the store decides.
 *
 * Whoever makes the marker may create the stream: looks whether it is there (from before there were markers, or by a holder
 * that died half way), and if not, writes it. The marker stays, as the sign that this incarnation is taken. Everybody else waits for
 * the record and adopts it. A holder that died before it wrote one is succeeded when its lease has run out
 * (fsstore/marker.h).
 */
#include "fsstore/marker.h"
#include "fsstore/object.h"
#include "nodes/create.h"
#include <errno.h>

static enum status create_as_holder(struct world *w, struct marker *m, const char *stream,
                                    const struct schema *fields, struct record *out)
{
    bool there;

    world_mark(w, "marker.after-claim");
    there = stream_load(w, stream, out);
    if (!there) {
        stream_new(w, stream, fields, out);
        if (marker_holds(w->store, m) != 0 || stream_put(w, out) != 0)
            return ST_REJECTED;
    }
    marker_done(w->store, m);
    if (there)
        return ST_EXISTS;
    world_created(w, out);
    return ST_CREATED;
}

enum status create_marker(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out)
{
    const struct settings *s = w->settings;
    int64_t tries = s->marker.lease_ms / s->marker.poll_ms + 2;
    struct marker m;

    for (int64_t i = 0; i < tries; i++) {
        int rc = marker_claim(w->store, stream, w->node, "", world_now(w), s->marker.lease_ms, &m);

        if (rc == 0)
            return create_as_holder(w, &m, stream, fields, out);
        if (rc != -EEXIST)
            return ST_REJECTED;
        if (stream_load(w, stream, out))
            return ST_EXISTS;
        world_sleep(w, s->marker.poll_ms);
    }
    return ST_UNKNOWN;
}
