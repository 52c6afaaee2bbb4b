/* fsrace try: commands, all orders of their file calls, and what comes of it; no scenario is written. */
#include "base/strbuf.h"
#include "sim/cli/output.h"
#include "sim/cli/trial.h"
#include "sim/explore/explain/export.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/search/progress.h"
#include "sim/report/text/report.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUDGET_MS     10000 /* if none is given */
#define OUTCOMES_TOLD 8

struct attempt {
    const struct options *options;
    char *path;
    struct strbuf text;
    struct scenario *scenario;
    struct session session;
    struct search *search;
    struct used_files used;
    struct pages pages;
    int64_t milliseconds;
};

static enum err_code load(struct attempt *a, struct err *err)
{
    const struct options *o = a->options;
    struct scenario_file *f;

    a->path = trial_path(&o->trial);
    if (trial_text(o, a->path, &a->text, err) != OK)
        return err->code;
    f = scenario_read(a->path, a->text.s, a->text.len, err);
    if (f)
        a->scenario = scenario_variant(f, 0, err);
    scenario_file_free(f);
    if (a->scenario)
        a->scenario->uncontained = o->uncontained;
    return a->scenario ? apply_order(a->scenario, o, err) : err->code;
}

static void tell_head(const struct attempt *a)
{
    const struct scenario *s = a->scenario;
    struct strbuf out = STRBUF_INIT;

    tell_line("%s", s->title);
    for (int i = 0; i < s->copy_count; i++)
        if (s->copies[i].data)
            strbuf_printf(&out, "%s%s", out.len ? ", " : "", s->copies[i].path);
    if (out.len && out.len < 200)
        tell_line("  in the store: %s", out.s);
    else if (out.len)
        tell_line("  in the store: %d files", s->copy_count);
    strbuf_release(&out);
}

/* All on one line, "A.exit = 0, B.exit = 1, lock: A". */
static void tell_outcome(struct search *s, int64_t count)
{
    struct strbuf state = STRBUF_INIT, line = STRBUF_INIT;

    outcome_print(s->cluster, &state);
    for (const char *p = state.s; *p;) {
        size_t len = strcspn(p, "\n");

        strbuf_adds(&line, line.len ? ", " : "");
        strbuf_add(&line, p, len);
        p += len + (p[len] == '\n');
    }
    tell_line("  %lld: %s", (long long)count, line.s);
    strbuf_release(&line);
    strbuf_release(&state);
}

/* Nothing was asked: each end that was seen. */
static enum err_code tell_outcomes(struct search *s, struct err *err)
{
    int told = 0;

    printf("\nWhat came of it, and in how many orders:\n");
    for (int i = 0; i < s->outcome_cap && told < OUTCOMES_TOLD; i++) {
        if (!s->outcomes[i].hash || !s->outcomes[i].witness.count)
            continue;
        if (search_replay(s, &s->outcomes[i].witness, NULL, NULL, err) != OK)
            return err->code;
        tell_outcome(s, s->outcomes[i].count);
        told++;
        if (search_reset(s, err) != OK)
            return err->code;
    }
    if (s->outcome_count > told)
        printf("  … and %d more\n", s->outcome_count - told);
    printf("To ask for something: --at-most 1 --exit 0, --always P, --never P, as in 'A.exit=0', "
           "'exists:PATH'\n");
    return OK;
}

static int first_failed(const struct search *s)
{
    for (int i = 0; i < s->tally_count; i++)
        if (tally_ok(s, &s->tallies[i]) == 0)
            return i;
    return -1;
}

/* The order that breaks the first property that breaks, and none besides. */
static enum err_code tell_witness(struct search *s, int which, struct err *err)
{
    int *kinds = mem_alloc(sizeof *kinds * (size_t)s->tally_count);
    struct style style = terminal_style();
    struct strbuf out = STRBUF_INIT;

    for (int i = 0; i < s->tally_count; i++)
        kinds[i] = i == which ? telling(&s->tallies[i]) : -1;
    report_witnesses(s, kinds, &style, &out, err);
    fputs(out.s, stdout);
    strbuf_release(&out);
    free(kinds);
    return err->code;
}

