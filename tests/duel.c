#include "tests/duel.h"
#include "base/hash.h"
#include "sim/explore/search/outcome.h"
#include <stdlib.h>
#include <string.h>

#define REDUCED_MOST 20 /* times the plain one's executions, and then it has gone astray */

/* One search, with all that is compared. */
struct side {
    struct scenario_file *file;
    struct scenario *scenario;
    struct port *port;
    struct search *search;
    struct classes classes, timeless; /* timeless: as if time did not order anything */
    const struct duel_options *options;
    bool plain;
    struct err err;
};

static void add_timeless(struct classes *k, struct cluster *c)
{
    bool barriers[POINTS_MAX];

    for (int i = 0; i < c->event_count; i++) {
        barriers[i] = c->events[i].barrier;
        c->events[i].barrier = false;
    }
    classes_add(k, c);
    for (int i = 0; i < c->event_count; i++)
        c->events[i].barrier = barriers[i];
}

static void judged(void *ctx, struct cluster *c)
{
    struct side *side = ctx;

    classes_add(&side->classes, c);
    add_timeless(&side->timeless, c);
    if (side->plain && side->options->judged)
        side->options->judged(side->options->judged_ctx, c);
}

static bool side_run(struct side *s, const struct sketch *k, const struct duel_options *options,
                     bool plain, int64_t most)
{
    struct search_options so = {.no_reduction = plain, .max_executions = most, .judged = judged};
    struct strbuf text = STRBUF_INIT;

    *s = (struct side){.options = options, .plain = plain, .err = ERR_INIT};
    so.judged_ctx = s;
    sketch_text(k, &text);
    s->file = scenario_read("t.json", text.s, text.len, &s->err);
    s->scenario = s->file ? scenario_variant(s->file, 0, &s->err) : NULL;
    s->port = port_model_open();
    if (s->scenario)
        s->search = search_new(s->scenario, s->port, options->gate, &so, &s->err);
    if (s->search)
        search_run(s->search, &s->err);
    strbuf_release(&text);
    return s->search != NULL;
}

static void side_end(struct side *s)
{
    search_free(s->search);
    port_free(s->port);
    classes_release(&s->classes);
    classes_release(&s->timeless);
    scenario_free(s->scenario);
    scenario_file_free(s->file);
}

/* Every order was tried; a fault that never happens is the scenario's own affair. */
static bool is_whole(const struct side *s)
{
    return s->search->end == SEARCH_COMPLETE && s->search->executions > 0 &&
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
    out->missed = lacking(&plain->classes.seen, &reduced->classes.seen);
    out->invented = lacking(&reduced->classes.seen, &plain->classes.seen);
    out->twice = reduced->search->executions - reduced->classes.seen.count;
    if (lacking(&plain->timeless.seen, &reduced->timeless.seen))
        return "classes missed";
    if (lacking(&reduced->timeless.seen, &plain->timeless.seen))
        return "classes invented";
    if (out->twice)
        return "classes run twice";
    return out->missed || out->invented ? "classes that differ by when time passes" : NULL;
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

static const char *first_fault(const struct scenario *s)
{
    static const char *const names[] = {"crash",      "pause",    "cut",  "drop",
                                        "duplicate",  "delay",    "fail", "torn",
                                        "power_loss", "overflow", "skew"};

    return s->fault_count ? names[s->faults[0].kind] : "";
}

bool duel_fight(const struct sketch *k, const struct duel_options *options, struct duel *out)
{
    struct side plain, reduced;
    bool fought = false;

    *out = (struct duel){.err = ERR_INIT};
    if (side_run(&plain, k, options, true, options->most) && is_whole(&plain)) {
        fought = true;
        out->plain = plain.search->executions;
        out->classes = plain.classes.seen.count;
        out->outcomes = plain.search->outcome_count;
        out->verdicts = hash_verdicts(plain.search);
        out->first_fault = first_fault(plain.scenario);
        side_run(&reduced, k, options, false, REDUCED_MOST * (out->plain + 10));
        out->reduced = reduced.search->executions;
        out->given_up = reduced.search->redundant;
        out->err = reduced.err;
        out->what = is_whole(&reduced) ? difference(&plain, &reduced, out) : "an error";
        side_end(&reduced);
    } else if (plain.search && plain.err.code != OK && plain.err.code != ERR_INPUT) {
        fought = true;
        out->err = plain.err;
        out->first_fault = first_fault(plain.scenario);
        out->what = "an error of the plain search";
    }
    side_end(&plain);
    return fought;
}

uint64_t duel_verdicts(const struct sketch *k, const struct duel_options *options, bool reduced)
{
    struct side side;
    uint64_t h = 0;

    if (side_run(&side, k, options, !reduced, options->most) && is_whole(&side))
        h = hash_verdicts(side.search);
    side_end(&side);
    return h;
}
