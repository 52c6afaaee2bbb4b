/* fsrace run: scenarios in the orders they ask for, and which properties hold. */
#include "base/strbuf.h"
#include "sim/cli/output.h"
#include "sim/exec/interrupt.h"
#include "sim/explore/explain/export.h"
#include "sim/explore/search/progress.h"
#include "sim/report/text/report.h"
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_EVERY 100 /* executions: one of so many is run twice */

struct job { /* everything is read before anything runs */
    struct scenario **v;
    int count;
    int bad; /* files of which nothing is run: told */
};

static void job_cut(struct job *job, int count)
{
    while (job->count > count)
        scenario_free(job->v[--job->count]);
}

static enum err_code load_variants(struct job *job, const struct options *o,
                                   const struct scenario_file *f, int only, struct err *err)
{
    for (int i = 0; i < f->variant_count && err->code == OK; i++) {
        struct scenario *s;

        if (only >= 0 && i != only)
            continue;
        s = scenario_variant(f, i, err);
        if (!s)
            break;
        job->v = mem_grow(job->v, (size_t)job->count + 1, sizeof(struct scenario *));
        job->v[job->count++] = s;
        check_allowed(o, s, err);
    }
    return err->code;
}

/* A file of a directory that is wrong does not keep the others from being run: it is told at once,
 * and the status says so at the end. */
static enum err_code tell_bad(struct job *job, const struct options *o, const struct err *wrong)
{
    struct strbuf annotation = STRBUF_INIT;

    if (o->github)
        report_github_error(wrong, &annotation);
    fputs(annotation.s, stdout);
    strbuf_release(&annotation);
    fail(wrong);
    job->bad++;
    return OK;
}

static enum err_code load_file(struct job *job, const struct options *o, const char *path,
                               bool named, struct err *err)
{
    struct err wrong = ERR_INIT;
    struct scenario_file *f = scenario_load(path, &wrong);
    int only = -1, before = job->count;

    if (f && o->variant)
        only = scenario_variant_index(f, o->variant, err);
    if (f && err->code == OK)
        load_variants(job, o, f, only, &wrong);
    scenario_file_free(f);
    if (wrong.code != OK && (named || wrong.code == ERR_STOP))
        return err_set(err, wrong.code, "%s", wrong.story);
    if (wrong.code != OK) {
        job_cut(job, before);
        return tell_bad(job, o, &wrong);
    }
    for (int i = before; i < job->count && err->code == OK; i++)
        if (check_strict(o, job->v[i], err) == OK)
            apply_order(job->v[i], o, err);
    return err->code;
}

/* On the command line, not in a directory. */
static bool is_named(const struct options *o, const char *path)
{
    for (int i = 0; i < o->file_count; i++)
        if (strcmp(o->files[i], path) == 0)
            return true;
    return false;
}

static enum err_code load_job(struct job *job, const struct options *o, struct used_files *used,
                              struct err *err)
{
    char **files;
    int count;

    *job = (struct job){.v = NULL};
    find_files(o, &files, &count, err);
    for (int i = 0; i < count; i++) {
        used_files_add(used, files[i]);
        if (err->code == OK)
            load_file(job, o, files[i], is_named(o, files[i]), err);
        free(files[i]);
    }
    free(files);
    return err->code;
}

static bool several_files(const struct job *job)
{
    assert(job->count > 0 && job->v);
    return strcmp(job->v[0]->file, job->v[job->count - 1]->file) != 0;
}

static void job_release(struct job *job)
{
    job_cut(job, 0);
    free(job->v);
}

#define MISSED_FILE "fsrace-missed.json"

static enum err_code save_schedule(struct search *s, const struct tally *t, struct outfile *file,
                                   struct err *err)
{
    struct strbuf sb = STRBUF_INIT;
    struct recording r;
    enum err_code code = record_schedule(s, &t->witness[telling(t)], &r, err);

