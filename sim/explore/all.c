#include "sim/explore/all.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bit(int task)
{
    return UINT64_C(1) << task;
}

/* --- levels --- */

static struct level *add_level(struct all_chooser *a)
{
    struct level *l;

    if (a->count == a->cap) {
        int cap = a->cap ? 2 * a->cap : 64;

        a->levels = mem_grow(a->levels, (size_t)cap, sizeof *a->levels);
        memset(a->levels + a->cap, 0, sizeof *a->levels * (size_t)(cap - a->cap));
        a->cap = cap;
    }
    l = &a->levels[a->count++];
    l->sleep_count = 0;
    l->done = 0;
    return l;
}

static void put_to_sleep(struct level *l, int task, const struct footprint *f)
{
    if (l->sleep_count == l->sleep_cap) {
        l->sleep_cap = l->sleep_cap ? 2 * l->sleep_cap : 4;
        l->sleep = mem_grow(l->sleep, (size_t)l->sleep_cap, sizeof *l->sleep);
    }
    l->sleep[l->sleep_count].task = task;
    l->sleep[l->sleep_count++].footprint = *f;
}

static uint64_t asleep(const struct level *l)
{
    uint64_t mask = 0;

    for (int i = 0; i < l->sleep_count; i++)
        mask |= bit(l->sleep[i].task);
    return mask;
}

/* Who slept before the last event and was not woken by it sleeps on. */
static void inherit_sleep(struct level *l, const struct level *parent, const struct footprint *event)
{
    for (int i = 0; i < parent->sleep_count; i++) {
        const struct sleeper *s = &parent->sleep[i];

        if (s->task != parent->chosen && !footprint_dependent(&s->footprint, event))
            put_to_sleep(l, s->task, &s->footprint);
    }
}

/* Without reduction: a task's start touches nothing, so it need not be tried in every order. */
static uint64_t starting(const struct choice *choice)
{
    uint64_t mask = 0;

    for (uint64_t left = choice->enabled; left; left &= left - 1) {
        int task = __builtin_ctzll(left);

        if (choice->cluster->tasks[task].pending.op == POINT_START)
            mask |= bit(task);
    }
    return mask;
}

static int new_level(struct all_chooser *a, const struct choice *choice)
{
    const struct event *events = choice->cluster->events;
    struct level *l = add_level(a);
    struct choice awake = *choice;

    l->enabled = choice->enabled;
    l->floor = choice->barrier || a->count == 1 ? a->count - 1 : a->levels[a->count - 2].floor;
    if (a->reduce && a->count > 1 && !choice->barrier)
        inherit_sleep(l, &a->levels[a->count - 2], &events[choice->number - 1].footprint);
    awake.enabled &= ~asleep(l);
    if (!awake.enabled) {
        a->count--;
        a->cut++;
        return CHOOSE_STOP;
    }
    if (!a->reduce && starting(&awake))
        awake.enabled = starting(&awake) & -starting(&awake);
    l->chosen = choose_fixed(&awake);
    l->backtrack = a->reduce ? bit(l->chosen) : awake.enabled;
    return l->chosen;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct all_chooser *a = (struct all_chooser *)self;
    const struct level *l;
    int n;

    if (a->count == 0)
        a->first = choice->number;
    n = choice->number - a->first;
    assert(n >= 0 && n <= a->count);
    if (n == a->count)
        return new_level(a, choice);
    l = &a->levels[n];
    if (l->enabled == choice->enabled)
        return l->chosen;
    cluster_fail(choice->cluster->tasks[0].cluster, ERR_DIVERGE,
                 "not deterministic: the same choices led to other enabled tasks at choice %d", choice->number);
    return CHOOSE_STOP;
}

/* --- happens-before and races --- */

static const struct event *event_of(const struct all_chooser *a, const struct cluster *c, int level)
{
    return &c->events[level + a->first];
}

static void join(int *clock, const int *other)
{
    for (int i = 0; i < TASK_MAX; i++)
        if (other[i] > clock[i])
            clock[i] = other[i];
}

static int last_of_task(const struct all_chooser *a, const struct cluster *c, int task, int before)
{
    for (int i = before - 1; i >= 0; i--)
        if (event_of(a, c, i)->task == task)
            return i;
    return -1;
}

/* The tasks that can be first in what is left of i+1 … j when all that needs i is taken out: one of them has to be
 * tried instead of i. `clock` is j's, without what only made it possible. */
static uint64_t initials(const struct all_chooser *a, const struct cluster *c, int i, int j, int j_task,
                         const int *j_clock)
{
    int first[TASK_MAX]; /* per task, the level of its first event that is left */
    int i_task = event_of(a, c, i)->task;
    uint64_t seen = 0, result = 0;

    for (int k = i + 1; k <= j; k++) {
        int task = k == j ? j_task : event_of(a, c, k)->task;
        const int *clock = k == j ? j_clock : a->levels[k].clock;
        bool is_initial = true;

        if (seen & bit(task) || (k != j && clock[i_task] > i))
            continue;
        for (uint64_t left = seen; left; left &= left - 1) {
            int other = __builtin_ctzll(left);

            if (clock[other] > first[other])
                is_initial = false;
        }
        first[task] = k;
        seen |= bit(task);
        if (is_initial)
            result |= bit(task);
    }
    return result;
}

