/*
 * registry_log: the registry's version, and who is told when it grows.
 *
 *     .registry/<n>                   the n-th change: the record of the stream that was made, or
 *                                     whose schema has grown
 *     .registry/subscribers/<node>    a node that is to be told
 *
 * The registry's version is the highest n. Entries are published one after the other and never
 * change, so no number is missing and none is given twice, not by two threads, and not across a
 * crash. An entry says which stream has changed, not how: who reads it loads the stream. So entries
 * may be read late, or twice, and a notification that is lost is made good by the next one.
 *
 * A subscription is an object, too: a node can subscribe while the registry is down, and the
 * registry knows its subscribers after a crash.
 */
#ifndef NODES_CREATE_REGISTRY_LOG_H
#define NODES_CREATE_REGISTRY_LOG_H

#include "nodes/stream/node.h"

#define REGISTRY_NEWEST INT64_MAX

/* The end of a start, where there is a registry: from now on it is told; what came before, it reads. Nothing is
 * missed between the two, since it is up at once when it finds no more to read. */
int registry_subscribe(struct world *w);
/* Takes into the catalog what has changed up to that version, and this node had not heard of. */
void registry_catch_up(struct world *w, int64_t version);

/* The registry: what it has changed is logged, known, and told; but not to the node of the task
 * `but`. */
void registry_changed(struct world *w, const struct record *r, const char *but);

/* The registry: gives the change the next number. 0 or a negative errno. */
int registry_append(struct world *w, const struct record *r);
/* … and tells the subscribers what the version is; but not the node of the task `but` (NULL: none),
 * which is answered. */
void registry_tell(struct world *w, const char *but);

#endif
