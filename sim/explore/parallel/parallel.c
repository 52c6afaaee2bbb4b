#include "sim/explore/parallel/parallel.h"
#include "base/hash.h"
#include "base/vec.h"
#include "sim/explore/parallel/partition.h"
#include "sim/explore/parallel/result.h"
#include "sim/explore/parallel/worker_pool.h"
#include "sim/explore/search/audit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool divided_wanted(const struct parallel_options *o)
{
    return o->jobs || o->shards || o->resume;
}

/* All that the parts and their results depend on. */
static uint64_t fingerprint(const struct division *d)
{
    uint64_t h = hash_u64(hash_str(HASH_INIT, d->version), d->scenario->hash);

    h = hash_str(hash_str(h, d->order ? d->order : ""), d->seed ? d->seed : "");
    h = hash_u64(hash_u64(h, (uint64_t)d->runs), (uint64_t)d->where.backend);
    return hash_mix(hash_u64(h, PARTS_MIN));
}

void divided_header(const struct division *d, struct strbuf *out)
{
    const struct parallel_options *o = &d->options;

    strbuf_adds(out, "{\"fsrace_parts\":1,\"scenario\":");
    strbuf_json(out, d->scenario->file);
    strbuf_adds(out, ",\"variant\":");
    strbuf_json(out, d->scenario->variant);
    strbuf_adds(out, ",\"order\":");
    strbuf_json(out, d->order ? d->order : "");
    strbuf_adds(out, ",\"seed\":");
    strbuf_json(out, d->seed ? d->seed : "");
    strbuf_printf(out, ",\"runs\":%lld,\"shard\":[%d,%d],\"search\":\"%016llx\"}",
                  (long long)d->runs, o->shards ? o->shard : 1, o->shards ? o->shards : 1,
                  (unsigned long long)fingerprint(d));
}

/* --- results --- */

/* As result_print() writes it; what is not so is found when it is parsed. */
static struct result_head head_of(const char *line)
{
    struct result_head head = {.round = -1};
    long long round, part;
    char over;

    if (sscanf(line, "{\"round\":%lld,\"part\":%lld,\"over\":%c", &round, &part, &over) == 3)
        head = (struct result_head){round, part, over == 't'};
    return head;
}

static const char *line_of(const struct division *d, int64_t round, int64_t part)
{
    for (int i = 0; i < d->line_count; i++) {
        struct result_head head = head_of(d->lines[i]);

        if (head.round == round && head.part == part)
            return d->lines[i];
    }
    return NULL;
}

void divided_add(struct division *d, const char *text, size_t len)
{
    struct strbuf sb = STRBUF_INIT;
    struct result_head head;

    strbuf_add(&sb, text, len);
    head = head_of(sb.s);
    if (line_of(d, head.round, head.part)) { /* each shard has the first executions */
        strbuf_release(&sb);
        return;
    }
    VEC_ROOM(d->lines, d->line_count, d->line_cap, 64);
    d->lines[d->line_count++] = strbuf_take(&sb);
}

static void add_known(void *ctx, const char *text, size_t len)
{
    divided_add(ctx, text, len);
}

static enum err_code keep_line(void *ctx, const char *text, struct err *err)
{
    struct division *d = ctx;

    divided_add(d, text, strlen(text));
    if (head_of(text).over) {
        d->over = true; /* in the verdict, but to be done again */
        return OK;
    }
    return d->journal.path ? journal_add(&d->journal, text, err) : OK;
}

/* --- searches: on the model unless the directory is asked for --- */

static struct search *open_search(struct division *d, struct session *session, struct err *err)
{
    struct session_options where = d->where;
    struct search_options so = d->search;

    if (where.backend == BACKEND_BEST)
        where.backend = d->scenario->has_programs ? BACKEND_DIR : BACKEND_MODEL;
    so.outcome_witnesses |= d->where.backend == BACKEND_BEST;
    so.progress = NULL;
    so.share = NULL;
    session_init(session, &where, false);
    return session_search(session, d->scenario, &so, err);
}

