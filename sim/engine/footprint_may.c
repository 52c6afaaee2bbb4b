/*
 * footprint_may: the most that an actor's pending step may touch.
 *
 * A step that would come earlier than it did may do something else there: it may fail where it
 * worked, or find a watch that was not there. What it then touches is not known before it is tried,
 * but it lies within this.
 */
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/engine/order.h"
#include "sim/engine/power.h"
#include "sim/engine/programs.h"
#include <string.h>

/* May the act be at this point, and be done behind it? */
static bool may_be_at(const struct act *act, const struct point *p)
{
    switch (p->op) {
    case POINT_SLEEP:
        return act->kind == ACT_SLEEP;
    case POINT_QUIET:
        return act->kind == ACT_AWAIT_QUIET;
    case POINT_NOTE:
        return act->kind == ACT_NOTE;
    case WATCH_NEXT:
        return act->kind == ACT_NEXT_EVENT;
    default:
        break;
    }
    if (p->op < STEP_OPS && act->kind >= ACT_READ_FD && act->kind <= ACT_STAT_FD)
        return true;
    if (p->op >= STEP_OPS || act->kind > ACT_WATCH)
        return false;
    if (act->parts[PART_PATH] || act->parts[PART_PATH2])
        return true;
    if (port_is_tmp(p->object) && act->kind == ACT_PUT)
        return true;
    return strcmp(act->path, p->object) == 0 || (p->object2 && strcmp(act->path, p->object2) == 0);
}

static void registers(const struct program *program, const struct point *p, struct footprint *out)
{
    for (int i = 0; i < program->count; i++) {
        const struct act *act = &program->v[i];

        if (act->as && (act->kind == ACT_SET || may_be_at(act, p)))
            footprint_add(out, thing_id(THING_REGISTER, act->as), TOUCH_WRITE);
        registers(&act->then, p, out);
        registers(&act->otherwise, p, out);
    }
}

static void invariants(const struct cluster *c, struct footprint *out)
{
    for (int i = 0; i < c->invariant_thing_count; i++)
        if (footprint_writes(out, c->invariant_things[i])) {
            footprint_add(out, thing_num(THING_INVARIANT, 0), TOUCH_WRITE);
            return;
        }
}

/* What each step touches besides its own doing. */
static void around(struct task *t, const struct point *p, struct footprint *out)
{
    struct cluster *c = t->cluster;

    if (c->nodes[t->node].volatile_life)
        footprint_add(out, c->nodes[t->node].up_thing, TOUCH_READ);
    if (c->nodes[t->node].may_pause)
        footprint_add(out, c->nodes[t->node].paused_thing, TOUCH_READ);
    if (c->power)
        footprint_add(out, power_thing(), TOUCH_READ);
    if (c->scenario->order.pair_count)
        order_may_touch(t, p, out);
    if (c->scenario->fault_count)
        fault_may_touch(t, p, out);
    inside_may_touch(t, p, out);
    clock_may_touch(t, p, out);
}

/* It may be the last step of its program. */
static void ending(const struct task *t, struct footprint *out)
{
    if (t->cluster->scenario->ups_seen)
        footprint_add(out, t->cluster->nodes[t->node].up_thing, TOUCH_WRITE);
}

static bool is_known(const struct task *t, const struct point *p)
{
    if (t->kind != TASK_CLIENT || t->cluster->scenario->nodes[t->node].role->serves)
        return false;
    return p->op < STEP_OPS || p->op == POINT_SLEEP || p->op == POINT_QUIET ||
           p->op == POINT_NOTE || p->op == POINT_REGISTER;
}

void footprint_may(struct task *t, const struct point *p, struct footprint *out)
{
    footprint_clear(out);
    out->everything =
        t->cluster->scenario->has_programs; /* what stat(2) tells of a file is nobody's by name */
    if (t->node >= 0 && t->cluster->scenario->nodes[t->node].run) {
        program_footprint_may(t, p, out);
        return;
    }
    if (!is_known(t, p)) {
        out->everything = true;
        return;
    }
    if (p->op < STEP_OPS)
        footprint_store_may(t, p, out);
    if (p->op == POINT_REGISTER)
        footprint_add(out, thing_id(THING_REGISTER, p->object), TOUCH_READ);
    ending(t, out);
    registers(t->program, p, out);
    around(t, p, out);
    invariants(t->cluster, out);
}
