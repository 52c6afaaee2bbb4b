/*
 * task: one thread of control of one node, from start to end or unwinding.
 */
#include "base/hash.h"
#include "fsstore/port/fault.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/order.h"
#include "sim/engine/power.h"
#include "sim/trace/trace.h"
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The machine's failures, which are not the scenario's doing. A link to a directory is the
 * scenario's own EPERM. */
static bool is_the_machines(enum step_op op, int rc)
{
    if (op == FS_LINK && rc == -EPERM)
        return false;
    return rc == -ENOSPC || rc == -EROFS || rc == -EDQUOT || rc == -EIO || rc == -EMFILE ||
           rc == -ENFILE || rc == -EACCES || rc == -EPERM || rc == -ENOMEM;
}

static void await_event(struct task *t, const struct step *step)
{
    struct await wait = {.kind = WAIT_EVENT, .timed = t->next_timeout >= 0};

    wait.deadline = t->now + t->next_timeout;
    t->next_timeout = -1;
    task_await(t, &wait, (int)step->op, step->path, step->path2);
    if (t->was_due && wait.deadline > t->now)
        t->now = wait.deadline;
}

/* What a fault has in store for the step that begins. */
static void strike(struct task *t)
{
    const struct fault *f = fault_step(t);

    t->failing = f ? f->error : 0;
    t->tearing = f && f->kind == FAULT_TORN;
    if (t->tearing)
        port_fault_tear(t->cluster->port);
    else if (f)
        port_fault_arm(t->cluster->port, 0, t->failing);
}

static void before_step(void *ctx, const struct step *step)
{
    struct task *t = ctx;

    if (t->cluster->silent)
        return;
    if (step->op == WATCH_NEXT)
        await_event(t, step);
    else
        task_point(t, (int)step->op, step->path, step->path2);
    task_acted(t);
    if (t->cluster->scenario->fault_count)
        strike(t);
}

static void note_watch(struct task *t, const char *dir)
{
    struct cluster *c = t->cluster;
    uint64_t thing = thing_id(THING_EVENTS, dir);

    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].node == t->node && c->watches[i].dir == thing)
            return;
    if (c->watch_count == WATCHES_MAX) {
        cluster_fail(c, ERR_INPUT, "more than %d watched directories", WATCHES_MAX);
        return;
    }
    c->watches[c->watch_count++] = (struct watch_mark){.node = t->node, .dir = thing};
}

/* Did the step put something into a queue, or take something out? */
static void look_at_queues(struct cluster *c)
{
    for (int i = 0; i < c->scenario->node_count; i++) {
        struct queue *q = &c->nodes[i].queue;

        if (q->used && q->stale)
            q->ready = c->port->calls->watch_ready(c->port, q->handle);
        q->stale = false;
    }
}

static void tell_step(struct task *t, const struct step *step, const struct step_result *result)
{
    struct strbuf sb = STRBUF_INIT;
    bool shows_data = step->op == FS_READ || step->op == FS_LIST || step->op == STORE_GET ||
                      step->op == STORE_LIST || step->op == WATCH_NEXT || step->op == FS_WRITE ||
                      step->op == STORE_PUT || step->op == STORE_PUBLISH;

    if (result->rc < 0)
        strbuf_adds(&sb, errno_name(result->rc));
    else if (shows_data)
        trace_quote(&sb, result->data, result->len);
    else
        strbuf_adds(&sb, "ok");
    task_told(t, "%s", sb.s);
    strbuf_release(&sb);
}

static _Noreturn void unwind(struct task *t);

/* The node goes down in the middle of this task's step: half of what was to be written is there. */
static void die(struct task *t, const struct step *step, const struct step_result *result)
{
    struct cluster *c = t->cluster;
    const struct step_result half = {.data = result->data, .len = result->len / 2};

    t->tearing = false;
    t->failing = 0;
    footprint_step(t, step, &half);
    if (c->watch_count > 0)
        look_at_queues(c);
    tell_step(t, step, &half);
    task_touch(t, c->nodes[t->node].up_thing, TOUCH_WRITE, TOUCH_RACES);
    node_down(c, t->node, t);
    if (t->in_request)
        t->unwind = UNWIND_REQUEST;
    else
        mail_reset(&t->box, t->box.in, t->box.out);
    unwind(t);
}

static void after_step(void *ctx, const struct step *step, const struct step_result *result)
{
    struct task *t = ctx;
    struct cluster *c = t->cluster;

    if (t->failing) {
        t->fate = FATE_FAILED;
        port_fault_disarm(c->port);
    } else if (is_the_machines(step->op, result->rc)) {
        gate_enter(c->gate);
        cluster_fail(c, ERR_IO, "%s %s: %s", step_op_name(step->op), step->path,
                     strerror(-result->rc));
        gate_leave(c->gate);
    }
    if (c->free_running) /* what follows is for footprints and traces, which have no meaning there
                          */
        return;
    if (step->op == WATCH_ADD && result->rc == 0)
        note_watch(t, step->path);
    if (c->silent)
        return;
    if (t->tearing)
        die(t, step, result);
    footprint_step(t, step, result);
    if (c->scenario->accesses)
        access_note(t, step, result);
    if (c->watch_count > 0)
        look_at_queues(c);
    if (c->trace && step->op == WATCH_NEXT && result->rc > 0)
        cause_note(t, result->data);
    if (c->trace)
        tell_step(t, step, result);
}

static void whole_object(void *ctx, enum store_whole whole, const char *path, const char *data,
                         size_t len)
{
    struct task *t = ctx;
    struct cluster *c = t->cluster;
    uint64_t value = hash_bytes(HASH_INIT, data, len);
    uint64_t thing = content_thing(c->scenario, path);

    gate_enter(c->gate);
    if (whole == WHOLE_READ)
        history_read(&c->history, thing, value);
    else
        history_written(&c->history, thing, whole == WHOLE_APPEND ? HISTORY_ANY_VALUE : value);
    gate_leave(c->gate);
}

