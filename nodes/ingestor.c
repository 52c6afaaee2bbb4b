/*
 * ingestor: accepts events, and creates streams by the cluster's scheme.
 *
 * An ingest request makes sure that the stream exists, grows its schema, puts the events into the
 * stream's writer in memory and answers. The upload task then moves what the writers hold into the
 * store. So "accepted" means in memory, not stored.
 */
#include "fsstore/layout.h"
#include "fsstore/object.h"
#include "nodes/batch.h"
#include "nodes/create.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int start(struct world *w)
{
    const char *path = layout_config(w->arena, w->node);
    size_t len;
    char *data;
    int rc = object_get(w->store, path, &data, &len);

    if (rc == 0 && config_parse(path, data, len, &w->self->config, NULL) != OK)
        rc = -EINVAL;
    return rc;
}

/* New fields go to this ingestor's own schema object; a field of another type is refused. */
static enum status commit_schema(struct world *w, const struct known *k,
                                 const struct schema *fields)
{
    const char *stream = k->record.stream, *text;
    struct schema all;

    if (schema_covers(&k->record.schema, fields))
        return ST_OK;
    if (!catalog_grow(w, stream, fields, &all))
        return ST_CONFLICT;
    text = schema_text(w->arena, &all);
    if (object_put(w->store, layout_schema(w->arena, stream, w->node), text, strlen(text)) != 0)
        return ST_REJECTED;
    return ST_OK;
}

static enum status ingest(struct world *w, const struct request *req)
{
    struct msg upload = {.kind = MSG_UPLOAD};
    struct wanted want = {.stream = req->stream, .schema = &req->fields};
    enum status status;
    struct known k;

    status = stream_ensure(w, &want, &k);
    if (status != ST_CREATED && status != ST_EXISTS)
        return status;
    status = commit_schema(w, &k, &req->fields);
    if (status != ST_OK)
        return status;
    if (!writer_append(w, &k, req->events, req->count, &req->fields))
        return ST_REJECTED;
    snprintf(upload.record.stream, sizeof upload.record.stream, "%s", req->stream);
    world_post(w, "upload", &upload);
    return ST_ACCEPTED;
}

static void upload_run(struct world *w)
{
    struct writer batch;
    struct msg m;

    for (;;) {
        const char *text, *key;

        world_take(w, &m);
        if (!writer_take(w, m.record.stream, &batch))
            continue;
        key = layout_data(w->arena, m.record.stream, w->node, ++w->self->uploads);
        text = batch_text(w->arena, &batch.fields, batch.events);
        object_put(w->store, key, text, strlen(text));
    }
}

/* What queriers tell us, under the push scheme. */
static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind != MSG_SYNC)
            continue;
        stream_put(w, &m.record);
        catalog_learn(w, &m.record);
    }
}

static bool pushed(const struct settings *s)
{
    return s->create == CREATE_PUSH;
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    if (req->kind == REQ_INGEST)
        res->status = ingest(w, req);
    else
        request_serve(w, req, res);
}

static const struct role_task tasks[] = {
    {"upload", upload_run, NULL}, {"rpc", rpc_run, pushed}, {NULL, NULL, NULL}};

const struct role role_ingestor = {"ingestor", start, request, tasks, true};
