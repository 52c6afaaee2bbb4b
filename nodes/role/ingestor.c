/*
 * ingestor: accepts events, and creates streams by the cluster's scheme.
 *
 * An ingest request makes sure that the stream exists, grows its schema (schema.h), stages the
 * events for their upload (upload.h) and answers. So "accepted" means that this node has them, not that they
 * are stored.
 */
#include "nodes/create/create.h"
#include "nodes/create/registry_log.h"
#include "nodes/create/schema.h"
#include "nodes/role/delete.h"
#include "nodes/role/deployment.h"
#include "nodes/role/gossip.h"
#include "nodes/role/request.h"
#include "nodes/role/role.h"
#include "nodes/role/upload.h"
#include "nodes/stream/generation.h"

static int start(struct world *w)
{
    int rc = deployment_join(w);

    return rc == 0 ? registry_subscribe(w) : rc;
}

/* A stream that with these fields is known, and their place in it. */
static enum status prepare(struct world *w, const struct request *req, struct known *k)
{
    struct wanted want = {.stream = req->stream, .schema = &req->fields};
    enum status status;

    do {
        status = stream_ensure(w, &want, k);
        if (status != ST_CREATED && status != ST_EXISTS)
            return status;
        status = schema_commit(w, k, &req->fields);
    } while (status == ST_STALE); /* that stream has ended; the next one is asked for */
    return status;
}

static enum status ingest(struct world *w, const struct request *req, struct response *res)
{
    struct known k;
    enum status status = prepare(w, req, &k);

    if (status != ST_OK)
        return status;
    response_about(res, &k.record);
    return upload_stage(w, &k, req) ? ST_ACCEPTED : ST_REJECTED;
}

/* To a querier that waits for it, or to a node that takes us for one. */
static void answer_with(struct world *w, const struct msg *m, enum status status)
{
    world_answer(w, m, &(struct msg){.kind = MSG_ANSWER, .id = m->id, .status = status});
}

static void take_in(struct world *w, const struct msg *m)
{
    stream_put(w, &m->record);
    if (generation_over(w, &m->record))
        grave_sweep(w, &m->record);
    else
        catalog_learn(w, &m->record);
    if (m->id)
        answer_with(w, m, ST_OK);
}

/* What others tell us: queriers, under push or where old releases take part, and the registry. */
static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind == MSG_CHANGED)
            registry_catch_up(w, m.version);
        else if (m.kind == MSG_VECTOR || m.kind == MSG_NEWER)
            gossip_hear(w, &m);
        else if (m.kind == MSG_CREATE || m.kind == MSG_GROW)
            answer_with(w, &m, ST_REJECTED);
        else if (m.kind == MSG_SYNC)
            take_in(w, &m);
    }
}

static bool told(const struct settings *s)
{
    return ingestors_are_told(s) || has_registry(s) || gossip_wanted(s) ||
           (s->create == CREATE_PROXY && !s->proxy.refuse_self);
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    if (req->kind == REQ_INGEST)
        res->status = ingest(w, req, res);
    else
        request_serve(w, req, res);
}

static const struct role_task tasks[] = {{"upload", upload_run, NULL},
                                         {"rpc", rpc_run, told},
                                         {"gossip", gossip_run, gossip_wanted},
                                         {NULL, NULL, NULL}};

const struct role role_ingestor = {"ingestor", start, request, tasks, true};
