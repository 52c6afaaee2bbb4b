#include "sim/explore/strategy/dpor.h"
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TASK_MAX <= CLOCK_TASKS, "a clock has a place for each task");
_Static_assert(POINTS_MAX < INT16_MAX, "a clock counts all events");

enum { NEVER = INT_MAX }; /* a level that does not come */

static uint64_t bit(int task)
{
    return UINT64_C(1) << task;
}

/* --- levels --- */

struct level *all_add_level(struct all_chooser *a)
{
    assert(a);

    struct level *l;

    if (a->count == a->cap) {
        int cap = a->cap ? 2 * a->cap : 64;

        a->levels = mem_grow(a->levels, (size_t)cap, sizeof *a->levels);
        memset(a->levels + a->cap, 0, sizeof *a->levels * (size_t)(cap - a->cap));
        a->cap = cap;
    }
    l = &a->levels[a->count++];
    l->sleep_count = l->inherited = 0;
    l->tree = l->tried = 0;
    return l;
}

void all_put_to_sleep(struct level *l, int task, const struct footprint *f)
{
    assert(l);
    assert(f);
    assert(task >= 0 && task < TASK_MAX);
    if (l->sleep_count == l->sleep_cap) {
        l->sleep_cap = l->sleep_cap ? 2 * l->sleep_cap : 4;
        l->sleep = mem_grow(l->sleep, (size_t)l->sleep_cap, sizeof *l->sleep);
    }
    l->sleep[l->sleep_count].task = task;
    footprint_copy(&l->sleep[l->sleep_count++].footprint, f);
}

static uint64_t asleep(const struct level *l)
{
    uint64_t mask = 0;

    for (int i = 0; i < l->sleep_count; i++)
        mask |= bit(l->sleep[i].task);
    return mask;
}

/* Who slept before the last event and was not woken by it sleeps on. */
static void inherit_sleep(struct level *l, const struct level *parent,
                          const struct footprint *event)
{
    for (int i = 0; i < parent->sleep_count; i++) {
        const struct sleeper *s = &parent->sleep[i];

        if (s->task == parent->chosen || footprint_dependent(&s->footprint, event))
            continue;
        all_put_to_sleep(l, s->task, &s->footprint);
    }
    l->inherited = l->sleep_count;
}

/* Who may go on without a delay too many. */
static uint64_t within_delays(const struct choice *choice, int bound)
{
    const struct cluster *c = choice->cluster;
    uint64_t mask = 0;

    for (uint64_t left = choice->enabled; left; left &= left - 1) {
        int task = __builtin_ctzll(left);

        if (task == choice->end || c->delays + schedule_delays(choice, task) <= bound)
            mask |= bit(task);
    }
    return mask;
}

/* Who may go on without a preemption too many: as scheduler.c counts them. */
static uint64_t within_bound(const struct choice *choice, int bound)
{
    const struct cluster *c = choice->cluster;

    if (c->preemptions < bound || c->last_stepped < 0 || !(choice->enabled >> c->last_stepped & 1))
        return choice->enabled;
    return choice->enabled & (bit(c->last_stepped) | (choice->end >= 0 ? bit(choice->end) : 0));
}

/* Takes over what the tree above has for this level; what is not possible here is dropped. */
static void inherit_tree(struct all_chooser *a, struct level *l, const struct level *parent,
                         uint64_t awake)
{
    int first = parent->tree, node;

    l->tree = a->pool.v[first].child;
    a->pool.v[first].child = 0;
    while ((node = l->tree) && !(awake >> a->pool.v[node].task & 1)) {
        l->tree = a->pool.v[node].sibling;
        a->pool.v[node].sibling = 0;
        wakeup_drop(&a->pool, node);
        a->stray++;
    }
}

/* Without reduction: every awake task is to be tried. */
static void try_all(struct all_chooser *a, struct level *l, uint64_t awake, int first)
{
    int last = l->tree = wakeup_new(&a->pool, first, NULL);

    for (awake &= ~bit(first); awake; awake &= awake - 1) {
        int node = wakeup_new(&a->pool, __builtin_ctzll(awake), NULL);

        a->pool.v[last].sibling = node;
        last = node;
    }
}

