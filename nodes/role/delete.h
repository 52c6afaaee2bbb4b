/*
 * delete: how a stream ends, and how all others come to know.
 *
 * plain: list, then delete what was listed, without a lock; as Parseable did until #1768. What is
 * put behind the listing stays, and what is put in front of it is swept, whosever it is.
 *
 * tombstone: the generation is over (nodes/stream/generation.h).
 */
#ifndef NODES_ROLE_DELETE_H
#define NODES_ROLE_DELETE_H

#include "nodes/stream/node.h"

/* ST_DELETED; ST_NOT_FOUND: there is none, or another deletes it; ST_REJECTED. */
void stream_delete(struct world *w, const char *stream, struct response *res);

#endif
