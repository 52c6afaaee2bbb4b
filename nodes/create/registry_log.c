#include "nodes/create/registry_log.h"
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/stream.h"
#include "nodes/stream/wire.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

#define VERSION "registry's version" /* the fact in memory */

static const char *version_text(struct world *w)
{
    return arena_printf(w->arena, "%lld", (long long)w->self->registry_version);
}

static int64_t version_now(struct world *w)
{
    int64_t version;

    world_guard(w);
    version = w->self->registry_version;
    world_recall(w, VERSION, version_text(w));
    world_unguard(w);
    return version;
}

/* Another task of the node may have come there first. */
static void advance(struct world *w, int64_t to)
{
    world_guard(w);
    if (w->self->registry_version < to) {
        w->self->registry_version = to;
        world_remember(w, VERSION, version_text(w));
    } else {
        world_recall(w, VERSION, version_text(w));
    }
    world_unguard(w);
}

static void take_in(struct world *w, const char *stream)
{
    struct record r;

    if (stream_find(w, stream, &r))
        catalog_learn(w, &r);
    else
        catalog_drop(w, stream);
}

void registry_catch_up(struct world *w, int64_t version)
{
    assert(w);
    assert(version >= 0);

    int64_t at = version_now(w);

    for (; at < version; at++) {
        struct record entry = {.created_at = 0};
        char *data;
        size_t len;

        if (object_get(w->store, layout_registry(w->arena, at + 1), &data, &len) != 0)
            break;
        if (record_parse(data, len, &entry))
            take_in(w, entry.stream);
        advance(w, at + 1);
    }
}

int registry_subscribe(struct world *w)
{
    assert(w);

    int rc;

    if (!has_registry(w->settings))
        return 0;
    rc = object_put(w->store, layout_subscriber(w->arena, w->node), "", 0);
    if (rc == 0)
        registry_catch_up(w, REGISTRY_NEWEST);
    return rc;
}

int registry_append(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    const char *text = record_text(w->arena, r);

    for (;;) {
        int64_t next = version_now(w) + 1;
        int rc = object_publish(w->store, layout_registry(w->arena, next), text, strlen(text));

        if (rc == 0)
            advance(w, next);
        if (rc != -EEXIST)
            return rc;
        registry_catch_up(w, next); /* another thread was faster */
    }
}

void registry_tell(struct world *w, const char *but)
{
    assert(w);

    struct msg changed = {.kind = MSG_CHANGED, .version = version_now(w)};
    size_t len = but ? strcspn(but, "#/") : 0;
    struct port_names names;

    if (changed.version == 0 || object_list(w->store, LAYOUT_SUBSCRIBERS, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++) {
        const char *node = names.v[i].name;

        if (len == 0 || strncmp(node, but, len) != 0 || node[len] != '\0')
            world_send(w, node, &changed); /* one that is down catches up when it starts */
    }
}

void registry_changed(struct world *w, const struct record *r, const char *but)
{
    assert(w);
    assert(r);
    if (registry_append(w, r) != 0)
        return;
    catalog_learn(w, r);
    registry_tell(w, but);
}
