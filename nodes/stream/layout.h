/*
 * layout: which object lives where.
 *
 *     .node/<node>/.parseable.json                a node's own disk: its configuration
 *     .node/<node>/deployment_id                  … and the deployment it has once joined
 *     .parseable/.parseable.json                  the deployment: its id, and who decides
 *     .parseable/.parseable.v<n>.json             what a migration to version n has come to
 *     .parseable/<role>.<node>.json               a node's record, put when it starts
 *     .markers/<stream>.<fence>                   who may create the stream (marker.h)
 *     .node/<node>/staging/<stream>/<n>           … and batches that wait for their upload
 *     .tombstones/<stream>/<generation>           that generation is over (nodes/stream/generation.h)
 *     .registry/<n>                               its changes (nodes/create/registry_log.h)
 *     .registry/subscribers/<node>                who is told of them
 *     <stream>/.stream/.stream.json               base metadata, written by queriers
 *     <stream>/.stream/.ingestor.<id>.stream.json that ingestor's copy
 *     <stream>/.stream/.schema                    base schema
 *     <stream>/.stream/.ingestor.<id>.schema      that ingestor's
 *     <stream>/.stream/.v<n>.schema               version n of the schema, where there are versions
 *     <stream>/data/<node>-<n>                    one accepted batch
 *
 * Where streams are deleted by tombstone, <stream> is a prefix of the stream's own for each of its
 * generations: "app", and from the second one on "app@1", "app@2". No stream's name has an '@'.
 *
 * A stream exists if an object in <stream>/.stream ends in "stream.json". The names follow
 * Parseable's (github.com/parseablehq/parseable, object_storage).
 *
 * All functions return a string in the arena.
 */
#ifndef NODES_STREAM_LAYOUT_H
#define NODES_STREAM_LAYOUT_H

#include "base/mem.h"
#include <stdbool.h>
#include <stdint.h>

#define LAYOUT_MARKERS     ".markers"
#define LAYOUT_TOMBSTONES  ".tombstones"
#define LAYOUT_SUBSCRIBERS ".registry/subscribers"

#define LAYOUT_DEPLOYMENT ".parseable/.parseable.json"

const char *layout_config(struct arena *a, const char *node);
const char *layout_joined(struct arena *a, const char *node);
const char *layout_migrated(struct arena *a, int version);
const char *layout_node_record(struct arena *a, const char *role, const char *node);
const char *layout_stream_dir(struct arena *a, const char *stream);
/* node NULL: the base object */
const char *layout_stream_json(struct arena *a, const char *stream, const char *node);
const char *layout_schema(struct arena *a, const char *stream, const char *node);
const char *layout_schema_version(struct arena *a, const char *stream, int version);
int layout_schema_number(const char *path); /* its version; 0: another schema object */
/* The schema object that goes with a stream.json object, by its key. */
const char *layout_schema_beside(struct arena *a, const char *stream_json);
const char *layout_data_dir(struct arena *a, const char *stream);
const char *layout_data(struct arena *a, const char *stream, const char *node, int n);
const char *layout_marker(struct arena *a, const char *stream, int fence);
const char *layout_registry(struct arena *a, int64_t version);
const char *layout_subscriber(struct arena *a, const char *node);

/* "app@1" of "app" and 1; what the functions above call a stream is such a prefix. */
const char *layout_prefix(struct arena *a, const char *stream, int generation);
const char *layout_tombstone(struct arena *a, const char *stream, int generation);
const char *layout_tombstones(struct arena *a, const char *stream); /* the directory of them */
const char *layout_staging_dir(struct arena *a, const char *node);
const char *layout_staged(struct arena *a, const char *node, const char *stream, int n);

bool layout_is_stream_json(const char *name); /* ends in "stream.json" */
bool layout_is_schema(const char *name);      /* ends in ".schema" */
/* The stream that a path belongs to, or NULL for the dot-directories; and its generation. */
const char *layout_stream_of(struct arena *a, const char *path);
int layout_generation_of(const char *path);
/* Directories whose changes are of interest to a catalog: "<stream>" and "<stream>/.stream". */
bool layout_watched(const char *dir);

#endif
