#include "sim/engine/clock.h"
#include "base/vec.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/state_value.h"
#include <assert.h>
#include <string.h>

static uint64_t clock_thing(void)
{
    return thing_num(THING_CLOCK, 0);
}

/* Steps that time waits for, and those that it does not wait for. */
static uint64_t prompt_thing(void)
{
    return thing_num(THING_CLOCK, 1);
}

static uint64_t slow_thing(void)
{
    return thing_num(THING_CLOCK, 2);
}

static uint64_t poll_thing(const struct task *t)
{
    return thing_id(THING_POLL, t->name);
}

void clock_clear(struct cluster *c)
{
    assert(c);

    const struct scenario *s = c->scenario;

    c->moment_count = c->fact_count = 0;
    c->time_left = s->time.at_most;
    c->held_back = c->hurried = false;
    for (int i = 0; i <= c->task_count; i++) {
        struct poll *p = &c->tasks[i].poll;

        *p = (struct poll){.read = p->read, .cap = p->cap};
    }
    for (int i = 0; s->time.kept && i < s->fault_count; i++)
        if (s->faults[i].kind == FAULT_CUT) {
            clock_expect(c, s->faults[i].from_ms - 1); /* open from … */
            clock_expect(c, s->faults[i].to_ms - 1);
        }
}

bool clock_permits(const struct cluster *c)
{
    assert(c);
    return c->scenario->time.free && c->time_left != 0;
}

/* --- the clock that is kept --- */

static void touch_clock(struct task *t, enum touch_mode mode)
{
    /* Counted: it could have gone before another one did, and before time moved for want of it. */
    bool counted = t->cluster->scenario->time.at_most >= 0;

    task_touch(t, clock_thing(), mode, counted ? TOUCH_CONTENDS : TOUCH_RACES);
}

static void add_moment(struct cluster *c, int64_t ms)
{
    int i = 0;

    if (ms <= c->base_ms)
        return;
    while (i < c->moment_count && c->moments[i] < ms)
        i++;
    if (i < c->moment_count && c->moments[i] == ms)
        return;
    if (c->moment_count == MOMENTS_MAX) {
        cluster_fail(c, ERR_INPUT, "more than %d moments at which a lease runs out", MOMENTS_MAX);
        return;
    }
    memmove(&c->moments[i + 1], &c->moments[i],
            sizeof c->moments[0] * (size_t)(c->moment_count - i));
    c->moments[i] = ms;
    c->moment_count++;
}

static void drop_moments(struct cluster *c)
{
    int past = 0;

    while (past < c->moment_count && c->moments[past] <= c->base_ms)
        past++;
    memmove(c->moments, c->moments + past, sizeof c->moments[0] * (size_t)(c->moment_count - past));
    c->moment_count -= past;
}

void clock_expect(struct cluster *c, int64_t ms)
{
    assert(c);
    if (!c->scenario->time.kept || ms >= INT64_MAX - 1)
        return;
    drop_moments(c);
    add_moment(c, ms);
    add_moment(c, ms + 1);
}

bool clock_ready(const struct cluster *c)
{
    assert(c);
    return clock_permits(c) && c->moment_count > 0 && c->moments[c->moment_count - 1] > c->base_ms;
}

/* The clock had a moment to go to, and the step went beyond it, or it was the last that may. */
static void take_from_clock(struct task *t)
{
    struct footprint f;

    footprint_clear(&f);
    footprint_add_as(&f, clock_thing(), TOUCH_WRITE, TOUCH_CONTENDS);
    schedule_missed(t->cluster, t->cluster->clock, t->event, &f);
}

static void move_to(struct task *t, int64_t ms)
{
    struct cluster *c = t->cluster;
    bool ready = clock_ready(c) && t != c->clock;

    assert(ms > c->base_ms);
    c->base_ms = ms;
    touch_clock(t, TOUCH_WRITE);
    if (c->time_left > 0)
        c->time_left--;
    drop_moments(c);
    if (ready)
        take_from_clock(t);
}

/* It goes by the clock that is kept. */
static void catch_up(struct task *t)
{
    if (t->now < t->cluster->base_ms)
        t->now = t->cluster->base_ms;
    touch_clock(t, TOUCH_UPDATE);
}

int64_t clock_begin(struct task *t, int64_t ms)
{
    assert(t);
    if (t->cluster->scenario->time.kept && !t->cluster->silent)
        catch_up(t);
    return t->now + ms;
}

void clock_came(struct task *t, int64_t deadline)
{
    assert(t);

    struct cluster *c = t->cluster;

    if (deadline > t->now)
        t->now = deadline;
    if (!c->scenario->time.kept || c->silent)
        return;
    if (t->now > c->base_ms)
        move_to(t, t->now);
    else
        catch_up(t);
}

