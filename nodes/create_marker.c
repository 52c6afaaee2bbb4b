/*
 * marker: an O_EXCL marker in the store decides.
 *
 * Whoever makes the marker may create the stream: looks whether it is there (from before there were
 * markers, or by a holder that died half way), and if not, writes it. The marker stays, as the sign
 * that this incarnation is taken. Everybody else waits for the record and adopts it. A holder that
 * died before it wrote one is succeeded when its lease has run out (fsstore/marker.h).
 */
#include "fsstore/layout.h"
#include "fsstore/marker.h"
#include "fsstore/object.h"
#include "nodes/create.h"
#include <errno.h>
#include <string.h>

/*
 * The holder's write. Between its look at the marker and its put a holder may be put aside for
 * longer than its lease; so the record is published, not put: it does not replace what a successor
 * has published meanwhile, and a successor does not replace it. Without that, two incarnations can
 * stand side by side.
 */
static int write_as_holder(struct world *w, const struct marker *m, const struct record *r)
{
    const char *schema = schema_text(w->arena, &r->schema), *text = record_text(w->arena, r);
    int rc = marker_holds(w->store, m);

    if (rc != 0 || !w->settings->marker.fenced)
        return rc != 0 ? rc : stream_put(w, r);
    rc = object_put(w->store, layout_schema(w->arena, r->stream, w->node), schema, strlen(schema));
    if (rc != 0)
        return rc;
    return object_publish(w->store, layout_stream_json(w->arena, r->stream, NULL), text,
                          strlen(text));
}

static enum status create_as_holder(struct world *w, struct marker *m, const char *stream,
                                    const struct schema *fields, struct record *out)
{
    bool there;
    int rc = 0;

    world_mark(w, "marker.after-claim");
    there = stream_load(w, stream, out);
    if (!there) {
        stream_new(w, stream, fields, out);
        rc = write_as_holder(w, m, out);
        if (rc == -EEXIST || rc == -ESTALE) /* we were slow, and another holds the marker now */
            return ST_UNKNOWN;
        if (rc != 0)
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

        enum status status;

        if (rc == 0) {
            status = create_as_holder(w, &m, stream, fields, out);
            if (status != ST_UNKNOWN)
                return status;
            rc = -EEXIST;
        }
        if (rc != -EEXIST)
            return ST_REJECTED;
        if (stream_load(w, stream, out))
            return ST_EXISTS;
        world_sleep(w, s->marker.poll_ms);
    }
    return ST_UNKNOWN;
}