/* The level's choice is a new one: what may its step touch? */
static void look_at_step(const struct all_chooser *a, struct level *l, const struct choice *choice)
{
    struct task *t = &choice->cluster->tasks[l->chosen];

    if (!a->reduce)
        return;
    footprint_clear(&l->may);
    l->may.everything = true;
    if (t != choice->cluster->host)
        footprint_may(t, &t->pending, &l->may);
}

static int new_level(struct all_chooser *a, const struct choice *choice)
{
    const struct event *events = choice->cluster->events;
    struct level *l = all_add_level(a);
    const struct level *parent = a->count > 1 ? &a->levels[a->count - 2] : NULL;
    struct choice awake = *choice;

    l->enabled = choice->enabled;
    if (a->reduce && parent && !choice->barrier)
        inherit_sleep(l, parent, &events[choice->number - 1].footprint);
    awake.enabled &= ~asleep(l);
    if (!awake.enabled) {
        a->count--;
        a->cut++;
        return CHOOSE_STOP;
    }
    if (a->reduce && parent)
        inherit_tree(a, l, parent, awake.enabled);
    if (a->bound >= 0)
        awake.enabled =
            a->delays ? within_delays(&awake, a->bound) : within_bound(&awake, a->bound);
    if (!l->tree && a->reduce)
        l->tree = wakeup_new(&a->pool, choose_fixed(&awake), NULL);
    else if (!l->tree)
        try_all(a, l, awake.enabled, choose_fixed(&awake));
    l->chosen = a->pool.v[l->tree].task;
    look_at_step(a, l, choice);
    return l->chosen;
}

void all_follow(struct all_chooser *a, const struct choice *choice, int task)
{
    assert(a);
    assert(choice);

    int n = choice->number - a->first;
    struct level *l = n < a->count ? &a->levels[n] : all_add_level(a);

    l->enabled = choice->enabled;
    l->chosen = task;
    look_at_step(a, l, choice);
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct all_chooser *a = (struct all_chooser *)self;
    struct level *l;
    int n;

    if (a->count == 0)
        a->first = choice->number;
    n = choice->number - a->first;
    assert(n >= 0 && n <= a->count);
    if (n == a->count)
        return new_level(a, choice);
    l = &a->levels[n];
    if (l->enabled == choice->enabled) {
        if (n >= a->prefix - 1)
            look_at_step(a, l, choice);
        return l->chosen;
    }
    cluster_fail(choice->cluster->tasks[0].cluster, ERR_DIVERGE,
                 "not deterministic: the same choices led to other enabled tasks at choice %d",
                 choice->number);
    return CHOOSE_STOP;
}

/* --- happens-before and races --- */

static const struct event *event_of(const struct all_chooser *a, const struct cluster *c, int level)
{
    return &c->events[level + a->first];
}

static void join(int16_t *clock, const int16_t *other)
{
    for (int i = 0; i < CLOCK_TASKS; i++)
        clock[i] = other[i] > clock[i] ? other[i] : clock[i];
}

static int last_of_task(const struct all_chooser *a, const struct cluster *c, int task, int before)
{
    for (int i = before - 1; i >= 0; i--)
        if (event_of(a, c, i)->task == task)
            return i;
    return -1;
}

static struct wakeup_step *step_slot(struct all_chooser *a, int n)
{
    if (n == a->step_cap) {
        a->step_cap = a->step_cap ? 2 * a->step_cap : 64;
        a->steps = mem_grow(a->steps, (size_t)a->step_cap, sizeof *a->steps);
    }
    return &a->steps[n];
}

/* What the race's second may touch, going before the first. */
static const struct footprint *second_may(const struct all_chooser *a, const struct cluster *c,
                                          const struct race *r)
{
    static const struct footprint unknown = {.everything = true};

    if (r->unmade)
        return &unknown;
    return r->sure ? &event_of(a, c, r->second)->footprint : &a->levels[r->second].may;
}

