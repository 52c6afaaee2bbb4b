#include "base/mem.h"
#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <stdlib.h>
#include <string.h>

static const struct order_step *step_at(const struct script_chooser *s, int i)
{
    return &s->scenario->order.steps[i];
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

static int cannot_follow(struct script_chooser *s, struct cluster *c, int i, const struct task *t)
{
    const struct order_step *step = step_at(s, i);
    struct strbuf text = STRBUF_INIT;

    if (s->scenario->order.search_if_lost) {
        s->lost = i;
        return CHOOSE_STOP;
    }
    if (step->line)
        strbuf_printf(&text, "%s:%d:%d: ", s->scenario->file, step->line, step->column);
    strbuf_printf(&text, "the order cannot be followed: step %d runs %s %s \"%s\"", i + 1,
                  step->task, step->through ? "through" : "until", step->point);
    if (step->nth > 1)
        strbuf_printf(&text, " (time %d)", step->nth);
    if (t->alive) {
        strbuf_adds(&text, ", but it waits at \"");
        point_text(&t->pending, &text);
        strbuf_addc(&text, '"');
    } else {
        strbuf_adds(&text, ", but it ended before");
    }
    cluster_fail(c, ERR_INPUT, "%s", text.s);
    strbuf_release(&text);
    return CHOOSE_STOP;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct script_chooser *s = (struct script_chooser *)self;
    struct cluster *c = choice->cluster->tasks[0].cluster;
    int task;

    if (s->then && s->scenario->order.step_count == 0)
        return s->then->pick(s->then, choice);
    for (; s->step < s->scenario->order.step_count; s->step++) {
        const struct order_step *step = step_at(s, s->step);
        const struct task *t = task_named(c, step->task);

        if (!(choice->enabled >> t->index & 1)) {
            if (step->point)
                return cannot_follow(s, c, s->step, t);
            continue;
        }
        if (about_to(s, s->step, t)) {
            if (!step->through)
                continue;
            s->step++;
        }
        s->scripted = choice->number + 1;
        return picked(s, c, t->index);
    }
    task = s->then ? s->then->pick(s->then, choice) : choose_fixed(choice);
    return task == CHOOSE_STOP ? task : picked(s, c, task);
}

/* What is left of the script has to be steps that have nothing to reach. */
static void over(struct chooser *self, const struct cluster *c)
{
    struct script_chooser *s = (struct script_chooser *)self;

    for (int i = s->step; i < s->scenario->order.step_count; i++)
        if (step_at(s, i)->point) {
            cannot_follow(s, c->tasks[0].cluster, i,
                          task_named(c->tasks[0].cluster, step_at(s, i)->task));
            return;
        }
}

void script_init(struct script_chooser *s, const struct scenario *scenario, struct chooser *then)
{
    s->chooser = (struct chooser){.name = "script", .pick = pick, .over = over};
    s->scenario = scenario;
    s->then = then;
    s->seen = mem_alloc(sizeof *s->seen * (size_t)(scenario->order.step_count + 1));
    s->step = s->scripted = 0;
    s->lost = -1;
}

void script_begin(struct script_chooser *s)
{
    s->step = s->scripted = 0;
    s->lost = -1;
    memset(s->seen, 0, sizeof *s->seen * (size_t)(s->scenario->order.step_count + 1));
}

void script_release(struct script_chooser *s)
{
    free(s->seen);
}
