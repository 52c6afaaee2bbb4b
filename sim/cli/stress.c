/* fsrace stress: all tasks at once, on the real clock; the same checkers judge what comes of it. */
#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include "sim/exec/interrupt.h"
#include "sim/report/text/report.h"
#include <stdio.h>

static bool restarts(const struct program *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->v[i].kind == ACT_RESTART || p->v[i].kind == ACT_STOP_NODE ||
            restarts(&p->v[i].then) || restarts(&p->v[i].otherwise))
            return true;
    return false;
}

static enum err_code can_run_freely(const struct scenario *sc, struct err *err)
{
    if (sc->order.pair_count || sc->order.step_count)
        return err_set(err, ERR_INPUT, "%s, %s: an order that is written down cannot be stressed",
                       sc->file, sc->variant);
    if (sc->fault_count)
        return err_set(err, ERR_INPUT, "%s, %s: stress cannot make faults happen", sc->file,
                       sc->variant);
    if (sc->keeps_files)
        return err_set(err, ERR_INPUT, "%s, %s: stress cannot follow files that are kept open",
                       sc->file, sc->variant);
    for (int i = 0; i < sc->task_count; i++)
        if (sc->tasks[i].program && restarts(sc->tasks[i].program))
            return err_set(err, ERR_INPUT, "%s, %s: stress cannot stop or restart nodes", sc->file,
                           sc->variant);
    return OK;
}

static enum err_code stress_one(struct session *session, struct scenario *sc,
                                const struct options *o, struct err *err)
{
    struct search_options options = {.max_executions = 0};
    struct strbuf out = STRBUF_INIT;
    struct search *s;

    sc->has_invariants = false; /* there is no "after every step" */
    s = session_search(session, sc, &options, err);
    if (!s)
        return err->code;
    s->port->shared = true;
    s->end = SEARCH_SAMPLED;
    for (int64_t i = 0; i < (o->runs ? o->runs : 100) && err->code == OK; i++)
        if (interrupted())
            err_set(err, ERR_STOP, "interrupted");
        else if (search_execute(s, NULL, err) == OK)
            search_reset(s, err);
    if (err->code == ERR_STOP)
        fprintf(stderr, "fsrace: interrupted in %s, %s, after %lld executions\n", sc->name,
                sc->variant, (long long)s->executions);
    if (err->code == OK) {
        for (int i = 0; i < s->tally_count; i++)
            s->tallies[i].expected = HOLDS_UNNAMED; /* chance promises nothing */
        report_text(s, false, &out);
        fputs(out.s, stdout);
    }
    strbuf_release(&out);
    session_done(session, s);
    return err->code;
}

static int run(const struct options *o)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(o->files[0], &err);
    int only = f && o->variant ? scenario_variant_index(f, o->variant, &err) : -1;
    struct session session;

    if (!f || err.code != OK) {
        scenario_file_free(f);
        return fail(&err);
    }
    session_init(&session, &o->where, true);
    for (int i = 0; i < f->variant_count && err.code == OK; i++) {
        struct scenario *sc = only < 0 || i == only ? scenario_variant(f, i, &err) : NULL;

        if (sc && check_allowed(o, sc, &err) == OK && can_run_freely(sc, &err) == OK)
            stress_one(&session, sc, o, &err);
        scenario_free(sc);
    }
    session_release(&session);
    scenario_file_free(f);
    return err.code == OK ? EXIT_AS_EXPECTED : fail(&err);
}

const struct command cmd_stress = {
    .name = "stress",
    .run = run,
    .line = "run all tasks at once, on the real clock, again and again",
    .usage = "FILE",
    .example = "fsrace stress scenarios/check-then-put.json --runs 200",
    .options = OPT_VARIANT | OPT_RUNS | OPT_DIR | OPT_KEEP | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1};
