#include "sim/cli/compare.h"
#include "sim/engine/fault.h"
#include <sys/stat.h>

/* A fault that one of the schemes gives no occasion for is no error here. */
static void forgive(const struct search *s, struct err *err)
{
    if (err->code == ERR_INPUT && fault_never(s->cluster))
        *err = ERR_INIT;
}

static enum err_code run_scenario(struct compare *c, struct scenario *sc, struct table *t,
                                  cells_fn *cells, struct err *err)
{
    struct figures figures;
    struct search_options options = {.max_executions = c->o->budget_runs,
                                     .max_ms = c->o->budget_ms,
                                     .judged = figures_add,
                                     .judged_ctx = &figures};
    struct search *s = session_search(&c->session, sc, &options, err);

    if (!s)
        return err->code;
    figures_init(&figures, sc);
    search_run(s, err);
    forgive(s, err);
    if (err->code == OK) {
        c->undecided |= search_open(s);
        cells(c, t, s, &figures);
    }
    figures_release(&figures);
    session_done(&c->session, s);
    return err->code;
}

/* --work: the scenario is left for the reader; each contestant writes the same. */
static enum err_code save(struct compare *c, const struct work *w, struct err *err)
{
    struct strbuf path = STRBUF_INIT;
    int inputs = c->inputs.count;

    if (!c->o->work)
        return OK;
    mkdir(c->o->work, 0777); /* if it is not there; if it cannot be, the file says why */
    strbuf_printf(&path, "%s/%s.json", c->o->work, w->name);
    outfile_write(path.s, &w->text, &c->inputs, err);
    used_files_cut(&c->inputs, inputs);
    strbuf_release(&path);
    return err->code;
}

enum err_code compare_run(struct compare *c, struct work *w, int contestant, struct table *t,
                          cells_fn *cells, struct err *err)
{
    struct scenario_file *f = NULL;
    struct scenario *sc = NULL;

    c->current = contestant;
    if (save(c, w, err) == OK)
        f = scenario_read(w->name, w->text.s, w->text.len, err);
    if (f)
        sc = scenario_variant(f, contestant, err);
    if (sc)
        run_scenario(c, sc, t, cells, err);
    scenario_free(sc);
    scenario_file_free(f);
    work_release(w);
    return err->code;
}
