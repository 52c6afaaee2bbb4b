#include "nodes/stream/status.h"
#include <assert.h>

const char *status_name(enum status s)
{
    assert((int)s >= 0 && s < STATUSES);

    static const char *const names[STATUSES] = {[ST_OK] = "ok",
                                                [ST_CREATED] = "created",
                                                [ST_EXISTS] = "exists",
                                                [ST_ACCEPTED] = "accepted",
                                                [ST_DELETED] = "deleted",
                                                [ST_NOT_FOUND] = "not_found",
                                                [ST_CONFLICT] = "conflict",
                                                [ST_UNAUTHORIZED] = "unauthorized",
                                                [ST_STALE] = "stale",
                                                [ST_REJECTED] = "rejected",
                                                [ST_UNKNOWN] = "unknown"};

    return names[s];
}
