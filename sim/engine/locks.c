/*
 * locks: mutexes in a node's memory. Not fair: when one is set free, all who wait are enabled and
 * the order decides.
 */
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

void locks_reset(struct cluster *c, int node)
{
    assert(c);
    assert(node >= -1 && node < c->scenario->node_count); /* -1: all */

    int kept = 0;

    for (int i = 0; i < c->lock_count; i++) {
        if (node >= 0 && c->locks[i].node == node)
            c->locks[i].holder = -1;
        if (node >= 0)
            kept++;
    }
    c->lock_count = kept;
}

static int lock_index(struct cluster *c, int node, const char *name)
{
    struct lock *l = c->locks;

    for (int i = 0; i < c->lock_count; i++)
        if (l[i].node == node && strcmp(l[i].name, name) == 0)
            return i;
    if (c->lock_count == LOCKS_MAX) {
        cluster_fail(c, ERR_INPUT, "more than %d locks", LOCKS_MAX);
        return 0;
    }
    l += c->lock_count;
    *l = (struct lock){.name = arena_strdup(&c->arena, name), .node = node, .holder = -1};
    l->take = thing_id2(THING_LOCK_TAKE, c->scenario->nodes[node].name, name);
    l->release = thing_id2(THING_LOCK_FREE, c->scenario->nodes[node].name, name);
    return c->lock_count++;
}

void world_lock(struct world *w, const char *name)
{
    assert(w);
    assert(name);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    struct await wait = {.kind = WAIT_LOCK};
    struct lock *l;

    gate_enter(c->gate);
    wait.lock = lock_index(c, t->node, name);
    gate_leave(c->gate);
    task_await(t, &wait, POINT_LOCK, name, NULL);
    l = &c->locks[wait.lock];
    l->holder = t->index;
    task_touch(t, l->take, TOUCH_WRITE, TOUCH_CONTENDS);
    task_touch(t, l->release, TOUCH_WRITE, TOUCH_NEEDS);
    task_told(t, "%s", "");
    task_acted(t);
}

void world_unlock(struct world *w, const char *name)
{
    assert(w);
    assert(name);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    struct lock *l;

    task_point(t, POINT_UNLOCK, name, NULL);
    l = &c->locks[lock_index(c, t->node, name)];
    assert(c->silent || l->holder == t->index);
    l->holder = -1;
    task_touch(t, l->release, TOUCH_WRITE, TOUCH_RACES);
    task_told(t, "%s", "");
    gate_notify(c->gate);
    task_acted(t);
}