const struct store_hooks task_hooks = {before_step, after_step, whole_object};

void task_touch(struct task *t, uint64_t thing, enum touch_mode mode, enum touch_role role)
{
    struct cluster *c = t->cluster;

    if (c->silent || c->free_running || t->event < 0)
        return;
    footprint_add_as(&c->events[t->event].footprint, thing, mode, role);
    if (mode == TOUCH_READ)
        return;
    for (int i = 0; i < c->invariant_thing_count; i++)
        if (c->invariant_things[i] == thing)
            footprint_add(&c->events[t->event].footprint, thing_num(THING_INVARIANT, 0),
                          TOUCH_WRITE);
}

void task_told(struct task *t, const char *fmt, ...)
{
    struct cluster *c = t->cluster;
    char text[512];
    va_list ap;

    if (!c->trace || c->silent)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    trace_add(c->trace, &(struct trace_record){.kind = TRACE_STEP,
                                               .fate = t->fate,
                                               .ms = t->now,
                                               .task = t->name,
                                               .node = t->world.node,
                                               .event = t->event,
                                               .op = t->pending.op,
                                               .object = t->pending.object,
                                               .object2 = t->pending.object2,
                                               .result = text,
                                               .causes = t->causes,
                                               .cause_count = t->cause_count});
}

void task_aside(struct task *t, enum trace_kind kind, const char *object, const char *result)
{
    struct cluster *c = t->cluster;

    if (c->trace && !c->silent)
        trace_add(c->trace, &(struct trace_record){.kind = kind,
                                                   .ms = t->now,
                                                   .task = t->name,
                                                   .node = t->world.node,
                                                   .event = t->event,
                                                   .object = object,
                                                   .result = result});
}

void task_caused(struct task *t, int event)
{
    if (event >= 0 && t->cause_count < CAUSES_MAX)
        t->causes[t->cause_count++] = event;
}

void cluster_fail(struct cluster *c, enum err_code code, const char *fmt, ...)
{
    char text[ERR_STORY_MAX];
    va_list ap;

    if (c->err.code != OK)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(&c->err, code, "%s", text);
}

/* Where the task is, it ends; or the request that it is at. */
static _Noreturn void unwind(struct task *t)
{
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

void task_needs(struct task *t, const struct await *wait)
{
    uint64_t bit = UINT64_C(1) << t->index, *waiting = &t->cluster->waiting;

    t->wait = *wait;
    *waiting = wait->kind == WAIT_NOTHING ? *waiting & ~bit : *waiting | bit;
}

void task_over(struct task *t)
{
    t->alive = false;
    t->cluster->alive &= ~(UINT64_C(1) << t->index);
}

/* The wait is over. */
static void begin_going(struct task *t)
{
    t->cluster->history.steps[t->pending.op]++;
    t->cluster->quiet_now &= ~(UINT64_C(1) << t->index); /* its next wait is another one */
    t->was_due = task_due(t);
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
        unwind(t);
    }
}

/* The event that was picked for this task begins. */
static void begin_event(struct task *t)
{
    struct cluster *c = t->cluster;

    c->running = t->index;
    t->event = c->event_count - 1;
    t->events++;
    t->fate = t->kind == TASK_FAULT ? FATE_IS_FAULT : FATE_PLAIN;
    t->cause_count = 0;
    if (c->base_ms > t->now)
        t->now = c->base_ms;
    if (c->nodes[t->node].volatile_life)
        task_touch(t, c->nodes[t->node].up_thing, TOUCH_READ, TOUCH_RACES);
    if (c->power && t->wait.kind != WAIT_DISK)
        task_touch(t, power_thing(), TOUCH_READ, TOUCH_RACES);
    if (c->scenario->order.pair_count)
        order_touch(c, t);
}

void task_point(struct task *t, int op, const char *object, const char *object2)
{
    task_await(t, &nothing, op, object, object2);
}

void task_await(struct task *t, const struct await *wait, int op, const char *object,
                const char *object2)
{
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
        unwind(t);
    }
    begin_event(t);
    begin_going(t);
}

void task_acted(struct task *t)
{
    if (!t->cluster->silent)
        gate_leave(t->cluster->gate);
}

static int task_body(void *arg)
{
    struct task *t = arg;
    struct cluster *c = t->cluster;

    t->started = true;
    if (setjmp(t->unwind_task) == 0) {
        if (!c->free_running)
            begin_event(t);
        if (t->kind == TASK_CLIENT)
            client_run(&t->world, t->program);
        else if (t->kind == TASK_BACKGROUND)
            t->background->run(&t->world);
        else
            fault_run(t);
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
    t->alive = true;
    t->cluster->alive |= UINT64_C(1) << t->index;
    t->started = false;
    t->pending = (struct point){POINT_START, NULL, NULL};
    task_needs(t, &nothing);
    t->next_timeout = -1;
    t->idle = t->in_request = false;
    t->rounds = 0;
    t->unwind = UNWIND_NO;
    t->event = -1;
    t->store.depth = 0;
    if (!t->cluster->free_running) /* freerun.c starts them when all is set up */
        task_launch(t);
}

void task_launch(struct task *t)
{
    if (gate_start(t->cluster->gate, t->index, task_body, t, &t->cluster->err) != OK)
        task_over(t);
}

void task_unwind(struct task *t, int by)
{
    if (t->alive && t->started) {
        t->unwind = UNWIND_TASK;
        t->unwind_by = by;
        gate_switch(t->cluster->gate, by, t->index);
    }
    task_over(t);
    t->unwind = UNWIND_NO;
}