/* Did the step at this level come without the race's first? The second is none of them, nor what
 * came when it could not be made any more. */
static bool happened_apart(const struct all_chooser *a, const struct cluster *c,
                           const struct race *r, int level)
{
    const int16_t *clock = a->levels[level].clock;

    if (clock[event_of(a, c, r->first)->task] > r->first)
        return false;
    if (!r->unmade)
        return level != r->second;
    return r->gone == NEVER || clock[event_of(a, c, r->gone)->task] <= r->gone;
}

/*
 * What happened after the race's first step without needing it, and then the second: an order in
 * which the race goes the other way. What comes after a later jump of time needed all before.
 * Returns how many steps there are before the second.
 */
static int other_way(struct all_chooser *a, const struct cluster *c, const struct race *r)
{
    int n = 0;

    bool in_wait = event_of(a, c, r->first)->in_wait; /* that time passed did not need it */

    for (int k = r->first + 1; k < a->count && (in_wait || a->levels[k].floor <= r->first); k++) {
        const struct event *e = event_of(a, c, k);

        if (happened_apart(a, c, r, k))
            *step_slot(a, n++) =
                (struct wakeup_step){e->task, k, &e->footprint, a->levels[k].clock};
    }
    *step_slot(a, n) =
        (struct wakeup_step){r->second_task, r->second, second_may(a, c, r), r->clock};
    return n;
}

/* Did the n-th of the steps come after the race's second? */
static bool after_second(const struct all_chooser *a, const struct race *r, int n)
{
    return !r->unmade && a->steps[n].clock[r->second_task] > r->second;
}

/* Is the n-th of the steps in the second's past? */
static bool in_past(const struct all_chooser *a, const struct race *r, int n)
{
    return r->clock[a->steps[n].task] > a->steps[n].at;
}

/* Can the second be the first to go? Only if none of the others is in its past, nor could be in any
 * execution in which it goes before the race's first. */
static bool second_first(const struct all_chooser *a, const struct race *r, int n)
{
    for (int k = 0; k < n; k++)
        if (in_past(a, r, k) || (!after_second(a, r, k) &&
                                 footprint_dependent(a->steps[k].footprint, a->steps[n].footprint)))
            return false;
    return true;
}

static bool takes_down(const struct cluster *c, const struct footprint *f)
{
    for (int i = 0; i < c->scenario->node_count; i++)
        if (footprint_writes(f, c->nodes[i].up_thing))
            return true;
    return false;
}

/* Is one of the first n steps, or the second, a fault that begins to lie in wait? It does so only while
 * somebody goes on: what takes nodes down may keep it from that, though they touch nothing alike. */
static bool has_in_wait(const struct all_chooser *a, const struct cluster *c, const struct race *r,
                        int n)
{
    for (int k = 0; k < n && a->steps[k].at < a->count; k++)
        if (event_of(a, c, a->steps[k].at)->in_wait)
            return true;
    return r->in_wait;
}

/* Does a step with this footprint commute with the first n, and leave them possible? */
static bool commutes(const struct all_chooser *a, const struct cluster *c, const struct race *r,
                     const struct footprint *f, int n)
{
    for (int k = 0; k < n; k++)
        if (footprint_dependent(f, a->steps[k].footprint))
            return false;
    return !(takes_down(c, f) && has_in_wait(a, c, r, n));
}

/* (a): a branch that is still to be tried begins the others. */
static int pending_branch(const struct all_chooser *a, const struct cluster *c,
                          const struct level *l, struct race *r, int n)
{
    uint64_t awake = l->enabled & ~asleep(l);

    for (int node = a->pool.v[l->tree].sibling; node; node = a->pool.v[node].sibling) {
        const struct wakeup_node *v = &a->pool.v[node];
        int k = wakeup_find(a->steps, n, v->task);

        if (!(awake >> v->task & 1))
            continue;
        if (k >= 0                      ? wakeup_initial(a->steps, k)
            : v->task == r->second_task ? second_first(a, r, n)
                                        : commutes(a, c, r, &v->footprint, n)) {
            r->settled = k >= 0 ? a->steps[k].at : NEVER;
            return node;
        }
    }
    return 0;
}

