#include "nodes/stream/generation.h"
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool is_over(struct world *w, const char *stream, int generation)
{
    return object_head(w->store, layout_tombstone(w->arena, stream, generation)) == 0;
}

int generation_now(struct world *w, const char *stream, int from)
{
    assert(w);
    assert(stream);
    assert(from >= 0);

    int generation = from;

    if (w->settings->delete == DELETE_TOMBSTONE)
        while (is_over(w, stream, generation))
            generation++;
    return generation;
}

bool generation_over(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);
    return w->settings->delete == DELETE_TOMBSTONE && is_over(w, r->stream, r->generation);
}

void prefix_sweep(struct world *w, const char *dir)
{
    assert(w);
    assert(dir);

    struct port_names names;

    if (object_list(w->store, dir, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++) {
        const char *path = arena_printf(w->arena, "%s/%s", dir, names.v[i].name);

        if (names.v[i].kind == PORT_DIR)
            prefix_sweep(w, path);
        else
            object_delete(w->store, path);
    }
}

void grave_sweep(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);
    prefix_sweep(w, record_prefix(w->arena, r));
}

static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");

    return digits > 0 && digits < 6 && name[digits] == '\0';
}

void graves_sweep(struct world *w)
{
    assert(w);

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
                prefix_sweep(w, layout_prefix(w->arena, stream, atoi(graves.v[k].name)));
    }
}
