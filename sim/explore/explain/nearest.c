#include "sim/explore/explain/nearest.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MAX 400    /* executions */
#define STEPS_MAX 100000 /* … and their steps, all in all */

/* The broken execution. */
struct original {
    const struct schedule *schedule;
    struct event *events;
    uint64_t *enabled; /* per event: who could have gone on */
    int count;
};

struct deviation {
    struct chooser chooser;
    struct original *from;
    bool record;  /* first of all: the original itself, to see who is enabled */
    int at, task; /* where it leaves the original, and who goes on there */
    bool faults;  /* only tasks that are faults go on there; else only those that are none */
    bool goes_on; /* … as long as it can, and not for one step only */
    bool reached; /* a script has left it the choice */
    bool *used;   /* events of the original that have come again, after `at` */
    int first;    /* the first that has not */
    int tries;    /* left */
};

/* The task's next event from `from` on; count if there is none. */
static int next_of(const struct original *o, int task, int from)
{
    while (from < o->count && o->events[from].task != task)
        from++;
    return from;
}

static void use(struct deviation *d, int task)
{
    int i = next_of(d->from, task, d->at);

    while (i < d->from->count && d->used[i])
        i = next_of(d->from, task, i + 1);
    if (i < d->from->count)
        d->used[i] = true;
}

static int follow(struct deviation *d, const struct choice *choice)
{
    struct original *o = d->from;

    if (d->goes_on && choice->enabled >> d->task & 1) {
        use(d, d->task);
        return d->task;
    }
    d->goes_on = false;
    while (d->first < o->count && d->used[d->first])
        d->first++;
    for (int i = d->first; i < o->count; i++)
        if (!d->used[i] && choice->enabled >> o->events[i].task & 1) {
            d->used[i] = true;
            return o->events[i].task;
        }
    return choose_fixed(choice);
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct deviation *d = (struct deviation *)self;
    struct original *o = d->from;
    int n = choice->number;

    if (d->record && n < o->schedule->count)
        o->enabled[n] = choice->enabled;
    if (d->record || n < d->at)
        return n < o->schedule->count && choice->enabled >> o->schedule->tasks[n] & 1
                   ? o->schedule->tasks[n]
                   : choose_fixed(choice);
    if (n > d->at)
        return follow(d, choice);
    d->reached = choice->enabled >> d->task & 1;
    return d->reached ? d->task : choose_fixed(choice);
}

static enum err_code run(struct search *s, struct deviation *d, struct err *err)
{
    struct script_chooser script;
    enum err_code code;

    script_init(&script, s->scenario, &d->chooser);
    script_begin(&script);
    code = cluster_run(s->cluster, &script.chooser, err);
    script.then = NULL;
    script_release(&script);
    return code;
}

/* Does the step depend on one of another task, from `at` on and before it? */
static int depends_on(const struct original *o, int step, int at)
{
    for (int i = at; i < step; i++)
        if (o->events[i].task != o->events[step].task &&
            footprint_dependent(&o->events[i].footprint, &o->events[step].footprint))
            return i;
    return -1;
}

/* Would it change anything if the task's next step came at `at`, or all that follow as well? */
static bool matters(const struct original *o, int at, int task, bool goes_on)
{
    int step = next_of(o, task, at);

    if (step == o->count)
        return true; /* the original ended before it */
    for (; step < o->count; step = next_of(o, task, step + 1))
        if (depends_on(o, step, at) >= 0)
            return true;
        else if (!goes_on)
            break;
    return false;
}

/* --- which two steps go the other way --- */

/* How many events of its task come before it. */
static int nth(const struct event *events, int event)
{
    int n = 0;

    for (int i = 0; i < event; i++)
        n += events[i].task == events[event].task;
    return n;
}

static int find_nth(const struct cluster *c, int task, int n)
{
    for (int i = 0; i < c->event_count; i++)
        if (c->events[i].task == task && n-- == 0)
            return i;
    return -1;
}

/* Where the same step is in the passing execution; -1: nowhere. */
static int twin(const struct original *o, const struct cluster *passing, int event)
{
    return find_nth(passing, o->events[event].task, nth(o->events, event));
}

/* Of the steps that came forward, the first that depended on what it has overtaken. */
static void find_race(const struct original *o, const struct cluster *passing, struct nearest *out)
{
    int task = passing->events[out->common].task, later = next_of(o, task, out->common);

    for (; later < o->count; later = next_of(o, task, later + 1)) {
        int first = depends_on(o, later, out->common);
        int behind = first < 0 ? -1 : twin(o, passing, first), before = twin(o, passing, later);

        if (before < 0 || behind < before)
            continue;
        out->race[0] = first;
        out->race[1] = later;
        out->passing_race[0] = behind;
        out->passing_race[1] = before;
        return;
    }
}