/* (b): who was tried, or need not be, begins the second's past. */
static bool tried_past(const struct all_chooser *a, const struct level *l, struct race *r, int n)
{
    for (int i = 0; i < l->sleep_count; i++) {
        int task = l->sleep[i].task, k = wakeup_find(a->steps, n, task);

        if (k >= 0 ? in_past(a, r, k) && wakeup_initial(a->steps, k)
                   : task == r->second_task && second_first(a, r, n)) {
            r->settled = k >= 0 || r->sure ? r->second : NEVER;
            return true;
        }
    }
    return false;
}

/* (c): who was tried here commutes with all of them, the second included, whatever that does. */
static bool tried_apart(const struct all_chooser *a, const struct cluster *c, const struct level *l,
                        const struct race *r, int n)
{
    bool sure = c->scenario->sure && a->fixed == 0;

    for (int i = sure ? 0 : l->inherited; i < l->sleep_count; i++)
        if (wakeup_find(a->steps, n + 1, l->sleep[i].task) < 0 &&
            commutes(a, c, r, &l->sleep[i].footprint, n + 1))
            return true;
    return false;
}

/* (d): brings a step to the front that can go on from the level, and does not sleep there. Returns how
 * many steps there are before the second now: where sleepers begin all of them, none; -1: the second
 * cannot go either. */
static int begin_awake(struct all_chooser *a, const struct level *l, int n)
{
    uint64_t awake = l->enabled & ~asleep(l);
    int k = 0;

    while (k < n && !(awake >> a->steps[k].task & 1 && wakeup_initial(a->steps, k)))
        k++;
    if (k < n) {
        struct wakeup_step step = a->steps[k];

        memmove(&a->steps[1], &a->steps[0], (size_t)k * sizeof step);
        a->steps[0] = step;
        return n;
    }
    a->steps[0] = a->steps[n];
    return awake >> a->steps[0].task & 1 ? 0 : -1;
}

/* Sees to it that the race's other way is tried from the level before it: dpor.h has the rules. */
static void reverse(struct all_chooser *a, const struct cluster *c, struct race *r)
{
    struct level *l = &a->levels[r->first];
    int n = other_way(a, c, r), node;

    r->settled = NEVER;
    if (n == 0 && !(l->enabled >> r->second_task & 1))
        return; /* it could not go before the first after all */
    node = pending_branch(a, c, l, r, n);
    if (node) {
        wakeup_insert_below(&a->pool, node, a->steps, n + 1);
        return;
    }
    if (tried_past(a, l, r, n) || tried_apart(a, c, l, r, n))
        return;
    n = begin_awake(a, l, n);
    if (n < 0)
        return; /* sleepers begin them all */
    r->settled = n > 0 ? a->steps[0].at : r->sure ? r->second : NEVER;
    wakeup_append(&a->pool, l->tree, a->steps, n + 1);
    if (r->first < a->fixed)
        a->owes = true;
}

static void note_race(struct all_chooser *a, int first, int second, int second_task, bool sure,
                      const int16_t *clock, const int16_t *enablers)
{
    struct race *r;

    if (a->race_count == a->race_cap) {
        a->race_cap = a->race_cap ? 2 * a->race_cap : 64;
        a->races = mem_grow(a->races, (size_t)a->race_cap, sizeof *a->races);
    }
    r = &a->races[a->race_count++];
    r->first = first;
    r->second = second;
    r->second_task = second_task;
    r->sure = sure;
    r->settled = NEVER;
    r->unmade = false;
    r->in_wait = false;
    memcpy(r->clock, clock, sizeof r->clock);
    if (enablers)
        join(r->clock, enablers);
}

/* Not of a step that did not happen: of a task that was left waiting, or went down. */
static bool is_sure(const struct all_chooser *a, const struct cluster *c, int j,
                    const struct footprint *f)
{
    return j < a->count && f == &event_of(a, c, j)->footprint && event_of(a, c, j)->sure;
}

