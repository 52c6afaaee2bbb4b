/* What every serving role answers alike, and the names of requests. */
#include "nodes/role/request.h"
#include "nodes/create/create.h"
#include <assert.h>
#include <stdio.h>

const char *request_kind_name(enum request_kind kind)
{
    assert((int)kind >= 0 && kind < REQUESTS);

    static const char *const names[REQUESTS] = {
        [REQ_CREATE] = "create", [REQ_INGEST] = "ingest", [REQ_QUERY] = "query",
        [REQ_DELETE] = "delete", [REQ_LIST] = "list",     [REQ_INFO] = "info"};

    return names[kind];
}

void response_about(struct response *res, const struct record *r)
{
    assert(res);
    assert(r);
    res->generation = r->generation;
    res->version = r->version;
    snprintf(res->incarnation, sizeof res->incarnation, "%s", r->incarnation);
}

/* Who asks for a static schema gets just that; who does not, may get more than it asked for. */
static bool is_as_asked(const struct schema *there, const struct schema *asked)
{
    if (asked->is_static && !(there->is_static && schema_equal(there, asked)))
        return false;
    return schema_covers(there, asked);
}

static enum status create(struct world *w, const struct request *req, struct response *res)
{
    struct wanted want = {.stream = req->stream, .schema = &req->fields};
    enum status status;
    struct known k;

    status = stream_ensure(w, &want, &k);
    if (status == ST_CREATED || status == ST_EXISTS)
        response_about(res, &k.record);
    if (status == ST_EXISTS && !is_as_asked(&k.record.schema, &req->fields))
        return ST_CONFLICT;
    return status;
}

void request_serve(struct world *w, const struct request *req, struct response *res)
{
    assert(w);
    assert(req);
    assert(res);
    switch (req->kind) {
    case REQ_CREATE:
        res->status = create(w, req, res);
        break;
    case REQ_LIST:
        res->status = ST_OK;
        res->names = catalog_names(w);
        break;
    case REQ_INFO:
        res->status = ST_OK;
        res->record_count = catalog_copy(w, &res->records);
        break;
    default:
        res->status = ST_REJECTED; /* another role's */
    }
}
