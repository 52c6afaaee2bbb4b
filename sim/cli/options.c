#include "base/strbuf.h"
#include "base/suggest.h"
#include "sim/cli/cli.h"
#include "sim/explore/parallel/worker_pool.h"
#include "sim/report/diagram/formats.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option_row {
    const char *name;  /* without -- */
    const char *value; /* NULL: it takes none */
    uint64_t bit;
    const char *line;
};

static const struct option_row rows[] = {
    {"variant", "NAME", OPT_VARIANT, "only this variant"},
    {"order", "JSON", OPT_ORDER, "instead of the scenario's \"order\", in the same words"},
    {"schedule", "FILE", OPT_SCHEDULE,
     "run: save the order of the first witness; replay: repeat it"},
    {"runs", "N", OPT_RUNS, "sample N random orders; stress: N runs"},
    {"seed", "0xN", OPT_SEED, "of the sample (with --runs, or where the scenario samples)"},
    {"budget", "N|Ns", OPT_BUDGET, "at most N executions, or N seconds, for each variant"},
    {"witness", NULL, OPT_WITNESS,
     "show an order for each property that is broken, expected or not"},
    {"long", NULL, OPT_LONG,
     "a line for each property; of several files, only what is not as expected has them"},
    {"format", "FORMAT", OPT_FORMAT, "text, markdown, or json"},
    {"work", "DIR", OPT_WORK, "leave the scenarios that are compared there, as files"},
    {"format", "NAME", OPT_PICTURE,
     "columns (the default), list, mermaid, plantuml, shiviz, perfetto, jsonl"},
    {"html", "FILE", OPT_HTML,
     "write a page for a browser; of several scenarios, a directory of pages with an index"},
    {"json", NULL, OPT_JSON, "print a list for programs"},
    {"tap", NULL, OPT_TAP, "print test lines, as prove(1) reads them"},
    {"junit", "FILE", OPT_JUNIT, "write a test report as CI systems read it"},
    {"github", NULL, OPT_GITHUB, "also print annotations for a GitHub workflow"},
    {"backend", "dir|model|both", OPT_BACKEND,
     "where files are (default: all orders on the model, each outcome again on the directory)"},
    {"threads", NULL, OPT_THREADS,
     "give each task a thread of its own, one at a time still: slower; for debuggers"},
    {"sample", "1/N", OPT_SAMPLE, "with --backend both: only one execution in N on both"},
    {"dir", "DIR", OPT_DIR,
     "make work directories there (default: /dev/shm, else $TMPDIR, else /tmp)"},
    {"keep", NULL, OPT_KEEP, "leave the work directories, and say where they are"},
    {"property", "NAME", OPT_PROPERTY, "the property that is broken"},
    {"out", "FILE", OPT_OUT, "write the scenario there, a new file (default: stdout)"},
    {"expect", "always|never", OPT_EXPECT,
     "what is expected of the property: never (the default) passes while the race is there"},
    {"bound", "N|Nd", OPT_BOUND, "only orders with at most N preemptions, or N delays"},
    {"jobs", "N", OPT_JOBS, "N processes at a time; the same result for any N"},
    {"shard", "K/N", OPT_SHARD,
     "the K-th of N shares of the search, into --resume FILE; then merge"},
    {"resume", "FILE", OPT_RESUME, "keep what is done in FILE, and go on with what is there"},
    {"check-determinism", NULL, OPT_CHECK_DETERMINISM,
     "run each execution twice, not one in a hundred, and compare the traces"},
    {"strict", NULL, OPT_STRICT, "a scenario that expects nothing is an error"},
    {"control", NULL, OPT_CONTROL, "search by other means: merged states, to check the reduction"},
    {"no-reduction", NULL, OPT_NO_REDUCTION, "try every interleaving, the equivalent ones, too"},
    {"no-audit", NULL, OPT_NO_AUDIT,
     "after all orders try none at random, to see that none was missed"},
    {"allow-run", NULL, OPT_ALLOW_RUN,
     "run the programs that a scenario names; without it they are told, and not run"},
    {"uncontained", NULL, OPT_UNCONTAINED,
     "programs may do to the machine what fsrace may; else all but the store is read-only to them"},
    {"copies", "N", OPT_COPIES, "run N programs of each command; -n N is the same"},
    {"in", "DIR", OPT_IN,
     "what is in DIR is in the store (else: the files that the commands name)"},
    {"env", "NAME=VALUE", OPT_ENV, "a variable of the programs' environment; may be given again"},
    {"at-most", "K", OPT_AT_MOST, "at most K programs may end as --exit says"},
    {"exit", "STATUS", OPT_EXIT, "… a number, or a signal, SIGKILL; 0 if not given"},
    {"always", "P", OPT_ALWAYS, "in the end P holds: 'A.exit=0', 'content:f=x', 'exists:f'"},
    {"never", "P", OPT_NEVER, "at no moment P holds; 'P and Q', 'P or Q', 'not P'"},
    {"held", "FROM..TO", OPT_HELD, "at most one program is between these two calls"},
    {"crash", NULL, OPT_CRASH, "any program may be killed at any call"},
    {"time", "free", OPT_TIME, "anybody may be slow for any length"},
    {"save", "FILE", OPT_SAVE, "write the scenario there, a new file, for run, replay and CI"},
};

