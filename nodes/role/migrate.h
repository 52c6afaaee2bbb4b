/*
 * migrate: brings a .parseable.json of an older release to a newer version, one version at a time.
 *
 *     v1   version, mode, deployment_id, user, streams
 *     v2   user → users, a list
 *     v3   roles
 *     v4   server_mode, from mode
 *     v5   query_node: the endpoint of the querier that decides, and the token it wants to see
 *     v6   query_node.endpoint → query_node.endpoints, a list
 *     v7   streams is gone: what is in the store says which there are
 *     v8   default_role
 *
 * That there are eight versions, what the file holds, and that v5 brought the querier's endpoint
 * and token is so in Parseable; which of the other steps did what is modelled.
 *
 * A step is a function of the file it gets, and of the configuration of the node that migrates,
 * since the endpoint and the token have to come from somewhere. So two nodes that are configured
 * differently come to different results, and have to agree on one: deployment.h.
 */
#ifndef NODES_ROLE_MIGRATE_H
#define NODES_ROLE_MIGRATE_H

#include "base/err.h"
#include "base/mem.h"

#define CONFIG_VERSION_MAX 8 /* of this program; a node's release may be an older one */

struct config;

/* The text as of version `to`, in the arena; the text itself if it is of that version. ERR_INPUT:
 * it is no such file, or of a version that a release `to` does not know, which it has to leave as
 * it is. `own` (NULL: nothing) is what the node brings into v5. */
enum err_code migrate_text(struct arena *a, const char *name, const char *text, int to,
                           const struct config *own, const char **out, struct err *err);

/* 1, 2, …; 0: the text is no such file. */
int migrate_version(const char *text);

#endif
