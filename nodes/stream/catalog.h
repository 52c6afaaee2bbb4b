/*
 * catalog: the streams that a node has in memory. What is in here may differ from what is in the
 * store; that difference is most of what this project is about.
 *
 * All calls guard the node's memory and say what was recalled or remembered (world.h). Records go
 * in and out by value. A writer is a pointer: it stays valid as long as the node is up, even if
 * another one takes its place in the catalog; what is put into it then is seen by nobody.
 */
#ifndef NODES_STREAM_CATALOG_H
#define NODES_STREAM_CATALOG_H

#include "nodes/stream/stream_meta.h"

struct world;

/* Events that were accepted and are not yet in the store: the ingestor's staging memory of one
 * stream. */
struct writer {
    char events[1024]; /* ids, joined by blanks */
    int count;
    int number;           /* of those that the node has had since it is up */
    struct schema fields; /* of all of them */
};

struct entry {
    struct record record;
    struct writer *writer;
    struct entry *next;
};

struct catalog {
    struct entry *first; /* by stream name */
    int writers;         /* made so far */
};

/* What a request knows of its stream. */
struct known {
    struct record record;
    struct writer *writer;
};

bool catalog_find(struct world *w, const char *stream, struct known *out); /* false: unknown */
/* Puts the record in, with a fresh writer, in place of what was there. As parseable#1258 found out,
 * a second insert throws the first one's writer away. */
void catalog_insert(struct world *w, const struct record *r, struct known *out);
/* Takes a newer record with its schema into a known stream, or inserts it: what a sync does. One of
 * an older generation than memory has is passed over. */
void catalog_learn(struct world *w, const struct record *r);
/* Merges fields into the schema of the stream in its generation, if that is known; *all is then the
 * whole schema, else the fields. False: a field has another type, and nothing has changed. */
bool catalog_grow(struct world *w, const struct record *of, const struct schema *fields,
                  struct schema *all);
void catalog_drop(struct world *w, const char *stream);
void catalog_end(struct world *w, const struct record *r); /* drops it in this generation only */
const char *catalog_names(struct world *w);                /* joined by blanks */
int catalog_copy(struct world *w, const struct record **out);

/* Accepts events into the writer; false: it is full. */
bool writer_append(struct world *w, const struct known *k, const char *events, int count,
                   const struct schema *fields);
/* Empties the writer that the catalog has for the stream now: what an upload sends, and for which
 * record. False: nothing there. */
bool writer_take(struct world *w, const char *stream, struct record *of, struct writer *out);

#endif
