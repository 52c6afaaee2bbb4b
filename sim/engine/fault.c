#include "sim/engine/fault.h"
#include "fsstore/port/fault.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/power.h"
#include "sim/workload/client_world.h"
#include <assert.h>
#include <string.h>

/* Beside the numbers of faults. */
enum { FAULT_STRUCK = 2000, FAULT_REACHED = 3000, FAULT_HELD = 4000 };

static const struct fault *fault_of(const struct cluster *c, int i)
{
    return &c->scenario->faults[i];
}

static int number_of(const struct cluster *c, const struct fault *f)
{
    return (int)(f - c->scenario->faults);
}

static uint64_t thing_of(int number)
{
    return thing_num(THING_FAULT, (uint64_t)number);
}

/* What is held at the fault's point. */
static uint64_t held_thing(int number)
{
    return thing_num(THING_FAULT, (uint64_t)(FAULT_HELD + number));
}

/* Whether somebody is at its point. */
static uint64_t reached_thing(int number)
{
    return thing_num(THING_FAULT, (uint64_t)(FAULT_REACHED + number));
}

/* Whether a fault that may come anywhere has struck. */
static uint64_t struck_thing(int number)
{
    return thing_num(THING_FAULT, (uint64_t)(FAULT_STRUCK + number));
}

void fault_clear(struct cluster *c)
{
    for (int i = 0; i < c->scenario->fault_count; i++)
        c->faults[i] = (struct fault_state){.left = fault_of(c, i)->times};
    for (int i = 0; i < c->scenario->node_count; i++)
        c->nodes[i].pauses = 0;
}

/* It does not wait at its point, but strikes the step itself. */
static bool is_of_a_call(const struct fault *f)
{
    return f->kind == FAULT_FAIL || f->kind == FAULT_TORN;
}

/* --- at a point --- */

/* Is the task at this fault's point, be it its time or not? */
static bool is_its_point(const struct cluster *c, int i, const struct task *t)
{
    const struct fault *f = fault_of(c, i);

    return f->point && t->kind != TASK_FAULT && t->kind != TASK_CLOCK &&
           (f->node < 0 || t->node == f->node) && point_matches(&t->pending, f->point);
}

/* Is the task about to do what this fault waits for? */
static bool is_at(const struct cluster *c, int i, const struct task *t)
{
    const struct fault *f = fault_of(c, i);

    return !is_of_a_call(f) && c->faults[i].left > 0 && c->faults[i].seen + 1 == f->nth &&
           t->unwind == UNWIND_NO && is_its_point(c, i, t);
}

bool fault_holds(const struct cluster *c, const struct task *t)
{
    if (t->kind == TASK_FAULT || t->kind == TASK_CLOCK)
        return false;
    if (c->nodes[t->node].pauses > 0)
        return true;
    for (int i = 0; i < c->scenario->fault_count; i++)
        if (is_at(c, i, t))
            return true;
    return false;
}

void fault_reached(struct cluster *c, struct task *t)
{
    for (int i = 0; i < c->scenario->fault_count; i++)
        if (!is_of_a_call(fault_of(c, i)) && is_its_point(c, i, t)) {
            task_touch(t, reached_thing(i), TOUCH_UPDATE, TOUCH_RACES);
            c->early_events |= t->event < 0;
        }
}

/* Whose time is the n-th is an order that matters, though it is held there because of who came before;
 * and a step that was held goes on when the fault is over. */
void fault_picked(struct cluster *c, const struct task *t)
{
    struct footprint *footprint = &c->events[c->event_count - 1].footprint;

    if (t->unwind != UNWIND_NO) /* it does not come to it after all */
        return;
    for (int i = 0; i < c->scenario->fault_count; i++) {
        const struct fault *f = fault_of(c, i);

        if (!is_its_point(c, i, t))
            continue;
        c->faults[i].seen++;
        if (f->nth > 1)
            footprint_add_as(footprint, thing_of(i), TOUCH_WRITE, TOUCH_CONTENDS);
        if (!is_of_a_call(f) && c->faults[i].seen >= f->nth && c->faults[i].left < f->times)
            footprint_add_as(footprint, held_thing(i), TOUCH_READ, TOUCH_NEEDS);
    }
}