/* The step j needed an event in its queue. Was there another one than i's, so that j could have
 * gone without i? */
static bool had_another(const struct all_chooser *a, const struct cluster *c, int i, int j,
                        uint64_t thing)
{
    int i_task = event_of(a, c, i)->task;

    for (int k = j - 1; k >= 0; k--) {
        const struct footprint *f = &event_of(a, c, k)->footprint;

        if (footprint_needs_one(f) == thing) /* the last read: it took what was there before */
            return footprint_leaves_one(f, thing);
        if (k != i && footprint_writes(f, thing) && (k < i || a->levels[k].clock[i_task] <= i))
            return true;
    }
    return c->early_events;
}

/* Did i make j possible? */
static bool enabled_by(const struct all_chooser *a, const struct cluster *c, int i, int j,
                       unsigned relation, const struct footprint *f)
{
    const struct footprint *earlier = &event_of(a, c, i)->footprint;
    uint64_t needed = footprint_needs_one(f);

    if (relation & RELATION_ENABLING)
        return true;
    return needed && footprint_needs_one(earlier) != needed && footprint_writes(earlier, needed) &&
           !had_another(a, c, i, j, needed);
}

/* Since when has the task waited with its step j? Since the time its last step was made in. */
static int pending_since(const struct all_chooser *a, int before)
{
    return before >= 0 ? a->levels[before].floor : 0;
}

/*
 * Finds what happened before the step j of a task with this footprint, and its races, from the
 * latest back.
 *
 * `clock` has what forced the order so far; `enablers` what made j possible. A step before those
 * cannot be swapped with j, because j needs what came of it; except where both contended: then j
 * could have had what the other got. That holds across a jump of time, too, if j was waiting
 * already. What held j up hides nothing that came before: j need not have been possible then either,
 * for want of what another had.
 */
static void analyse_step(struct all_chooser *a, const struct cluster *c, int j, int floor, int task,
                         const struct footprint *f, int16_t *clock)
{
    const unsigned early = RELATION_CONTENDED | RELATION_HELD_UP;
    wakeup_clock enablers, holders;
    bool enabled = false, held = false; /* there are some */
    int before = last_of_task(a, c, task, j), since = pending_since(a, before);

    memset(clock, 0, sizeof(wakeup_clock));
    if (before >= 0)
        memcpy(clock, a->levels[before].clock, sizeof(wakeup_clock));
    for (int i = j - 1; i >= (c->scenario->fault_count ? 0 : since); i--) {
        const struct event *e = event_of(a, c, i);
        unsigned relation;

        if ((i < since && !e->in_wait) || e->task == task || clock[e->task] > i ||
            footprint_apart(&e->footprint, f))
            continue;
        relation = footprint_relation(&e->footprint, f);
        if (!relation || (i < floor && !e->in_wait && !(relation & early)))
            continue;
        if (enabled_by(a, c, i, j, relation, f)) {
            if (!enabled)
                memset(enablers, 0, sizeof enablers);
            enabled = true;
            join(enablers, a->levels[i].clock);
        } else if (!enabled || enablers[e->task] <= i || relation & early) {
            note_race(a, i, j, task, is_sure(a, c, j, f), clock, enabled ? enablers : NULL);
            bool holds_up = relation & RELATION_HELD_UP;

            if (holds_up && !held)
                memset(holders, 0, sizeof holders);
            held |= holds_up;
            join(holds_up ? holders : clock, a->levels[i].clock);
        }
    }
    if (enabled)
        join(clock, enablers);
    if (held)
        join(clock, holders);
}

/* A task that was left with a step could have made it before: before it was left waiting by those who
 * had what it waits for, before its node went down under it. */
