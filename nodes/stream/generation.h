/*
 * generation: the lives of a stream, under deletion by tombstone.
 *
 * The lives of a stream are numbered, its generations. All objects of one are under a
 * prefix of its own ("app", "app@1"; layout.h), and .tombstones/app/N says that generation N is
 * over. Tombstones stay for good, and no name of a generation that is over is ever used again. So
 * one who is late (an upload, an adopter, a sweeper that slept, a sweep that is done again) can do
 * no harm to the stream that bears the name by now. A marker is claimed under the prefix, too: that
 * of a new generation is free, and the old one need not be ended.
 *     delete    put the tombstone, by O_EXCL: one deletion of a generation succeeds. Sweep.
 *     others    look for the tombstone before they write under a prefix, and after it. Who finds it
 *               after it has written into a grave, and sweeps.
 *     a crash   leaves a tombstone and a prefix that is not empty. Queriers sweep all graves when
 *               they start and at each scan: the tombstones are all that it takes to go on.
 *
 * Under plain deletion there is one generation, and it is never over.
 */
#ifndef NODES_STREAM_GENERATION_H
#define NODES_STREAM_GENERATION_H

#include "nodes/stream/stream_meta.h"
#include "nodes/world.h"

/* The generation that lives, or is the next to: tombstones are counted up from `from`. 0 under
 * plain. */
int generation_now(struct world *w, const char *stream, int from);
/* Is the generation of this record over? Never under plain. */
bool generation_over(struct world *w, const struct record *r);

/* Deletes all that is under the prefix of a generation that is over. */
void grave_sweep(struct world *w, const struct record *r);
/* … and of all that are. */
void graves_sweep(struct world *w);
/* Deletes all objects under a prefix. */
void prefix_sweep(struct world *w, const char *prefix);

#endif
