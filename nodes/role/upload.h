/*
 * upload: the way of accepted events into the store.
 *
 * A batch is staged when it is accepted, and the ingestor's upload task then puts it into the store
 * as <prefix>/data/<node>-<n>. settings.staging says where it is meanwhile:
 *   memory   in the stream's writer, which gathers what comes until the task gets to it. A crash
 *            loses what was accepted and not yet uploaded, as it did in Parseable (#999).
 *   disk     in a file of the node's own disk, .node/<node>/staging/<prefix>/<n>, written before
 *            the answer, and removed after the upload. When the node starts, the task begins with
 *            what it finds there. The number of the object is the file's, so what was uploaded and
 *            not yet removed is put again under the same name, and no event is there twice.
 *
 * Events belong to the generation that they were accepted for (generation.h). The tombstone is looked
 * for before the put: a batch for a dead generation is dropped; and after it: what was put is
 * removed again.
 */
#ifndef NODES_ROLE_UPLOAD_H
#define NODES_ROLE_UPLOAD_H

#include "nodes/stream/node.h"

/* Stages the events of an ingest request, and wakes the upload task. False: there is no room. */
bool upload_stage(struct world *w, const struct known *k, const struct request *req);

/* The upload task. */
void upload_run(struct world *w);

#endif
