/*
 * node: how a node comes up, and what goes with it when it goes down.
 */
#include "base/vec.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/inside.h"
#include "sim/engine/programs.h"
#include <string.h>

/* A process knows nothing of what it did in an earlier life. */
static void forget_registers(struct cluster *c, const struct task *t, struct task *by)
{
    size_t len = strlen(t->name);

    for (int i = 0; i < c->scenario->register_count; i++) {
        const char *name = c->scenario->registers[i];

        if (strncmp(name, t->name, len) != 0 || name[len] != '.')
            continue;
        c->registers[i] = NULL;
        task_touch(by, c->register_things[i], TOUCH_WRITE, TOUCH_RACES);
    }
}

/* An actor's programs that were killed are started once more, from their beginning. */
static void begin_again(struct cluster *c, int node, struct task *by)
{
    for (int i = 0; i < c->task_count; i++) {
        struct task *t = &c->tasks[i];

        if (t->node != node || !t->killed)
            continue;
        t->killed = false;
        forget_registers(c, t, by);
        task_begin(t);
    }
}

int node_boot(struct cluster *c, int node, struct world *w)
{
    struct node_state *n = &c->nodes[node];
    const struct scenario_node *sn = &c->scenario->nodes[node];
    int made = n->node.made, uploads = n->node.uploads, rc;

    arena_clear(&n->arena);
    poll_forget_node(c, node);
    n->node = (struct node){.name = sn->name,
                            .role = sn->role,
                            .release = n->release,
                            .arena = &n->arena,
                            .made = made,
                            .uploads = uploads};
    mail_reset(&n->box, n->box.in, n->box.out);
    n->booting = true;
    rc = sn->role->start(w);
    n->booting = false;
    if (rc != 0)
        return rc;
    task_touch(task_of(w), n->up_thing, TOUCH_WRITE, TOUCH_RACES);
    n->up = true;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].node == node && c->tasks[i].kind == TASK_BACKGROUND)
            task_begin(&c->tasks[i]);
    begin_again(c, node, task_of(w));
    return 0;
}

void node_forget_watches(struct cluster *c, int node)
{
    struct queue *q = &c->nodes[node].queue;
    int kept = 0;

    if (q->used)
        c->port->calls->watch_clear(c->port, q->handle);
    q->used = q->ready = q->stale = false;
    q->told = 0;
    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].node != node)
            c->watches[kept++] = c->watches[i];
    c->watch_count = kept;
}

/* A node's own tasks, and an actor's program; other clients are outside of their node. */
static bool dies_with_node(const struct task *t)
{
    return t->kind == TASK_BACKGROUND ||
           (t->kind == TASK_CLIENT && !t->cluster->scenario->nodes[t->node].role->serves);
}

void node_drop_files(struct task *t, struct task *by)
{
    if (t->cluster->free_running) /* it may be in the midst of a call: it closes them itself */
        return;
    footprint_drop(by, &t->store);
    store_drop(&t->store);
}

void node_down(struct cluster *c, int node, struct task *by)
{
    struct node_state *n = &c->nodes[node];

    n->up = n->booting = false;
    for (int i = 0; i < c->task_count; i++) {
        struct task *t = &c->tasks[i];

        if (t->node != node || t == by || t == c->clock ||
            (t->kind == TASK_FAULT && !t->in_request))
            continue;
        if (t->alive)
            schedule_goes(c, t, by->event);
        if (t->alive && dies_with_node(t))
            schedule_killed(c, t, by->event);
        else if (t->alive && t->in_request)
            schedule_left(c, t, by->event);
        poll_forget(t);
        if (t->kind == TASK_BACKGROUND) /* what its siblings left for it was in the node's memory */
            mail_reset(&t->box, t->box.in, t->box.out);
        if (!t->alive)
            continue;
        node_drop_files(t, by);
        t->killed = dies_with_node(t) && t->kind == TASK_CLIENT && !c->free_running;
        if (dies_with_node(t)) {
            task_unwind(t, by->index);
            mail_reset(&t->box, t->box.in, t->box.out); /* in the node's memory */
        } else if (t->in_request) {
            t->unwind = UNWIND_REQUEST; /* no answer, or no start, when it is its turn */
            task_needs(t, &(struct await){.kind = WAIT_NOTHING});
        }
    }
    program_killed(c, node, by);
    inside_gone(c, node, by);
    locks_reset(c, node);
    footprint_unwatch(by, node);
    node_forget_watches(c, node);
    if (c->watch_count > 0)
        queues_look(c);
    mail_reset(&n->box, n->box.in, n->box.out);
}
