/*
 * effect: what a step leaves behind: its footprint, its line in the trace, or the machine's failure.
 */
#include "sim/engine/cluster.h"
#include "sim/trace/trace.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* The current step changes what an invariant looks at. */
static void touch_invariants(struct task *t, uint64_t thing)
{
    struct cluster *c = t->cluster;

    for (int i = 0; i < c->invariant_thing_count; i++)
        if (c->invariant_things[i] == thing)
            footprint_add(&c->events[t->event].footprint, thing_num(THING_INVARIANT, 0),
                          TOUCH_WRITE);
}

static bool is_noted(const struct task *t)
{
    return !t->cluster->silent && !t->cluster->free_running && t->event >= 0;
}

void task_touch(struct task *t, uint64_t thing, enum touch_mode mode, enum touch_role role)
{
    assert(mode == TOUCH_READ || mode == TOUCH_WRITE || mode == TOUCH_UPDATE);
    if (!is_noted(t))
        return;
    footprint_add_as(&t->cluster->events[t->event].footprint, thing, mode, role);
    if (mode != TOUCH_READ)
        touch_invariants(t, thing);
}

/* An invariant looks by name, and so at any of the set. */
void task_touch_member(struct task *t, uint64_t set, uint64_t thing, enum touch_mode mode)
{
    assert(mode == TOUCH_READ || mode == TOUCH_WRITE);
    if (!is_noted(t))
        return;
    footprint_add_member(&t->cluster->events[t->event].footprint, set, thing, mode);
    if (mode != TOUCH_READ)
        touch_invariants(t, set);
}

void task_told(struct task *t, const char *fmt, ...)
{
    assert(fmt);

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
    assert(t);

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
    assert(t);
    assert(event >= -1); /* -1: none of this execution */
    if (event >= 0 && t->cause_count < CAUSES_MAX)
        t->causes[t->cause_count++] = event;
}

void cluster_fail(struct cluster *c, enum err_code code, const char *fmt, ...)
{
    assert(c);
    assert(fmt);
    assert(code != OK);

    char text[ERR_STORY_MAX];
    va_list ap;

    if (c->err.code != OK)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(&c->err, code, "%s", text);
}

void cluster_look_healthy(struct cluster *c)
{
    assert(c);

    struct err err = ERR_INIT;

    if (port_health(c->port, &err) == OK)
        return;
    if (c->err.code == ERR_DIVERGE || c->err.code == ERR_INPUT) /* that is why it seemed so */
        c->err = ERR_INIT;
    cluster_fail(c, err.code, "%s", err.story);
}
