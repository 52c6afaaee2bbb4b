/*
 * fsrace compare: the creation schemes side by side over the same work.
 *
 * Without files the work is fsrace's own, and there is a table for each question
 * (compare_tables.c). With files the work is theirs, and each gets a table of the properties that
 * hold.
 */
#include "sim/cli/compare.h"
#include "sim/engine/fault.h"
#include "sim/report/text/report.h"
#include <stdlib.h>
#include <string.h>

static enum err_code ask(struct compare *c, const struct question *q, struct err *err)
{
    struct table t;

    table_init(&t, q->name, q->title);
    table_note(&t, q->note);
    table_column(&t, "", "scheme");
    q->columns(&t);
    for (int i = 0; i < work_contestants() && err->code == OK; i++) {
        table_word(&t, work_contestant(i).name);
        q->row(c, &t, i, err);
    }
    if (err->code == OK)
        table_list(&t, c->o->format, c->printed++);
    table_release(&t);
    return err->code;
}

/* --- the caller's work --- */

enum { SCHEME, PROPERTY, HOLDS, FOUND_COLUMNS }; /* of a table of what was found, one by one */

static void found_cells(struct compare *c, struct table *found, const struct search *s,
                        const struct figures *f)
{
    (void)c;
    (void)f;
    for (int i = 0; i < s->tally_count; i++) {
        table_word(found, s->scenario->variant);
        table_word(found, s->tallies[i].name);
        report_holds(found, s, &s->tallies[i]);
    }
    table_word(found, s->scenario->variant);
    table_word(found, "orders");
    if (fault_never(s->cluster))
        table_word(found, "no fault");
    else
        report_orders(found, s);
}

static const char *cell(const struct table *found, int row, int column)
{
    return found->cells[row * FOUND_COLUMNS + column].text;
}

static const char *look_up(const struct table *found, const char *scheme, const char *property)
{
    for (int i = 0; i * FOUND_COLUMNS < found->cell_count; i++)
        if (strcmp(cell(found, i, SCHEME), scheme) == 0 &&
            strcmp(cell(found, i, PROPERTY), property) == 0)
            return cell(found, i, HOLDS);
    return "-"; /* it says nothing under this scheme */
}

static bool has_column(const struct table *t, const char *head)
{
    for (int i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].head, head) == 0)
            return true;
    return false;
}

/* A row for each contestant, a column for each property. */
static void spread(struct table *t, const struct table *found)
{
    table_column(t, "", "scheme");
    for (int i = 0; i * FOUND_COLUMNS < found->cell_count; i++)
        if (!has_column(t, cell(found, i, PROPERTY)) &&
            strcmp(cell(found, i, PROPERTY), "orders") != 0)
            table_column(t, "", cell(found, i, PROPERTY));
    table_column(t, "", "orders");
    for (int i = 0; i < work_contestants(); i++) {
        const char *name = work_contestant(i).name;

        table_word(t, name);
        for (int k = 1; k < t->column_count; k++)
            table_word(t, look_up(found, name, t->columns[k].head));
    }
}

static enum err_code find(struct compare *c, const struct scenario_file *f,
                          const struct scenario *sc, int variant, struct table *found,
                          struct err *err)
{
    for (int i = 0; i < FOUND_COLUMNS; i++)
        table_column(found, "", "");
    for (int i = 0; i < work_contestants() && err->code == OK; i++) {
        struct work w;

        work_of_file(&w, f, variant, sc);
        if (compare_run(c, &w, i, found, found_cells, err) != OK)
            err_wrap(err, "%s, %s, under %s", sc->name, sc->variant, work_contestant(i).name);
    }
    return err->code;
}

static enum err_code compare_variant(struct compare *c, const struct scenario_file *f,
                                     const struct scenario *sc, int variant, struct err *err)
{
    struct strbuf title = STRBUF_INIT;
    struct table t, found;

    strbuf_printf(&title, "%s, %s: %s", sc->name, sc->variant, sc->title ? sc->title : "");
    table_init(&t, sc->name, title.s);
    table_init(&found, "found", "");
    if (find(c, f, sc, variant, &found, err) == OK) {
        spread(&t, &found);
        table_list(&t, c->o->format, c->printed++);
    }
    table_release(&found);
    table_release(&t);
    strbuf_release(&title);
    return err->code;
}

/* The variant that is asked for, else the first. Programs that are not ours create no streams. */
static enum err_code compare_file(struct compare *c, const char *path, struct err *err)
{
    struct scenario_file *f = scenario_load(path, err);
    struct scenario *sc = NULL;
    int variant = 0;

    if (f && c->o->variant)
        variant = scenario_variant_index(f, c->o->variant, err);
    if (err->code == OK)
        sc = scenario_variant(f, variant, err);
    if (sc && sc->has_services)
        compare_variant(c, f, sc, variant, err);
    scenario_free(sc);
    scenario_file_free(f);
    return err->code;
}

static enum err_code compare_files(struct compare *c, struct err *err)
{
    char **files;
    int count;

    find_files(c->o, &files, &count, err);
    for (int i = 0; i < count; i++)
        used_files_add(&c->inputs, files[i]);
    for (int i = 0; i < count; i++) {
        if (err->code == OK)
            compare_file(c, files[i], err);
        free(files[i]);
    }
    free(files);
    if (err->code == OK && !c->printed)
        err_set(err, ERR_INPUT, "no ingestor and no querier: there is no creation to compare");
    return err->code;
}

/* --- the command --- */

static enum err_code compare_own(struct compare *c, struct err *err)
{
    compare_makers(c, err);
    for (const struct question *q = compare_questions; q->name && err->code == OK; q++)
        ask(c, q, err);
    return err->code;
}

static int run(const struct options *o)
{
    struct compare c = {.o = o};
    struct err err = ERR_INIT;

    if (o->variant && !o->file_count)
        err_set(&err, ERR_INPUT, "--variant is of a scenario: name its file");
    session_init(&c.session, &o->where, false);
    if (err.code == OK && o->file_count)
        compare_files(&c, &err);
    else if (err.code == OK)
        compare_own(&c, &err);
    session_release(&c.session);
    used_files_release(&c.inputs);
    tables_end(o->format, c.printed);
    if (err.code != OK)
        return fail(&err);
    return c.undecided ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
}

const struct command cmd_compare = {.name = "compare",
                                    .run = run,
                                    .line = "the creation schemes side by side over the same work",
                                    .usage = "[FILE|DIR...]",
                                    .example = "fsrace compare scenarios/dup-create.json",
                                    .options = OPT_VARIANT | OPT_FORMAT | OPT_JSON | OPT_WORK |
                                               OPT_BUDGET | OPT_DIR,
                                    .min_files = 0,
                                    .max_files = 1 << 20};
