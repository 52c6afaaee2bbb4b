/*
 * scheduler: who is enabled, who is next, and how time passes.
 *
 * A task is enabled if its next step can be made: nothing to wait for, or what it waits for is
 * there, or its deadline has come. While a task is enabled, the chooser picks. When none is, and
 * only then:
 *   1. if a task waits for a time that somebody cares about, the base of all clocks jumps to the
 * earliest timer;
 *   2. else, all is quiet: those who await that go on;
 *   3. else background tasks (a scan) come round SETTLE_ROUNDS more times, so that what they repair
 * is repaired;
 *   4. else it is over: done, or a deadlock if somebody still waits.
 * Each of 1 to 3 is a barrier: all that came before happened before all that comes after.
 */
#include "base/vec.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/invariant.h"
#include "sim/engine/order.h"
#include "sim/engine/power.h"
#include "sim/engine/programs.h"
#include "sim/exec/interrupt.h"
#include <assert.h>

/* Without a look at faults and pairs in order, which most scenarios do not have. */
static uint64_t served(const struct cluster *c)
{
    uint64_t tasks = c->alive & ~c->waiting;

    for (uint64_t left = c->alive & c->waiting; left; left &= left - 1) {
        int i = __builtin_ctzll(left);

        tasks |= (uint64_t)task_served(&c->tasks[i]) << i;
    }
    return tasks;
}

uint64_t schedule_enabled(const struct cluster *c)
{
    const struct scenario *s = c->scenario;
    uint64_t enabled = served(c), chances = 0;

    if (!s->fault_count && !s->order.pair_count)
        return enabled;
    for (uint64_t left = enabled; left; left &= left - 1) {
        const struct task *t = &c->tasks[__builtin_ctzll(left)];
        uint64_t bit = left & -left;

        bool down = c->asking && t->wait.kind != WAIT_DISK; /* first it is settled what is left */

        if (down || (s->fault_count && fault_holds(c, t)) || order_holds_back(c, t))
            enabled &= ~bit;
        else if (t->wait.kind == WAIT_CHANCE)
            chances |= bit;
    }
    enabled &= ~chances;
    if (s->time.slow && !clock_waits_for(c, enabled) && schedule_earliest(c) >= 0)
        enabled |= UINT64_C(1) << c->clock->index; /* … or time passes */
    return enabled ? enabled | chances : 0;        /* nothing goes wrong where nothing goes on */
}

static void jump_to(struct cluster *c, int64_t ms)
{
    if (ms > c->base_ms)
        c->base_ms = ms;
    c->barrier = true;
}

/* The earliest deadline: of all tasks, or of the idle ones that are to come round once more. */
static int64_t earliest(const struct cluster *c, bool settling)
{
    int64_t ms = -1;

    for (int i = 0; i < c->task_count; i++) {
        const struct task *t = &c->tasks[i];

        if (!t->alive || !t->wait.timed || task_due(t) ||
            (settling && (!t->idle || t->rounds >= SETTLE_ROUNDS)))
            continue;
        if (ms < 0 || t->wait.deadline < ms)
            ms = t->wait.deadline;
    }
    return ms;
}

static bool somebody_cares_for_time(const struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].wait.timed && !c->tasks[i].idle &&
            !task_due(&c->tasks[i]))
            return true;
    return false;
}

int64_t schedule_earliest(const struct cluster *c)
{
    return somebody_cares_for_time(c) ? earliest(c, false) : -1;
}

/* Is there a poll that is to come round once more? */
static bool polls_left(const struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].idle && c->tasks[i].wait.kind == WAIT_POLL &&
            c->tasks[i].rounds < SETTLE_ROUNDS)
            return true;
    return false;
}

static bool let_the_quiet_ones_go(struct cluster *c)
{
    uint64_t waiting = 0;

    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].wait.kind == WAIT_QUIET)
            waiting |= UINT64_C(1) << i;
    c->quiet_now = waiting;
    c->barrier = true;
    return waiting != 0;
}

static bool is_stuck(const struct task *t)
{
    return t->alive &&
           (t->kind == TASK_CLIENT || t->wait.kind == WAIT_LOCK || t->wait.kind == WAIT_ANSWER);
}