static void tell_next(const struct attempt *a, bool broken)
{
    const struct trial *t = &a->options->trial;
    struct strbuf file = STRBUF_INIT;

    strbuf_shell(&file, a->path);
    if (t->save)
        tell_line("%s has it: %s run %s --allow-run", a->path, program_invocation_name, file.s);
    else if (broken)
        tell_line("Replay needs the scenario: the same command with --save %s writes it", file.s);
    if (a->search->end == SEARCH_BUDGET && !broken)
        tell_line("Not all orders were tried: --budget 300s goes on for longer");
    strbuf_release(&file);
}

static enum err_code tell(struct attempt *a, struct err *err)
{
    struct strbuf out = STRBUF_INIT;
    int failed = first_failed(a->search);

    tell_head(a);
    report_text(a->search, false, &out);
    fputs(out.s, stdout);
    strbuf_release(&out);
    if (failed >= 0 && tell_witness(a->search, failed, err) != OK)
        return err->code;
    if (failed < 0 && !a->scenario->expect_count && tell_outcomes(a->search, err) != OK)
        return err->code;
    tell_next(a, failed >= 0);
    return OK;
}

static int status_of(const struct search *s)
{
    int status = EXIT_AS_EXPECTED;

    for (int i = 0; i < s->tally_count; i++) {
        if (s->tallies[i].expected == HOLDS_UNNAMED)
            continue;
        if (tally_ok(s, &s->tallies[i]) == 0)
            return EXIT_NOT_AS_EXPECTED;
        if (tally_ok(s, &s->tallies[i]) < 0)
            status = EXIT_UNDECIDED;
    }
    return status;
}

/* Errors name the scenario's file, and here there is none. */
static void without_file(const struct attempt *a, struct err *err)
{
    size_t len = strlen(a->path);

    if (err->code != OK && strncmp(err->story, a->path, len) == 0 &&
        strncmp(err->story + len, ": ", 2) == 0)
        memmove(err->story, err->story + len + 2, strlen(err->story + len + 2) + 1);
}

static enum err_code search(struct attempt *a, struct err *err)
{
    struct search_options options = search_options_of(a->options);
    struct progress progress;

    options.progress_ctx = &progress;
    options.share = &progress.known;
    options.outcome_witnesses |= !a->scenario->expect_count;
    if (!options.max_executions && !options.max_ms)
        options.max_ms = BUDGET_MS;
    progress_begin(&progress, a->scenario, &options);
    a->search = session_search(&a->session, a->scenario, &options, err);
    if (a->search)
        search_run(a->search, err);
    progress_end(&progress);
    without_file(a, err);
    return err->code;
}

/* When it has run: what cannot be run is not worth a file. */
static enum err_code save(struct attempt *a, struct err *err)
{
    return a->options->trial.save ? write_new(a->path, &a->text, err) : OK;
}

static void work(struct attempt *a, struct err *err)
{
    const struct options *o = a->options;

    session_init(&a->session, &o->where, false);
    if (pages_begin(&a->pages, o->html, false, &a->used, err) == OK && search(a, err) == OK &&
        save(a, err) == OK && tell(a, err) == OK)
        pages_add(&a->pages, a->search, err);
    pages_end(&a->pages, err);
}

static int try(const struct options *o)
{
    struct attempt a = {.options = o, .text = STRBUF_INIT};
    struct err err = ERR_INIT;
    int status = EXIT_BAD_INPUT;

    if ((!o->trial.save || can_write_new(o->trial.save, &err) == OK) && load(&a, &err) == OK) {
        work(&a, &err);
        if (err.code == OK)
            status = status_of(a.search);
        session_done(&a.session, a.search);
        session_release(&a.session);
    }
    if (err.code != OK)
        status = fail(&err);
    scenario_free(a.scenario);
    used_files_release(&a.used);
    strbuf_release(&a.text);
    free(a.path);
    return status;
}

const struct command cmd_try = {
    .name = "try",
    .run = try,
    .line = "run programs in all orders of their file calls; no scenario is needed",
    .usage = "COMMAND...",
    .example = "fsrace try 'sh lock.sh' 'sh lock.sh' --at-most 1 --exit 0",
    .options = OPT_COPIES | OPT_IN | OPT_ENV | OPT_AT_MOST | OPT_EXIT | OPT_ALWAYS | OPT_NEVER |
               OPT_HELD | OPT_CRASH | OPT_TIME | OPT_SAVE | OPT_RUNS | OPT_SEED | OPT_BUDGET |
               OPT_BOUND | OPT_HTML | OPT_DIR | OPT_KEEP | OPT_UNCONTAINED,
    .min_files = 1,
    .max_files = SCENARIO_NODES_MAX};