static void take(const struct original *o, const struct search *s, int at, struct nearest *out)
{
    const struct cluster *c = s->cluster;

    out->passing = (struct schedule){.any = true, .count = c->event_count};
    out->passing.preemptions = c->preemptions;
    out->passing.tasks = mem_alloc((size_t)c->event_count + 1);
    for (int i = 0; i < c->event_count; i++)
        out->passing.tasks[i] = (uint8_t)c->events[i].task;
    out->common = at;
    find_race(o, c, out);
}

/* --- the search --- */

static bool holds(struct search *s, const struct tally *t)
{
    const struct cluster *c = s->cluster;

    return (c->end == END_DONE || c->end == END_DEADLOCK) && search_judge(s, t, NULL);
}

static enum err_code try_one(struct search *s, const struct tally *t, struct deviation *d,
                             struct nearest *out, struct err *err)
{
    struct original *o = d->from;

    memset(d->used, 0, sizeof *d->used * (size_t)o->count);
    d->first = d->at;
    use(d, d->task);
    if (run(s, d, err) != OK)
        return err->code;
    if (d->reached && holds(s, t))
        take(o, s, d->at, out);
    return search_reset(s, err);
}

/* Each task that could have gone on at this choice: for a step, or as long as it can. */
static enum err_code try_at(struct search *s, const struct tally *t, struct deviation *d,
                            struct nearest *out, struct err *err)
{
    const struct original *o = d->from;

    for (int i = 0; i < 2 * s->cluster->task_count && err->code == OK && !out->passing.any; i++) {
        d->task = i / 2;
        d->goes_on = i % 2;
        if (!(o->enabled[d->at] >> d->task & 1) || d->task == o->events[d->at].task ||
            (s->cluster->tasks[d->task].kind == TASK_FAULT) != d->faults ||
            (!d->faults && !matters(o, d->at, d->task, d->goes_on)))
            continue;
        if (d->tries-- == 0)
            break;
        try_one(s, t, d, out, err);
    }
    return err->code;
}

static enum err_code try_all(struct search *s, const struct tally *t, struct deviation *d,
                             struct nearest *out, struct err *err)
{
    for (d->at = d->from->count - 1; d->at >= 0 && !out->passing.any && d->tries > 0; d->at--)
        if (try_at(s, t, d, out, err) != OK)
            break;
    return err->code;
}

static int tries_for(int steps)
{
    int tries = STEPS_MAX / (steps + 1);

    return tries < TRIES_MAX ? tries : TRIES_MAX;
}

static enum err_code learn(struct search *s, struct deviation *d, struct err *err)
{
    struct original *o = d->from;
    const struct cluster *c = s->cluster;

    o->enabled = mem_alloc(sizeof *o->enabled * ((size_t)o->schedule->count + 1));
    if (run(s, d, err) != OK)
        return err->code;
    o->count = c->event_count < o->schedule->count ? c->event_count : o->schedule->count;
    o->events = mem_alloc(sizeof *o->events * ((size_t)o->count + 1));
    memcpy(o->events, c->events, sizeof *o->events * (size_t)o->count);
    d->used = mem_alloc(sizeof *d->used * ((size_t)o->count + 1));
    return search_reset(s, err);
}

enum err_code nearest_passing(struct search *s, const struct tally *t, struct nearest *out,
                              struct err *err)
{
    assert(s);
    assert(t);
    assert(out);

    struct original o = {.schedule = &t->witness[0]};
    struct deviation d = {.chooser = {.name = "nearest", .pick = pick}, .from = &o, .record = true};
    enum err_code code = OK;

    *out = (struct nearest){.race = {-1, -1}, .passing_race = {-1, -1}};
    if (s->scenario->order.kind == ORDER_SCRIPT || !o.schedule->any)
        return OK;
    code = learn(s, &d, err);
    d.record = false;
    d.tries = tries_for(o.count);
    if (code == OK)
        code = try_all(s, t, &d, out, err);
    d.faults = true;
    if (code == OK && !out->passing.any)
        code = try_all(s, t, &d, out, err);
    free(o.enabled);
    free(o.events);
    free(d.used);
    return code;
}

void nearest_release(struct nearest *n)
{
    assert(n);
    free(n->passing.tasks);
    n->passing = (struct schedule){.any = false};
}
