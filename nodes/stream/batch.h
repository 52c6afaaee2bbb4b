/*
 * batch: the data object of one upload.
 *
 *     {"schema":{"a":"int"},"events":"i1.1 i1.2","incarnation":"i1-1"}
 */
#ifndef NODES_STREAM_BATCH_H
#define NODES_STREAM_BATCH_H

#include "nodes/stream/stream_meta.h"

struct batch {
    struct schema schema;
    const char *events; /* ids joined by blanks, in the arena */
    int count;
    const char *incarnation; /* of the stream that they were accepted for */
};

const char *batch_text(struct arena *a, const struct schema *schema, const char *events,
                       const char *incarnation);
bool batch_parse(struct arena *a, const char *text, size_t len, struct batch *out);

#endif
