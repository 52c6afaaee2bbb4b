#include "sim/explore/search/search.h"
#include "base/hash.h"
#include "base/vec.h"
#include "sim/engine/invariant.h"
#include "sim/engine/programs.h"
#include "sim/explore/search/audit.h"
#include "sim/explore/search/determinism.h"
#include "sim/explore/search/drive.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
    tallies_new(s);
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
    free(s->rounds);
    free(s->outcomes);
    classes_release(&s->classes);
    free(s->missed.tasks);
    cluster_free(s->cluster);
    cluster_free(s->twin);
    free(s);
}

void search_forget(struct search *s)
{
    s->hurried = s->held = s->executions = s->redundant = s->bounded = s->repeated = 0;
    s->outcomes_repeated = 0;
    s->longest = s->round_count = 0;
    memset(s->cluster->faults_happened, 0, sizeof s->cluster->faults_happened);
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];

        t->holds = t->broken = 0;
        t->first[0] = t->first[1] = 0;
        t->witness[0].any = t->witness[1].any = false;
    }
    for (int i = 0; i < s->outcome_cap; i++)
        free(s->outcomes[i].witness.tasks);
    free(s->outcomes);
    s->outcomes = NULL;
    s->outcome_count = s->outcome_cap = 0;
    set_release(&s->classes.seen);
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
            strbuf_printf(why,
                          t->property->inside ? "too many are inside after step %d"
                                              : "it does not hold after step %d",
                          c->broken_at[t->index] + 1);
        return holds;
    }
    holds = predicate_holds(&t->property->predicate, &sight);
    if (!holds && why)
        strbuf_adds(why, "it does not hold in the final state");
    return holds;
}

/* Which properties do not hold, as bits. */
static uint64_t broken_now(struct search *s)
{
    uint64_t broken = 0;

    assert(s->tally_count <= 64);
    for (int i = 0; i < s->tally_count; i++)
        broken |= (uint64_t)!search_judge(s, &s->tallies[i], NULL) << i;
    return broken;
}

static uint64_t outcome_of(struct search *s, uint64_t broken)
{
    uint64_t names = HASH_INIT;

    for (uint64_t left = broken; left; left &= left - 1)
        names = hash_str(names, s->tallies[__builtin_ctzll(left)].name);
    return hash_u64(outcome_hash(s->cluster), names);
}

uint64_t search_outcome(struct search *s)
{
    return outcome_of(s, broken_now(s));
}

/* Of too many the audit keeps none. */
static void keep_class(struct search *s)
{
    if (!s->count_classes && s->classes.seen.count >= AUDIT_CLASSES_MAX) {
        set_release(&s->classes.seen);
        s->keep_classes = false;
    }
    if (s->count_classes || s->keep_classes)
        set_add(&s->classes.seen, class_of(&s->classes, s->cluster));
}

static void judge_all(struct search *s)
{
    s->last_broken = broken_now(s);
    s->held += s->cluster->held_back;
    s->hurried += s->cluster->hurried;
    schedule_note(&s->current, s->cluster);
    keep_class(s);
    if (s->cluster->event_count > s->longest)
        s->longest = s->cluster->event_count;
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];
        bool holds = !(s->last_broken >> i & 1);

        *(holds ? &t->holds : &t->broken) += 1;
        schedule_keep(&t->witness[holds], &s->current);
    }
    s->last_outcome = outcome_of(s, s->last_broken);
    outcome_add(s, s->last_outcome);
}

static bool stays_broken(const struct tally *t)
{
    return t->check ? t->check->traits & LASTING : t->property->invariant;
}

/* Of an execution that did not come to its end: what is broken by now, and stays so, is known. */
int search_shows(struct search *s, const struct tally *t)
{
    enum end end = s->cluster->end;
    bool ended = end == END_DONE || end == END_DEADLOCK, holds;

    if (!ended && (end != END_BOUND || !stays_broken(t)))
        return -1;
    holds = search_judge(s, t, NULL);
    return ended || !holds ? holds : -1;
}

static void judge_bounded(struct search *s)
{
    schedule_note(&s->current, s->cluster);
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];

        if (search_shows(s, t) != 0)
            continue;
        t->broken++;
        schedule_keep(&t->witness[0], &s->current);
    }
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
    if (!s->doubt)
        s->doubt = programs_doubt(s->cluster);
    if (s->options.spent)
        ++*s->options.spent;
}

/* A program that does not do the same twice is no bug of ours: what is seen of it is a sample. */
static enum err_code run_twice(struct search *s, struct chooser *chooser, struct err *err)
{
    enum err_code code = cluster_run_twice(s->cluster, chooser, err);

    if (code != ERR_DIVERGE || !s->scenario->has_programs || s->cluster->end == END_FAILED)
        return code;
    programs_doubts(s->cluster, err->story);
    *err = ERR_INIT;
    return OK;
}

enum err_code search_execute(struct search *s, struct chooser *chooser, struct err *err)
{
    enum err_code code =
        is_checked(s, chooser) ? run_twice(s, chooser, err) : cluster_run(s->cluster, chooser, err);

    if (code != OK)
        return code;
    switch (s->cluster->end) {
    case END_DONE:
    case END_DEADLOCK:
        count_one(s);
        judge_all(s);
        cluster_look_healthy(s->cluster);
        if (s->cluster->err.code != OK) /* the final store could not be looked at */
            return err_set(err, s->cluster->err.code, "%s", s->cluster->err.story);
        if (s->options.judged)
            s->options.judged(s->options.judged_ctx, s->cluster);
        break;
    case END_BOUND:
        count_one(s);
        s->bounded++;
        judge_bounded(s);
        cluster_look_healthy(s->cluster);
        if (s->cluster->err.code != OK)
            return err_set(err, s->cluster->err.code, "%s", s->cluster->err.story);
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
    struct search *s = CONTAINER_OF(watcher, struct search, properties);
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
