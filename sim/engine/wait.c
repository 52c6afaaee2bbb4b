/*
 * wait: what a task waits for before its next step, and whether that is there.
 */
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/invariant.h"
#include "sim/engine/programs.h"
#include <assert.h>

void task_needs(struct task *t, const struct await *wait)
{
    uint64_t bit = UINT64_C(1) << t->index, *waiting = &t->cluster->waiting;

    t->wait = *wait;
    *waiting = wait->kind == WAIT_NOTHING ? *waiting & ~bit : *waiting | bit;
}

void task_over(struct task *t)
{
    assert(t);
    t->alive = false;
    t->cluster->alive &= ~(UINT64_C(1) << t->index);
    t->cluster->starting &= ~(UINT64_C(1) << t->index);
}

bool task_due(const struct task *t)
{
    const struct cluster *c = t->cluster;
    int64_t now = c->free_running ? gate_now_ms() - c->free_start_ms : c->base_ms;

    return t->wait.timed && (now >= t->wait.deadline || (!c->free_running && clock_permits(c)));
}

static bool queue_ready(const struct task *t)
{
    struct cluster *c = t->cluster;
    struct queue *q = &c->nodes[t->node].queue;

    if (c->free_running)
        return c->port->calls->watch_ready(c->port, q->handle);
    return q->ready;
}

static bool predicate_is_so(const struct task *t)
{
    struct sight sight = invariant_sight(t->cluster);

    return predicate_holds(t->wait.predicate, &sight);
}

/* Who keeps the task from the lock that it waits for; NULL: nobody. */
const struct task *flock_holder(const struct task *t)
{
    const struct cluster *c = t->cluster;

    for (int i = 0; i < c->task_count; i++)
        for (int k = 0; k < c->tasks[i].store.handle_count; k++) {
            const struct store_handle *h = &c->tasks[i].store.handles[k];

            if ((uint64_t)h->file == t->wait.id && h->lock != PORT_UNLOCKED &&
                (t->wait.lock == (int)PORT_EXCLUSIVE || h->lock == PORT_EXCLUSIVE))
                return &c->tasks[i];
        }
    return NULL;
}

bool task_has(const struct task *t)
{
    const struct cluster *c = t->cluster;

    switch (t->wait.kind) {
    case WAIT_NOTHING:
        return true;
    case WAIT_MAIL:
        return t->wait.mail->count > 0;
    case WAIT_ANSWER:
        return mail_has_answer(t->wait.mail, t->wait.id);
    case WAIT_LOCK:
        return c->locks[t->wait.lock].holder < 0;
    case WAIT_EVENT:
        return queue_ready(t);
    case WAIT_QUIET:
        return c->quiet_now >> t->index & 1;
    case WAIT_FAULT:
    case WAIT_CHANCE:
        return fault_ready(t);
    case WAIT_POLL:
        return poll_ready(t);
    case WAIT_CLOCK:
        return !c->scenario->time.slow && clock_ready(c);
    case WAIT_HOLDS:
        return predicate_is_so(t);
    case WAIT_DISK:
        return c->asking != NULL;
    case WAIT_FLOCK:
        return !flock_holder(t);
    case WAIT_PROGRAM:
        return program_ready(t);
    case WAIT_TIME:
    case WAIT_RESUME:
        return false;
    }
    return false;
}

/* It may be held by a fault all the same. */
bool task_served(const struct task *t)
{
    return task_has(t) || task_due(t);
}

bool task_ready(const struct task *t)
{
    const struct cluster *c = t->cluster;

    if (c->asking && t->wait.kind != WAIT_DISK)
        return false;
    return task_served(t) && !(c->scenario->fault_count && fault_holds(c, t));
}
