#include "tests/duel.h"
#include "base/hash.h"
#include "sim/engine/power.h"
#include "sim/explore/search/outcome.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG         100 /* events of an execution that is as much as two */
#define REDUCED_MOST 20  /* times the plain one's executions, and then it has gone astray */

/* One search, with all that is compared. */
struct side {
    struct scenario *scenario;
    struct port *port;
    struct search *search;
    struct classes classes, core; /* core: without what makes no difference */
    const struct duel_options *options;
    bool plain;
    _Atomic int64_t spent; /* executions; a long one counts for several */
    struct err err;
};

/* A start, a pause, "let it be": it only asks who is up. */
static bool only_asks(const struct cluster *c, const struct event *e)
{
    for (int i = 0; i < e->footprint.count; i++) {
        const struct touch *t = &e->footprint.v[i];
        bool up = t->thing == power_thing();

        for (int k = 0; k < c->scenario->node_count; k++)
            up |= c->nodes[k].up_thing == t->thing;
        if (!up || t->mode != TOUCH_READ)
            return false;
    }
    return true;
}

/* It lies in wait for a call or a message. */
static bool is_armed(const struct fault *f)
{
    return f->kind == FAULT_DROP || f->kind == FAULT_DUPLICATE || f->kind == FAULT_FAIL ||
           f->kind == FAULT_TORN;
}

/* A fault that changed nothing for anybody; for nobody that came later, if it lay in wait. */
static bool in_vain(const struct cluster *c, int i)
{
    const struct event *e = &c->events[i];

    if (e->task >= c->task_count || c->tasks[e->task].kind != TASK_FAULT)
        return false;
    for (int k = is_armed(c->tasks[e->task].fault) ? i + 1 : 0; k < c->event_count; k++) {
        const struct event *other = &c->events[k];

        if (other->task != e->task && !only_asks(c, other) &&
            footprint_dependent(&e->footprint, &other->footprint))
            return false;
    }
    return true;
}

/* The class without what makes no difference: starts, which the plain search does not try in every
 * order, faults in vain, and that time passed. */
static void add_core(struct classes *k, struct cluster *c)
{
    struct event *all = c->events;
    int count = c->event_count, n = 0;
    struct event *core = mem_grow(NULL, (size_t)count + 1, sizeof *core);

    for (int i = 0; i < count; i++) {
        if (only_asks(c, &all[i]) || in_vain(c, i))
            continue;
        core[n].task = all[i].task;
        core[n].barrier = false;
        core[n].in_wait = all[i].in_wait;
        footprint_copy(&core[n++].footprint, &all[i].footprint);
    }
    c->events = core;
    c->event_count = n;
    set_add(&k->seen, class_of(k, c));
    c->events = all;
    c->event_count = count;
    free(core);
}

static void judged(void *ctx, struct cluster *c)
{
    struct side *side = ctx;

    side->spent += c->event_count / LONG;
    set_add(&side->classes.seen, class_of(&side->classes, c));
    add_core(&side->core, c);
    if (side->plain && side->options->judged)
        side->options->judged(side->options->judged_ctx, c);
}

static bool side_run(struct side *s, const struct scenario_file *file, int variant,
                     const struct duel_options *options, bool plain, int64_t most)
{
    struct search_options so = {.no_reduction = plain && !options->control,
                                .control = plain && options->control,
                                .no_audit = true, /* what is missed has its own name here */
                                .max_executions = most,
                                .judged = judged};

    *s = (struct side){.options = options, .plain = plain, .err = ERR_INIT};
    so.judged_ctx = s;
    so.spent = &s->spent;
    s->scenario = scenario_variant(file, variant, &s->err);
    s->port = port_model_open();
    if (s->scenario)
        s->search = search_new(s->scenario, s->port, options->gate, &so, &s->err);
    if (s->search)
        search_run(s->search, &s->err);
    return s->search != NULL;
}

static void side_end(struct side *s)
{
    search_free(s->search);
    port_free(s->port);
    classes_release(&s->classes);
    classes_release(&s->core);
    scenario_free(s->scenario);
}

/* Every order was tried; a fault that never happens is the scenario's own affair. A pair in order that never comes ends the
 * search at the first such execution. */
