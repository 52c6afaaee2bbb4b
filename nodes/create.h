/*
 * create: how a stream comes to exist. One scheme a file, behind one function.
 *
 * A scheme makes sure that the stream exists: ST_CREATED if this call made it, ST_EXISTS if it was
 * there (or another was faster), and *out is then the record that counts. Other answers mean that
 * the caller has no stream: ST_CONFLICT, ST_NOT_FOUND, ST_UNAUTHORIZED, ST_REJECTED, ST_UNKNOWN.
 *
 * The caller holds the node's own lock (if the settings want one) and puts the record into its
 * catalog.
 */
#ifndef NODES_CREATE_H
#define NODES_CREATE_H

#include "nodes/node.h"

/* Their names in a scenario, as enum create_scheme counts them; NULL-terminated. From CREATE_SCHEMES
 * on: those that the format knows and nobody has built yet. */
extern const char *const create_scheme_names[];

enum status create_stream(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out);

enum status create_naive(struct world *w, const char *stream, const struct schema *fields,
                         struct record *out);
enum status create_proxy(struct world *w, const char *stream, const struct schema *fields,
                         struct record *out);
enum status create_marker(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out);
enum status create_push(struct world *w, const char *stream, const struct schema *fields,
                        struct record *out);

enum status create_verify(struct world *w, const char *stream, const struct schema *fields,
                          struct record *out);

/* The querier's side of proxy: answers MSG_CREATE. */
void proxy_serve(struct world *w, const struct msg *request);

/* Get or create under the node's lock: the way of every request that needs a stream. */
enum status stream_ensure(struct world *w, const char *stream, const struct schema *fields,
                          struct known *out);

/* What the schemes are made of. */
bool stream_load(struct world *w, const char *stream,
                 struct record *out); /* LIST, GET: false if absent */
int stream_put(struct world *w,
               const struct record *r); /* PUT schema, PUT stream.json: this node's objects */
void stream_new(struct world *w, const char *stream, const struct schema *fields,
                struct record *out); /* a new incarnation, made by this node now */
void stream_lock(struct world *w, const char *stream); /* lock: memory, two-level */
void stream_unlock(struct world *w, const char *stream);

#endif
