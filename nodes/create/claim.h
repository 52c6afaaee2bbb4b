/*
 * claim: a contender that keeps asking for a marker (nodes/stream/marker.h) until it has it or gives up.
 *
 *     struct patience p = {0};
 *
 *     while ((rc = claim_try(w, "app", &p, &m)) == -EEXIST && claim_wait(w, &p))
 *         ;
 *
 * Who waits gives up when he has waited for longer than a lease, and has looked once more after that: he may have been slow.
 *
 * An empty marker carries no lease. Its maker has claimed it and not yet written its name, or died
 * in between; who has seen it empty for a lease takes it for dead, and succeeds it. Without
 * settings.marker.succeed_empty nobody does, and it blocks for ever.
 */
#ifndef NODES_CREATE_CLAIM_H
#define NODES_CREATE_CLAIM_H

#include "nodes/stream/marker.h"
#include "nodes/world.h"

struct patience {
    int fence;       /* of the empty marker that is being watched, 0: none */
    int64_t dead_ms; /* when it is taken to be of a dead one, on the node's clock */
    bool waits, over;
    int64_t over_ms; /* … when the contender looks for the last time */
};

/* As marker_claim(). (steps) */
int claim_try(struct world *w, const char *name, struct patience *p, struct marker *m);
/* A poll later; false: the last look was too late, and it is time to give up. (steps) */
bool claim_wait(struct world *w, struct patience *p);

#endif
