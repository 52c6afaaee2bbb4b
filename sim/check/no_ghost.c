/*
 * no_ghost: once all is quiet, nothing is left of a stream that was deleted. A ghost is an object
 *   - under the prefix of a generation that has a tombstone;
 *   - that names an incarnation that was deleted: a definition, or a batch of events;
 *   - or any in the directory of a stream that was deleted, if no definition is there. (A creation
 *     that died half way after a plain delete looks the same.)
 */
#include "fsstore/store/object.h"
#include "nodes/stream/batch.h"
#include "nodes/stream/layout.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

/* The directory of a generation: what is known of it before its objects are looked at. */
struct grave {
    const char *stream;
    int generation;
    bool all_ghosts; /* it is over, or without a definition after a deletion */
};

/* … in this incarnation, or in any (NULL). */
static bool was_deleted(const struct history *h, const struct grave *g, const char *incarnation)
{
    for (int i = 0; i < h->deletion_count; i++) {
        const struct record *r = &h->deletions[i].record;

        if (strcmp(r->stream, g->stream) == 0 && r->generation == g->generation &&
            (!incarnation || strcmp(r->incarnation, incarnation) == 0))
            return true;
    }
    return false;
}

/* The incarnation that the object is of, as it says itself; NULL: it does not say. */
static const char *incarnation_in(struct store *s, const char *key)
{
    struct record r = {.stream = ""};
    struct batch batch;
    char *data;
    size_t len;

    if (object_get(s, key, &data, &len) != 0)
        return NULL;
    if (layout_is_stream_json(key))
        return record_parse(data, len, &r) ? arena_strdup(s->arena, r.incarnation) : NULL;
    return batch_parse(s->arena, data, len, &batch) ? batch.incarnation : NULL;
}

static bool is_ghost(struct cluster *c, struct store *s, const struct grave *grave, const char *key)
{
    const char *incarnation;

    if (grave->all_ghosts)
        return true;
    incarnation = incarnation_in(s, key);
    return incarnation && was_deleted(&c->history, grave, incarnation);
}

/* A ghost in the directory or below it; NULL if there is none. */
static const char *ghost_under(struct cluster *c, struct store *s, const struct grave *grave,
                               const char *dir)
{
    struct port_names names;
    const char *ghost = NULL;

    if (object_list(s, dir, &names) != 0)
        return NULL;
    for (int i = 0; i < names.count && !ghost; i++) {
        const char *path = arena_printf(s->arena, "%s/%s", dir, names.v[i].name);

        if (names.v[i].kind == PORT_DIR)
            ghost = ghost_under(c, s, grave, path);
        else if (is_ghost(c, s, grave, path))
            ghost = path;
    }
    return ghost;
}

static bool has_definition(struct store *s, const char *prefix)
{
    struct port_names names;

    if (object_list(s, layout_stream_dir(s->arena, prefix), &names) != 0)
        return false;
    for (int i = 0; i < names.count; i++)
        if (layout_is_stream_json(names.v[i].name))
            return true;
    return false;
}

static const char *find_ghost(struct cluster *c, struct store *s, const char *prefix)
{
    struct grave grave = {.stream = layout_stream_of(s->arena, prefix),
                          .generation = layout_generation_of(prefix)};

    grave.all_ghosts = check_is_over(s, grave.stream, grave.generation) ||
                       (was_deleted(&c->history, &grave, NULL) && !has_definition(s, prefix));
    return ghost_under(c, s, &grave, prefix);
}

bool check_no_ghost(struct cluster *c, struct strbuf *why)
{
    assert(c);

    struct port_names names;
    struct store s;

    check_store(c, &s);
    if (object_list(&s, "", &names) != 0)
        return true;
    for (int i = 0; i < names.count; i++) {
        const char *ghost = names.v[i].kind == PORT_DIR && names.v[i].name[0] != '.'
                                ? find_ghost(c, &s, names.v[i].name)
                                : NULL;

        if (!ghost)
            continue;
        if (why)
            strbuf_printf(why, "%s is left of a stream that was deleted", ghost);
        return false;
    }
    return true;
}
