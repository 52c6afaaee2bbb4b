#include "sim/explore/search/drive.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/explore/search/audit.h"
#include "sim/explore/search/coalesce.h"
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/rounds.h"
#include "sim/explore/strategy/dpor.h"

/* One execution, and where the next one goes; *more: there is one. */
static enum err_code run_next(struct search *s, struct script_chooser *script,
                              struct all_chooser *all, bool *more, struct err *err)
{
    script_begin(script);
    if (search_execute(s, &script->chooser, err) != OK)
        return err->code;
    *more = all_next(all, s->cluster);
    return search_finish_one(s, err);
}

/* Until all are tried, or something ends it: that is in s->end. */
static void run_each(struct search *s, struct script_chooser *script, struct all_chooser *all,
                     struct rounds *rounds, struct err *err)
{
    bool more = true;

    while (more && run_next(s, script, all, &more, err) == OK) {
        if (more && search_over_budget(s)) {
            s->end = SEARCH_BUDGET;
            break;
        }
        if (more && all->bound < 0 && rounds_step(rounds, err) != OK)
            break;
    }
    if (err->code == ERR_STOP)
        s->end = SEARCH_STOPPED;
    if (s->end == SEARCH_BUDGET || s->end == SEARCH_STOPPED)
        rounds_tell(rounds);
    else if (s->bounded || s->held)
        s->end = SEARCH_BOUND;
}

static enum err_code run_all(struct search *s, struct script_chooser *script, struct err *err)
{
    const struct order *o = &s->scenario->order;
    struct all_chooser all;
    struct rounds rounds;

    all_init(&all, !s->options.no_reduction && !o->within);
    s->all = &all;
    all.bound = o->within ? o->bound : -1;
    all.delays = o->delays;
    s->count_classes = !all.reduce;
    s->keep_classes = audit_wanted(s);
    script->then = &all.chooser;
    s->end = o->within ? SEARCH_WITHIN : SEARCH_COMPLETE;
    rounds_init(&rounds, s);
    run_each(s, script, &all, &rounds, err);
    rounds_release(&rounds);
    s->all = NULL;
    all_release(&all);
    script->then = NULL;
    return err->code;
}

/* A script that is lost, and may be: what it says before that step, and then every order. */
static enum err_code run_lost(struct search *s, struct script_chooser *script, struct err *err)
{
    struct order *o = &s->scenario->order;

    search_forget(s);
    s->lost_at = script->lost + 1;
    o->step_count = script->lost;
    o->kind = ORDER_ALL;
    return run_all(s, script, err);
}

static enum err_code run_script(struct search *s, struct script_chooser *script, struct err *err)
{
    s->end = SEARCH_SCRIPT;
    script_begin(script);
    if (search_execute(s, &script->chooser, err) == OK)
        search_finish_one(s, err);
    return err->code == OK && script->lost >= 0 ? run_lost(s, script, err) : err->code;
}

static enum err_code shorten_witnesses(struct search *s, struct err *err)
{
    for (int i = 0; i < 2 * s->tally_count && err->code == OK; i++) {
        struct schedule *w = &s->tallies[i / 2].witness[i % 2];

        if (w->any && w->preemptions > 0)
            shorten(s, w, err);
    }
    return err->code;
}

/* Did the search see all that it was to see? A sample may have missed something, and an order that
 * others stand in for ("else") is there for what it shows. */
static bool saw_all(const struct search *s)
{
    return s->end == SEARCH_COMPLETE ||
           (s->end == SEARCH_SCRIPT && !s->scenario->order.search_if_lost);
}

/* A fault whose point nobody comes to tests nothing. */
static enum err_code check_faults(struct search *s, struct err *err)
{
    const struct fault *f = fault_never(s->cluster);
    struct strbuf nth = STRBUF_INIT;

    if (!f || !saw_all(s))
        return OK;
    if (f->nth > 1)
        strbuf_printf(&nth, "#%d", f->nth);
    err_set(err, ERR_INPUT, "%s:%d:%d: the fault never happens: no task%s%s came to \"%s%s\"",
            s->scenario->file, f->line, f->column, f->node >= 0 ? " of " : "",
            f->node >= 0 ? s->scenario->nodes[f->node].name : "", f->point, nth.s);
    strbuf_release(&nth);
    return err->code;
}

/* What was run has been counted: the rest. */
enum err_code search_conclude(struct search *s, struct err *err)
{
    if (s->doubt && (s->end == SEARCH_COMPLETE || s->end == SEARCH_WITHIN))
        s->end = SEARCH_DOUBTED;
    if (check_faults(s, err) == OK && s->twin && !s->options.twin_every)
        twin_repeat_outcomes(s, err);
    if (err->code == OK && s->end != SEARCH_SCRIPT)
        shorten_witnesses(s, err);
    return err->code;
}

enum err_code search_run(struct search *s, struct err *err)
{
    struct script_chooser script;
    enum err_code code = OK;
    bool over = false;

    s->start_ms = gate_now_ms();
    script_init(&script, s->scenario, NULL);
    switch (s->scenario->order.kind) {
    case ORDER_ALL:
        code = (s->options.control ? run_control : run_all)(s, &script, err);
        break;
    case ORDER_SAMPLE:
        code = run_sample(s, &script, 0, s->scenario->order.runs, &over, err);
        s->end = over ? SEARCH_BUDGET : SEARCH_SAMPLED;
        break;
    case ORDER_SCRIPT:
        code = run_script(s, &script, err);
        break;
    }
    script_release(&script);
    if (code == OK && s->end == SEARCH_COMPLETE && audit_wanted(s) && !s->doubt)
        code = audit_run(s, err);
    s->never_inside = inside_never(s->cluster);
    return code == OK ? search_conclude(s, err) : code;
}
