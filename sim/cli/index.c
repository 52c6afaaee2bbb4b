/*
 * fsrace index: scenarios, what they are about, and what holds in them; scenarios/README.md is one.
 *
 * A line for each scenario, and then a table for each, with a row for each variant and a column for
 * each property that one of them expects something of.
 */
#include "sim/cli/cli.h"
#include "sim/report/text/report.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct index {
    const struct options *o;
    struct session session;
    int printed;
    bool unexpected, undecided;
};

/* "parseable#825, parseable#1005" */
static void sources(const struct json *root, struct strbuf *out)
{
    struct json source;

    if (!json_get(root, "source", &source))
        return;
    for (struct json it = {0}; json_next(&source, &it);) {
        strbuf_adds(out, it.index ? ", " : "");
        strbuf_visible(out, json_str(&it));
    }
}

static const char *text_of(const struct json *root, const char *key)
{
    struct json at;

    return json_get(root, key, &at) ? json_str(&at) : "";
}

/* --- the overview --- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static enum err_code overview_row(struct table *t, const char *path, enum table_format format,
                                  struct err *err)
{
    struct scenario_file *f = scenario_load(path, err);
    struct strbuf name = STRBUF_INIT, source = STRBUF_INIT;
    struct scenario *sc = f ? scenario_variant(f, 0, err) : NULL;

    if (sc) {
        struct json root = json_root(f->doc);

        sources(&root, &source);
        strbuf_printf(&name, format == TABLE_MARKDOWN ? "[%s](%s)" : "%s", sc->name, base_of(path));
        table_word(t, name.s);
        table_word(t, text_of(&root, "title"));
        table_word(t, source.s);
    }
    scenario_free(sc);
    scenario_file_free(f);
    strbuf_release(&name);
    strbuf_release(&source);
    return err->code;
}

static enum err_code overview(struct index *x, char **files, int count, struct err *err)
{
    struct table t;

    table_init(&t, "scenarios", "The scenarios");
    table_column(&t, "", "scenario");
    table_column(&t, "", "title");
    table_column(&t, "", "source");
    for (int i = 0; i < count && err->code == OK; i++)
        overview_row(&t, files[i], x->o->format, err);
    if (err->code == OK)
        table_list(&t, x->o->format, x->printed++);
    table_release(&t);
    return err->code;
}

/* --- a scenario --- */

static bool has_column(const struct table *t, const char *head)
{
    for (int i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].head, head) == 0)
            return true;
    return false;
}

/* What its variants expect something of. */
static enum err_code columns(struct table *t, const struct scenario_file *f, struct err *err)
{
    table_column(t, "", "variant");
    for (int i = 0; i < f->variant_count && err->code == OK; i++) {
        struct scenario *sc = scenario_variant(f, i, err);

        for (int k = 0; sc && k < sc->expect_count; k++)
            if (!has_column(t, sc->expects[k].property) && t->column_count < TABLE_COLUMNS - 1)
                table_column(t, "", sc->expects[k].property);
        scenario_free(sc);
    }
    table_column(t, "", "orders");
    return err->code;
}

static void cells(struct index *x, struct table *t, const struct search *s)
{
    table_word(t, s->scenario->variant);
    for (int i = 1; i < t->column_count - 1; i++) {
        const struct tally *found = NULL;

        for (int k = 0; k < s->tally_count; k++)
            if (strcmp(s->tallies[k].name, t->columns[i].head) == 0)
                found = &s->tallies[k];
        if (found)
            report_holds(t, s, found);
        else
            table_word(t, "-");
    }
    report_orders(t, s);
    for (int i = 0; i < s->tally_count; i++) {
        x->unexpected |= tally_ok(s, &s->tallies[i]) == 0;
        x->undecided |= tally_ok(s, &s->tallies[i]) < 0;
    }
}

static enum err_code row(struct index *x, struct table *t, const struct scenario_file *f, int i,
                         struct err *err)
{
    struct search_options options = {.max_executions = x->o->budget_runs,
                                     .max_ms = x->o->budget_ms};
    struct scenario *sc = scenario_variant(f, i, err);
    struct search *s = NULL;

    if (sc && check_allowed(x->o, sc, err) == OK)
        s = session_search(&x->session, sc, &options, err);

    if (s && search_run(s, err) == OK)
        cells(x, t, s);
    session_done(&x->session, s);
    if (err->code != OK && err->code != ERR_INPUT)
        err_wrap(err, "%s, %s", f->path, f->variants[i]);
    scenario_free(sc);
    return err->code;
}

static enum err_code index_file(struct index *x, const char *path, struct err *err)
{
    struct scenario_file *f = scenario_load(path, err);
    struct strbuf title = STRBUF_INIT, source = STRBUF_INIT;
    struct json root;
    struct table t;

    if (!f)
        return err->code;
    root = json_root(f->doc);
    sources(&root, &source);
    strbuf_printf(&title, "%s: %s", text_of(&root, "name"), text_of(&root, "title"));
    table_init(&t, text_of(&root, "name"), title.s);
    table_note(&t, source.s);
    columns(&t, f, err);
    for (int i = 0; i < f->variant_count && err->code == OK; i++)
        row(x, &t, f, i, err);
    if (err->code == OK)
        table_list(&t, x->o->format, x->printed++);
    table_release(&t);
    strbuf_release(&title);
    strbuf_release(&source);
    scenario_file_free(f);
    return err->code;
}

/* --- the command --- */

static int run(const struct options *o)
{
    struct index x = {.o = o};
    struct err err = ERR_INIT;
    char **files;
    int count;

    session_init(&x.session, &o->where, false);
    if (find_files(o, &files, &count, &err) == OK)
        overview(&x, files, count, &err);
    for (int i = 0; i < count; i++) {
        if (err.code == OK)
            index_file(&x, files[i], &err);
        free(files[i]);
    }
    free(files);
    session_release(&x.session);
    tables_end(o->format, x.printed);
    if (err.code != OK)
        return fail(&err);
    if (x.unexpected)
        return EXIT_NOT_AS_EXPECTED;
    return x.undecided ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
}

const struct command cmd_index = {
    .name = "index",
    .run = run,
    .line = "scenarios in tables: what they are about, and what holds in each variant",
    .usage = "FILE|DIR...",
    .example = "fsrace index --format markdown scenarios/",
    .options = OPT_FORMAT | OPT_JSON | OPT_BUDGET | OPT_DIR | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1 << 20};