static void close_search(struct session *session, struct search *s)
{
    session_done(session, s);
    session_release(session);
}

/* --- a worker --- */

static enum err_code begin(void *ctx, struct crew_shared *shared, struct err *err)
{
    struct division *d = ctx;

    d->shared = shared;
    d->own = open_search(d, &d->own_session, err);
    if (!d->own)
        return err->code;
    d->own->start_ms = d->start_ms;
    d->own->options.spent = &shared->executions;
    return OK;
}

static enum err_code run_part(void *ctx, int part, struct strbuf *line, bool *over, struct err *err)
{
    struct division *d = ctx;
    struct result_head head = {.round = d->round, .part = part};
    struct owed owed = {.count = 0};

    if (parts_run(d->tree, part, d->own, &owed, &head.over, err) == OK)
        result_print(d->own, &head, &owed, line);
    *over = head.over;
    search_forget(d->own);
    owed_release(&owed);
    return err->code;
}

static void end(void *ctx)
{
    struct division *d = ctx;

    close_search(&d->own_session, d->own);
}

/* --- rounds --- */

static void tick(void *ctx, int64_t executions)
{
    struct division *d = ctx;

    if (d->progress)
        progress_show(d->progress, executions);
    d->executions = executions;
}

/* The parts of this round that are ours and not done. */
static int *to_do(struct division *d, int *count)
{
    const struct parallel_options *o = &d->options;
    int *items = mem_alloc(sizeof *items * (size_t)(d->tree->count + 1));

    *count = d->shard_parts = 0;
    d->parts = d->tree->count;
    for (int i = 0; i < d->tree->count; i++) {
        if (o->shards && i % o->shards != o->shard - 1)
            continue;
        d->shard_parts++;
        if (!line_of(d, d->round, i))
            items[(*count)++] = i;
    }
    return items;
}

static enum err_code run_round(struct division *d, struct err *err)
{
    struct crew_work work = {
        .begin = begin, .run = run_part, .end = end, .line = keep_line, .tick = tick, .ctx = d};
    int *items = to_do(d, &work.count);

    work.items = items;
    if (d->merging && d->round == 0 && work.count > 0)
        err_set(err, ERR_INPUT, "%d of %d parts are missing: not all shards are done", work.count,
                d->parts);
    else if (work.count > 0)
        crew_run(&work, d->options.jobs ? (int)d->options.jobs : 1, d->executions, err);
    free(items);
    return err->code;
}

/* What the parts of this round owe, in their order; then the next round's parts. */
static int next_round(struct division *d, struct search *s, struct err *err)
{
    for (int i = 0; i < d->tree->count && err->code == OK; i++) {
        const char *line = line_of(d, d->round, i);
        struct result r;

        if (!line) {
            err_set(err, ERR_INPUT, "part %d of round %lld is missing", i + 1,
                    (long long)d->round + 1);
        } else if (result_parse(&r, "result", line, strlen(line), s, err) == OK) {
            for (int k = 0; k < r.owed.count && err->code == OK; k++)
                parts_pay(d->tree, s, &r.owed.v[k], err);
            result_release(&r);
        }
    }
    d->round++;
    return err->code == OK ? parts_round(d->tree, s, err) : 0;
}

/* Finds the parts, and counts what was run to find them. */
static int first_round(struct division *d, struct search *s, struct err *err)
{
    struct result_head head = {.part = RESULT_FIRST};
    const char *known = line_of(d, 0, RESULT_FIRST);
    struct strbuf line = STRBUF_INIT;
    struct owed none = {.count = 0};

    if (parts_begin(d->tree, s, PARTS_MIN, err) == OK) {
        result_print(s, &head, &none, &line);
        d->executions = s->executions;
        search_forget(s);
        if (!known)
            keep_line(d, line.s, err);
        else if (strcmp(known, line.s) != 0)
            err_set(err, ERR_DIVERGE,
                    "not deterministic: the first executions did not come to the same as before");
    }
    strbuf_release(&line);
    return err->code == OK ? parts_round(d->tree, s, err) : 0;
}