static bool is_chance(const struct fault *f)
{
    return !f->point || is_of_a_call(f);
}

/* Does it do something at once? Others only lie in wait for a message or a call, and change nothing
 * where that does not come. */
static bool strikes_at_once(const struct fault *f)
{
    return is_chance(f) && (f->kind == FAULT_CRASH || f->kind == FAULT_PAUSE ||
                            f->kind == FAULT_OVERFLOW || f->kind == FAULT_POWER_LOSS);
}

bool fault_lies_in_wait(const struct task *t)
{
    return t->kind == TASK_FAULT && t->wait.kind == WAIT_CHANCE && !strikes_at_once(t->fault);
}

void fault_let_be(const struct cluster *c, struct footprint *f)
{
    for (int i = 0; i < c->scenario->fault_count; i++)
        if (strikes_at_once(fault_of(c, i)))
            footprint_add_as(f, struck_thing(i), TOUCH_READ, TOUCH_CONTENDS);
}

void fault_left(const struct cluster *c, const struct task *t, struct footprint *f)
{
    for (int i = 0; i < c->scenario->fault_count; i++) {
        const struct fault *fault = fault_of(c, i);

        if (t == c->host && strikes_at_once(fault))
            footprint_add_as(f, struck_thing(i), TOUCH_READ, TOUCH_CONTENDS);
        else if (t->fault == fault && strikes_at_once(fault) && t->wait.kind == WAIT_CHANCE)
            footprint_add_as(f, struck_thing(i), TOUCH_WRITE, TOUCH_CONTENDS);
        else if (t != c->host && fault->nth > 1 && is_its_point(c, i, t))
            footprint_add_as(f, thing_of(i), TOUCH_WRITE, TOUCH_CONTENDS);
    }
}

bool fault_is_due(const struct task *fault, const struct task *t)
{
    return fault->kind == TASK_FAULT && fault->alive && fault->wait.kind == WAIT_FAULT &&
           is_at(t->cluster, number_of(t->cluster, fault->fault), t);
}

static bool somebody_is_at(const struct cluster *c, int i)
{
    for (int k = 0; k < c->task_count; k++)
        if (c->tasks[k].alive && is_at(c, i, &c->tasks[k]))
            return true;
    return false;
}

bool fault_ready(const struct task *t)
{
    const struct cluster *c = t->cluster;
    const struct fault *f = t->fault;

    if (f->kind == FAULT_POWER_LOSS && !power_may_fail(t))
        return false;
    if (!is_chance(f))
        return somebody_is_at(c, number_of(c, f));
    return !c->settling; /* and if somebody else is enabled: scheduler.c */
}

/* --- what happens --- */

static void crash(struct task *t)
{
    struct cluster *c = t->cluster;
    struct node_state *n = &c->nodes[t->node];

    task_touch(t, n->up_thing, TOUCH_WRITE, TOUCH_RACES);
    if (n->up || n->booting)
        node_down(c, t->node, t);
    task_told(t, "down");
    if (t->fault->restart_ms < 0)
        return;
    world_sleep(&t->world, t->fault->restart_ms);
    world_restart_node(&t->world, 0);
}

/* The node's steps are held up by its beginning, and made possible by its end; by the last, if there are
 * several at a time. */
/* At that moment, or later. */
static void await_resume(struct task *t)
{
    int64_t ms = t->fault->ms;
    struct await wait = {
        .kind = WAIT_RESUME, .timed = true, .deadline = clock_begin(t, ms < 0 ? 0 : ms)};

    task_await(t, &wait, POINT_SLEEP,
               ms < 0 ? "of any length" : arena_printf(t->world.arena, "%lld ms", (long long)ms),
               NULL);
    clock_came(t, wait.deadline);
}

static void pause_node(struct task *t)
{
    struct node_state *n = &t->cluster->nodes[t->node];

    task_touch(t, n->paused_thing, TOUCH_UPDATE, TOUCH_DISABLES);
    n->pauses++;
    if (t->fault->ms < 0)
        task_told(t, "for as long as it takes");
    else
        task_told(t, "for %lld ms", (long long)t->fault->ms);
    await_resume(t);
    n->pauses--;
    task_touch(t, n->paused_thing, TOUCH_UPDATE, TOUCH_ENABLES);
}

