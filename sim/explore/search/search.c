#include "sim/explore/search/search.h"
#include "base/hash.h"
#include "sim/engine/fault.h"
#include "sim/engine/invariant.h"
#include "sim/explore/explain/coalesce.h"
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/determinism.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/search/runs.h"
#include "sim/explore/strategy/dpor.h"
#include "sim/explore/strategy/strategies.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_EVERY 256

/* --- what is counted --- */

static void expect(struct tally *t, const struct scenario *s)
{
    t->expected = HOLDS_UNNAMED;
    for (int i = 0; i < s->expect_count; i++)
        if (strcmp(s->expects[i].property, t->name) == 0) {
            t->expected = s->expects[i].holds;
            t->line = s->expects[i].line;
            t->column = s->expects[i].column;
        }
}

/* Is the scenario of the kind that the property is about? */
static bool applies(const struct check *check, const struct scenario *s)
{
    unsigned without = 0; /* what this scenario has nothing of */
    bool expected = false;

    for (int i = 0; i < s->expect_count; i++)
        expected |= strcmp(s->expects[i].property, check->name) == 0;
    without |= s->has_services ? 0 : OF_SERVICES;
    without |= s->semantics == STORE_POSIX ? 0 : OF_POSIX;
    without |= s->restarts ? 0 : OF_RESTARTS;
    without |= expected || makes_markers(&s->settings) ? 0 : OF_MARKERS;
    without |= s->settings.schema == SCHEMA_VERSIONED ? 0 : OF_VERSIONS;
    without |= expected ? 0 : IF_ASKED;
    return (check->traits & without) == 0;
}

static void add_tallies(struct search *s)
{
    const struct scenario *sc = s->scenario;
    int n = 0;

    while (checks[n].name)
        n++;
    s->tallies = mem_alloc(sizeof *s->tallies * (size_t)(n + sc->property_count + 1));
    for (int i = 0; i < sc->property_count; i++)
        s->tallies[s->tally_count++] = (struct tally){
            .name = sc->properties[i].name, .property = &sc->properties[i], .index = i};
    for (int i = 0; i < n; i++)
        if (applies(&checks[i], sc))
            s->tallies[s->tally_count++] =
                (struct tally){.name = checks[i].name, .check = &checks[i]};
    for (int i = 0; i < s->tally_count; i++)
        expect(&s->tallies[i], sc);
}

struct search *search_new(struct scenario *sc, struct port *port, struct gate *gate,
                          const struct search_options *options, struct err *err)
{
    struct search *s = mem_alloc(sizeof *s);

    s->scenario = sc;
    s->port = port;
    s->gate = gate;
    s->options = *options;
    s->cluster = cluster_new(sc, port, gate, err);
    if (s->cluster && options->twin)
        s->twin = cluster_new(sc, options->twin, gate, err);
    if (!s->cluster || (options->twin && !s->twin)) {
        cluster_free(s->cluster);
        free(s);
        return NULL;
    }
    add_tallies(s);
    return s;
}

void search_free(struct search *s)
{
    if (!s)
        return;
    for (int i = 0; i < s->tally_count; i++) {
        free(s->tallies[i].witness[0].tasks);
        free(s->tallies[i].witness[1].tasks);
    }
    free(s->tallies);
    for (int i = 0; i < s->outcome_cap; i++)
        free(s->outcomes[i].witness.tasks);
    free(s->current.tasks);
    free(s->outcomes);
    classes_release(&s->classes);
    cluster_free(s->cluster);
    cluster_free(s->twin);
    free(s);
}

void search_forget(struct search *s)
{
    s->executions = s->redundant = s->bounded = s->repeated = 0;
    s->longest = 0;
    memset(s->cluster->faults_happened, 0, sizeof s->cluster->faults_happened);
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];

        t->holds = t->broken = 0;
        t->witness[0].any = t->witness[1].any = false;
    }
    for (int i = 0; i < s->outcome_cap; i++)
        free(s->outcomes[i].witness.tasks);
    free(s->outcomes);
    s->outcomes = NULL;
    s->outcome_count = s->outcome_cap = 0;
    set_release(&s->classes.seen);
}