static enum err_code run_rounds(struct division *d, struct err *err)
{
    typedef int step_fn(struct division *, struct search *, struct err *);
    step_fn *step = first_round;
    int count;

    do {
        struct session session;
        struct search *s = open_search(d, &session, err); /* not open while others work */

        count = s ? step(d, s, err) : 0;
        close_search(&session, s);
        step = next_round;
        if (err->code == OK && count > 0)
            run_round(d, err);
    } while (err->code == OK && count > 0 && !d->over && !d->options.shards);
    return err->code;
}

/* --- the end --- */

static int by_part(const void *a, const void *b)
{
    const struct result_head x = head_of(*(char *const *)a), y = head_of(*(char *const *)b);

    if (x.round != y.round)
        return x.round < y.round ? -1 : 1;
    return (x.part > y.part) - (x.part < y.part);
}

static enum err_code add_up(struct division *d, struct search *s, struct err *err)
{
    qsort(d->lines, (size_t)d->line_count, sizeof *d->lines, by_part);
    for (int i = 0; i < d->line_count && err->code == OK; i++) {
        struct result r;

        if (result_parse(&r, "result", d->lines[i], strlen(d->lines[i]), s, err) != OK)
            break;
        result_add(&r, s);
        result_release(&r);
    }
    return err->code;
}

static enum search_end how_it_ended(const struct division *d, const struct search *s)
{
    if (d->over)
        return SEARCH_BUDGET;
    if (s->scenario->order.kind == ORDER_SAMPLE)
        return SEARCH_SAMPLED;
    return s->bounded || s->held ? SEARCH_BOUND : SEARCH_COMPLETE;
}

static struct search *conclude(struct division *d, struct err *err)
{
    struct search *s = session_search(d->session, d->scenario, &d->search, err);

    if (!s)
        return NULL;
    s->count_classes = s->scenario->order.kind == ORDER_SAMPLE;
    if (s->count_classes)
        s->pct_tasks = s->cluster->task_count + (s->scenario->fault_count > 0);
    if (add_up(d, s, err) == OK) {
        s->end = how_it_ended(d, s);
        if (s->end != SEARCH_COMPLETE || !audit_wanted(s) || audit_run(s, err) == OK)
            search_conclude(s, err);
    }
    if (err->code == OK)
        return s;
    session_done(d->session, s);
    return NULL;
}

static enum err_code can_be_divided(const struct division *d, struct err *err)
{
    if (d->scenario->order.kind == ORDER_SCRIPT)
        return err_set(err, ERR_INPUT, "%s, %s: one order cannot be divided", d->scenario->file,
                       d->scenario->variant);
    if (d->scenario->order.within)
        return err_set(err, ERR_INPUT, "a bound of preemptions is for one process");
    if (d->search.control)
        return err_set(err, ERR_INPUT, "--control is for one process");
    if (d->search.no_reduction)
        return err_set(err, ERR_INPUT, "--no-reduction is for one process");
    return OK;
}

struct search *divided_run(struct division *d, struct err *err)
{
    struct strbuf header = STRBUF_INIT;
    struct parts tree = {.count = 0};
    struct search *s = NULL;

    d->tree = &tree;
    d->start_ms = gate_now_ms();
    divided_header(d, &header);
    if (can_be_divided(d, err) == OK && d->options.resume)
        journal_open(&d->journal, d->options.resume, header.s, add_known, d, err);
    if (err->code == OK)
        run_rounds(d, err);
    journal_close(&d->journal);
    parts_release(&tree);
    strbuf_release(&header);
    if (err->code == OK && !d->options.shards)
        s = conclude(d, err);
    return s;
}

void divided_release(struct division *d)
{
    for (int i = 0; i < d->line_count; i++)
        free(d->lines[i]);
    free(d->lines);
}