/* The kernel drops what is queued beyond its limit and says so in one event; so does this. Nothing
 * comes into a queue that watches nothing. */
static void overflow(struct task *t)
{
    struct node_state *n = &t->cluster->nodes[t->node];

    task_touch(t, n->queue.open, TOUCH_READ, TOUCH_RACES);
    task_touch(t, n->queue.in, TOUCH_WRITE, TOUCH_RACES);
    task_touch(t, n->queue.out, TOUCH_UPDATE, TOUCH_RACES);
    if (node_watches(t->cluster, t->node)) {
        port_fault_overflow(t->cluster->port, n->queue.handle);
        n->queue.ready = true;
    }
    task_told(t, "%s", "");
}

static void arm(struct task *t)
{
    struct cluster *c = t->cluster;
    int i = number_of(c, t->fault);

    task_touch(t, thing_of(i), TOUCH_WRITE, TOUCH_RACES);
    c->faults[i].armed++;
    task_told(t, "%s", "");
}

static void happen(struct task *t)
{
    switch (t->fault->kind) {
    case FAULT_CRASH:
        crash(t);
        break;
    case FAULT_PAUSE:
        pause_node(t);
        break;
    case FAULT_OVERFLOW:
        overflow(t);
        break;
    case FAULT_DROP:
    case FAULT_DUPLICATE:
    case FAULT_DELAY:
    case FAULT_FAIL:
    case FAULT_TORN:
        arm(t);
        break;
    case FAULT_POWER_LOSS:
        power_fail(t);
        break;
    case FAULT_CUT:
    case FAULT_SKEW:
    case FAULT_SLOW:
        break;
    }
}

static const char *name_of(const struct fault *f)
{
    static const char *const names[] = {"crash",      "pause",    "cut",  "drop",
                                        "duplicate",  "delay",    "fail", "torn",
                                        "power_loss", "overflow", "skew", "slow"};

    return names[f->kind];
}

/* A delayed message waits here until it is time. */
static void deliver_late(struct task *t)
{
    for (;;) {
        struct mail mail;

        net_take_late(t, &mail);
        world_sleep(&t->world, t->fault->ms);
        net_deliver(t, &mail);
    }
}

int fault_run(struct task *t)
{
    struct cluster *c = t->cluster;
    const struct fault *f = t->fault;
    int i = number_of(c, f);
    bool chance = is_chance(f);
    const char *whom = f->node >= 0 ? c->scenario->nodes[f->node].name : f->point;

    if (f->kind == FAULT_DELAY && !f->anywhere)
        deliver_late(t);
    if (t->index != f->task)
        power_settle(t);
    while (c->faults[i].left > 0) {
        task_await(t, &(struct await){.kind = chance ? WAIT_CHANCE : WAIT_FAULT}, POINT_FAULT,
                   name_of(f), whom);
        if (chance) { /* it could have gone since it waits, before time moved, too */
            if (fault_thing(c, t))
                task_touch(t, fault_thing(c, t), TOUCH_WRITE, TOUCH_CONTENDS);
            if (strikes_at_once(f))
                task_touch(t, struck_thing(i), TOUCH_WRITE, TOUCH_CONTENDS);
        } else { /* one at least is at its point; others are held until it has struck */
            task_touch(t, reached_thing(i), TOUCH_READ, TOUCH_NEEDS_ONE);
            task_touch(t, thing_of(i), TOUCH_WRITE, TOUCH_SERVES);
            task_touch(t, held_thing(i), TOUCH_WRITE, TOUCH_ENABLES);
        }
        c->faults[i].left--;
        c->faults_happened[i]++;
        if (!chance && f->kind != FAULT_CRASH &&
            somebody_is_at(c, i)) /* who is there, stays there */
            task_touch(t, reached_thing(i), TOUCH_UPDATE, TOUCH_RACES);
        happen(t);
        task_acted(t);
    }
    if (f->kind == FAULT_POWER_LOSS)
        power_settle(t);
    return 0;
}