/* --- one execution --- */

void schedule_note(struct schedule *out, const struct cluster *c)
{
    uint64_t started = 0;

    out->count = 0;
    out->preemptions = c->preemptions;
    out->steps = c->event_count;
    out->any = true;
    if (out->cap < c->event_count) {
        out->cap = 2 * c->event_count;
        out->tasks = mem_grow(out->tasks, (size_t)out->cap, 1);
    }
    for (int i = 0; i < c->event_count; i++) {
        uint64_t b = UINT64_C(1) << c->events[i].task;

        out->tasks[out->count++] = (uint8_t)c->events[i].task;
        out->steps -= !(started & b); /* its start */
        started |= b;
    }
}

static bool shorter(const struct schedule *a, const struct schedule *b)
{
    if (!b->any || a->preemptions != b->preemptions)
        return !b->any || a->preemptions < b->preemptions;
    return a->steps < b->steps;
}

bool schedule_same(const struct schedule *a, const struct schedule *b)
{
    return a->count == b->count && memcmp(a->tasks, b->tasks, (size_t)a->count) == 0;
}

void schedule_keep(struct schedule *kept, const struct schedule *current)
{
    if (!shorter(current, kept))
        return;
    if (kept->cap < current->count) {
        kept->cap = current->count;
        kept->tasks = mem_grow(kept->tasks, (size_t)kept->cap, 1);
    }
    if (current->count > 0)
        memcpy(kept->tasks, current->tasks, (size_t)current->count);
    kept->count = current->count;
    kept->preemptions = current->preemptions;
    kept->steps = current->steps;
    kept->any = true;
}

bool search_judge(struct search *s, const struct tally *t, struct strbuf *why)
{
    struct cluster *c = s->cluster;
    struct sight sight = invariant_sight(c);
    bool holds;

    if (t->check)
        return t->check->holds(c, why);
    if (t->property->invariant) {
        holds = !(c->broken_invariants >> t->index & 1);
        if (!holds && why)
            strbuf_printf(why, "it does not hold after step %d", c->broken_at[t->index] + 1);
        return holds;
    }
    holds = predicate_holds(&t->property->predicate, &sight);
    if (!holds && why)
        strbuf_adds(why, "it does not hold in the final state");
    return holds;
}

static void judge_all(struct search *s)
{
    uint64_t broken = HASH_INIT;

    schedule_note(&s->current, s->cluster);
    if (s->count_classes)
        classes_add(&s->classes, s->cluster);
    if (s->cluster->event_count > s->longest)
        s->longest = s->cluster->event_count;
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];
        bool holds = search_judge(s, t, NULL);

        *(holds ? &t->holds : &t->broken) += 1;
        broken = holds ? broken : hash_str(broken, t->name);
        schedule_keep(&t->witness[holds], &s->current);
    }
    outcome_add(s, hash_u64(outcome_hash(s->cluster), broken));
}

/* Is this execution one of those that are run twice? */
static bool is_checked(const struct search *s, const struct chooser *chooser)
{
    int every = s->options.check_every;

    return every && s->executions % every == 0 && chooser && !s->cluster->trace;
}

static void count_one(struct search *s)
{
    s->executions++;
    if (s->options.spent)
        ++*s->options.spent;
}

enum err_code search_execute(struct search *s, struct chooser *chooser, struct err *err)
{
    enum err_code code = is_checked(s, chooser) ? cluster_run_twice(s->cluster, chooser, err)
                                                : cluster_run(s->cluster, chooser, err);

    if (code != OK)
        return code;
    switch (s->cluster->end) {
    case END_DONE:
    case END_DEADLOCK:
        count_one(s);
        judge_all(s);
        if (s->cluster->err.code != OK) /* the final store could not be looked at */
            return err_set(err, s->cluster->err.code, "%s", s->cluster->err.story);
        if (s->options.judged)
            s->options.judged(s->options.judged_ctx, s->cluster);
        break;
    case END_BOUND:
        count_one(s);
        s->bounded++;
        break;
    case END_CUT:
        s->redundant++;
        break;
    case END_FAILED:
        break;
    }
    return OK;
}

