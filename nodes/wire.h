/*
 * wire: the messages that nodes send each other. Values; sending copies.
 */
#ifndef NODES_WIRE_H
#define NODES_WIRE_H

#include "nodes/record.h"
#include "nodes/status.h"

enum msg_kind {
    MSG_CREATE,  /* to the node that decides: create this stream */
    MSG_ANSWER,  /* to a request: status, and the record that counts */
    MSG_SYNC,    /* querier → ingestor: this stream exists now */
    MSG_GROW,    /* to the registry: this stream has new fields */
    MSG_CHANGED, /* registry → subscriber: its version */
    MSG_UPLOAD,  /* a node to its own upload task: on no network */
    MSG_KINDS
};

struct msg {
    enum msg_kind kind;
    enum status status;        /* answers */
    uint64_t id;               /* of the request; its answer bears the same */
    char from[NAME_MAX_BYTES]; /* the sending task, set by the network */
    char token[NAME_MAX_BYTES];
    struct record record;
    int64_t version; /* of the registry */
};

const char *msg_kind_name(enum msg_kind kind); /* "create" */

#endif
