/*
 * querier: answers queries, creates streams, and learns of streams that others created.
 *
 * Its memory follows the store by a watch task (inotify, watch.h) and a scan task (LIST, now and
 * then); until one of them has run, it is behind. With settings.sync.load it also looks in the
 * store when memory does not know a stream, and merges all schemas at query time, as Parseable does
 * since #1008.
 */
#include "fsstore/store/object.h"
#include "nodes/create/create.h"
#include "nodes/create/registry_log.h"
#include "nodes/role/delete.h"
#include "nodes/role/deployment.h"
#include "nodes/role/gossip.h"
#include "nodes/role/request.h"
#include "nodes/role/role.h"
#include "nodes/role/serve.h"
#include "nodes/stream/batch.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include <string.h>

/* Brings one stream in memory to what the store has. */
static void refresh(struct world *w, const char *stream)
{
    struct record r;

    if (stream_find(w, stream, &r))
        catalog_learn(w, &r);
    else
        catalog_drop(w, stream);
}

/* Is one of the first `count` names the stream's, in any generation? */
static bool names_have(struct world *w, const struct port_names *names, int count,
                       const char *stream)
{
    for (int i = 0; i < count; i++) {
        const char *name = layout_stream_of(w->arena, names->v[i].name);

        if (name && strcmp(name, stream) == 0)
            return true;
    }
    return false;
}

static void scan(struct world *w)
{
    const struct record *known;
    struct port_names names;
    int count = catalog_copy(w, &known);

    if (object_list(w->store, "", &names) != 0)
        return;
    for (int i = 0; i < names.count; i++) {
        const char *stream = layout_stream_of(w->arena, names.v[i].name);

        if (names.v[i].kind == PORT_DIR && stream && !names_have(w, &names, i, stream))
            refresh(w, stream);
    }
    for (int i = 0; i < count; i++)
        if (!names_have(w, &names, names.count, known[i].stream))
            catalog_drop(w, known[i].stream);
    graves_sweep(w);
}

/* One schema object: its fields, and its version if it has one, are taken into what memory has. */
static void learn_schema(struct world *w, const char *stream, const char *key)
{
    struct schema fields;
    struct known k;
    char *data;
    size_t len;

    if (!catalog_find(w, stream, &k) || k.record.generation != layout_generation_of(key) ||
        object_get(w->store, key, &data, &len) != 0 || !schema_parse(data, len, &fields))
        return;
    if (layout_schema_number(key) > 0) {
        k.record.schema = fields;
        k.record.version = layout_schema_number(key);
        catalog_learn(w, &k.record);
    } else {
        catalog_grow(w, &k.record, &fields, &fields);
    }
}

/* One stream.json. A stream that is new here is loaded with all its schemas, since what came before
 * it was known passed us by. One that memory has keeps its definition, and gets the schema object
 * beside the record, which was put before; if the store has two definitions, the next scan says
 * which. */
static void learn_stream(struct world *w, const char *stream, const char *key)
{
    struct known k;

    if (catalog_find(w, stream, &k) && k.record.generation == layout_generation_of(key))
        learn_schema(w, stream, layout_schema_beside(w->arena, key));
    else
        refresh(w, stream);
}

/* Fetches just what changed. */
static void take_changes(struct world *w, const struct watch_changes *changes)
{
    for (int i = 0; i < changes->count; i++) {
        const char *path = changes->v[i].path;
        const char *stream = layout_stream_of(w->arena, path);

        if (!stream)
            continue;
        if (changes->v[i].gone)
            refresh(w, stream);
        else if (layout_is_stream_json(path))
            learn_stream(w, stream, path);
        else if (layout_is_schema(path))
            learn_schema(w, stream, path);
    }
}

static int follow_store(struct world *w)
{
    struct watch_changes changes = {.count = 0};
    int rc;

    if (!w->settings->sync.notify) {
        scan(w);
        return 0;
    }
    rc = watch_feed_start(&w->self->feed, w->store, world_queue(w), layout_watched, &changes);
    if (rc == 0)
        take_changes(w, &changes);
    graves_sweep(w);
    return rc;
}

static int start(struct world *w)
{
    int rc = deployment_join(w);

    if (rc == 0)
        rc = follow_store(w);
    return rc == 0 ? registry_subscribe(w) : rc;
}

static void watch_run(struct world *w)
{
    struct watch_changes changes = {.count = 0};

    w->self->feed.store = w->store; /* the steps are this task's from now on */
    while (watch_feed_next(&w->self->feed, &changes) == 0) {
        if (changes.rescanned)
            scan(w);
        else
            take_changes(w, &changes);
    }
}

static void scan_run(struct world *w)
{
    for (;;) {
        world_pause(w, w->settings->sync.scan_ms);
        scan(w);
    }
}

static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind == MSG_CREATE || m.kind == MSG_GROW)
            proxy_serve(w, &m);
        else if (m.kind == MSG_VECTOR || m.kind == MSG_NEWER)
            gossip_hear(w, &m);
        else if (m.kind == MSG_CHANGED)
            registry_catch_up(w, m.version);
    }
}

/* Adds the rows of one data object that have all the fields asked for. */
static void query_batch(struct world *w, const char *key, const struct schema *fields,
                        struct response *res)
{
    struct batch batch;
    char *data;
    size_t len;

    if (object_get(w->store, key, &data, &len) != 0 || !batch_parse(w->arena, data, len, &batch))
        return;
    for (int i = 0; i < fields->count; i++)
        if (!schema_has(&batch.schema, fields->v[i].name))
            return;
    res->rows += batch.count;
    res->names = arena_printf(w->arena, "%s%s%s", res->names, *res->names ? " " : "", batch.events);
}

/* A field that the querier's schema lacks is a column it cannot see: no rows. */
static void query(struct world *w, const struct request *req, struct response *res)
{
    struct port_names names;
    const char *dir;
    struct known k;

    if (w->settings->sync.load)
        refresh(w, req->stream);
    res->names = "";
    res->status = ST_NOT_FOUND;
    if (!catalog_find(w, req->stream, &k))
        return;
    res->status = ST_OK;
    response_about(res, &k.record);
    for (int i = 0; i < req->fields.count; i++)
        if (!schema_has(&k.record.schema, req->fields.v[i].name))
            return;
    dir = layout_data_dir(w->arena, record_prefix(w->arena, &k.record));
    if (object_list(w->store, dir, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++)
        query_batch(w, arena_printf(w->arena, "%s/%s", dir, names.v[i].name), &req->fields, res);
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    if (req->kind == REQ_QUERY)
        query(w, req, res);
    else if (req->kind == REQ_DELETE)
        stream_delete(w, req->stream, res);
    else
        request_serve(w, req, res);
}

static bool notified(const struct settings *s)
{
    return s->sync.notify;
}

static bool scanning(const struct settings *s)
{
    return s->sync.scan_ms > 0;
}

static bool asked(const struct settings *s)
{
    return s->create == CREATE_PROXY || has_registry(s) || gossip_wanted(s);
}

static const struct role_task tasks[] = {{"watch", watch_run, notified},
                                         {"scan", scan_run, scanning},
                                         {"rpc", rpc_run, asked},
                                         {"gossip", gossip_run, gossip_wanted},
                                         {NULL, NULL, NULL}};

const struct role role_querier = {"querier", start, request, tasks, true};
