/*
 * freerun: the open gate. All tasks at once, on the real clock, with real races; the same checkers
 * judge the history.
 *
 * A task that waits sleeps on the gate's condition; inotify is polled. "Quiet" is when every task
 * waits and none of them for a time that somebody cares about; when the clients are done too, the
 * execution ends.
 */
#include "sim/engine/cluster.h"
#include "sim/exec/interrupt.h"
#include <assert.h>

#define POLL_MS 1 /* how often a waiting task looks at its inotify queue and at the clock */

static bool all_wait(struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++) {
        const struct task *t = &c->tasks[i];

        if (!t->alive)
            continue;
        if (task_ready(t))
            return false;
        if (t->wait.timed && !t->idle)
            return false;
    }
    return true;
}

static bool clients_done(const struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].kind == TASK_CLIENT)
            return false;
    return true;
}

static bool let_quiet_go(struct cluster *c)
{
    bool any = false;

    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].wait.kind == WAIT_QUIET) {
            c->quiet_now |= UINT64_C(1) << i;
            any = true;
        }
    return any;
}

static void end_all(struct cluster *c)
{
    c->end = clients_done(c) ? END_DONE : END_DEADLOCK;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive)
            c->tasks[i].unwind = UNWIND_TASK;
}

void free_wait(struct task *t)
{
    assert(t);

    struct cluster *c = t->cluster;

    if (interrupted())
        cluster_fail(c, ERR_STOP, "interrupted");
    if (c->err.code != OK || all_wait(c)) {
        if (c->err.code != OK || !let_quiet_go(c))
            end_all(c);
        gate_notify(c->gate);
        return;
    }
    gate_wait(c->gate, POLL_MS);
}

void free_ended(struct task *t)
{
    assert(t);

    struct cluster *c = t->cluster;

    gate_enter(c->gate);
    task_over(t);
    gate_notify(c->gate);
    gate_leave(c->gate);
}
