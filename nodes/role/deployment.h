/*
 * deployment: which deployment a node belongs to, and what it is told there.
 *
 *     rc = deployment_join(w);    // at the start of every role that serves; w->self->config is then set
 *
 * The store has one file, .parseable/.parseable.json, with the deployment's id, the queriers that
 * decide, and their token. Who starts in an empty store founds the deployment; who starts later
 * reads the file, and what it says counts instead of the node's own. A querier of a newer release
 * brings it to its version (migrate.h). Each node keeps the id on its own disk, and refuses to
 * start where it finds another one: the store then belongs to somebody else, or its own staged data
 * do.
 *
 * There must be one result where several start at once. How that is decided is a setting:
 * DECIDE_PUT is look and put, as Parseable does (an ingestor then has an id of its own until a
 * querier has written one); DECIDE_EXCLUSIVE and DECIDE_PUBLISH let the first one stand. A
 * migration decides each version under a name of its own, .parseable.v<n>.json, which is never made
 * free, and then puts the last one over the old file. A crash before that leaves the old version,
 * and the next start goes on with the same results.
 *
 * Without settings.deployment.kept, a node has only its own file.
 *
 * 0; -ESTALE: another deployment than before; -EINVAL: a file that this release cannot read, which
 * is left as it is; others from the store.
 */
#ifndef NODES_ROLE_DEPLOYMENT_H
#define NODES_ROLE_DEPLOYMENT_H

struct world;

int deployment_join(struct world *w);

#endif
