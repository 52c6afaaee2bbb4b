/*
 * schema: how the fields of a stream grow. Fields come, and none goes or changes its type; so two
 * schemas can be merged, unless a field has two types.
 *
 * own: each ingestor grows the schema in its memory and puts it as an object of its own; readers
 * merge them. Two ingestors can take one new field for two types, and nobody is told.
 *
 * versioned: the schemas of a stream are numbered. The one that it was created with is version 0;
 * n + 1 is version n and some fields more, published as .v<n+1>.schema: whole, and not in place of
 * another (object.h). So there is one of each number, and who comes second (-EEXIST) takes in what
 * the first one wrote, and tries the next number. If its fields have other types there, its client
 * is told ST_CONFLICT. A version is never taken back.
 *     Where queriers decide on creations (proxy), they write the versions, too. A request says which
 * version its fields come on top of. A querier that knows a newer one refuses (ST_STALE) and
 * answers with that.
 *
 * Under registry, that node decides on fields as it does on streams (create_registry.c).
 */
#ifndef NODES_CREATE_SCHEMA_H
#define NODES_CREATE_SCHEMA_H

#include "nodes/create/scheme.h"

/* Takes the fields of an ingest request into a stream that this node knows. ST_OK; ST_STALE: the
 * stream has ended meanwhile, and its next generation is another stream; ST_CONFLICT; or as
 * ask() says. */
enum status schema_commit(struct world *w, const struct known *k, const struct schema *fields);

/* Publishes r's schema with the fields as its next version; *r is then the version that stands, by
 * whomever. ST_OK, ST_CONFLICT, ST_REJECTED. */
enum status schema_publish(struct world *w, struct record *r, const struct schema *fields);

/* The side that is asked, at a querier: MSG_GROW. ST_EXISTS if the fields are there now. */
enum status schema_decide(struct world *w, const struct wanted *want, struct record *out);

#endif
