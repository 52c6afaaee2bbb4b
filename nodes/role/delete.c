#include "nodes/role/delete.h"
#include "fsstore/store/object.h"
#include "nodes/role/request.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/stream.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

static enum status delete_plain(struct world *w, const char *stream)
{
    struct record r;
    bool there = stream_load(w, stream, &r);

    prefix_sweep(w, stream);
    catalog_drop(w, stream);
    if (!there)
        return ST_NOT_FOUND;
    world_deleted(w, &r);
    return ST_DELETED;
}

static int put_tombstone(struct world *w, const struct record *r)
{
    const char *text = record_text(w->arena, r);

    return object_put_if_absent(w->store, layout_tombstone(w->arena, r->stream, r->generation),
                                text, strlen(text));
}

static enum status delete_by_tombstone(struct world *w, const char *stream, int *generation)
{
    struct record r;
    int rc;

    if (!stream_find(w, stream, &r)) {
        catalog_drop(w, stream);
        return ST_NOT_FOUND;
    }
    rc = put_tombstone(w, &r);
    if (rc != 0 && rc != -EEXIST)
        return ST_REJECTED;
    if (rc == 0)
        world_deleted(w, &r);
    *generation = r.generation;
    world_mark(w, "delete.after-tombstone");
    grave_sweep(w, &r);
    catalog_end(w, &r);
    return rc == 0 ? ST_DELETED : ST_NOT_FOUND;
}

void stream_delete(struct world *w, const char *stream, struct response *res)
{
    assert(w);
    assert(stream);
    assert(res);
    res->status = w->settings->delete == DELETE_TOMBSTONE
                      ? delete_by_tombstone(w, stream, &res->generation)
                      : delete_plain(w, stream);
}
