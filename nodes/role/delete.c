#include "nodes/role/delete.h"
#include "fsstore/store/object.h"
#include "nodes/create/create.h"
#include "nodes/stream/layout.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void delete_under(struct world *w, const char *dir)
{
    struct port_names names;

    if (object_list(w->store, dir, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++) {
        const char *path = arena_printf(w->arena, "%s/%s", dir, names.v[i].name);

        if (names.v[i].kind == PORT_DIR)
            delete_under(w, path);
        else
            object_delete(w->store, path);
    }
}

static enum status delete_plain(struct world *w, const char *stream)
{
    struct record r;
    bool there = stream_load(w, stream, &r);

    delete_under(w, stream);
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
    res->status = w->settings->delete == DELETE_TOMBSTONE
                      ? delete_by_tombstone(w, stream, &res->generation)
                      : delete_plain(w, stream);
}

static bool is_over(struct world *w, const char *stream, int generation)
{
    return object_head(w->store, layout_tombstone(w->arena, stream, generation)) == 0;
}

int generation_now(struct world *w, const char *stream, int from)
{
    int generation = from;

    if (w->settings->delete == DELETE_TOMBSTONE)
        while (is_over(w, stream, generation))
            generation++;
    return generation;
}

bool generation_over(struct world *w, const struct record *r)
{
    return w->settings->delete == DELETE_TOMBSTONE && is_over(w, r->stream, r->generation);
}

void grave_sweep(struct world *w, const struct record *r)
{
    delete_under(w, record_prefix(w->arena, r));
}

static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");

    return digits > 0 && digits < 6 && name[digits] == '\0';
}

void graves_sweep(struct world *w)
{
    struct port_names streams, graves;

    if (w->settings->delete != DELETE_TOMBSTONE ||
        object_list(w->store, LAYOUT_TOMBSTONES, &streams) != 0)
        return;
    for (int i = 0; i < streams.count; i++) {
        const char *stream = streams.v[i].name;

        if (object_list(w->store, layout_tombstones(w->arena, stream), &graves) != 0)
            continue;
        for (int k = 0; k < graves.count; k++)
            if (is_number(graves.v[k].name))
                delete_under(w, layout_prefix(w->arena, stream, atoi(graves.v[k].name)));
    }
}
