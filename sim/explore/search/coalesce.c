#include "sim/explore/search/coalesce.h"
#include "sim/explore/strategy/dpor.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The steps of one execution, by task, and how far each task has come in the new order. */
struct weave {
    const struct all_chooser *order;
    const struct cluster *c;
    int *next; /* per task: the index of its next step, event_count if it has none */
    bool *done;
};

static int next_of(const struct weave *w, int task, int from)
{
    for (; from < w->c->event_count; from++)
        if (w->c->events[from].task == task)
            return from;
    return w->c->event_count;
}

/* A step that has to come before step i and is not done yet: the earliest; -1 if there is none. */
static int missing(const struct weave *w, int i)
{
    const struct level *l = &w->order->levels[i];

    for (int k = 0; k < i; k++)
        if (!w->done[k] && (k < l->floor || l->clock[w->c->events[k].task] > k))
            return k;
    return -1;
}

/* The task that can go on so that `task` gets nearer to its next step; itself if it can. */
static int helper_of(const struct weave *w, int task)
{
    int step = w->next[task], needed;

    if (step == w->c->event_count)
        return -1;
    while ((needed = missing(w, step)) >= 0)
        step = w->next[w->c->events[needed].task];
    return w->c->events[step].task;
}

static int any_task(const struct weave *w)
{
    for (int i = 0; i < w->c->event_count; i++)
        if (!w->done[i])
            return helper_of(w, w->c->events[i].task);
    return -1;
}

/* Writes the order that begins with `first` and changes tasks only where it must. */
static void weave(struct weave *w, int first, uint8_t *out)
{
    int task = first;

    memset(w->done, 0, sizeof *w->done * (size_t)w->c->event_count);
    for (int i = 0; i <= w->c->task_count; i++)
        w->next[i] = next_of(w, i, 0);
    for (int n = 0; n < w->c->event_count; n++) {
        task = helper_of(w, task);
        if (task < 0)
            task = any_task(w);
        w->done[w->next[task]] = true;
        w->next[task] = next_of(w, task, w->next[task] + 1);
        out[n] = (uint8_t)task;
    }
}

static enum err_code run_given(struct search *s, const uint8_t *tasks, int count, struct err *err)
{
    struct given_chooser given;

    given_init(&given, tasks, count);
    return cluster_run(s->cluster, &given.chooser, err);
}

/* All candidates: one for each task to begin with. They are written down before any of them is run.
 */
static uint8_t *candidates(struct search *s, const struct schedule *schedule, struct err *err)
{
    struct cluster *c = s->cluster;
    struct all_chooser order;
    struct weave w = {.order = &order, .c = c};
    uint8_t *out = NULL;

    if (run_given(s, schedule->tasks, schedule->count, err) != OK)
        return NULL;
    if (c->event_count == schedule->count) {
        all_init(&order, true);
        all_order_events(&order, c);
        w.next = mem_alloc(sizeof *w.next * (size_t)(c->task_count + 1)); /* and the host */
        w.done = mem_alloc(sizeof *w.done * (size_t)c->event_count + 1);
        out = mem_alloc((size_t)c->task_count * (size_t)schedule->count + 1);
        for (int i = 0; i < c->task_count; i++)
            weave(&w, i, out + (size_t)i * (size_t)schedule->count);
        free(w.next);
        free(w.done);
        all_release(&order);
    }
    search_reset(s, err);
    return out;
}

/* Many tasks cannot be the first one: what begins with them is what begins with another. */
static bool is_repeated(const uint8_t *tried, int i, size_t count)
{
    for (int k = 0; k < i; k++)
        if (memcmp(tried + (size_t)k * count, tried + (size_t)i * count, count) == 0)
            return true;
    return false;
}

enum err_code shorten(struct search *s, struct schedule *schedule, struct err *err)
{
    assert(s);
    assert(schedule);

    size_t count = (size_t)schedule->count;
    uint8_t *tried = candidates(s, schedule, err);

    for (int i = 0; tried && i < s->cluster->task_count && err->code == OK; i++) {
        const uint8_t *tasks = tried + (size_t)i * count;

        if (schedule->preemptions == 0)
            break;
        if (is_repeated(tried, i, count))
            continue;
        if (run_given(s, tasks, schedule->count, err) != OK) {
            if (err->code == ERR_DIVERGE)
                err_wrap(err, "steps that were called independent changed places");
            break;
        }
        if (s->cluster->event_count == schedule->count &&
            s->cluster->preemptions < schedule->preemptions) {
            memcpy(schedule->tasks, tasks, count);
            schedule->preemptions = s->cluster->preemptions;
        }
        search_reset(s, err);
    }
    free(tried);
    return err->code;
}