void fault_may_touch(const struct task *t, const struct point *p, struct footprint *out)
{
    const struct cluster *c = t->cluster;

    for (int i = 0; i < c->scenario->fault_count; i++) {
        const struct fault *f = fault_of(c, i);
        bool here = f->point && (f->node < 0 || f->node == t->node);

        if (here && is_of_a_call(f))
            here = point_matches(p, f->point); /* else it may come to its point next */
        if (!here)
            continue;
        footprint_add(out, thing_of(i), TOUCH_WRITE);
        footprint_add(out, reached_thing(i), TOUCH_UPDATE);
        footprint_add(out, held_thing(i), TOUCH_READ);
        out->everything |= f->kind == FAULT_TORN; /* its node may go down with it */
    }
}

uint64_t fault_thing(const struct cluster *c, const struct task *t)
{
    switch (t->fault->kind) {
    case FAULT_CRASH:
        return c->nodes[t->node].up_thing;
    case FAULT_PAUSE:
        return 0; /* others of its node do not matter to it */
    case FAULT_OVERFLOW:
        return c->nodes[t->node].queue.out;
    case FAULT_CUT:
    case FAULT_DROP:
    case FAULT_DUPLICATE:
    case FAULT_DELAY:
    case FAULT_FAIL:
    case FAULT_TORN:
    case FAULT_SKEW:
    case FAULT_SLOW:
        break;
    case FAULT_POWER_LOSS:
        return power_thing();
    }
    return thing_of(number_of(c, t->fault));
}

/* --- messages --- */

static bool is_cut(const struct fault *f, struct task *t, int to)
{
    bool between = (f->from == t->node && f->to == to) || (f->to == t->node && f->from == to);
    int64_t now;

    if (f->kind != FAULT_CUT || !between)
        return false;
    now = clock_read(t);
    return now >= f->from_ms && now < f->to_ms;
}

/* May the fault strike now? Who it strikes, others are spared: that is an order that matters. */
static bool strikes(struct task *t, int i)
{
    struct fault_state *state = &t->cluster->faults[i];
    int *count = fault_of(t->cluster, i)->anywhere ? &state->armed : &state->left;
    bool struck = *count > 0;

    task_touch(t, thing_of(i), struck ? TOUCH_WRITE : TOUCH_READ, TOUCH_RACES);
    *count -= struck;
    return struck;
}

enum delivery fault_message(struct task *t, int to, int kind, struct task **late)
{
    struct cluster *c = t->cluster;

    for (int i = 0; i < c->scenario->fault_count; i++) {
        const struct fault *f = fault_of(c, i);
        bool meant =
            (f->from < 0 || f->from == t->node) && (f->to < 0 || f->to == to) && f->message == kind;

        if (is_cut(f, t, to))
            return LOST;
        if (f->kind < FAULT_DROP || f->kind > FAULT_DELAY || !meant || !strikes(t, i))
            continue;
        *late = f->kind == FAULT_DELAY ? &c->tasks[f->task] : NULL;
        return f->kind == FAULT_DROP ? LOST : f->kind == FAULT_DUPLICATE ? TWICE : LATE;
    }
    return DELIVER;
}

/* --- calls, clocks, queues --- */

const struct fault *fault_step(struct task *t)
{
    struct cluster *c = t->cluster;

    for (int i = 0; i < c->scenario->fault_count; i++) {
        const struct fault *f = fault_of(c, i);
        bool here = is_of_a_call(f) && (f->node < 0 || f->node == t->node) &&
                    c->faults[i].seen >= f->nth && point_matches(&t->pending, f->point);

        if (here && strikes(t, i)) {
            c->faults_happened[i]++;
            return f;
        }
    }
    return NULL;
}

int64_t fault_skew(const struct cluster *c, int node)
{
    int64_t ms = 0;

    for (int i = 0; i < c->scenario->fault_count; i++)
        if (fault_of(c, i)->kind == FAULT_SKEW && fault_of(c, i)->node == node)
            ms += fault_of(c, i)->ms;
    return ms;
}

const struct fault *fault_never(const struct cluster *c)
{
    for (int i = 0; i < c->scenario->fault_count; i++)
        if (fault_of(c, i)->point && !fault_of(c, i)->anywhere && !c->faults_happened[i])
            return fault_of(c, i);
    return NULL;
}
