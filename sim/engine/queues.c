/*
 * queues: the nodes' inotify queues, as the simulation sees them: who watches what, and whether an
 * event is there.
 */
#include "sim/engine/cluster.h"
#include <assert.h>

bool node_watches(const struct cluster *c, int node)
{
    assert(c);
    assert(node >= 0 && node < c->scenario->node_count);
    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].node == node)
            return true;
    return false;
}

void queues_note_watch(struct task *t, const struct step *step, const struct step_result *result)
{
    struct cluster *c = t->cluster;
    uint64_t thing;

    if (step->op != WATCH_ADD || result->rc != 0)
        return;
    thing = thing_id(THING_EVENTS, step->path);
    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].node == t->node && c->watches[i].dir == thing)
            return;
    if (c->watch_count == WATCHES_MAX) {
        cluster_fail(c, ERR_INPUT, "more than %d watched directories", WATCHES_MAX);
        return;
    }
    c->watches[c->watch_count++] = (struct watch_mark){.node = t->node, .dir = thing};
}

void queues_look(struct cluster *c)
{
    assert(c);
    for (int i = 0; i < c->scenario->node_count; i++) {
        struct queue *q = &c->nodes[i].queue;

        if (q->used && q->stale)
            q->ready = c->port->calls->watch_ready(c->port, q->handle);
        q->stale = false;
    }
}
