/*
 * status: how a request to a node ended. The names are those of the scenario format.
 */
#ifndef NODES_STREAM_STATUS_H
#define NODES_STREAM_STATUS_H

enum status {
    ST_OK, /* a query, a list: the value is the answer */
    ST_CREATED,
    ST_EXISTS,
    ST_ACCEPTED,
    ST_DELETED,
    ST_NOT_FOUND,
    ST_CONFLICT,
    ST_UNAUTHORIZED,
    ST_STALE,    /* between nodes: you know an old version, and here is what is newer */
    ST_REJECTED, /* no, and nothing has happened */
    ST_UNKNOWN,  /* no answer: it may or may not have happened */
    STATUSES
};

const char *status_name(enum status s);

#endif