static bool is_whole(const struct side *s)
{
    return s->search && s->search->end == SEARCH_COMPLETE &&
           s->search->cluster->end != END_FAILED && s->search->executions > 0 &&
           (s->err.code == OK || s->err.code == ERR_INPUT);
}

static bool has(const struct set *s, uint64_t number)
{
    for (uint64_t i = number; s->cap && s->v[i & (uint64_t)(s->cap - 1)]; i++)
        if (s->v[i & (uint64_t)(s->cap - 1)] == number)
            return true;
    return false;
}

/* How many of these are not among those? */
static int64_t lacking(const struct set *these, const struct set *those)
{
    int64_t n = 0;

    for (int64_t i = 0; i < these->cap; i++)
        n += these->v[i] && !has(those, these->v[i]);
    return n;
}

static bool has_outcome(const struct search *s, uint64_t hash)
{
    for (int i = 0; i < s->outcome_cap; i++)
        if (s->outcomes[i].hash == hash)
            return true;
    return false;
}

static int64_t outcomes_lacking(const struct side *these, const struct side *those)
{
    int64_t n = 0;

    for (int i = 0; i < these->search->outcome_cap; i++)
        n += these->search->outcomes[i].hash &&
             !has_outcome(those->search, these->search->outcomes[i].hash);
    return n;
}

static bool same_verdicts(const struct side *a, const struct side *b)
{
    for (int i = 0; i < a->search->tally_count; i++)
        if (tally_found(&a->search->tallies[i]) != tally_found(&b->search->tallies[i]))
            return false;
    return true;
}

/* A fault that lies in wait for a call or a message, and may be let go anywhere. Where that comes to nothing, it makes a class
 * of its own, which only the control counts. */
static bool lies_in_wait(const struct scenario *s)
{
    for (int i = 0; i < s->fault_count; i++) {
        enum fault_kind kind = s->faults[i].kind;

        if (s->faults[i].anywhere && kind != FAULT_CRASH && kind != FAULT_PAUSE &&
            kind != FAULT_OVERFLOW && kind != FAULT_POWER_LOSS)
            return true;
    }
    return false;
}

/* The control knows how many classes there are, not which. */
static const char *count_difference(const struct side *control, const struct side *reduced,
                                    struct duel *out)
{
    int64_t found = reduced->classes.seen.count, there = control->search->executions;

    if (lies_in_wait(control->scenario))
        return NULL;
    out->missed = there > found ? there - found : 0;
    out->invented = found > there ? found - there : 0;
    out->twice = reduced->search->executions - found;
    if (out->missed || out->invented)
        return out->missed ? "fewer classes" : "more classes";
    return out->twice ? "classes run twice" : NULL;
}

/* The worst first. */
static const char *difference(const struct side *plain, const struct side *reduced,
                              struct duel *out)
{
    out->missed = outcomes_lacking(plain, reduced);
    out->invented = outcomes_lacking(reduced, plain);
    if (!same_verdicts(plain, reduced))
        return "verdicts";
    if (out->missed || out->invented)
        return out->missed ? "outcomes missed" : "outcomes invented";
    if (plain->options->control)
        return count_difference(plain, reduced, out);
    out->missed = lacking(&plain->classes.seen, &reduced->classes.seen);
    out->invented = lacking(&reduced->classes.seen, &plain->classes.seen);
    out->twice = reduced->search->executions - reduced->classes.seen.count;
    if (lacking(&plain->core.seen, &reduced->core.seen))
        return "classes missed";
    if (lacking(&reduced->core.seen, &plain->core.seen))
        return "classes invented";
    return out->twice ? "classes run twice" : NULL;
}

/* By name, and so that no order of nodes or tasks is in it. */
static uint64_t hash_verdicts(const struct search *s)
{
    uint64_t sum = HASH_INIT;

    for (int i = 0; i < s->tally_count; i++) {
        uint64_t h = hash_str(HASH_INIT, s->tallies[i].name);

        sum += hash_mix(hash_u64(h, (uint64_t)tally_found(&s->tallies[i])));
    }
    return hash_mix(hash_u64(sum, (uint64_t)s->outcome_count)) | 1;
}