static enum end how_it_ended(const struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++)
        if (is_stuck(&c->tasks[i]))
            return END_DEADLOCK;
    return END_DONE;
}

static void describe_wait(const struct cluster *c, const struct task *t, struct strbuf *out)
{
    strbuf_printf(out, "%s waits at ", t->name);
    point_text(&t->pending, out);
    if (t->wait.kind == WAIT_LOCK)
        strbuf_printf(out, " for %s, which holds it", c->tasks[c->locks[t->wait.lock].holder].name);
    else if (t->wait.kind == WAIT_FLOCK)
        strbuf_printf(out, " for %s, which has it locked", flock_holder(t)->name);
    else if (t->wait.kind == WAIT_PROGRAM)
        strbuf_adds(out, " for a lock that is not set free");
    else if (t->wait.kind == WAIT_EVENT)
        strbuf_adds(out, " for an event that nobody is left to cause");
    else if (t->wait.kind == WAIT_ANSWER)
        strbuf_adds(out, " for an answer that nobody is left to give");
    else if (t->wait.kind == WAIT_HOLDS)
        strbuf_adds(out, " for what does not come to hold");
}

static void describe_deadlock(const struct cluster *c, struct strbuf *out)
{
    const char *between = "";

    for (int i = 0; i < c->task_count; i++) {
        if (!is_stuck(&c->tasks[i]))
            continue;
        strbuf_adds(out, between);
        describe_wait(c, &c->tasks[i], out);
        between = "; ";
    }
}

/* What the task waits for that another might have had instead of it: a lock, a message to its node,
 * an event; 0 if none. */
static uint64_t contended(const struct cluster *c, const struct task *t)
{
    const struct node_state *n = &c->nodes[t->node];

    if (!t->alive)
        return 0;
    if (t->wait.kind == WAIT_CHANCE)
        return fault_thing(c, t);
    if (t->wait.kind == WAIT_CLOCK && c->scenario->time.slow)
        return clock_contended();
    if (t->wait.kind == WAIT_DISK)
        return power_contended();
    if (t->wait.kind == WAIT_LOCK)
        return c->locks[t->wait.lock].take;
    if (t->wait.kind == WAIT_PROGRAM)
        return t->wait.id;
    if (t->wait.kind == WAIT_MAIL && t->wait.mail == &n->box)
        return n->box.out;
    return t->wait.kind == WAIT_EVENT ? n->queue.turn : 0;
}

static void add_unmade(struct cluster *c, const struct task *t, int until, int gone,
                       const struct footprint *f)
{
    struct unmade *u;

    if (f->count == 0)
        return; /* nobody could have kept it from that */
    VEC_ROOM(c->unmade, c->unmade_count, c->unmade_cap, 16);
    u = &c->unmade[c->unmade_count++];
    u->task = t->index;
    u->until = until;
    u->gone = gone;
    u->in_wait = fault_lies_in_wait(t);
    footprint_copy(&u->footprint, f);
}

void schedule_missed(struct cluster *c, const struct task *t, int by, const struct footprint *f)
{
    assert(by >= 0);
    add_unmade(c, t, by + 1, by, f);
}

void schedule_left(struct cluster *c, const struct task *t, int by)
{
    struct footprint f;
    uint64_t wanted = contended(c, t);

    footprint_clear(&f);
    if (wanted)
        footprint_add_as(&f, wanted, TOUCH_WRITE, TOUCH_CONTENDS);
    fault_left(c, t, &f);
    clock_left(t, &f);
    if (t->alive && t->wait.kind == WAIT_HOLDS)
        footprint_await(c, t->wait.predicate, &f);
    if (t->alive && t->wait.kind == WAIT_FLOCK)
        footprint_await_lock(c, (int)t->wait.id, (enum port_lock)t->wait.lock, &f);
    add_unmade(c, t, by >= 0 ? by : c->event_count, by, &f);
}

/* Its node goes down: the task could have gone on before that. */
static void add_gone(struct cluster *c, const struct task *t, int node, int by)
{
    struct footprint f;

    footprint_clear(&f);
    footprint_add(&f, c->nodes[node].up_thing, TOUCH_READ);
    if (c->nodes[node].may_pause && t->kind != TASK_FAULT)
        footprint_add(&f, c->nodes[node].paused_thing, TOUCH_READ);
    add_unmade(c, t, by + 1, by, &f);
}