enum err_code search_reset(struct search *s, struct err *err)
{
    return cluster_reset(s->cluster, err);
}

void search_why(struct search *s, char **why)
{
    for (int i = 0; i < s->tally_count; i++) {
        struct strbuf sb = STRBUF_INIT;

        search_judge(s, &s->tallies[i], &sb);
        why[i] = strbuf_take(&sb);
    }
}

/* A step is over: what can be said of the properties before the end. */
static void look(struct trace_watcher *watcher, struct trace *trace, int first)
{
    struct search *s =
        (struct search *)(void *)((char *)watcher - offsetof(struct search, properties));
    uint64_t broken = 0;

    for (int i = 0; i < s->tally_count && i < TALLIES_TOLD; i++) {
        const struct tally *t = &s->tallies[i];

        if ((!t->check || (t->check->traits & LASTING)) && !search_judge(s, &s->tallies[i], NULL))
            broken |= UINT64_C(1) << i;
    }
    if (trace->count == 0)
        trace->broken_before = broken;
    for (int i = first; i < trace->count; i++)
        trace->v[i].broken = broken;
}

void search_tell(struct search *s, struct trace *trace)
{
    struct trace *before = s->cluster->trace;

    if (before)
        before->watchers = before->watchers->next; /* ours */
    if (trace) {
        s->properties = (struct trace_watcher){look, trace->watchers};
        trace->watchers = &s->properties;
    }
    s->cluster->trace = trace;
}

enum err_code search_replay(struct search *s, const struct schedule *schedule, struct trace *trace,
                            char **why, struct err *err)
{
    struct given_chooser given;
    enum err_code code;

    given_init(&given, schedule->tasks, schedule->count);
    search_tell(s, trace);
    code = cluster_run(s->cluster, &given.chooser, err);
    search_tell(s, NULL);
    if (code == OK && why)
        search_why(s, why);
    return code;
}

/* --- all of them --- */

bool search_over_budget(struct search *s)
{
    const struct search_options *o = &s->options;
    int64_t runs = s->executions + s->redundant;

    if (o->share && s->all && runs % PROGRESS_EVERY == 0)
        *o->share = all_share(s->all);
    if (o->progress && runs % PROGRESS_EVERY == 0)
        o->progress(o->progress_ctx, s->executions);
    if (o->max_executions && (o->spent ? *o->spent : s->executions) >= o->max_executions)
        return true;
    return o->max_ms && gate_now_ms() - s->start_ms >= o->max_ms;
}

enum err_code search_finish_one(struct search *s, struct err *err)
{
    int64_t every = s->twin ? s->options.twin_every : 0;
    bool whole = s->cluster->end == END_DONE || s->cluster->end == END_DEADLOCK;

    if (search_reset(s, err) != OK || !every || !whole || s->executions % every != 0)
        return err->code;
    return twin_repeat(s, &s->current, err);
}

static enum err_code run_all(struct search *s, struct script_chooser *script, struct err *err)
{
    const struct order *o = &s->scenario->order;
    struct all_chooser all;
    bool more = true;

    all_init(&all, !s->options.no_reduction && !o->within);
    s->all = &all;
    all.bound = o->within ? o->bound : -1;
    all.delays = o->delays;
    s->count_classes = !all.reduce;
    script->then = &all.chooser;
    s->end = o->within ? SEARCH_WITHIN : SEARCH_COMPLETE;
    while (more) {
        script_begin(script);
        if (search_execute(s, &script->chooser, err) != OK)
            break;
        more = all_next(&all, s->cluster);
        if (search_finish_one(s, err) != OK)
            break;
        if (more && search_over_budget(s)) {
            s->end = SEARCH_BUDGET;
            break;
        }
    }
    s->all = NULL;
    all_release(&all);
    script->then = NULL;
    if (s->bounded && s->end != SEARCH_BUDGET)
        s->end = SEARCH_BOUND;
    return err->code;
}

