/*
 * config: a node's .parseable.json, on its own disk.
 *
 *     {"version":"v5","node":"i1","query_node":{"endpoint":"q1","auth_token":"secret"}}
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

struct config {
    char endpoint[NAME_MAX_BYTES]; /* of the querier that decides; "" if none */
    char token[NAME_MAX_BYTES];
};

/* The configuration that a node gets when the scenario says nothing. */
const char *config_default(struct arena *a, const char *node, const char *querier);
/* ERR_INPUT: not a configuration that this release can start with; the file is left as it is. */
enum err_code config_parse(const char *name, const char *text, size_t len, struct config *out,
                           struct err *err);

#endif
