/*
 * stream: reads and writes the objects that a stream consists of.
 */
#ifndef NODES_STREAM_STREAM_H
#define NODES_STREAM_STREAM_H

#include "nodes/stream/stream_meta.h"
#include "nodes/world.h"

struct marker;

/* As stream_load(), by the stream's name: in the generation that lives. */
bool stream_find(struct world *w, const char *stream, struct record *out);
bool stream_load(struct world *w, const char *prefix,
                 struct record *out); /* LIST, GET: false if absent */
int stream_put(struct world *w,
               const struct record *r); /* PUT schema, PUT stream.json: this node's objects */
/* The base stream.json, which replaces nothing. -EEXIST: another one's is there. */
int stream_publish(struct world *w, const struct record *r);
int stream_put_schema(struct world *w, const struct record *r); /* this node's object */
/* The same for a stream that is there: if its generation is over by now, it is swept again. */
int stream_grow(struct world *w, const struct record *r);
/* By the holder of a claim, who may be too slow, and have a successor by now: -ESTALE if it holds
 * no more, else the record is published. With settings.marker.fenced off it is a plain put. */
int stream_put_held(struct world *w, const struct marker *m, const struct record *r);

#endif
