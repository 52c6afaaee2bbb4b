/*
 * create: a stream that is needed is there, by the scheme that the settings choose (scheme.h).
 */
#ifndef NODES_CREATE_CREATE_H
#define NODES_CREATE_CREATE_H

#include "nodes/create/scheme.h"

/* Their names in a scenario, as enum create_scheme counts them; NULL-terminated. */
extern const char *const create_scheme_names[];

enum status create_stream(struct world *w, const struct wanted *want, struct record *out);

/* Get or create under the node's lock: the way of every request that needs a stream. */
enum status stream_ensure(struct world *w, const struct wanted *want, struct known *out);
/* The same, where the caller holds the lock. */
enum status stream_ensure_locked(struct world *w, const struct wanted *want, struct known *out);

#endif
