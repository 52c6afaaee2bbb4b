#include "base/mem.h"
#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct order_step *step_at(const struct script_chooser *s, int i)
{
    return &s->scenario->order.steps[i];
}

/* NULL: it is nobody's. */
static const struct task *task_of_step(const struct script_chooser *s, const struct cluster *c,
                                       int i)
{
    return step_at(s, i)->no_fault ? NULL : task_named(c->tasks[0].cluster, step_at(s, i)->task);
}

static bool is_of(const struct order_step *step, const struct task *t)
{
    return strcmp(step->task, t->name) == 0;
}

/* The task is about to do the step's point, for the time that is meant. */
static bool about_to(const struct script_chooser *s, int i, const struct task *t)
{
    const struct order_step *step = step_at(s, i);

    return step->point && s->seen[i] + 1 == step->nth && point_matches(&t->pending, step->point);
}

/* Counts for all steps, since times are counted from the start of the execution. */
static int picked(struct script_chooser *s, const struct cluster *c, int task)
{
    for (int i = 0; i < s->scenario->order.step_count; i++) {
        const struct order_step *step = step_at(s, i);

        if (step->point && is_of(step, &c->tasks[task]) &&
            point_matches(&c->tasks[task].pending, step->point))
            s->seen[i]++;
    }
    return task;
}

static void tell_step(const struct script_chooser *s, int i, struct strbuf *out)
{
    const struct order_step *step = step_at(s, i);

    if (step->line)
        strbuf_printf(out, "%s:%d:%d: ", s->scenario->file, step->line, step->column);
    strbuf_printf(out, "the order cannot be followed: step %d ", i + 1);
    if (step->no_fault) {
        strbuf_adds(out, "says that no fault happens, but that is for where nobody can go on");
        return;
    }
    strbuf_printf(out, "runs %s %s \"%s\"", step->task, step->through ? "through" : "until",
                  step->point);
    if (step->nth > 1)
        strbuf_printf(out, " (time %d)", step->nth);
}

/* t: the step's task; NULL: it is nobody's. */
static int cannot_follow(struct script_chooser *s, struct cluster *c, int i, const struct task *t)
{
    struct strbuf text = STRBUF_INIT;

    if (s->scenario->order.search_if_lost) {
        s->lost = i;
        return CHOOSE_STOP;
    }
    tell_step(s, i, &text);
    if (t && t->alive) {
        strbuf_adds(&text, ", but it waits at \"");
        point_text(&t->pending, &text);
        strbuf_addc(&text, '"');
    } else if (t) {
        strbuf_adds(&text, ", but it ended before");
    }
    cluster_fail(c, ERR_INPUT, "%s", text.s);
    strbuf_release(&text);
    return CHOOSE_STOP;
}

/* Is there nothing left to do of the step? */
static bool is_done(const struct script_chooser *s, const struct cluster *c, int i,
                    uint64_t enabled)
{
    const struct order_step *step = step_at(s, i);
    const struct task *t;

    if (step->no_fault)
        return false;
    t = task_of_step(s, c, i);
    if (!step->point)
        return !(enabled >> t->index & 1);
    return !step->through && t->alive && about_to(s, i, t);
}

static int pick_by(struct script_chooser *s, const struct choice *choice,
                   const struct order_step *step)
{
    struct cluster *c = choice->cluster->tasks[0].cluster;
    const struct task *t = task_of_step(s, c, s->step);

    if (t && choice->enabled >> t->index & 1) {
        s->step += step->through && about_to(s, s->step, t);
        return picked(s, c, t->index);
    }
    if (choice->end < 0)
        return cannot_follow(s, c, s->step, t);
    s->step += step->no_fault;
    return choice->end;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct script_chooser *s = (struct script_chooser *)self;
    const struct order *o = &s->scenario->order;
    int task;

    if (s->then && o->step_count == 0)
        return s->then->pick(s->then, choice);
    while (s->step < o->step_count && is_done(s, choice->cluster, s->step, choice->enabled))
        s->step++;
    if (s->step < o->step_count)
        return pick_by(s, choice, step_at(s, s->step));
    task = s->then ? s->then->pick(s->then, choice) : choose_fixed(choice);
    return task == CHOOSE_STOP ? task : picked(s, choice->cluster, task);
}

/* What is left of the script has to be steps that have nothing to reach. */
static void over(struct chooser *self, const struct cluster *c)
{
    struct script_chooser *s = (struct script_chooser *)self;

    while (s->step < s->scenario->order.step_count && is_done(s, c, s->step, 0))
        s->step++;
    if (s->step < s->scenario->order.step_count)
        cannot_follow(s, c->tasks[0].cluster, s->step, task_of_step(s, c, s->step));
}

void script_init(struct script_chooser *s, const struct scenario *scenario, struct chooser *then)
{
    assert(s);
    assert(scenario);
    s->chooser = (struct chooser){.name = "script", .pick = pick, .over = over};
    s->scenario = scenario;
    s->then = then;
    s->seen = mem_alloc(sizeof *s->seen * (size_t)(scenario->order.step_count + 1));
    s->step = 0;
    s->lost = -1;
}

void script_begin(struct script_chooser *s)
{
    assert(s);
    s->step = 0;
    s->lost = -1;
    memset(s->seen, 0, sizeof *s->seen * (size_t)(s->scenario->order.step_count + 1));
}

void script_release(struct script_chooser *s)
{
    assert(s);
    free(s->seen);
}
