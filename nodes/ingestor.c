/*
 * ingestor: accepts events, and creates streams by the cluster's scheme.
 *
 * An ingest request makes sure that the stream exists, grows its schema, stages the events for
 * their upload (upload.h) and answers. So "accepted" means that this node has them, not that they
 * are stored.
 */
#include "nodes/create.h"
#include "nodes/delete.h"
#include "nodes/deployment.h"
#include "nodes/registry_log.h"
#include "nodes/upload.h"

static int start(struct world *w)
{
    int rc = deployment_join(w);

    return rc == 0 ? registry_subscribe(w) : rc;
}

/* Where there is a registry, it decides on new fields, too. */
static enum status grow_by_registry(struct world *w, const char *stream,
                                    const struct schema *fields)
{
    struct wanted want = {.stream = stream, .schema = fields};
    struct record grown;
    enum status status = registry_grow(w, &want, &grown);

    if (status != ST_EXISTS)
        return status;
    catalog_learn(w, &grown);
    return ST_OK;
}

/* New fields go to this ingestor's own schema object; a field of another type is refused. */
static enum status commit_schema(struct world *w, const struct known *k,
                                 const struct schema *fields)
{
    struct record grown = k->record;

    if (schema_covers(&k->record.schema, fields))
        return ST_OK;
    if (w->settings->create == CREATE_REGISTRY)
        return grow_by_registry(w, k->record.stream, fields);
    if (!catalog_grow(w, &k->record, fields, &grown.schema))
        return ST_CONFLICT;
    return stream_grow(w, &grown) == 0 ? ST_OK : ST_REJECTED;
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

/* What others tell us: queriers, under push or where old releases take part, and the registry. */
static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind == MSG_CHANGED)
            registry_catch_up(w, m.version);
        if (m.kind == MSG_CREATE)
            world_answer(w, &m,
                         &(struct msg){.kind = MSG_ANSWER, .id = m.id, .status = ST_REJECTED});
        if (m.kind != MSG_SYNC)
            continue;
        stream_put(w, &m.record);
        if (generation_over(w, &m.record))
            grave_sweep(w, &m.record);
        else
            catalog_learn(w, &m.record);
    }
}

static bool told(const struct settings *s)
{
    return ingestors_are_told(s) || has_registry(s) ||
           (s->create == CREATE_PROXY && !s->proxy.refuse_self);
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    if (req->kind == REQ_INGEST)
        res->status = ingest(w, req, res);
    else
        request_serve(w, req, res);
}

static const struct role_task tasks[] = {
    {"upload", upload_run, NULL}, {"rpc", rpc_run, told}, {NULL, NULL, NULL}};

const struct role role_ingestor = {"ingestor", start, request, tasks, true};
