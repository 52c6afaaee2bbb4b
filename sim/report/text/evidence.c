#include "sim/report/text/evidence.h"
#include "sim/explore/explain/export.h"
#include "sim/explore/explain/minimal.h"
#include "sim/report/text/execution_view.h"
#include <assert.h>
#include <stdlib.h>

static enum err_code tell_story(struct search *s, const struct schedule *w, struct evidence *out,
                                struct err *err)
{
    struct strbuf story = STRBUF_INIT;
    struct trace trace;

    trace_init(&trace);
    if (search_replay(s, w, &trace, NULL, err) == OK) {
        trace_story(&trace, report_task_width(s->scenario), &story);
        out->story = strbuf_take(&story);
        search_reset(s, err);
    }
    trace_release(&trace);
    return err->code;
}

/* An order that no list of steps tells is left out: the verdict stands without it. */
static enum err_code tell_order(struct search *s, const struct schedule *w, struct evidence *out,
                                struct err *err)
{
    struct strbuf order = STRBUF_INIT, command = STRBUF_INIT;
    struct err cannot = ERR_INIT;
    struct recording r;

    if (record_schedule(s, w, &r, err) == OK && record_as_order(s, &r, &order, &cannot) == OK) {
        replay_command(s->scenario, order.s, &command);
        out->replay = strbuf_take(&command);
        out->order = strbuf_take(&order);
    }
    strbuf_release(&order);
    recording_release(&r);
    if (cannot.code != OK && cannot.code != ERR_DIVERGE)
        err_set(err, cannot.code, "%s", cannot.story);
    return err->code;
}

/* A run that breaks it, or one in which what never should holds. */
static enum err_code of_tally(struct search *s, struct tally *t, struct evidence *out,
                              struct err *err)
{
    int kind = t->expected == HOLDS_NEVER || !t->witness[0].any;

    if (t->expected == HOLDS_UNNAMED || tally_ok(s, t) != 0 || !t->witness[kind].any)
        return OK;
    out->holds = kind == 1;
    if (shortest(s, t, kind, err) == OK && tell_story(s, &t->witness[kind], out, err) == OK)
        tell_order(s, &t->witness[kind], out, err);
    return err->code;
}

struct evidence *evidence_gather(struct search *s, struct err *err)
{
    assert(s);
    assert(err);

    struct evidence *all = mem_alloc(sizeof *all * (size_t)(s->tally_count + 1));

    for (int i = 0; i < s->tally_count; i++)
        if (of_tally(s, &s->tallies[i], &all[i], err) != OK) {
            evidence_free(all, s->tally_count);
            return NULL;
        }
    return all;
}

void evidence_free(struct evidence *e, int count)
{
    for (int i = 0; e && i < count; i++) {
        free(e[i].replay);
        free(e[i].order);
        free(e[i].story);
    }
    free(e);
}
