/*
 * naive: look, then write.
 *
 * What Parseable does since #1005: an ingestor that does not know a stream lists the store; if the
 * stream is there, it takes it over, else it writes its own objects. Between the look and the write
 * others look, too.
 */
#include "nodes/create/scheme.h"
#include <assert.h>

enum status create_naive(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);
    if (stream_load(w, want->prefix, out)) {
        stream_put(w, out);
        return ST_EXISTS;
    }
    world_mark(w, "naive.after-look");
    stream_new(w, want, out);
    if (stream_put(w, out) != 0)
        return ST_REJECTED;
    return stream_created(w, out);
}
