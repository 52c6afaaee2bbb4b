/*
 * run_control: all orders by the control, and what they count for.
 */
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/drive.h"
#include "sim/explore/strategy/control.h"
#include <assert.h>

/* All has been seen: what was run stands for so many classes. */
static void count_forward(struct search *s, const struct control *k)
{
    s->executions = (int64_t)k->total.classes;
    for (int i = 0; i < s->tally_count && i < k->tallies; i++) {
        s->tallies[i].broken = (int64_t)k->total.broken[i];
        s->tallies[i].holds = s->executions - s->tallies[i].broken;
    }
}

static enum err_code run_next(struct search *s, struct script_chooser *script, struct control *k,
                              bool *more, struct err *err)
{
    int64_t before = s->executions;
    bool ended;

    script_begin(script);
    if (search_execute(s, &script->chooser, err) != OK)
        return err->code;
    ended = s->executions > before;
    *more = control_next(k, s->cluster, ended, s->last_outcome, s->last_broken, err);
    return err->code == OK ? search_finish_one(s, err) : err->code;
}

static void run_each(struct search *s, struct script_chooser *script, struct control *k,
                     struct err *err)
{
    bool more = true;

    while (more && run_next(s, script, k, &more, err) == OK)
        if (more && search_over_budget(s)) {
            s->end = SEARCH_BUDGET;
            break;
        }
    if (err->code == ERR_STOP)
        s->end = SEARCH_STOPPED;
    else if ((s->bounded || s->held) && s->end == SEARCH_COMPLETE)
        s->end = SEARCH_BOUND;
    if (s->end == SEARCH_COMPLETE && err->code == OK)
        count_forward(s, k);
}

enum err_code run_control(struct search *s, struct script_chooser *script, struct err *err)
{
    assert(s);
    assert(script);

    struct control k;

    if (!state_known(s->cluster))
        return err_set(err, ERR_INPUT, "--control needs the model, and no loss of power");
    if (s->scenario->order.within)
        return err_set(err, ERR_INPUT, "--control knows no bound of preemptions");
    control_init(&k, s->cluster, s->tally_count);
    script->then = &k.chooser;
    s->end = SEARCH_COMPLETE;
    run_each(s, script, &k, err);
    s->steps = k.steps;
    s->states = k.pairs.count;
    s->merged = k.merged;
    script->then = NULL;
    control_release(&k);
    return err->code;
}