    if (code == OK) {
        record_as_file(s, &r, &sb);
        code = outfile_end(file, &sb, err);
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

/* The execution that the audit found and the search did not have, for whoever mends the search. */
static void save_missed(struct search *s, struct used_files *used, struct err *err)
{
    struct strbuf sb = STRBUF_INIT;
    struct recording r;
    struct err no_file = {.code = OK};

    if (record_schedule(s, &s->missed, &r, &no_file) == OK) {
        record_as_file(s, &r, &sb);
        outfile_write(MISSED_FILE, &sb, used, &no_file);
    }
    recording_release(&r);
    strbuf_release(&sb);
    if (no_file.code == OK)
        fprintf(stderr, "fsrace: %s has it: replay %s --variant %s --schedule %s\n", MISSED_FILE,
                s->scenario->file, s->scenario->variant, MISSED_FILE);
    else
        err_wrap(err, "(%s)", no_file.story);
}

struct all { /* that goes from variant to variant */
    const struct options *options;
    struct session session;
    struct output output;
    struct pages pages;
    struct used_files used;
    struct outfile schedule; /* until it is saved */
    bool undone;             /* a shard */
};

static void after_run(struct all *all, struct search *s, double seconds, struct err *err)
{
    output_variant(&all->output, s, seconds, err);
    if (err->code == OK && all->schedule.name && to_save(s))
        save_schedule(s, to_save(s), &all->schedule, err);
    if (err->code == OK)
        pages_add(&all->pages, s, err);
}

struct search_options search_options_of(const struct options *o)
{
    return (struct search_options){.no_reduction = o->no_reduction,
                                   .control = o->control,
                                   .no_audit = o->no_audit,
                                   .check_every = o->check_determinism ? 1 : CHECK_EVERY,
                                   .outcome_witnesses = o->html != NULL,
                                   .max_executions = o->budget_runs,
                                   .max_ms = o->budget_ms,
                                   .progress = progress_show};
}

static struct search *run_whole(struct all *all, struct scenario *sc,
                                const struct search_options *options, int64_t *executions,
                                struct err *err)
{
    struct search *s = session_search(&all->session, sc, options, err);

    if (!s)
        return NULL;
    search_run(s, err);
    *executions = s->executions;
    return s;
}

/* NULL without an error: a shard, which is told of here. */
static struct search *run_divided(struct all *all, struct scenario *sc,
                                  const struct search_options *options, int64_t *executions,
                                  struct err *err)
{
    const struct options *o = all->options;
    struct division d = {.options = o->parallel,
                         .where = o->where,
                         .order = o->order,
                         .seed = o->seed,
                         .runs = o->runs,
                         .version = FSRACE_VERSION,
                         .scenario = sc,
                         .search = *options,
                         .session = &all->session,
                         .progress = options->progress_ctx};
    struct search *s = divided_run(&d, err);

    *executions = d.executions;
    if (err->code == OK && !s) {
        fprintf(all->options->json ? stderr : stdout, "shard %d/%d of %s, %s: %d of %d parts, %s\n",
                all->options->parallel.shard, all->options->parallel.shards, sc->name, sc->variant,
                d.shard_parts, d.parts, d.over ? "not done: the same command goes on" : "done");
        all->undone |= d.over;
    }
    divided_release(&d);
    return s;
}

/* With what is known by then. */
static void tell_interrupted(const struct scenario *sc, const struct search *s, int64_t executions)
{
    struct strbuf out = STRBUF_INIT;

    strbuf_printf(&out, "fsrace: interrupted in %s, %s, after %lld executions\n", sc->name,
                  sc->variant, (long long)executions);
    if (s && s->end == SEARCH_STOPPED)
        report_text(s, false, &out);
    fputs(out.s, stderr);
    strbuf_release(&out);
}

static void run_one(struct all *all, struct scenario *sc, struct err *err)
{
    struct progress progress;
    struct search_options options = search_options_of(all->options);
    int64_t executions = 0;
    struct search *s;

    options.progress_ctx = &progress;
    options.share = &progress.known;
    progress_begin(&progress, sc, &options);
    s = divided_wanted(&all->options->parallel) ? run_divided(all, sc, &options, &executions, err)
                                                : run_whole(all, sc, &options, &executions, err);
    progress_end(&progress);
    if (s && s->missed.count)
        save_missed(s, &all->used, err);
    if (err->code == ERR_STOP)
        tell_interrupted(sc, s, executions);
    else if (err->code != OK && err->code != ERR_INPUT)
        err_wrap(err, "%s, %s", sc->name, sc->variant);
    if (err->code == OK && s)
        after_run(all, s, (double)(gate_now_ms() - progress.start_ms) / 1000, err);
    session_done(&all->session, s);
}

static enum err_code check_division(const struct options *o, const struct job *job, struct err *err)
{
    if (o->parallel.shards && !o->parallel.resume)
        return err_set(err, ERR_INPUT, "--shard %d/%d: say with --resume FILE where it is kept",
                       o->parallel.shard, o->parallel.shards);
    if (o->parallel.resume && job->count != 1)
        return err_set(err, ERR_INPUT,
                       "--resume %s is for one variant, and these are %d: say which with --variant",
                       o->parallel.resume, job->count);
    return OK;
}

/* Before anything runs, so that what cannot be written is known at once. */
static enum err_code open_outputs(struct all *all, bool several, struct err *err)
{
    const struct options *o = all->options;

    if (o->parallel.resume)
        used_files_add(&all->used, o->parallel.resume);
    if (pages_begin(&all->pages, o->html, several, &all->used, err) == OK &&
        output_open(&all->output, &all->used, err) == OK && o->schedule)
        outfile_begin(&all->schedule, o->schedule, &all->used, err);
    return err->code;
}

static int run(const struct options *o)
{
    struct all all = {.options = o};
    struct err err = ERR_INIT;
    struct job job = {.v = NULL};
    int status;

    if (output_begin(&all.output, o, &err) != OK)
        return fail(&err);
    if (load_job(&job, o, &all.used, &err) == OK && job.count > 0 &&
        check_division(o, &job, &err) == OK) {
        session_init(&all.session, &o->where, false);
        all.output.brief = several_files(&job) && !o->all_lines;
        open_outputs(&all, several_files(&job), &err);
        for (int i = 0; i < job.count && err.code == OK; i++)
            run_one(&all, job.v[i], &err);
        pages_end(&all.pages, &err);
        outfile_drop(&all.schedule);
        session_release(&all.session);
    }
    job_release(&job);
    status = output_end(&all.output, &err);
    used_files_release(&all.used);
    if (job.bad)
        return EXIT_BAD_INPUT;
    return status == EXIT_AS_EXPECTED && all.undone ? EXIT_UNDECIDED : status;
}

const struct command cmd_run = {
    .name = "run",
    .run = run,
    .line = "run scenarios, and say which properties hold",
    .usage = "FILE|DIR...",
    .example = "fsrace run scenarios/dup-create.json --variant naive --witness",
    .options = OPT_VARIANT | OPT_ORDER | OPT_SEED | OPT_RUNS | OPT_DIR | OPT_KEEP | OPT_BUDGET |
               OPT_SCHEDULE | OPT_HTML | OPT_JSON | OPT_STRICT | OPT_WITNESS | OPT_LONG |
               OPT_NO_REDUCTION | OPT_CONTROL | OPT_NO_AUDIT | OPT_BACKEND | OPT_THREADS |
               OPT_SAMPLE | OPT_CHECK_DETERMINISM | OPT_BOUND | OPT_JOBS | OPT_SHARD | OPT_RESUME |
               OPT_JUNIT | OPT_TAP | OPT_GITHUB | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1 << 20};
