#include "nodes/wire.h"
#include "nodes/request.h"

const char *msg_kind_name(enum msg_kind kind)
{
    static const char *const names[MSG_KINDS] = {
        [MSG_CREATE] = "create", [MSG_ANSWER] = "answer", [MSG_SYNC] = "sync", [MSG_UPLOAD] = "upload"};

    return names[kind];
}

const char *status_name(enum status s)
{
    static const char *const names[STATUSES] = {[ST_OK] = "ok",
                                                [ST_CREATED] = "created",
                                                [ST_EXISTS] = "exists",
                                                [ST_ACCEPTED] = "accepted",
                                                [ST_DELETED] = "deleted",
                                                [ST_NOT_FOUND] = "not_found",
                                                [ST_CONFLICT] = "conflict",
                                                [ST_UNAUTHORIZED] = "unauthorized",
                                                [ST_REJECTED] = "rejected",
                                                [ST_UNKNOWN] = "unknown"};

    return names[s];
}

const char *request_kind_name(enum request_kind kind)
{
    static const char *const names[REQUESTS] = {[REQ_CREATE] = "create", [REQ_INGEST] = "ingest",
                                                [REQ_QUERY] = "query",   [REQ_DELETE] = "delete",
                                                [REQ_LIST] = "list",     [REQ_INFO] = "info"};

    return names[kind];
}