static void analyse_unmade(struct all_chooser *a, const struct cluster *c)
{
    wakeup_clock clock;

    a->made_races = a->race_count;
    for (int i = 0; i < c->unmade_count; i++) {
        const struct unmade *u = &c->unmade[i];
        int until = u->until - a->first, gone = u->gone < 0 ? NEVER : u->gone - a->first;

        if (until < 0 || gone < 0)
            continue; /* a script's doing */
        analyse_step(a, c, until, until > gone ? gone : 0, u->task, &u->footprint, clock);
        for (int k = a->made_races; k < a->race_count; k++)
            if (!a->races[k].unmade) {
                a->races[k].unmade = true;
                a->races[k].in_wait = u->in_wait;
                a->races[k].gone = gone;
            }
    }
}

/* What happened before the steps from this level on, and their races. */
static void analyse_made(struct all_chooser *a, const struct cluster *c, int from)
{
    for (int j = from; j < a->count; j++) {
        struct level *l = &a->levels[j];
        const struct event *e = event_of(a, c, j);
        int before;

        l->floor = e->barrier || j == 0 ? j : a->levels[j - 1].floor;
        before = a->race_count;
        analyse_step(a, c, j, l->floor, e->task, &e->footprint, l->clock);
        for (int k = before; k < a->race_count; k++)
            a->races[k].in_wait = e->in_wait;
        l->clock[e->task] = (int16_t)(j + 1);
    }
}

static void analyse(struct all_chooser *a, const struct cluster *c, bool only_fixed)
{
    int from = a->prefix > 0 ? a->prefix - 1 : 0;

    a->race_count = a->made_races;
    while (a->race_count > 0 && a->races[a->race_count - 1].second >= from)
        a->race_count--;
    analyse_made(a, c, from);
    analyse_unmade(a, c);
    a->owes = false;
    for (int i = 0; i < a->race_count; i++)
        if (a->races[i].settled >= from && (!only_fixed || a->races[i].first < a->fixed))
            reverse(a, c, &a->races[i]);
}

void all_turn_round(struct all_chooser *a, const struct cluster *c, bool only_fixed)
{
    assert(a);
    assert(c);
    analyse(a, c, only_fixed);
}

void all_order_events(struct all_chooser *a, const struct cluster *c)
{
    assert(a);
    assert(c);
    for (int i = a->count; i < c->event_count - a->first; i++)
        all_add_level(a);
    analyse_made(a, c, 0);
}

/* The tree's first root has been tried. */
static void next_root(struct all_chooser *a, struct level *l)
{
    int tried = l->tree;

    l->tree = a->pool.v[tried].sibling;
    a->pool.v[tried].sibling = 0;
    wakeup_drop(&a->pool, tried);
}

bool all_next(struct all_chooser *a, const struct cluster *c)
{
    assert(a);
    assert(c);
    if (a->reduce)
        analyse(a, c, false);
    for (; a->count > a->fixed; a->count--) {
        struct level *l = &a->levels[a->count - 1];

        if (a->reduce)
            all_put_to_sleep(l, l->chosen, &event_of(a, c, a->count - 1)->footprint);
        next_root(a, l);
        l->tried++;
        while (a->reduce && l->tree && !(l->enabled & ~asleep(l) & bit(a->pool.v[l->tree].task))) {
            a->stray++;
            next_root(a, l);
        }
        if (l->tree) {
            l->chosen = a->pool.v[l->tree].task;
            a->prefix = a->count;
            return true;
        }
    }
    return false;
}

double all_share(const struct all_chooser *a)
{
    assert(a);

    double share = 0, weight = 1;

    for (int i = a->fixed; i < a->count; i++) {
        const struct level *l = &a->levels[i];
        int known = l->tried;

        for (int node = l->tree; node; node = a->pool.v[node].sibling)
            known++;
        weight /= known;
        share += weight * l->tried;
    }
    return share;
}

void all_init(struct all_chooser *a, bool reduce)
{
    assert(a);
    *a = (struct all_chooser){.bound = -1, .reduce = reduce};
    a->chooser = (struct chooser){.name = "all", .pick = pick};
}

void all_release(struct all_chooser *a)
{
    assert(a);
    for (int i = 0; i < a->cap; i++)
        free(a->levels[i].sleep);
    free(a->levels);
    free(a->steps);
    free(a->races);
    wakeup_release(&a->pool);
}