/* A script that is lost, and may be: what it says before that step, and then every order. */
static enum err_code run_lost(struct search *s, struct script_chooser *script, struct err *err)
{
    struct order *o = &s->scenario->order;

    search_forget(s);
    s->lost_at = script->lost + 1;
    o->step_count = script->lost;
    o->kind = ORDER_ALL;
    return run_all(s, script, err);
}

static enum err_code run_script(struct search *s, struct script_chooser *script, struct err *err)
{
    s->end = SEARCH_SCRIPT;
    script_begin(script);
    if (search_execute(s, &script->chooser, err) == OK)
        search_finish_one(s, err);
    return err->code == OK && script->lost >= 0 ? run_lost(s, script, err) : err->code;
}

static enum err_code shorten_witnesses(struct search *s, struct err *err)
{
    for (int i = 0; i < 2 * s->tally_count && err->code == OK; i++) {
        struct schedule *w = &s->tallies[i / 2].witness[i % 2];

        if (w->any && w->preemptions > 0)
            shorten(s, w, err);
    }
    return err->code;
}

/* A fault whose point nobody comes to tests nothing. Only where the search saw all that it was to
 * see: a sample may have missed it. */
static enum err_code check_faults(struct search *s, struct err *err)
{
    const struct fault *f = fault_never(s->cluster);
    struct strbuf nth = STRBUF_INIT;

    if (!f || (s->end != SEARCH_COMPLETE && s->end != SEARCH_SCRIPT))
        return OK;
    if (f->nth > 1)
        strbuf_printf(&nth, "#%d", f->nth);
    err_set(err, ERR_INPUT, "%s:%d:%d: the fault never happens: no task%s%s came to \"%s%s\"",
            s->scenario->file, f->line, f->column, f->node >= 0 ? " of " : "",
            f->node >= 0 ? s->scenario->nodes[f->node].name : "", f->point, nth.s);
    strbuf_release(&nth);
    return err->code;
}

/* What was run has been counted: the rest. */
enum err_code search_conclude(struct search *s, struct err *err)
{
    if (check_faults(s, err) == OK && s->twin && !s->options.twin_every)
        twin_repeat_outcomes(s, err);
    if (err->code == OK && s->end != SEARCH_SCRIPT)
        shorten_witnesses(s, err);
    return err->code;
}

enum err_code search_run(struct search *s, struct err *err)
{
    struct script_chooser script;
    enum err_code code = OK;
    bool over = false;

    s->start_ms = gate_now_ms();
    script_init(&script, s->scenario, NULL);
    switch (s->scenario->order.kind) {
    case ORDER_ALL:
        code = run_all(s, &script, err);
        break;
    case ORDER_SAMPLE:
        code = run_sample(s, &script, 0, s->scenario->order.runs, &over, err);
        s->end = over ? SEARCH_BUDGET : SEARCH_SAMPLED;
        break;
    case ORDER_SCRIPT:
        code = run_script(s, &script, err);
        break;
    }
    script_release(&script);
    return code == OK ? search_conclude(s, err) : code;
}

/* --- verdicts --- */

enum holds tally_found(const struct tally *t)
{
    if (t->holds && t->broken)
        return HOLDS_SOMETIMES;
    return t->broken ? HOLDS_NEVER : HOLDS_ALWAYS;
}

int tally_ok(const struct search *s, const struct tally *t)
{
    enum holds found = tally_found(t);
    bool open = s->end == SEARCH_BUDGET || s->end == SEARCH_BOUND || s->bounded;
    bool beyond = s->end == SEARCH_WITHIN && t->expected == HOLDS_SOMETIMES;

    if (t->expected == HOLDS_UNNAMED)
        return 1;
    if (s->lost_at && t->expected == HOLDS_NEVER && t->broken)
        return 1; /* what the one order showed is still to be found */
    if (t->holds + t->broken == 0)
        return -1;
    if (found == HOLDS_SOMETIMES)
        return t->expected == HOLDS_SOMETIMES;
    if (beyond || (open && (t->expected == found || t->expected == HOLDS_SOMETIMES)))
        return -1;
    return t->expected == found;
}
