/*
 * history: what the clients and the world saw in one execution. All that checkers go by, besides
 * the final store.
 */
#ifndef SIM_TRACE_HISTORY_H
#define SIM_TRACE_HISTORY_H

#include "nodes/role/request.h"
#include "sim/trace/point.h"

/* A request of a client and its answer. */
struct history_request {
    const char *task, *node;
    enum request_kind kind;
    enum status status;
    const char *stream;
    const char *events; /* ingest: the ids sent; query: those found */
    int rows;
    const char *incarnation; /* of the stream that it was done on; "": none */
    int generation, version;
    int64_t began_ms, ended_ms; /* on its client's clock */
    int began, ended;           /* positions among all that begin and end */
};

/* A node takes a creation, or a deletion, for its own success. */
struct history_life {
    const char *task;
    struct record record;
};

/* A request by message reaches the network. */
struct history_asked {
    uint64_t id;
    const char *from, *to; /* the task, the node */
    const char *token;
};

/* What a node has in its memory of a stream from then on. */
struct history_view {
    const char *node, *stream;
    const char *incarnation;
    int generation, version;
};

/* One task's way to a file's content: sim/access.c. */
enum access_kind {
    ACCESS_OPEN,    /* it has found the file that it is going to read, or that there is none */
    ACCESS_READ,    /* it has the content, or knows that there is none */
    ACCESS_WRITE,   /* it has changed the content in place */
    ACCESS_ADD,     /* … by adding to its end */
    ACCESS_REPLACE, /* it has put another file in its place */
};

struct history_access {
    int task;
    enum access_kind kind;
    int file; /* by number; 0: there was none */
    int over; /* what it changed, or took the place of; 0: nothing */
    const char *path;
};

/* What a node said when all was over. */
struct history_info {
    const char *node;
    bool querier;
    const struct record *records;
    int count;
};

/* A query of the final look: one for each querier and stream. */
struct history_found {
    const char *node, *stream;
    const char *events;
};

#define HISTORY_ANY_VALUE UINT64_C(0) /* an append: it has no whole value */

/* A whole object: as its writer meant it, or as a reader found it. Only where objects can be torn
 * (posix). */
struct history_value {
    uint64_t path, value;
};

struct history {
    struct history_request *requests;
    struct history_life *creations, *deletions;
    struct history_asked *asked;
    struct history_view *views;
    struct history_access *accesses;
    struct history_info *infos;
    struct history_found *founds;
    struct history_value *written, *read; /* whole values */
    int clock;                            /* the next position */
    int steps[POINT_OPS];                 /* how many were made, by kind */
    int request_count, creation_count, deletion_count, asked_count, view_count, access_count,
        info_count, found_count, written_count, read_count;
    int request_cap, creation_cap, deletion_cap, asked_cap, view_cap, access_cap, info_cap,
        found_cap, written_cap, read_cap;
};

void history_clear(struct history *h); /* keeps the memory */
void history_release(struct history *h);
void history_request(struct history *h, const struct history_request *r);
void history_creation(struct history *h, const struct history_life *r);
void history_deletion(struct history *h, const struct history_life *r);
void history_asked(struct history *h, const struct history_asked *r);
void history_view(struct history *h, const struct history_view *v);
void history_access(struct history *h, const struct history_access *a);
void history_info(struct history *h, const struct history_info *r);
void history_found(struct history *h, const struct history_found *r);
void history_written(struct history *h, uint64_t path, uint64_t value);
int history_messages(const struct history *h);    /* sent, answers too */
int history_store_calls(const struct history *h); /* steps on the store; watches are none */
void history_read(struct history *h, uint64_t path, uint64_t value);

#endif
