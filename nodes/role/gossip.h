/*
 * gossip: nodes tell each other what they have heard of, and fetch what they have not.
 *
 * Every settings.sync.gossip_ms a node sends the others that are up its vector: of each stream that
 * it knows, the generation and the version of the schema. Who finds something there that is newer
 * than what it has, or that it has never heard of, loads just that from the store. Who finds
 * something older answers with what it has itself, and then the other one loads. So whatever one
 * node knows, all know that it can reach, without a listing of the store.
 *
 * Nothing is taken from the message but the hint: what counts is in the store. A lost message costs
 * time. What nobody has heard of is found by a scan or by inotify only; and that a stream is gone
 * is in no vector.
 */
#ifndef NODES_ROLE_GOSSIP_H
#define NODES_ROLE_GOSSIP_H

#include "nodes/stream/node.h"

/* A node's task, "gossip". */
void gossip_run(struct world *w);
bool gossip_wanted(const struct settings *s);

/* MSG_VECTOR and MSG_NEWER. */
void gossip_hear(struct world *w, const struct msg *m);

#endif
