/*
 * wire: the messages that nodes send each other. Values; sending copies.
 */
#ifndef NODES_STREAM_WIRE_H
#define NODES_STREAM_WIRE_H

#include "nodes/stream/status.h"
#include "nodes/stream/stream_meta.h"

enum msg_kind {
    MSG_CREATE,  /* to the node that decides: create this stream */
    MSG_ANSWER,  /* to a request: status, and the record that counts */
    MSG_SYNC,    /* querier → ingestor: this stream exists now */
    MSG_GROW,    /* to the node that decides: this stream has new fields */
    MSG_CHANGED, /* registry → subscriber: its version */
    MSG_VECTOR,  /* gossip: what I know */
    MSG_NEWER,   /* … and what I know better than you */
    MSG_UPLOAD,  /* a node to its own upload task: on no network */
    MSG_KINDS
};

#define VECTOR_MAX 16

struct version {
    char stream[NAME_MAX_BYTES];
    int generation, version;
};

struct vector {
    struct version v[VECTOR_MAX];
    int count;
};

struct msg {
    enum msg_kind kind;
    enum status status;        /* answers */
    uint64_t id;               /* of the request; its answer bears the same */
    char from[NAME_MAX_BYTES]; /* the sending task, set by the network */
    char token[NAME_MAX_BYTES];
    struct record record;
    int64_t version;      /* of the registry */
    struct vector vector; /* gossip */
};

const char *msg_kind_name(enum msg_kind kind); /* "create" */

#endif