int64_t clock_read(struct task *t)
{
    assert(t);
    if (t->cluster->scenario->time.kept && !t->cluster->silent)
        catch_up(t);
    return t->now;
}

/* --- the task "clock" --- */

static void move_to_moment(struct task *t)
{
    struct cluster *c = t->cluster;

    drop_moments(c);
    move_to(t, c->moments[0]);
}

/* Time passes for who is patient. */
static void pass(struct task *t)
{
    struct cluster *c = t->cluster;
    int64_t ms = schedule_earliest(c);

    if (ms > c->base_ms)
        c->base_ms = ms;
    task_touch(t, prompt_thing(), TOUCH_WRITE, TOUCH_NEEDS);
    task_touch(t, slow_thing(), TOUCH_WRITE, TOUCH_CONTENDS);
}

int clock_run(struct task *t)
{
    assert(t);

    struct cluster *c = t->cluster;

    for (;;) {
        task_await(t, &(struct await){.kind = WAIT_CLOCK}, POINT_CLOCK, NULL, NULL);
        if (c->scenario->time.slow)
            pass(t);
        else
            move_to_moment(t);
        t->now = c->base_ms;
        task_told(t, "to %lld ms", (long long)c->base_ms);
        task_acted(t);
    }
    return 0;
}

static bool is_slow(const struct cluster *c, int node)
{
    for (int i = 0; i < c->scenario->fault_count; i++)
        if (c->scenario->faults[i].kind == FAULT_SLOW && c->scenario->faults[i].node == node)
            return true;
    return false;
}

/* Time does not wait for it. */
static bool may_be_late(const struct task *t)
{
    if (t->kind == TASK_CLIENT || t->kind == TASK_BACKGROUND)
        return is_slow(t->cluster, t->node);
    return t->wait.kind == WAIT_RESUME || t->wait.kind == WAIT_CHANCE;
}

bool clock_waits_for(const struct cluster *c, uint64_t enabled)
{
    assert(c);
    for (; enabled; enabled &= enabled - 1)
        if (!may_be_late(&c->tasks[__builtin_ctzll(enabled)]))
            return true;
    return false;
}

/* To a fault that lies in wait from here on it does not matter on which side of a moment it began. */
void clock_mind(struct task *t)
{
    assert(t);
    if (t->cluster->scenario->time.slow && t->kind != TASK_CLOCK && !fault_lies_in_wait(t))
        task_touch(t, may_be_late(t) ? slow_thing() : prompt_thing(), TOUCH_UPDATE, TOUCH_RACES);
}

uint64_t clock_contended(void)
{
    return slow_thing();
}

/* --- polls --- */

/* From the first-th on. */
static bool conflicts(const struct poll *p, int first, const struct footprint *f)
{
    for (int i = 0; i < f->count; i++)
        for (int k = first; k < p->count; k++)
            if (f->v[i].thing == p->read[k].thing && f->v[i].mode != TOUCH_READ &&
                (f->v[i].mode == TOUCH_WRITE || f->v[i].mode != p->read[k].mode))
                return true;
    return f->everything;
}

/* Something that is there for others. */
static bool writes(const struct task *t, const struct footprint *f)
{
    for (int i = 0; i < f->count; i++)
        if (f->v[i].mode != TOUCH_READ && f->v[i].thing != clock_thing() &&
            f->v[i].thing != poll_thing(t))
            return true;
    return f->everything;
}

static void note_own(struct task *t, const struct footprint *f)
{
    struct poll *p = &t->poll;

    p->again |= conflicts(p, p->before, f);
    p->wrote |= writes(t, f);
    for (int i = 0; i < f->count; i++) {
        VEC_ROOM(p->read, p->count, p->cap, 32);
        p->read[p->count++] = f->v[i];
    }
    if (t->wait.kind == WAIT_POLL && p->wrote && !p->again && !p->changed)
        t->cluster->held_back = true;
}

void polls_look(struct cluster *c)
{
    assert(c);

    struct event *e = c->event_count > 0 ? &c->events[c->event_count - 1] : NULL;

    if (!e || !c->scenario->time.free || e->looked)
        return;
    e->looked = true;
    for (int i = 0; i < c->task_count; i++) {
        struct task *t = &c->tasks[i];

        if (!t->poll.on || i == e->task || !conflicts(&t->poll, 0, &e->footprint))
            continue;
        t->poll.changed |= conflicts(&t->poll, t->poll.before, &e->footprint);
        footprint_add(&e->footprint, poll_thing(t), TOUCH_UPDATE);
    }
    if (e->task < c->task_count && c->tasks[e->task].poll.on && !c->tasks[e->task].poll.over)
        note_own(&c->tasks[e->task], &e->footprint);
}

