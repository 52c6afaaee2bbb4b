/*
 * store_hooks: what comes before and after each step on the store: the task's turn, faults, the
 * step's footprint, and the trace.
 */
#include "base/hash.h"
#include "fsstore/port/fault.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/engine/state.h"
#include "sim/trace/trace.h"
#include <errno.h>
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

    if (wait.timed)
        wait.deadline = clock_begin(t, t->next_timeout);
    t->next_timeout = -1;
    task_await(t, &wait, (int)step->op, step->path, step->path2);
    if (t->timed_out)
        clock_came(t, wait.deadline);
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
    t->at = *step;
    t->at_file = step->open ? step->open->file : 0;
    if (step->op == WATCH_NEXT)
        await_event(t, step);
    else if (step->waits)
        task_await(t,
                   &(struct await){
                       .kind = WAIT_FLOCK, .id = (uint64_t)t->at_file, .lock = (int)step->lock},
                   (int)step->op, step->path, step->path2);
    else
        task_point(t, (int)step->op, step->path, step->path2);
    task_acted(t);
    if (t->cluster->scenario->fault_count)
        strike(t);
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

/* The node goes down in the middle of this task's step: half of what was to be written is there. */
static void die(struct task *t, const struct step *step, const struct step_result *result)
{
    struct cluster *c = t->cluster;
    const struct step_result half = {.data = result->data, .len = result->len / 2};

    t->tearing = false;
    t->failing = 0;
    footprint_step(t, step, &half);
    tell_step(t, step, &half);
    task_touch(t, c->nodes[t->node].up_thing, TOUCH_WRITE, TOUCH_RACES);
    node_drop_files(t, t);
    node_down(c, t->node, t);
    if (t->in_request)
        t->unwind = UNWIND_REQUEST;
    else
        mail_reset(&t->box, t->box.in, t->box.out);
    task_leave(t);
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
        cluster_look_healthy(c); /* says it better, if the port knows */
        cluster_fail(c, ERR_IO, "%s %s: %s", step_op_name(step->op), step->path,
                     strerror(-result->rc));
        gate_leave(c->gate);
    }
    if (c->free_running) /* what follows is for footprints and traces, which have no meaning there
                          */
        return;
    if (file_names_needed(c->scenario) && (result->rc >= 0 || t->tearing))
        file_names_step(t, step);
    if (c->silent) {
        queues_note_watch(t, step, result);
        if (c->scenario->accesses)
            access_note(t, step, result);
        return;
    }
    if (t->tearing)
        die(t, step, result);
    footprint_step(t, step, result);
    inside_done(t, result->rc);
    state_tell_step(t, step, result);
    queues_note_watch(t, step, result);
    if (c->scenario->accesses)
        access_note(t, step, result);
    if (c->watch_count > 0)
        queues_look(c);
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