#define ROWS (sizeof rows / sizeof *rows)

void options_help(const struct command *cmd)
{
    printf("fsrace %s - %s\n\nusage: fsrace %s [OPTION...] %s\n\n", cmd->name, cmd->line, cmd->name,
           cmd->usage);
    for (size_t i = 0; i < ROWS; i++) {
        char left[40];

        if (!(cmd->options & rows[i].bit))
            continue;
        snprintf(left, sizeof left, "--%s %s", rows[i].name, rows[i].value ? rows[i].value : "");
        printf("  %-19s %s\n", left, rows[i].line);
    }
    printf("\nexample: %s\n", cmd->example);
}

void options_words(const struct command *cmd)
{
    printf("command\t%s\t%s\t%s\t%s\n", cmd->name, cmd->usage, cmd->line, cmd->example);
    for (size_t i = 0; i < ROWS; i++)
        if (cmd->options & rows[i].bit)
            printf("option\t%s\t--%s\t%s\t%s\n", cmd->name, rows[i].name,
                   rows[i].value ? rows[i].value : "-", rows[i].line);
    for (int i = 0; cmd->options & OPT_PICTURE && formats[i].name; i++)
        printf("format\t%s\t%s\t%s\n", cmd->name, formats[i].name, formats[i].line);
}

static enum err_code parse_count(const char *name, const char *text, int64_t *out, struct err *err)
{
    char *end;

    assert(text);
    errno = 0;
    *out = strtoll(text, &end, 10);
    if (errno || *end || end == text || *out < 1)
        return err_set(err, ERR_INPUT, "--%s %s: expected a number, 1 or more", name, text);
    return OK;
}

static enum err_code parse_budget(const char *text, struct options *o, struct err *err)
{
    double n;
    char *end;

    assert(text);
    n = strtod(text, &end);
    if (end == text || !(n > 0) || n > 1e15 || (*end && strcmp(end, "s") != 0))
        return err_set(err, ERR_INPUT,
                       "--budget %s: expected executions (1000, 1e6) or seconds (60s)", text);
    if (*end)
        o->budget_ms = (int64_t)(n * 1000) + 1;
    else
        o->budget_runs = (int64_t)n + (n < 1);
    return OK;
}

static enum err_code parse_format(const char *text, struct options *o, struct err *err)
{
    static const char *const names[] = {"text", "markdown", "json", NULL};

    assert(text);
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0) {
            o->format = (enum table_format)i;
            return OK;
        }
    return err_set(err, ERR_INPUT, "--format %s: expected text, markdown or json", text);
}

static enum err_code parse_backend(const char *text, struct options *o, struct err *err)
{
    static const char *const names[] = {"dir", "model", "both", NULL};
    const char *near = near_word(text, names);

