/* fsrace check: are these scenarios well written? And fsrace list: which are there? */
#include "sim/cli/cli.h"
#include <stdio.h>
#include <stdlib.h>

/* Loads every variant of a file; each error is told. */
static bool check_file(const struct options *o, const char *path, bool list)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(path, &err);
    bool good = f != NULL;

    for (int i = 0; good && i < f->variant_count; i++) {
        struct scenario *s = scenario_variant(f, i, &err);

        good = s && check_strict(o, s, &err) == OK;
        if (good && list && i == 0)
            tell_line("%-22s %s", s->name, s->title ? s->title : "");
        if (good && list)
            tell_line("  %s", s->variant);
        scenario_free(s);
    }
    if (!good)
        fail(&err);
    scenario_file_free(f);
    return good;
}

static int each_file(const struct options *o, bool list)
{
    struct err err = ERR_INIT;
    int count, bad = 0;
    char **files;

    find_files(o, &files, &count, &err);
    for (int i = 0; i < count; i++) {
        if (err.code == OK)
            bad += !check_file(o, files[i], list);
        free(files[i]);
    }
    free(files);
    if (err.code != OK)
        return fail(&err);
    if (!list)
        printf("%d scenario%s checked, %d bad\n", count, count == 1 ? "" : "s", bad);
    return bad ? EXIT_BAD_INPUT : EXIT_AS_EXPECTED;
}

static int check(const struct options *o)
{
    return each_file(o, false);
}

static int list(const struct options *o)
{
    return each_file(o, true);
}

const struct command cmd_check = {
    .name = "check",
    .run = check,
    .line = "read scenarios without running them, and report what is wrong",
    .usage = "FILE|DIR...",
    .example = "fsrace check scenarios/",
    .options = OPT_STRICT,
    .min_files = 1,
    .max_files = 1 << 20};

const struct command cmd_list = {.name = "list",
                                 .run = list,
                                 .line = "list scenarios and their variants",
                                 .usage = "FILE|DIR...",
                                 .example = "fsrace list scenarios/",
                                 .min_files = 1,
                                 .max_files = 1 << 20};