static void race(struct all_chooser *a, const struct cluster *c, int i, int j, int j_task, const int *j_clock)
{
    struct level *l = &a->levels[i];
    uint64_t first = initials(a, c, i, j, j_task, j_clock);

    if (first & (l->backtrack | asleep(l)))
        return;
    first &= l->enabled;
    if (!first)
        l->backtrack |= l->enabled; /* cannot say who leads there: try all */
    else if (first & bit(j_task))
        l->backtrack |= bit(j_task);
    else
        l->backtrack |= first & -first;
}

/* The step j needed an event in its queue. Was there another one than i's, so that j could have gone without i? */
static bool had_another(const struct all_chooser *a, const struct cluster *c, int i, int j, uint64_t thing)
{
    int i_task = event_of(a, c, i)->task;

    for (int k = j - 1; k >= 0; k--) {
        const struct footprint *f = &event_of(a, c, k)->footprint;

        if (footprint_needs_one(f) == thing)
            return false; /* the last read: it took what was there before */
        if (k != i && footprint_writes(f, thing) && (k < i || a->levels[k].clock[i_task] <= i))
            return true;
    }
    return c->early_events;
}

static bool is_race(const struct all_chooser *a, const struct cluster *c, int i, int j, const struct footprint *f)
{
    const struct footprint *earlier = &event_of(a, c, i)->footprint;
    uint64_t needed = footprint_needs_one(f);

    if (!footprint_races(earlier, f))
        return false;
    return !needed || !footprint_writes(earlier, needed) || footprint_needs_one(earlier) == needed ||
           had_another(a, c, i, j, needed);
}

/* Finds what happened before the step j of a task with this footprint, and its races. */
static void analyse_step(struct all_chooser *a, const struct cluster *c, int j, int floor, int task,
                         const struct footprint *f, int *clock)
{
    int enabled_by[TASK_MAX] = {0};
    int before = last_of_task(a, c, task, j);

    memset(clock, 0, sizeof(int) * TASK_MAX);
    if (before >= 0)
        memcpy(clock, a->levels[before].clock, sizeof(int) * TASK_MAX);
    for (int i = j - 1; i >= floor; i--) {
        const struct event *e = event_of(a, c, i);

        if (e->task == task || clock[e->task] > i || !footprint_dependent(&e->footprint, f))
            continue;
        if (!is_race(a, c, i, j, f)) {
            join(enabled_by, a->levels[i].clock);
            continue;
        }
        race(a, c, i, j, task, clock);
        join(clock, a->levels[i].clock);
    }
    join(clock, enabled_by);
}

/* A task that waits for a lock for ever raced with the one that took it. */
static void analyse_blocked(struct all_chooser *a, const struct cluster *c)
{
    int clock[TASK_MAX];

    for (int i = 0; i < c->task_count; i++) {
        struct footprint f;

        if (!c->blocked[i] || a->count == 0)
            continue;
        footprint_clear(&f);
        footprint_add(&f, c->blocked[i], TOUCH_WRITE);
        analyse_step(a, c, a->count, a->levels[a->count - 1].floor, i, &f, clock);
    }
}

static void analyse(struct all_chooser *a, const struct cluster *c)
{
    int from = a->prefix > 0 ? a->prefix - 1 : 0;

    for (int j = from; j < a->count; j++) {
        struct level *l = &a->levels[j];
        const struct event *e = event_of(a, c, j);

        analyse_step(a, c, j, l->floor, e->task, &e->footprint, l->clock);
        l->clock[e->task] = j + 1;
    }
    analyse_blocked(a, c);
}

bool all_next(struct all_chooser *a, const struct cluster *c)
{
    if (a->reduce)
        analyse(a, c);
    for (; a->count > 0; a->count--) {
        struct level *l = &a->levels[a->count - 1];
        uint64_t left;

        l->done |= bit(l->chosen);
        if (a->reduce)
            put_to_sleep(l, l->chosen, &event_of(a, c, a->count - 1)->footprint);
        left = l->backtrack & ~l->done & ~asleep(l);
        if (left) {
            l->chosen = __builtin_ctzll(left);
            a->prefix = a->count;
            return true;
        }
    }
    return false;
}

void all_init(struct all_chooser *a, bool reduce)
{
    *a = (struct all_chooser){.reduce = reduce};
    a->chooser = (struct chooser){.name = "all", .pick = pick};
}

void all_release(struct all_chooser *a)
{
    for (int i = 0; i < a->cap; i++)
        free(a->levels[i].sleep);
    free(a->levels);
}
