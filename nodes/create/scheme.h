/*
 * scheme: how a stream comes to exist. One scheme a file, behind one function, and what they are
 * made of.
 *
 * A scheme makes sure that the stream exists: ST_CREATED if this call made it, ST_EXISTS if it was
 * there (or another was faster), and *out is then the record that counts. Other answers mean that
 * the caller has no stream: ST_CONFLICT, ST_NOT_FOUND, ST_UNAUTHORIZED, ST_REJECTED, ST_UNKNOWN.
 *
 * A scheme works on one generation of the stream (generation.h), whose objects and markers are under
 * want->prefix. Should that generation be over when the scheme is done, its caller sweeps and tries
 * the next one.
 *
 * The caller holds the node's own lock (if the settings want one) and puts the record into its
 * catalog.
 */
#ifndef NODES_CREATE_SCHEME_H
#define NODES_CREATE_SCHEME_H

#include "nodes/stream/node.h"
#include "nodes/stream/status.h"
#include "nodes/stream/stream.h"
#include "nodes/stream/wire.h"

/* What is asked for: by a client of this node, or by a message of another one. */
struct wanted {
    const char *stream;
    const char *prefix; /* for schemes: of the generation that is to exist, "app" or "app@1" */
    const struct schema *schema;
    uint64_t request;           /* the message's id, the same in a retry; 0: a client's */
    const char *from;           /* the message's sender; NULL: a client */
    const struct record *known; /* for new fields: the version they come on top of */
};

enum status create_naive(struct world *w, const struct wanted *want, struct record *out);
enum status create_proxy(struct world *w, const struct wanted *want, struct record *out);
enum status create_marker(struct world *w, const struct wanted *want, struct record *out);
enum status create_push(struct world *w, const struct wanted *want, struct record *out);
enum status create_verify(struct world *w, const struct wanted *want, struct record *out);
enum status create_registry(struct world *w, const struct wanted *want, struct record *out);
enum status create_hybrid(struct world *w, const struct wanted *want, struct record *out);

/* A querier tells the ingestors that are up: push, and where old releases take part. */
void push_tell(struct world *w, const struct record *r);

/* Asks the registry, or a querier, for new fields of a stream; *out is then the record with all.
 * ST_EXISTS, ST_CONFLICT, or as create; a querier also ST_STALE (schema.h). */
enum status proxy_grow(struct world *w, const struct wanted *want, struct record *out);
enum status registry_grow(struct world *w, const struct wanted *want, struct record *out);

/* --- what the schemes are made of --- */

void stream_new(struct world *w, const struct wanted *want,
                struct record *out); /* a new incarnation, made by this node now */
/* It is in the store, by this node: ST_CREATED, and the world is told; ST_EXISTS if its generation
 * is over already. */
enum status stream_created(struct world *w, const struct record *r);
/* The lock that a stream has, by settings.lock_global: its own, or everybody's. */
const char *lock_name(const struct world *w, const char *stream);
void stream_lock(struct world *w, const char *stream); /* lock: memory, two-level */
void stream_unlock(struct world *w, const char *stream);

#endif