void schedule_goes(struct cluster *c, const struct task *t, int by)
{
    for (int i = 0; c->scenario->fault_count && i < c->task_count; i++)
        if (fault_is_due(&c->tasks[i], t))
            add_gone(c, &c->tasks[i], t->node, by);
}

void schedule_killed(struct cluster *c, const struct task *t, int by)
{
    clock_killed(t, by);
    add_gone(c, t, t->node, by);
    schedule_left(c, t, by);
}

/* Before everything is unwound: who is left waiting, and for what. */
static void note_left(struct cluster *c)
{
    uint64_t waiting = c->alive & ~(c->end == END_CUT ? schedule_enabled(c) : 0);

    for (; waiting; waiting &= waiting - 1)
        schedule_left(c, &c->tasks[__builtin_ctzll(waiting)], -1);
    if (c->scenario->fault_count)
        schedule_left(c, c->host, -1);
}

static void note_deadlock(struct cluster *c)
{
    struct strbuf text = STRBUF_INIT;

    assert(c->scenario->waits || c->scenario->order.pair_count);
    describe_deadlock(c, &text);
    c->deadlock = arena_visible(&c->arena, text.s);
    strbuf_release(&text);
}

/* No task is enabled: true if that has changed. */
static bool pass_time(struct cluster *c)
{
    int64_t ms = schedule_earliest(c);

    if (ms >= 0) {
        jump_to(c, ms);
        return true;
    }
    return let_the_quiet_ones_go(c);
}

/* All is over but the settling: true if a task is enabled again. */
static bool settle(struct cluster *c)
{
    int64_t ms = earliest(c, true);

    if (ms >= 0 || polls_left(c)) {
        c->settling = true;
        jump_to(c, ms);
        return true;
    }
    c->end = how_it_ended(c);
    note_left(c);
    if (c->end == END_DEADLOCK)
        note_deadlock(c);
    if (c->scenario->order.pair_count)
        order_check(c);
    return false;
}

static void add_event(struct cluster *c, int task, bool barrier)
{
    struct event *e;

    VEC_ROOM(c->events, c->event_count, c->event_cap, 256);
    e = &c->events[c->event_count++];
    e->task = task;
    e->in_wait = c->scenario->fault_count && fault_lies_in_wait(&c->tasks[task]);
    e->barrier = barrier && !e->in_wait;
    c->barrier_due = barrier && e->in_wait;
    e->sure = e->looked = false;
    footprint_clear(&e->footprint);
    c->barrier = false;
    if (c->settling && c->tasks[task].kind == TASK_CLIENT) { /* not over yet after all */
        c->settling = false;
        for (int i = 0; i < c->task_count; i++)
            c->tasks[i].rounds = 0;
    }
}

int schedule_delays(const struct choice *choice, int task)
{
    const struct cluster *c = choice->cluster;
    int i = c->last_stepped >= 0 ? c->last_stepped : 0, passed = 0;

    for (; i != task; i = (i + 1) % 64) /* as many as a mask has */
        passed += choice->enabled >> i & 1 && i != choice->end;
    return passed;
}

static void note_preemption(struct cluster *c, const struct choice *choice, int task)
{
    if (task == choice->end)
        return;
    c->delays += schedule_delays(choice, task);
    c->preemptions +=
        c->last_stepped >= 0 && task != c->last_stepped && choice->enabled >> c->last_stepped & 1;
    c->last_stepped = task;
}

/*
 * Before time moves, and before all is over, faults that may come anywhere have a last chance:
 * beside them, the host is enabled, whose step is to let it be, with the nodes that are up. So a
 * node that sleeps, or did nothing at all, can go down, too.
 */
static uint64_t last_chance(struct cluster *c, struct choice *choice)
{
    uint64_t chances = 0;

    if (c->looked)
        return 0;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].wait.kind == WAIT_CHANCE &&
            !fault_lies_in_wait(&c->tasks[i]) && fault_ready(&c->tasks[i]))
            chances |= UINT64_C(1) << i;
    if (!chances)
        return 0;
    choice->end = c->host->index;
    return chances | UINT64_C(1) << c->host->index;
}

