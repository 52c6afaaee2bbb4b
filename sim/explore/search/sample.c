/*
 * sample: so many orders, each from the seed and its own number alone.
 */
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/drive.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>

#define PILOTS 9 /* runs that only measure how many steps there are */

struct samplers {
    enum sampler kind;
    struct random_chooser random;
    struct pct_chooser pct;
    struct pos_chooser pos;
};

static struct chooser *begin(struct samplers *p, uint64_t seed, uint64_t run)
{
    switch (p->kind) {
    case SAMPLE_RANDOM:
        random_begin(&p->random, seed, run);
        return &p->random.chooser;
    case SAMPLE_PCT:
        pct_begin(&p->pct, seed, run);
        return &p->pct.chooser;
    case SAMPLE_POS:
        pos_begin(&p->pos, seed, run);
        return &p->pos.chooser;
    }
    return NULL;
}

/* Random runs that nobody counts: of how many steps is the longest? A quarter more than that: a
 * change beyond the end does no harm, and behind the last step that is planned for there is none. */
static enum err_code measure(struct search *s, struct samplers *p, struct script_chooser *script,
                             int *steps, struct err *err)
{
    *steps = 1;
    for (int i = 0; i < PILOTS; i++) {
        script_begin(script);
        random_begin(&p->random, s->scenario->order.seed, UINT64_MAX - (uint64_t)i);
        script->then = &p->random.chooser;
        if (cluster_run(s->cluster, &script->chooser, err) != OK)
            return err->code;
        if (s->cluster->event_count > *steps)
            *steps = s->cluster->event_count;
        if (search_reset(s, err) != OK)
            return err->code;
    }
    *steps += (*steps + 3) / 4;
    return OK;
}

static enum err_code prepare(struct search *s, struct samplers *p, struct script_chooser *script,
                             struct err *err)
{
    const struct order *o = &s->scenario->order;

    p->kind = o->sampler;
    random_init(&p->random);
    pos_init(&p->pos);
    if (p->kind != SAMPLE_PCT)
        return OK;
    s->pct_tasks = s->cluster->task_count + (s->scenario->fault_count > 0); /* and the host */
    if (s->pct_steps || measure(s, p, script, &s->pct_steps, err) == OK)
        pct_init(&p->pct, o->depth, s->pct_tasks, s->pct_steps);
    return err->code;
}

static enum err_code run_one(struct search *s, struct samplers *p, struct script_chooser *script,
                             int64_t run, struct err *err)
{
    script_begin(script);
    script->then = begin(p, s->scenario->order.seed, (uint64_t)run);
    if (search_execute(s, &script->chooser, err) == OK)
        search_finish_one(s, err);
    return err->code;
}

enum err_code run_sample(struct search *s, struct script_chooser *script, int64_t from, int64_t to,
                         bool *over, struct err *err)
{
    assert(s);
    assert(script);
    assert(over);
    assert(from <= to);

    struct samplers samplers;

    s->count_classes = true;
    prepare(s, &samplers, script, err);
    for (int64_t i = from; i < to && err->code == OK && !*over; i++) {
        *over = search_over_budget(s);
        if (!*over)
            run_one(s, &samplers, script, i, err);
    }
    script->then = NULL;
    return err->code;
}
