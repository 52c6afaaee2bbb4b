/*
 * serve: the side that is asked (nodes/create/ask.h), of proxy and of registry.
 */
#ifndef NODES_ROLE_SERVE_H
#define NODES_ROLE_SERVE_H

#include "nodes/create/create.h"

/* MSG_CREATE, MSG_GROW */
void proxy_serve(struct world *w, const struct msg *request);
void registry_serve(struct world *w, const struct msg *request);

/* What the node has answered, the i-th from the newest; NULL: no more. */
const struct msg *serve_answered(const struct node *n, int i);

#endif
