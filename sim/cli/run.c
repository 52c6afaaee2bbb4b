/* fsrace run: scenarios in the orders they ask for, and a line for each property. */
#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include "sim/explore/record.h"
#include "sim/interrupt.h"
#include "sim/report/report.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_EVERY 100 /* executions: one of so many is run twice */

struct totals {
    int variants, as_expected, unexpected, undecided, unnamed;
    int64_t executions;
    bool saved; /* --schedule */
};

struct job { /* everything is read before anything runs */
    struct scenario **v;
    int count;
};

static enum err_code load_file(struct job *job, const struct options *o, const char *path,
                               struct err *err)
{
    struct scenario_file *f = scenario_load(path, err);
    int only = -1;

    if (!f)
        return err->code;
    if (o->variant)
        only = scenario_variant_index(f, o->variant, err);
    for (int i = 0; i < f->variant_count && err->code == OK; i++) {
        struct scenario *s;

        if (only >= 0 && i != only)
            continue;
        s = scenario_variant(f, i, err);
        if (!s)
            break;
        job->v = mem_grow(job->v, (size_t)job->count + 1, sizeof(struct scenario *));
        job->v[job->count++] = s;
        apply_order(s, o, err);
    }
    scenario_file_free(f);
    return err->code;
}

static enum err_code load_job(struct job *job, const struct options *o, struct err *err)
{
    char **files;
    int count;

    *job = (struct job){NULL, 0};
    find_files(o, &files, &count, err);
    for (int i = 0; i < count; i++) {
        if (err->code == OK)
            load_file(job, o, files[i], err);
        free(files[i]);
    }
    free(files);
    return err->code;
}

static bool several_files(const struct job *job)
{
    return strcmp(job->v[0]->file, job->v[job->count - 1]->file) != 0;
}

static void job_release(struct job *job)
{
    for (int i = 0; i < job->count; i++)
        scenario_free(job->v[i]);
    free(job->v);
}

