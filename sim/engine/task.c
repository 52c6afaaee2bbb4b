/*
 * task: one thread of control of one node, from start to end or unwinding, and its wait at a point.
 */
#include "base/hash.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/engine/order.h"
#include "sim/engine/power.h"
#include "sim/engine/state.h"
#include <assert.h>

/* Where the task is, it ends; or the request that it is at. */
_Noreturn void task_leave(struct task *t)
{
    assert(t);

    enum unwind how = t->unwind;

    store_drop(&t->store);
    t->idle = false;
    if (how == UNWIND_REQUEST) {
        t->unwind = UNWIND_NO;
        longjmp(t->unwind_request, 1);
    }
    longjmp(t->unwind_task, 1);
}

static const struct await nothing = {.kind = WAIT_NOTHING};

/* The wait is over. */
static void begin_going(struct task *t)
{
    t->cluster->history.steps[t->pending.op]++;
    t->cluster->quiet_now &= ~(UINT64_C(1) << t->index); /* its next wait is another one */
    t->was_due = task_due(t);
    t->timed_out = t->was_due && !task_has(t);
    clock_waited(t);
    state_tell(t, (uint64_t)t->pending.op * 2 + t->was_due);
    task_needs(t, &nothing);
    t->idle = false;
}

/* In an open gate: wait for what the point waits for, on the real clock. */
static void await_freely(struct task *t, const struct await *wait)
{
    struct cluster *c = t->cluster;

    gate_enter(c->gate);
    t->now = gate_now_ms() - c->free_start_ms;
    task_needs(t, wait);
    while (!t->unwind && !task_ready(t))
        free_wait(t);
    begin_going(t);
    if (t->unwind) {
        gate_leave(c->gate);
        task_leave(t);
    }
}

/* Does it make a difference to the step whether the task's node is up? Not to a fault that lies in wait for
 * a call or a message. */
static bool needs_node(const struct task *t)
{
    return t->kind != TASK_CLOCK && (t->kind != TASK_FAULT || !fault_lies_in_wait(t));
}

static void touch_node(struct task *t)
{
    const struct node_state *n = &t->cluster->nodes[t->node];

    if (n->volatile_life && needs_node(t))
        task_touch(t, n->up_thing, TOUCH_READ, TOUCH_RACES);
    if (n->may_pause && t->kind != TASK_FAULT && t->kind != TASK_CLOCK)
        task_touch(t, n->paused_thing, TOUCH_READ, TOUCH_RACES);
}

/* What the task does from here on belongs to the latest event. */
static void begin(struct task *t)
{
    struct cluster *c = t->cluster;

    c->running = t->index;
    t->event = c->event_count - 1;
    t->fate = t->kind == TASK_FAULT ? FATE_IS_FAULT : FATE_PLAIN;
    t->cause_count = 0;
    if (c->base_ms > t->now && !c->scenario->time.free)
        t->now = c->base_ms;
}

/* The event that was picked for this task begins. */
static void begin_event(struct task *t)
{
    struct cluster *c = t->cluster;

    begin(t);
    t->events++;
    touch_node(t);
    if (c->power && t->wait.kind != WAIT_DISK && needs_node(t))
        task_touch(t, power_thing(), TOUCH_READ, TOUCH_RACES);
    clock_mind(t);
    if (c->scenario->order.pair_count)
        order_touch(c, t);
}

void task_point(struct task *t, int op, const char *object, const char *object2)
{
    assert(t);
    assert(op >= 0 && op < POINT_OPS);
    task_await(t, &nothing, op, object, object2);
}

void task_await(struct task *t, const struct await *wait, int op, const char *object,
                const char *object2)
{
    assert(t);
    assert(wait);
    assert(op >= 0 && op < POINT_OPS);

    struct cluster *c = t->cluster;
    int next;

    if (c->silent)
        return;
    t->pending = (struct point){op, object, object2};
    if (c->free_running) {
        await_freely(t, wait);
        return;
    }
    task_needs(t, wait);
    if (c->scenario->fault_count)
        fault_reached(c, t);
    next = schedule_next(c);
    if (next != t->index)
        gate_switch(c->gate, t->index, next);
    c->running = t->index;
    if (t->unwind != UNWIND_NO) {
        if (t->unwind == UNWIND_REQUEST)
            begin_event(t);
        task_leave(t);
    }
    begin_event(t);
    begin_going(t);
    if (op >= STEP_OPS &&
        op != POINT_CALL) /* a call of the store is done when its result is known */
        inside_done(t, 0);
}

void task_acted(struct task *t)
{
    assert(t);
    if (!t->cluster->silent)
        gate_leave(t->cluster->gate);
}

static int task_body(void *arg)
{
    struct task *t = arg;
    struct cluster *c = t->cluster;

    t->started = true;
    if (setjmp(t->unwind_task) == 0) {
        if (!c->free_running) {
            c->starting &= ~(UINT64_C(1) << t->index);
            begin(t);
        }
        t->run(t);
    }
    if (c->free_running) {
        free_ended(t);
        return GATE_CONTROLLER;
    }
    task_over(t);
    c->running = -1;
    return t->unwind == UNWIND_TASK ? t->unwind_by : schedule_next(c);
}

void task_begin(struct task *t)
{
    assert(t);
    t->alive = true;
    t->ended = false;
    t->cluster->alive |= UINT64_C(1) << t->index;
    t->cluster->starting |= UINT64_C(1) << t->index;
    t->started = false;
    t->pending = (struct point){POINT_START, NULL, NULL};
    task_needs(t, &nothing);
    t->next_timeout = -1;
    t->idle = t->in_request = false;
    t->rounds = 0;
    t->told = HASH_INIT;
    t->unwind = UNWIND_NO;
    t->event = -1;
    t->store.depth = 0;
    if (!t->cluster->free_running) /* freerun.c starts them when all is set up */
        task_launch(t);
}

void task_launch(struct task *t)
{
    assert(t);
    if (gate_start(t->cluster->gate, t->index, task_body, t, &t->cluster->err) != OK)
        task_over(t);
}

void task_unwind(struct task *t, int by)
{
    assert(t);
    if (t->alive && t->started) {
        t->unwind = UNWIND_TASK;
        t->unwind_by = by;
        gate_switch(t->cluster->gate, by, t->index);
    }
    task_over(t);
    t->unwind = UNWIND_NO;
}