    assert(text);
    for (int i = 0; names[i]; i++)
        if (strcmp(text, names[i]) == 0) {
            o->where.backend = (enum backend)(BACKEND_DIR + i);
            return OK;
        }
    return err_set(err, ERR_INPUT, "--backend %s: expected dir, model or both%s%s%s", text,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum err_code parse_sample(const char *text, struct options *o, struct err *err)
{
    char *end = NULL;

    assert(text);
    errno = 0;
    if (strncmp(text, "1/", 2) == 0)
        o->where.sample = strtoll(text + 2, &end, 10);
    if (!end || errno || end == text + 2 || *end || o->where.sample < 1)
        return err_set(err, ERR_INPUT, "--sample %s: expected one in so many, 1/100", text);
    return OK;
}

static enum err_code parse_jobs(const char *text, struct options *o, struct err *err)
{
    if (parse_count("jobs", text, &o->parallel.jobs, err) != OK)
        return err->code;
    return o->parallel.jobs <= JOBS_MAX
               ? OK
               : err_set(err, ERR_INPUT, "--jobs %s: at most %d", text, JOBS_MAX);
}

static enum err_code parse_shard(const char *text, struct options *o, struct err *err)
{
    int end = -1;

    assert(text);
    if (sscanf(text, "%4d/%4d%n", &o->parallel.shard, &o->parallel.shards, &end) == 2 && end > 0 &&
        !text[end] && o->parallel.shard >= 1 && o->parallel.shard <= o->parallel.shards)
        return OK;
    return err_set(err, ERR_INPUT, "--shard %s: expected one of so many, 2/8", text);
}

static enum err_code add_text(struct texts *t, const struct option_row *row, const char *value,
                              struct err *err)
{
    if (t->count == TEXTS_MAX)
        return err_set(err, ERR_INPUT, "--%s: more than %d of them", row->name, TEXTS_MAX);
    t->v[t->count++] = value;
    return OK;
}

/* What only `try` has. */
static enum err_code set_trial(struct trial *t, const struct option_row *row, const char *value,
                               struct err *err)
{
    switch (row->bit) {
    case OPT_COPIES:
        return parse_count(row->name, value, &t->copies, err);
    case OPT_IN:
        t->in = value;
        break;
    case OPT_AT_MOST:
        t->at_most = value;
        break;
    case OPT_EXIT:
        t->exit = value;
        break;
    case OPT_TIME:
        t->time = value;
        break;
    case OPT_SAVE:
        t->save = value;
        break;
    case OPT_CRASH:
        t->crash = true;
        break;
    case OPT_ENV:
        return add_text(&t->env, row, value, err);
    case OPT_ALWAYS:
        return add_text(&t->always, row, value, err);
    case OPT_NEVER:
        return add_text(&t->never, row, value, err);
    case OPT_HELD:
        return add_text(&t->held, row, value, err);
    }
    return OK;
}

static enum err_code set(struct options *o, const struct option_row *row, const char *value,
                         struct err *err)
{
    switch (row->bit) {
    case OPT_VARIANT:
        o->variant = value;
        break;
    case OPT_ORDER:
        o->order = value;
        break;
    case OPT_SEED:
        o->seed = value;
        break;
    case OPT_RUNS:
        return parse_count(row->name, value, &o->runs, err);
    case OPT_DIR:
        o->where.dir = value;
        break;
    case OPT_KEEP:
        o->where.keep = true;
        break;
    case OPT_BUDGET:
        return parse_budget(value, o, err);
    case OPT_SCHEDULE:
        o->schedule = value;
        break;
    case OPT_HTML:
        o->html = value;
        break;
    case OPT_TAP:
        o->tap = true;
        break;
    case OPT_JUNIT:
        o->junit = value;
        break;
    case OPT_GITHUB:
        o->github = true;
        break;
    case OPT_JSON:
        o->json = true;
        o->format = TABLE_JSON;
        break;
    case OPT_WITNESS:
        o->witness = true;
        break;
    case OPT_LONG:
        o->all_lines = true;
        break;
    case OPT_FORMAT:
        return parse_format(value, o, err);
    case OPT_WORK:
        o->work = value;
        break;
    case OPT_PICTURE:
        o->picture = value;
        break;
    case OPT_PROPERTY:
        o->property = value;
        break;
    case OPT_OUT:
        o->out = value;
        break;
    case OPT_EXPECT:
        o->expect = value;
        break;
    case OPT_BOUND:
        o->bound = value;
        break;
    case OPT_JOBS:
        return parse_jobs(value, o, err);
    case OPT_SHARD:
        return parse_shard(value, o, err);
    case OPT_RESUME:
        o->parallel.resume = value;
        break;
    case OPT_CHECK_DETERMINISM:
        o->check_determinism = true;
        break;
    case OPT_STRICT:
        o->strict = true;
        break;
    case OPT_CONTROL:
        o->control = true;
        break;
    case OPT_NO_AUDIT:
        o->no_audit = true;
        break;
    case OPT_ALLOW_RUN:
        o->allow_run = true;
        break;
    case OPT_UNCONTAINED:
        o->uncontained = true;
        break;
    case OPT_NO_REDUCTION:
        o->no_reduction = true;
        break;
    case OPT_THREADS:
        o->where.threads = true;
        break;
    case OPT_BACKEND:
        return parse_backend(value, o, err);
    case OPT_SAMPLE:
        return parse_sample(value, o, err);
    default:
        return set_trial(&o->trial, row, value, err);
    }
    return OK;
}

static const struct option_row *find_row(const struct command *cmd, const char *name, size_t len)
{
    for (size_t i = 0; i < ROWS; i++)
        if (cmd->options & rows[i].bit && strlen(rows[i].name) == len &&
            strncmp(rows[i].name, name, len) == 0)
            return &rows[i];
    return NULL;
}

static enum err_code unknown(const struct command *cmd, const char *arg, size_t len,
                             struct err *err)
{
    const char *names[ROWS + 1] = {NULL}, *near;
    char *word = mem_strdup(arg);
    size_t n = 0;

    for (size_t i = 0; i < ROWS; i++)
        if (cmd->options & rows[i].bit)
            names[n++] = rows[i].name;
    word[len] = '\0';
    near = near_word(word, names);
    free(word);
    return err_set(err, ERR_INPUT, "%s: no option --%.*s%s%s%s (fsrace %s --help lists them)",
                   cmd->name, (int)len, arg, near ? ": did you mean --" : "", near ? near : "",
                   near ? "?" : "", cmd->name);
}

/* argv[*i] is "--name", "--name=value", or "--name" and its value behind it. */
static enum err_code parse_one(const struct command *cmd, int argc, char **argv, int *i,
                               struct options *out, struct err *err)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_row *row = find_row(cmd, name, len);
    const char *value = equals ? equals + 1 : NULL;

    if (!row)
        return unknown(cmd, name, len, err);
    if (!row->value && value)
        return err_set(err, ERR_INPUT, "--%s takes no value", row->name);
    if (row->value && !value) {
        if (*i + 1 >= argc)
            return err_set(err, ERR_INPUT, "--%s needs a value: --%s %s", row->name, row->name,
                           row->value);
        value = argv[++*i];
    }
    return set(out, row, value, err);
}

enum err_code options_parse(const struct command *cmd, int argc, char **argv, struct options *out,
                            struct err *err)
{
    bool only_files = false;

