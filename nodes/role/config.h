/*
 * config: what a .parseable.json says of the deployment and of the queriers that decide.
 *
 *     {"version":"v8","deployment_id":"d1","query_node":{"endpoints":["q1"],"auth_token":"secret"}}
 *
 * There are two such files: one on a node's own disk, as its operator wrote it (config_default,
 * with the scenario's merge patch over it), which the node never changes; and one in the store,
 * which queriers write and all read: deployment.h. In both, "endpoint": "q1" is short for a list of
 * one. struct config is part of a node's memory: node.h.
 *
 * A file of an older version is read as if it had been migrated (migrate.h).
 */
#ifndef NODES_ROLE_CONFIG_H
#define NODES_ROLE_CONFIG_H

#include "nodes/role/migrate.h"
#include "nodes/stream/node.h"

#define CONFIG_TOKEN "secret" /* what all nodes of a scenario share unless it says otherwise */

/* The configuration that a node gets when the scenario says nothing; as of that release. */
const char *config_default(struct arena *a, const char *node, const char *querier, int release);
/* What a node writes that founds a deployment. */
const char *config_text(struct arena *a, const struct config *c, int release);
/* ERR_INPUT: not a configuration that this release can start with; the file is left as it is. `own`
 * is what the reader brings into versions that name no querier; NULL: nothing. */
enum err_code config_parse(struct arena *a, const char *name, const char *text, int release,
                           const struct config *own, struct config *out, struct err *err);

#endif
