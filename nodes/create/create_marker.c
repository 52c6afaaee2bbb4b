/*
 * marker: an O_EXCL marker in the store decides.
 *
 * Whoever makes the marker may create the stream: looks whether it is there (from before there were
 * markers, or by a holder that died half way), and if not, writes it. The marker stays, as the sign
 * that this incarnation is taken. Everybody else waits for the record and adopts it. A holder that
 * died before it wrote one is succeeded when its lease has run out (nodes/stream/marker.h).
 */
#include "nodes/create/claim.h"
#include "nodes/create/scheme.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>

static enum status create_as_holder(struct world *w, const struct wanted *want, struct marker *m,
                                    struct record *out)
{
    bool there;
    int rc = 0;

    world_mark(w, "marker.after-claim");
    there = stream_load(w, want->prefix, out);
    if (!there) {
        stream_new(w, want, out);
        rc = stream_put_held(w, m, out);
        if (rc == -EEXIST || rc == -ESTALE) /* we were slow, and another holds the marker now */
            return ST_UNKNOWN;
        if (rc != 0)
            return ST_REJECTED;
    }
    marker_done(w->store, m);
    return there ? ST_EXISTS : stream_created(w, out);
}

/* Nobody will write the record that we wait for: the stream was made, and deleted since. */
static bool has_ended(struct world *w, const struct wanted *want, struct record *out)
{
    out->generation = layout_generation_of(want->prefix);
    snprintf(out->stream, sizeof out->stream, "%s", want->stream);
    return generation_over(w, out);
}

enum status create_marker(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    struct patience patience = {0};
    struct marker m;

    do {
        int rc = claim_try(w, want->prefix, &patience, &m);

        enum status status;

        if (rc == 0) {
            status = create_as_holder(w, want, &m, out);
            if (status != ST_UNKNOWN)
                return status;
            rc = -EEXIST;
        }
        if (rc != -EEXIST)
            return ST_REJECTED;
        if (stream_load(w, want->prefix, out) || has_ended(w, want, out))
            return ST_EXISTS;
    } while (claim_wait(w, &patience));
    return ST_UNKNOWN;
}
