/*
 * config: a node's .parseable.json, on its own disk.
 *
 *     {"version":"v5","node":"i1","query_node":{"endpoint":"q1","auth_token":"secret"}}
 *
 * "endpoints": ["q1", "q2"] names several queriers, and counts instead of "endpoint".
 *
 * Written when the cluster is set up (config_text, with the scenario's merge patch over it), read
 * when the node starts.
 */
#ifndef NODES_CONFIG_H
#define NODES_CONFIG_H

#include "base/err.h"
#include "nodes/record.h"

#define CONFIG_VERSION "v5"
#define CONFIG_TOKEN   "secret" /* what all nodes of a scenario share unless it says otherwise */

#define CONFIG_ENDPOINTS_MAX 8

struct config {
    char endpoints[CONFIG_ENDPOINTS_MAX]
                  [NAME_MAX_BYTES]; /* of the queriers that decide, in the order to try them */
    int endpoint_count;
    char token[NAME_MAX_BYTES];
};

/* The configuration that a node gets when the scenario says nothing. */
const char *config_default(struct arena *a, const char *node, const char *querier);
/* ERR_INPUT: not a configuration that this release can start with; the file is left as it is. */
enum err_code config_parse(const char *name, const char *text, size_t len, struct config *out,
                           struct err *err);

const char *config_endpoint(const struct config *c, int i); /* "" if there are not so many */

#endif
