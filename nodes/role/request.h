/*
 * request: what a client asks of a node, and what comes back.
 */
#ifndef NODES_ROLE_REQUEST_H
#define NODES_ROLE_REQUEST_H

#include "nodes/stream/status.h"
#include "nodes/stream/stream_meta.h"

enum request_kind {
    REQ_CREATE,
    REQ_INGEST,
    REQ_QUERY,
    REQ_DELETE,
    REQ_LIST,
    REQ_INFO, /* every stream that the node knows: asked when all is over */
    REQUESTS
};

struct request {
    enum request_kind kind;
    const char *stream; /* NULL for list and info */
    struct schema
        fields; /* ingest: of each event; query: rows that have all these; create: its schema */
    const char *events; /* ingest: the ids of its events, joined by blanks */
    int count;          /* how many */
};

struct response {
    enum status status;
    int rows; /* query */
    /* Of the stream that it was done on: ingest, query, create; delete: its generation. */
    int generation, version;
    char incarnation[NAME_MAX_BYTES]; /* "": none */
    const char *names;                /* list: streams; query: the ids found; joined by blanks */
    const struct record *records;     /* info: what the node knows */
    int record_count;
};

/* create, list and info, as every role that serves answers them; the others are rejected. */
struct world;
void request_serve(struct world *w, const struct request *req, struct response *res);

void response_about(struct response *res, const struct record *r);

const char *request_kind_name(enum request_kind kind); /* "ingest" */

#endif
