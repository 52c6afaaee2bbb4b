/*
 * endpoint: the address of another node, as a configuration has it: "q1", "q1:8000",
 * "http://q1:8000", "[::1]:8000".
 *
 * As shipped, the first proxy handed out the address that a querier listens on (parseable#980). Who
 * listens everywhere says 0.0.0.0, and whoever calls that calls itself.
 */
#ifndef NODES_CREATE_ENDPOINT_H
#define NODES_CREATE_ENDPOINT_H

#include "base/mem.h"
#include <stdbool.h>

/* The node that answers there, for a call by the node `self`; the string is the arena's. The
 * unspecified and the loopback address (RFC 1122, 3.2.1.3; RFC 4291, 2.5) are self, with any port.
 */
const char *endpoint_node(struct arena *a, const char *endpoint, const char *self);
bool endpoint_is_self(struct arena *a, const char *endpoint, const char *self);

#endif
