#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/outcome.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The other cluster becomes the one that everything here is about. */
static void swap(struct search *s)
{
    struct cluster *c = s->cluster;

    s->cluster = s->twin;
    s->twin = c;
}

static void add_ending(struct search *s, char **why, struct strbuf *out)
{
    outcome_print(s->cluster, out);
    for (int i = 0; i < s->tally_count; i++) {
        if (why[i][0])
            strbuf_printf(out, "%s: %s\n", s->tallies[i].name, why[i]);
        free(why[i]);
    }
}

/* Everything that can be said of the execution with these picks. */
static enum err_code tell(struct search *s, const struct schedule *picks, struct strbuf *out,
                          struct err *err)
{
    char **why = mem_alloc(sizeof *why * (size_t)(s->tally_count + 1));
    struct trace trace;
    enum err_code code;

    trace_init(&trace);
    code = search_replay(s, picks, &trace, why, err);
    trace_story(&trace, 0, out);
    if (code == OK)
        add_ending(s, why, out);
    if (code == OK)
        code = search_reset(s, err);
    trace_release(&trace);
    free(why);
    return code;
}

/* The first lines that are not the same. */
static enum err_code differ(struct search *s, const char *model, const char *real, struct err *err)
{
    const char *names[] = {s->cluster->port->calls->name, s->twin->port->calls->name};
    int line = story_differs(&model, &real);

    return err_set(err, ERR_DIVERGE,
                   "the same picks gave two stories, which differ in line %d:\n"
                   "  %-5s  %.*s\n  %-5s  %.*s",
                   line, names[0], (int)strcspn(model, "\n"), model, names[1],
                   (int)strcspn(real, "\n"), real);
}

enum err_code twin_repeat(struct search *s, const struct schedule *picks, struct err *err)
{
    assert(s);
    assert(picks);

    struct strbuf model = STRBUF_INIT, real = STRBUF_INIT;
    enum err_code code = tell(s, picks, &model, err);

    if (code == OK) {
        swap(s);
        code = tell(s, picks, &real, err);
        swap(s);
        s->repeated++;
    }
    if ((code == OK || code == ERR_DIVERGE) && strcmp(model.s, real.s) != 0)
        code = differ(s, model.s, real.s, err);
    strbuf_release(&model);
    strbuf_release(&real);
    return code;
}

static enum err_code repeat_kinds(struct search *s, struct err *err)
{
    for (int i = 0; i < 2 * s->tally_count; i++) {
        const struct schedule *w = &s->tallies[i / 2].witness[i % 2];

        if (w->any && twin_repeat(s, w, err) != OK)
            return err->code;
    }
    return OK;
}

enum err_code twin_repeat_outcomes(struct search *s, struct err *err)
{
    assert(s);

    int64_t left = TWIN_OUTCOMES + s->executions / TWIN_SHARE;

    if (left < s->outcome_count && repeat_kinds(s, err) != OK)
        return err->code;
    for (int i = 0; i < s->outcome_cap && left > 0; i++) {
        if (!s->outcomes[i].witness.any)
            continue;
        if (twin_repeat(s, &s->outcomes[i].witness, err) != OK)
            return err->code;
        s->outcomes_repeated++;
        left--;
    }
    return OK;
}

enum err_code search_finish_one(struct search *s, struct err *err)
{
    assert(s);

    int64_t every = s->twin ? s->options.twin_every : 0;
    bool whole = s->cluster->end == END_DONE || s->cluster->end == END_DEADLOCK;

    if (search_reset(s, err) != OK || !every || !whole || s->executions % every != 0)
        return err->code;
    return twin_repeat(s, &s->current, err);
}
