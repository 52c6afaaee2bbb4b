/*
 * ingestor: accepts events, and creates streams by the cluster's scheme.
 *
 * An ingest request makes sure that the stream exists, grows its schema, stages the events for
 * their upload (upload.h) and answers. So "accepted" means that this node has them, not that they
 * are stored.
 */
#include "fsstore/layout.h"
#include "fsstore/object.h"
#include "nodes/create.h"
#include "nodes/delete.h"
#include "nodes/deployment.h"
#include "nodes/upload.h"
#include <errno.h>
#include <string.h>

/* New fields go to this ingestor's own schema object; a field of another type is refused. */
static enum status commit_schema(struct world *w, const struct known *k,
                                 const struct schema *fields)
{
    const char *prefix = record_prefix(w->arena, &k->record), *text;
    struct schema all;

    if (schema_covers(&k->record.schema, fields))
        return ST_OK;
    if (!catalog_grow(w, &k->record, fields, &all))
        return ST_CONFLICT;
    text = schema_text(w->arena, &all);
    if (object_put(w->store, layout_schema(w->arena, prefix, w->node), text, strlen(text)) != 0)
        return ST_REJECTED;
    if (generation_over(w, &k->record))
        grave_sweep(w, &k->record);
    return ST_OK;
}

static enum status ingest(struct world *w, const struct request *req, struct response *res)
{
    struct wanted want = {.stream = req->stream, .schema = &req->fields};
    enum status status;
    struct known k;

    status = stream_ensure(w, &want, &k);
    if (status != ST_CREATED && status != ST_EXISTS)
        return status;
    status = commit_schema(w, &k, &req->fields);
    if (status != ST_OK)
        return status;
    res->generation = k.record.generation;
    return upload_stage(w, &k, req) ? ST_ACCEPTED : ST_REJECTED;
}

/* What queriers tell us: push, and old releases. */
static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind != MSG_SYNC)
            continue;
        stream_put(w, &m.record);
        if (generation_over(w, &m.record))
            grave_sweep(w, &m.record);
        else
            catalog_learn(w, &m.record);
    }
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    if (req->kind == REQ_INGEST)
        res->status = ingest(w, req, res);
    else
        request_serve(w, req, res);
}

static const struct role_task tasks[] = {
    {"upload", upload_run, NULL}, {"rpc", rpc_run, ingestors_are_told}, {NULL, NULL, NULL}};

const struct role role_ingestor = {"ingestor", deployment_join, request, tasks, true};
