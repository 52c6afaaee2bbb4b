/*
 * role: the roles of a deployment. What a role is, says node.h.
 */
#ifndef NODES_ROLE_ROLE_H
#define NODES_ROLE_ROLE_H

#include "nodes/stream/node.h"

extern const struct role role_ingestor, role_querier, role_registry;

#endif
