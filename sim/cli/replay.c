/* fsrace replay: one order, told step by step. */
#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include "sim/explore/explain/nearest.h"
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/strategy/schedule_file.h"
#include "sim/explore/strategy/strategies.h"
#include "sim/report/diagram/formats.h"
#include "sim/report/text/report.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The chooser for this replay: a saved schedule, or the script of the scenario or --order. */
static enum err_code execute(struct search *s, const struct options *o, struct trace *trace,
                             struct err *err)
{
    struct script_chooser script;
    struct named_chooser named;
    enum err_code code;

    search_tell(s, trace);
    if (o->schedule) {
        code = named_load(&named, s->scenario, o->schedule, err);
        if (code == OK)
            code = search_execute(s, &named.chooser, err);
        if (code == OK && named.at < named.count)
            code = err_set(err, ERR_DIVERGE,
                           "the execution ended before step %d of the schedule, %s at \"%s\"",
                           named.at + 1, named.steps[named.at].task, named.steps[named.at].point);
        named_release(&named);
    } else {
        script_init(&script, s->scenario, NULL);
        code = search_execute(s, &script.chooser, err);
        script_release(&script);
    }
    search_tell(s, NULL);
    return code;
}

/* What is for people has a headline and verdicts around it, what is for programs has not. */
static void print(const struct picture *p, const struct format *format)
{
    const struct scenario *sc = p->search->scenario;
    struct style style = terminal_style();
    struct strbuf out = STRBUF_INIT;

    assert(format);
    if (format->draw == draw_columns || format->draw == draw_list) {
        tell_line("%s, %s: %s", sc->name, sc->variant, sc->title ? sc->title : "");
        putchar('\n');
        report_execution(p, format, &style, &out);
    } else {
        format->draw(p, &style, &out);
    }
    fputs(out.s, stdout);
    strbuf_release(&out);
}

/* How far it went. */
static void print_diverged(const struct picture *p)
{
    struct strbuf out = STRBUF_INIT;

    draw_list(p, NULL, &out);
    fputs(out.s, stdout);
    strbuf_release(&out);
}

static int first_broken(const struct picture *p)
{
    for (int i = 0; i < p->search->tally_count; i++)
        if (p->why[i][0])
            return i;
    return -1;
}

/*
 * Looks for the two steps that raced, among the orders that the scenario asks for by itself, and runs
 * the order once more: the picture and the store are then as they were.
 */
static enum err_code find_race(struct picture *p, const struct order *own, struct err *err)
{
    struct search *s = p->search;
    struct nearest nearest;
    int broken = first_broken(p);

    if (broken < 0)
        return OK;
    s->scenario->order = *own;
    if (search_reset(s, err) == OK &&
        nearest_passing(s, &s->tallies[broken], &nearest, err) == OK) {
        trace_clear(&p->trace);
        search_replay(s, &s->tallies[broken].witness[0], &p->trace, NULL, err);
        picture_race(p, broken, nearest.race);
        nearest_release(&nearest);
    }
    return err->code;
}

static int replay_one(struct session *session, struct scenario *sc, const struct options *o,
                      const struct format *format, const struct order *own, struct err *err)
{
    struct search_options options = {.max_executions = 1};
    struct search *s = session_search(session, sc, &options, err);
    struct picture picture;

    if (!s)
        return fail(err);
    picture_init(&picture, s);
    if (execute(s, o, &picture.trace, err) == OK) {
        picture_end(&picture);
        if (find_race(&picture, own, err) == OK)
            print(&picture, format);
    } else if (err->code == ERR_DIVERGE) {
        print_diverged(&picture);
    }
    if (err->code == OK && port_health(s->port, err) == OK && s->twin && search_reset(s, err) == OK)
        twin_repeat(s, &s->current, err);
    picture_release(&picture);
    session_done(session, s);
    return err->code == OK ? EXIT_AS_EXPECTED : fail(err);
}

static int run(const struct options *o)
{
    struct err err = ERR_INIT;
    const struct format *format = find_format(o->picture ? o->picture : formats[0].name, &err);
    struct scenario *sc = format ? load_one(o, &err) : NULL;
    struct order own = sc ? sc->order : (struct order){.kind = ORDER_ALL};
    struct session session;
    int status;

    if (sc && o->order)
        scenario_order(sc, "--order", o->order, &err);
    if (err.code != OK) {
        scenario_free(sc);
        return fail(&err);
    }
    session_init(&session, &o->where, false);
    if (session.backend == BACKEND_BEST) /* one order, of whatever kind the scenario's is */
        session.backend = BACKEND_DIR;
    status = replay_one(&session, sc, o, format, &own, &err);
    session_release(&session);
    scenario_free(sc);
    return status;
}

const struct command cmd_replay = {
    .name = "replay",
    .run = run,
    .line = "run one order, and tell it step by step",
    .usage = "FILE",
    .example = "fsrace replay scenarios/dup-create.json --variant naive --order "
               "'[{\"run\": \"i1\", \"until\": \"store.put *\"}, {\"run\": \"i2\"}]'",
    .options = OPT_VARIANT | OPT_ORDER | OPT_SCHEDULE | OPT_DIR | OPT_KEEP | OPT_THREADS |
               OPT_BACKEND | OPT_PICTURE | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1};