/* Whoever writes what it read in the round before depends on the poll that ended that round, on either side
 * of it: before it, he made it possible. */
bool poll_ready(const struct task *t)
{
    assert(t);

    const struct poll *p = &t->poll;

    return !p->on || p->again || p->changed ||
           (t->cluster->settling && t->idle && t->rounds < SETTLE_ROUNDS);
}

void poll_end(struct task *t)
{
    assert(t);

    struct poll *p = &t->poll;
    bool needed = p->on && !p->again && p->changed;

    task_touch(t, poll_thing(t), TOUCH_WRITE, needed ? TOUCH_NEEDS_ONE : TOUCH_RACES);
    p->count -= p->before;
    if (p->count)
        memmove(p->read, p->read + p->before, sizeof p->read[0] * (size_t)p->count);
    p->before = p->count;
    p->again = p->changed = p->wrote = p->over = false;
    p->on = true;
}

/* What it read last is kept: who writes that is to touch the same before its last step and after. */
void poll_forget(struct task *t)
{
    assert(t);
    t->poll.over = t->poll.again = true;
}

static void forget_fact(struct cluster *c, int i)
{
    c->facts[i] = c->facts[--c->fact_count];
}

void poll_forget_node(struct cluster *c, int node)
{
    assert(c);
    for (int i = c->fact_count - 1; i >= 0; i--)
        if (c->facts[i].node == node)
            forget_fact(c, i);
}

bool poll_learns(struct task *t, uint64_t thing, const char *key, const char *what)
{
    assert(t);
    assert(key);

    struct cluster *c = t->cluster;
    uint64_t value;
    int i = 0;

    while (i < c->fact_count && c->facts[i].thing != thing)
        i++;
    if (!c->scenario->time.free || !state_of_stream(t->world.self, key, what, &value)) {
        if (i < c->fact_count)
            forget_fact(c, i);
        return true;
    }
    if (i < c->fact_count && c->facts[i].value == value)
        return false;
    VEC_ROOM(c->facts, c->fact_count, c->fact_cap, 16);
    c->facts[i] = (struct known_fact){t->node, thing, value};
    c->fact_count += i == c->fact_count;
    return true;
}

/* --- the most that a step may touch --- */

static void may_move(const struct point *p, struct footprint *out)
{
    bool waits = p->op == POINT_SLEEP || p->op == WATCH_NEXT;

    footprint_add(out, clock_thing(), waits ? TOUCH_WRITE : TOUCH_UPDATE);
}

void clock_may_touch(const struct task *t, const struct point *p, struct footprint *out)
{
    assert(t);
    assert(p);
    assert(out);

    const struct cluster *c = t->cluster;

    if (c->scenario->time.slow)
        footprint_add(out, is_slow(c, t->node) ? slow_thing() : prompt_thing(), TOUCH_UPDATE);
    if (!c->scenario->time.free)
        return;
    if (c->scenario->time.kept) /* the next step may be a wait that begins here */
        may_move(p, out);
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].poll.on)
            footprint_add(out, poll_thing(&c->tasks[i]), TOUCH_UPDATE);
}

void clock_left(const struct task *t, struct footprint *f)
{
    assert(t);
    assert(f);
    if (t->wait.timed && t->cluster->scenario->time.at_most >= 0)
        footprint_add_as(f, clock_thing(), TOUCH_WRITE, TOUCH_CONTENDS);
}

/* While somebody waited for it, time might have passed; from this event on it has no reason to. */
static void take_from_time(struct cluster *c, int event)
{
    struct footprint f;

    footprint_clear(&f);
    footprint_add_as(&f, prompt_thing(), TOUCH_WRITE, TOUCH_NEEDS);
    footprint_add_as(&f, slow_thing(), TOUCH_WRITE, TOUCH_CONTENDS);
    schedule_missed(c, c->clock, event, &f);
}

void clock_waited(struct task *t)
{
    assert(t);

    const struct scenario *s = t->cluster->scenario;

    if (!t->wait.timed || t->cluster->free_running)
        return;
    if (s->time.at_most >= 0)
        touch_clock(t, TOUCH_UPDATE); /* whether it might have ended by its deadline, too */
    if (s->time.slow && !t->was_due && !t->idle)
        take_from_time(t->cluster, t->event);
}

void clock_killed(const struct task *t, int by)
{
    assert(t);
    if (t->cluster->scenario->time.slow && t->wait.timed && !t->idle && by >= 0)
        take_from_time(t->cluster, by);
}