/* Progress is for people who wait: on a terminal only. */
static void show_progress(void *ctx, int64_t executions)
{
    const struct scenario *sc = ctx;

    if (executions > 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s, %s: %lld executions\033[K", sc->name, sc->variant,
                (long long)executions);
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void add_up(struct totals *t, const struct search *s)
{
    t->variants++;
    t->executions += s->executions;
    for (int i = 0; i < s->tally_count; i++) {
        int ok = tally_ok(s, &s->tallies[i]);

        if (s->tallies[i].expected == HOLDS_UNNAMED)
            t->unnamed++;
        else if (ok > 0)
            t->as_expected++;
        else if (ok == 0)
            t->unexpected++;
        else
            t->undecided++;
    }
}

/* Which of a tally's executions tells most: a broken one, unless none should have held. */
static int telling(const struct tally *t)
{
    if (!t->witness[0].any)
        return 1;
    return t->expected == HOLDS_NEVER && t->witness[1].any ? 1 : 0;
}

static enum err_code save_schedule(struct search *s, const struct tally *t, const char *path,
                                   struct err *err)
{
    struct strbuf sb = STRBUF_INIT;
    struct recording r;
    enum err_code code = record_schedule(s, &t->witness[telling(t)], &r, err);
    FILE *f;

    if (code == OK)
        code = search_reset(s, err);
    if (code == OK) {
        record_as_file(s, &r, &sb);
        f = fopen(path, "w");
        if (!f || fwrite(sb.s, 1, sb.len, f) != sb.len)
            code = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
        if (f && fclose(f) != 0 && code == OK)
            code = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    }
    recording_release(&r);
    strbuf_release(&sb);
    return code;
}

/* The witness worth keeping: of the first property that is not as expected, else of the first that
 * can break. */
static const struct tally *to_save(const struct search *s)
{
    for (int i = 0; i < s->tally_count; i++)
        if (tally_ok(s, &s->tallies[i]) == 0)
            return &s->tallies[i];
    for (int i = 0; i < s->tally_count; i++)
        if (s->tallies[i].witness[0].any)
            return &s->tallies[i];
    return s->tally_count && s->tallies[0].witness[1].any ? &s->tallies[0] : NULL;
}

static enum err_code show_witnesses(struct search *s, const struct options *o, struct strbuf *out,
                                    struct err *err)
{
    int *kinds = mem_alloc(sizeof *kinds * (size_t)(s->tally_count + 1));
    struct style style;
    enum err_code code;

    for (int i = 0; i < s->tally_count; i++) {
        const struct tally *t = &s->tallies[i];
        bool failed = tally_ok(s, t) == 0, shown = o->witness && t->witness[0].any;

        kinds[i] = failed || shown ? telling(t) : -1;
    }
    style = terminal_style();
    code = report_witnesses(s, kinds, &style, out, err);
    free(kinds);
    return code;
}

static enum err_code run_one(struct session *session, struct scenario *sc, const struct options *o,
                             struct totals *totals, struct pages *pages, struct err *err)
{
    struct search_options options = {.no_reduction = o->no_reduction,
                                     .check_every = o->check_determinism ? 1 : CHECK_EVERY,
                                     .outcome_witnesses = o->html != NULL,
                                     .max_executions = o->budget_runs,
                                     .max_ms = o->budget_ms,
                                     .progress = show_progress,
                                     .progress_ctx = sc};
    struct search *s = session_search(session, sc, &options, err);
    struct strbuf out = STRBUF_INIT;

    if (!s)
        return err->code;
    search_run(s, err);
    clear_progress();
    if (err->code == ERR_STOP)
        fprintf(stderr, "fsrace: interrupted in %s, %s, after %lld executions\n", sc->name,
                sc->variant, (long long)s->executions);
    else if (err->code != OK && err->code != ERR_INPUT)
        err_wrap(err, "%s, %s", sc->name, sc->variant);
    if (err->code == OK) {
        if (o->json) {
            strbuf_adds(&out, totals->variants ? ",\n " : "[");
            report_json(s, &out);
        } else {
            report_text(s, &out);
            show_witnesses(s, o, &out, err);
        }
        fputs(out.s, stdout);
        fflush(stdout);
        add_up(totals, s);
    }
    if (err->code == OK && o->schedule && !totals->saved && to_save(s))
        totals->saved = save_schedule(s, to_save(s), o->schedule, err) == OK;
    if (err->code == OK)
        pages_add(pages, s, err);
    session_done(session, s);
    strbuf_release(&out);
    return err->code;
}

static int summary(const struct totals *t)
{
    printf("\n%d variant%s, %lld executions: %d propert%s as expected, %d not, %d undecided, %d "
           "not named\n",
           t->variants, t->variants == 1 ? "" : "s", (long long)t->executions, t->as_expected,
           t->as_expected == 1 ? "y" : "ies", t->unexpected, t->undecided, t->unnamed);
    return 0;
}

static int run(const struct options *o)
{
    struct totals totals = {.variants = 0};
    struct err err = ERR_INIT;
    struct session session;
    struct pages pages;
    struct job job;

    if (load_job(&job, o, &err) != OK) {
        job_release(&job);
        return fail(&err);
    }
    session_init(&session, o, false);
    pages_begin(&pages, o->html, several_files(&job), &err);
    for (int i = 0; i < job.count && err.code == OK; i++)
        run_one(&session, job.v[i], o, &totals, &pages, &err);
    pages_end(&pages, &err);
    session_release(&session);
    job_release(&job);
    if (o->json && totals.variants)
        puts("]");
    else if (!o->json && totals.variants && err.code != ERR_IO)
        summary(&totals);
    if (err.code != OK)
        return fail(&err);
    if (totals.unexpected)
        return EXIT_NOT_AS_EXPECTED;
    return totals.undecided ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
}

const struct command cmd_run = {
    .name = "run",
    .run = run,
    .line = "run scenarios, and say which properties hold",
    .usage = "FILE|DIR...",
    .example = "fsrace run scenarios/dup-create.json --variant naive --witness",
    .options = OPT_VARIANT | OPT_ORDER | OPT_SEED | OPT_RUNS | OPT_DIR | OPT_KEEP | OPT_BUDGET |
               OPT_SCHEDULE | OPT_HTML | OPT_JSON | OPT_WITNESS | OPT_NO_REDUCTION | OPT_BACKEND |
               OPT_SAMPLE | OPT_CHECK_DETERMINISM,
    .min_files = 1,
    .max_files = 1 << 20};