    *out = (struct options){.files = argv};
    for (int i = 1; i < argc; i++) {
        if (!only_files && strcmp(argv[i], "--") == 0)
            only_files = true;
        else if (!only_files && strncmp(argv[i], "--", 2) == 0) {
            if (parse_one(cmd, argc, argv, &i, out, err) != OK)
                return ERR_INPUT;
        } else if (!only_files && strcmp(argv[i], "-n") == 0 && cmd->options & OPT_COPIES) {
            if (parse_count("copies", i + 1 < argc ? argv[++i] : "", &out->trial.copies, err) != OK)
                return ERR_INPUT;
        } else if (!only_files && argv[i][0] == '-' && argv[i][1])
            return err_set(err, ERR_INPUT, "%s: no option %s (fsrace %s --help lists them)",
                           cmd->name, argv[i], cmd->name);
        else
            out->files[out->file_count++] = argv[i];
    }
    if (out->where.sample && out->where.backend != BACKEND_BOTH)
        return err_set(err, ERR_INPUT, "--sample goes with --backend both: it says how much of it");
    if (out->where.keep && out->where.backend == BACKEND_MODEL)
        return err_set(err, ERR_INPUT, "--keep: with --backend model there is no directory");
    if (out->file_count < cmd->min_files)
        return err_set(err, ERR_INPUT, "usage: fsrace %s [OPTION...] %s", cmd->name, cmd->usage);
    if (cmd->max_files == 0 && out->file_count > 0)
        return err_set(err, ERR_INPUT, "%s takes no file, found %s", cmd->name, out->files[0]);
    if (out->file_count > cmd->max_files)
        return err_set(err, ERR_INPUT, "%s takes one scenario, found another: %s", cmd->name,
                       out->files[1]);
    return OK;
}