static void name_faults(const struct scenario *s, struct duel *out)
{
    static const char *const names[] = {"crash",      "pause",    "cut",  "drop",
                                        "duplicate",  "delay",    "fail", "torn",
                                        "power_loss", "overflow", "skew"};
    size_t len = 0;

    out->faults[0] = '\0';
    for (int i = 0; i < s->fault_count && len < sizeof out->faults; i++)
        len +=
            (size_t)snprintf(out->faults + len, sizeof out->faults - len, "%s%s%s", i ? ", " : "",
                             names[s->faults[i].kind], s->faults[i].anywhere ? " anywhere" : "");
}

bool duel_fight_variant(const struct scenario_file *f, int variant,
                        const struct duel_options *options, struct duel *out)
{
    struct side plain, reduced;
    bool fought = false;

    *out = (struct duel){.err = ERR_INIT};
    if (side_run(&plain, f, variant, options, true, options->most) && is_whole(&plain)) {
        fought = true;
        out->plain = plain.search->executions;
        out->classes = options->control ? out->plain : plain.classes.seen.count;
        out->outcomes = plain.search->outcome_count;
        out->steps = plain.search->steps;
        out->states = plain.search->states;
        out->merged = plain.search->merged;
        out->verdicts = hash_verdicts(plain.search);
        name_faults(plain.scenario, out);
        side_run(&reduced, f, variant, options, false, REDUCED_MOST * (out->plain + 10));
        out->reduced = reduced.search->executions;
        out->given_up = reduced.search->redundant;
        out->err = reduced.err;
        out->what = is_whole(&reduced) ? difference(&plain, &reduced, out) : "an error";
        side_end(&reduced);
    } else if (plain.search && plain.err.code != OK && plain.err.code != ERR_INPUT) {
        fought = true;
        out->err = plain.err;
        name_faults(plain.scenario, out);
        out->what = options->control ? "an error of the control" : "an error of the plain search";
    }
    side_end(&plain);
    return fought;
}

void duel_print(const struct duel *d)
{
    printf("every order: %" PRId64 " executions, %" PRId64 " classes, %" PRId64
           " outcomes; reduced: %" PRId64 " executions, %" PRId64 " given up",
           d->plain, d->classes, d->outcomes, d->reduced, d->given_up);
    if (d->what)
        printf("; %s: %" PRId64 " missed, %" PRId64 " invented, %" PRId64 " twice. %s", d->what,
               d->missed, d->invented, d->twice, d->err.code != OK ? d->err.story : "");
    printf("\n");
    fflush(stdout);
}

static struct scenario_file *read_sketch(const struct sketch *k)
{
    struct err err = ERR_INIT;
    struct strbuf text = STRBUF_INIT;
    struct scenario_file *f;

    sketch_text(k, &text);
    f = scenario_read("t.json", text.s, text.len, &err);
    strbuf_release(&text);
    return f;
}

bool duel_fight(const struct sketch *k, const struct duel_options *options, struct duel *out)
{
    struct scenario_file *f = read_sketch(k);
    bool fought = f && duel_fight_variant(f, 0, options, out);

    scenario_file_free(f);
    return fought;
}

uint64_t duel_verdicts(const struct sketch *k, const struct duel_options *options, bool reduced)
{
    struct scenario_file *f = read_sketch(k);
    struct side side;
    uint64_t h = 0;

    if (f && side_run(&side, f, 0, options, !reduced, options->most) && is_whole(&side))
        h = hash_verdicts(side.search);
    if (f)
        side_end(&side);
    scenario_file_free(f);
    return h;
}

void duel_kind(const char *family, const struct duel *d, struct strbuf *out)
{
    strbuf_clear(out);
    strbuf_printf(out, "%s%s%s: %s", family, *d->faults ? ", " : "", d->faults, d->what);
}

struct wanted {
    const char *family, *kind;
    const struct duel_options *options;
};

static bool still(void *ctx, const struct sketch *k)
{
    const struct wanted *w = ctx;
    struct strbuf name = STRBUF_INIT;
    struct duel d;
    bool same = false;

    if (duel_fight(k, w->options, &d) && d.what) {
        duel_kind(w->family, &d, &name);
        same = strcmp(name.s, w->kind) == 0;
    }
    strbuf_release(&name);
    return same;
}

void duel_shrink(struct sketch *k, const char *family, const char *kind,
                 const struct duel_options *options, struct duel *out)
{
    sketch_shrink(k, still, &(struct wanted){family, kind, options});
    duel_fight(k, options, out);
}