/* … and with the queues as they are. A fault that strikes a later call or message might as well come
 * before that. */
static void look_who_is_up(struct cluster *c)
{
    struct footprint *f = &c->events[c->event_count - 1].footprint;

    for (int i = 0; i < c->scenario->node_count; i++)
        footprint_add(f, c->nodes[i].up_thing, TOUCH_READ);
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && c->tasks[i].wait.kind == WAIT_CHANCE &&
            c->tasks[i].fault->kind == FAULT_OVERFLOW)
            footprint_add(f, fault_thing(c, &c->tasks[i]), TOUCH_READ);
    if (c->power)
        footprint_add(f, power_thing(), TOUCH_READ);
    fault_let_be(c, f);
}

/* Who can go on, time being moved if need be; 0: it is over. */
static uint64_t find_enabled(struct cluster *c, struct choice *choice)
{
    choice->end = -1;
    for (;;) {
        choice->enabled = schedule_enabled(c);
        if (!choice->enabled)
            choice->enabled = last_chance(c, choice);
        if (choice->enabled)
            return choice->enabled;
        if (!pass_time(c) && !settle(c))
            return 0;
    }
}

/* Does it matter that nobody is slow? Who waits for time might have gone first. */
static void note_hurry(struct cluster *c)
{
    for (uint64_t left = c->alive & c->waiting; left && !c->hurried; left &= left - 1) {
        const struct task *t = &c->tasks[__builtin_ctzll(left)];

        c->hurried = t->wait.timed && !task_due(t);
    }
}

/* The chooser's pick becomes the next event: its task, or CHOOSE_STOP. */
static int pick(struct cluster *c, struct choice *choice)
{
    int task;

    if (!c->scenario->time.free)
        note_hurry(c);
    choice->number = c->event_count;
    choice->last = c->last_stepped;
    choice->barrier = c->barrier;
    task = c->chooser->pick(c->chooser, choice);
    if (task == CHOOSE_STOP)
        return task;
    if (c->scenario->has_programs && !(choice->enabled >> task & 1)) {
        cluster_fail(c, ERR_DIVERGE, "%s: %s cannot go on where it could before: %s",
                     c->scenario->file, c->tasks[task].name,
                     programs_doubt(c) ? programs_doubt(c) : "it is not deterministic");
        return CHOOSE_STOP;
    }
    assert(choice->enabled >> task & 1);
    note_preemption(c, choice, task);
    /* A fault that strikes when nobody can go on could have struck before: only letting it be needs
     * all that was. */
    add_event(c, task, c->barrier || c->barrier_due || task == choice->end);
    c->looked = task == c->host->index;
    if (c->looked)
        look_who_is_up(c);
    return task;
}

static int over(struct cluster *c, enum end end)
{
    c->end = end;
    if (end == END_CUT)
        note_left(c);
    return GATE_CONTROLLER;
}

int schedule_next(struct cluster *c)
{
    struct choice choice = {.cluster = c};
    int task;

    if (c->starting && c->err.code == OK)
        return __builtin_ctzll(c->starting); /* it goes up to its first point: that is no step */
    if (c->scenario->has_invariants)
        invariants_look(c);
    polls_look(c);
    if (c->trace)
        trace_look(c->trace);
    if (interrupted())
        cluster_fail(c, ERR_STOP, "interrupted");
    if (c->err.code != OK)
        return over(c, END_FAILED);
    if (c->event_count >= POINTS_MAX || c->bound)
        return over(c, END_BOUND);
    do {
        if (!find_enabled(c, &choice)) {
            if (c->chooser->over)
                c->chooser->over(c->chooser, c);
            return GATE_CONTROLLER;
        }
        task = pick(c, &choice);
        if (task == CHOOSE_STOP)
            return over(c, c->err.code != OK ? END_FAILED : END_CUT);
    } while (task == c->host->index);
    if (c->scenario->order.pair_count)
        order_picked(c, &c->tasks[task]);
    if (c->scenario->fault_count)
        fault_picked(c, &c->tasks[task]);
    return task;
}
