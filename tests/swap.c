/*
 * swap [-n SEEDS] [-g COUNT] [-f FIRST] [-d DIR] [-k FILE] [-v] [FILE...]
 *
 * What is called independent is independent. In an execution made by chance, two neighbouring
 * transitions of different tasks whose footprints do not conflict, and between which no time
 * passes, change places. The replay has to follow those picks to the end, with the same tasks
 * enabled after the two, the same footprints and points of the two and of all later ones, the same
 * end, outcome and verdicts. Every proof by reduction rests on that; here it is looked at directly.
 *
 * Looked at are each variant of each FILE, and COUNT generated scenarios (generate.h) from seed
 * FIRST on: SEEDS executions of each, half of them random and half POS, and some pairs of each of
 * those. On the model, or on a directory in DIR.
 *
 * Differences are told by kind: the operations of the two, and what differed. -k FILE has globs of
 * the kinds that are known, one a line, '#' for remarks; another one makes the exit status 1. -v
 * tells an example of each that is not; that of a generated scenario is shrunk first.
 */
#include "base/rng.h"
#include "sim/exec/interrupt.h"
#include "sim/explore/strategy/strategies.h"
#include "tests/generate.h"
#include "tests/kinds.h"
#include "tests/playback.h"
#include "tests/thing_names.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWAPS        3    /* of one execution */
#define SHRINK_SEEDS 200  /* executions in which a smaller scenario has to show the same */
#define POINTS_MOST  1500 /* longer executions are left alone */

static int seeds = 24;
static bool verbose;
static const char *directory; /* NULL: the model */
static struct gate *gate;
static int64_t executions, swaps, left_out;
static int64_t tried[POINT_OPS][POINT_OPS];

/* --- what is looked through --- */

struct hunt {
    struct search *search;
    struct rng rng;
    struct playback base, swapped;
    uint8_t *picks;
    int pick_cap;
    const char *wanted; /* only this kind is looked for, and nothing counted; else NULL */
    bool found;
    int pair, at;       /* of the last difference: the first of the two, and where it is seen, -1 */
    struct strbuf name; /* … its kind */
    struct strbuf label;
    const struct sketch *sketch; /* of a generated scenario */
};

static bool independent(const struct playback *r, int i)
{
    const struct recorded_step *e = &r->steps[i], *f = &r->steps[i + 1];

    return e->task != f->task && !f->barrier && !e->in_wait &&
           !footprint_dependent(&e->footprint, &f->footprint);
}

static bool has_touch(const struct footprint *f, const struct touch *t)
{
    for (int i = 0; i < f->count; i++)
        if (f->v[i].thing == t->thing && f->v[i].mode == t->mode && f->v[i].role == t->role)
            return true;
    return false;
}

static bool same_footprint(const struct footprint *a, const struct footprint *b)
{
    if (a->count != b->count || a->everything != b->everything)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!has_touch(b, &a->v[i]))
            return false;
    return true;
}

/* Where the step k is when i and i + 1 have changed places. */
static int moved(int k, int i)
{
    return k == i ? i + 1 : k == i + 1 ? i : k;
}

static const char *step_differs(const struct hunt *h, int k, int i)
{
    const struct recorded_step *a = &h->base.steps[k], *b = &h->swapped.steps[moved(k, i)];

    if (a->text != b->text)
        return "point";
    if (!same_footprint(&a->footprint, &b->footprint))
        return k == i       ? "footprint of the first"
               : k == i + 1 ? "footprint of the second"
                            : "footprint of a later one";
    return k > i + 1 && a->enabled != h->swapped.steps[k].enabled ? "who is enabled" : NULL;
}

static const char *steps_differ(struct hunt *h, int i)
{
    for (h->at = i; h->at < h->base.count && moved(h->at, i) < h->swapped.count; h->at++) {
        const char *what = step_differs(h, h->at, i);

        if (what)
            return what;
    }
    return NULL;
}

static const char *end_differs(struct hunt *h)
{
    const struct playback *a = &h->base, *b = &h->swapped;

    h->at = -1;
    if (a->count != b->count || a->end != b->end)
        return "end";
    for (int k = 0; k < h->search->tally_count && k < TALLIES_TOLD; k++)
        if ((a->broken ^ b->broken) >> k & 1)
            return h->search->tallies[k].name;
    return a->outcome != b->outcome ? "outcome" : NULL;
}

#define TIME_PASSES "time passes between them"

static const char *time_differs(struct hunt *h, int i)
{
    for (h->at = i; h->at < h->base.count; h->at++)
        if (h->base.steps[h->at].barrier != h->swapped.steps[h->at].barrier)
            return TIME_PASSES;
    return NULL;
}

/* What differs now that i and i + 1 have changed places; NULL: nothing. */
static const char *difference(struct hunt *h, int lost, int i)
{
    const char *what;

    h->at = lost;
    if (lost == i || lost == i + 1)
        return lost == i ? "the second cannot go first" : "the first cannot go second";
    what = steps_differ(h, i);
    if (what)
        return what;
    h->at = lost;
    if (lost >= 0)
        return "a later one cannot be followed";
    what = end_differs(h);
    return what ? what : time_differs(h, i);
}

/* --- telling --- */

/* Beside a fault, and where power is lost, one call is as good as another. */
static const char *call_name(const struct hunt *h, int op, int beside)
{
    bool alike = beside == POINT_FAULT || beside == POINT_STOP || beside == POINT_RESTART;

    if (op >= STEP_OPS || op == WATCH_ADD || op == WATCH_NEXT)
        return point_op_name(op);
    return alike || h->search->scenario->power_loss ? "call" : point_op_name(op);
}

static void add_op(const struct hunt *h, int i, int beside, struct strbuf *out)
{
    static const char *const faults[] = {"crash",      "pause",    "cut",  "drop",
                                         "duplicate",  "delay",    "fail", "torn",
                                         "power_loss", "overflow", "skew"};
    const struct recorded_step *step = &h->base.steps[i];
    const struct cluster *c = h->search->cluster;

    if (step->task == c->host->index)
        strbuf_adds(out, "let-it-be");
    else
        strbuf_adds(out, call_name(h, step->op, h->base.steps[beside].op));
    if (step->op == POINT_FAULT)
        strbuf_adds(out, faults[c->tasks[step->task].fault->kind]);
}

static void name_pair(struct hunt *h, int i)
{
    strbuf_clear(&h->name);
    add_op(h, i, i + 1, &h->name);
    strbuf_adds(&h->name, " | ");
    add_op(h, i + 1, i, &h->name);
    strbuf_adds(&h->name, h->search->scenario->power_loss ? ", power lost: " : ": ");
}

/* The execution once more, with a trace. */
static void replay(struct hunt *h, const struct playback *r, struct trace *t)
{
    struct playback out = {.count = 0};
    uint8_t *picks = mem_grow(NULL, (size_t)r->count + 1, 1);
    struct err err = ERR_INIT;
    int lost;

    for (int i = 0; i < r->count; i++)
        picks[i] = (uint8_t)r->steps[i].task;
    trace_init(t);
    h->search->cluster->trace = t;
    record_picks(h->search, picks, r->count, &out, &lost, &err);
    h->search->cluster->trace = NULL;
    playback_release(&out);
    free(picks);
}

static void print_step(const struct hunt *h, const struct playback *r, const struct trace *t,
                       const struct thing_names *names, int i)
{
    struct strbuf line = STRBUF_INIT;
    int record = trace_step_of(t, i);

    strbuf_printf(&line, "  %3d %s: ", i + 1, h->search->cluster->tasks[r->steps[i].task].name);
    if (record >= 0)
        trace_words(&t->v[record], &line);
    else
        strbuf_adds(&line, "(starts)");
    strbuf_adds(&line, "\n        ");
    thing_names_print(names, &r->steps[i].footprint, &line);
    printf("%s\n", line.s);
    strbuf_release(&line);
}

static void print_story(const char *title, const struct trace *t)
{
    struct strbuf story = STRBUF_INIT;

    trace_story(t, 8, &story);
    printf("%s\n%s", title, story.s);
    strbuf_release(&story);
}

static void tell_pair(struct hunt *h)
{
    struct trace before, after;
    struct thing_names names;
    int i = h->pair;

    replay(h, &h->base, &before);
    replay(h, &h->swapped, &after);
    thing_names_init(&names, h->search->scenario, &before);
    printf("these two:\n");
    print_step(h, &h->base, &before, &names, i);
    print_step(h, &h->base, &before, &names, i + 1);
    if (h->at >= 0 && h->at < h->base.count) {
        printf("it is seen at, before and after they change places:\n");
        print_step(h, &h->base, &before, &names, h->at);
        if (moved(h->at, i) < h->swapped.count)
            print_step(h, &h->swapped, &after, &names, moved(h->at, i));
    }
    print_story("before:", &before);
    print_story("after:", &after);
    thing_names_release(&names);
    trace_release(&before);
    trace_release(&after);
}

static bool still(void *ctx, const struct sketch *k);

static bool hunt_sketch(const struct sketch *k, const char *label, const char *wanted, bool told);

/* A new kind, with an example of it. */
static void tell(struct hunt *h)
{
    char *name = mem_strdup(h->name.s);

    printf("--- %s\n%s\n", name, h->label.s);
    if (h->sketch) {
        struct sketch small = *h->sketch; /* its texts are the other's */

        sketch_shrink(&small, still, name);
        hunt_sketch(&small, h->label.s, name, true);
    } else {
        tell_pair(h);
    }
    fflush(stdout);
    free(name);
}

/* --- swapping --- */

static enum err_code swap(struct hunt *h, int i, struct err *err)
{
    const struct playback *base = &h->base;
    const char *what;
    int lost;

    if (h->pick_cap < base->count) {
        h->pick_cap = 2 * base->count;
        h->picks = mem_grow(h->picks, (size_t)h->pick_cap, 1);
    }
    for (int k = 0; k < base->count; k++)
        h->picks[moved(k, i)] = (uint8_t)base->steps[k].task;
    swaps++;
    if (record_picks(h->search, h->picks, base->count, &h->swapped, &lost, err) != OK)
        return err->code;
    what = difference(h, lost, i);
    if (!what)
        return OK;
    h->pair = i;
    name_pair(h, i);
    if (strcmp(what, TIME_PASSES) == 0) /* whatever the two are */
        strbuf_clear(&h->name);
    strbuf_adds(&h->name, what);
    if (h->wanted)
        h->found |= strcmp(h->name.s, h->wanted) == 0;
    else if (kind_found(h->name.s) && verbose)
        tell(h);
    return OK;
}

static int64_t *tries(const struct playback *r, int i)
{
    return &tried[r->steps[i].op][r->steps[i + 1].op];
}

/* Of two by chance, the one whose operations were tried less. */
static int choose_pair(struct hunt *h, const int *pairs, int count)
{
    int a = pairs[rng_below(&h->rng, (uint32_t)count)];
    int b = pairs[rng_below(&h->rng, (uint32_t)count)];

    return *tries(&h->base, a) <= *tries(&h->base, b) ? a : b;
}

static bool wanted(struct hunt *h, int i)
{
    if (!h->wanted)
        return true;
    name_pair(h, i);
    return strcmp(h->wanted, TIME_PASSES) == 0 || strncmp(h->name.s, h->wanted, h->name.len) == 0;
}

static enum err_code swap_some(struct hunt *h, struct err *err)
{
    int pairs[POINTS_MOST], count = 0;

    for (int i = 0; i + 1 < h->base.count; i++)
        if (independent(&h->base, i) && wanted(h, i))
            pairs[count++] = i;
    for (int n = 0; n < (h->wanted ? count : SWAPS) && count && !h->found; n++) {
        int i = h->wanted ? pairs[n] : choose_pair(h, pairs, count);

        ++*tries(&h->base, i);
        if (swap(h, i, err) != OK)
            return err->code;
    }
    return OK;
}

static enum err_code make_base(struct hunt *h, uint64_t seed, struct err *err)
{
    struct random_chooser random;
    struct pos_chooser pos;
    struct script_chooser script;
    enum err_code code;

    random_init(&random);
    random_begin(&random, seed, 0);
    pos_init(&pos);
    pos_begin(&pos, seed, 0);
    script_init(&script, h->search->scenario, seed % 2 ? &random.chooser : &pos.chooser);
    code = record_choices(h->search, &script.chooser, &h->base, err);
    script_release(&script);
    return code;
}

/* True: as wanted. An execution that cannot be made (a script that is lost) ends it. */
static void hunt(struct hunt *h, int count)
{
    struct err err = ERR_INIT;

    for (int seed = 0; seed < count && !h->found && !interrupted(); seed++) {
        rng_init(&h->rng, 5, (uint64_t)seed);
        if (make_base(h, (uint64_t)seed, &err) != OK)
            break;
        executions++;
        if (!playback_whole(&h->base) || h->base.count > POINTS_MOST)
            break;
        if (swap_some(h, &err) != OK)
            break;
    }
    left_out += err.code != OK && !h->wanted;
    if (err.code != OK && err.code != ERR_INPUT && !h->wanted)
        printf("%s: left out: %s\n", h->label.s, err.story);
}

static bool hunt_scenario(struct scenario *sc, const struct sketch *sketch, const char *label,
                          const char *wanted_kind, bool told)
{
    struct search_options options = {.max_executions = 0};
    struct err err = ERR_INIT;
    struct port *port = directory ? port_linux_open(directory, &err) : port_model_open();
    struct hunt h = {.wanted = wanted_kind, .name = STRBUF_INIT, .label = STRBUF_INIT};

    h.search = port ? search_new(sc, port, gate, &options, &err) : NULL;
    h.sketch = sketch;
    strbuf_printf(&h.label, "%s, variant %s", label, sc->variant);
    if (h.search)
        hunt(&h, wanted_kind ? SHRINK_SEEDS : seeds);
    if (h.found && told)
        tell_pair(&h);
    strbuf_release(&h.name);
    strbuf_release(&h.label);
    playback_release(&h.base);
    playback_release(&h.swapped);
    free(h.picks);
    search_free(h.search);
    port_free(port);
    return h.found;
}

static bool hunt_sketch(const struct sketch *k, const char *label, const char *wanted_kind,
                        bool told)
{
    struct strbuf text = STRBUF_INIT;
    struct err err = ERR_INIT;
    struct scenario_file *f;
    struct scenario *sc;
    bool found;

    sketch_text(k, &text);
    f = scenario_read("t.json", text.s, text.len, &err);
    sc = f ? scenario_variant(f, 0, &err) : NULL;
    if (!sc && !wanted_kind)
        printf("%s: %s\n%s", label, err.story, text.s);
    if (told)
        printf("%s", text.s);
    found = sc && hunt_scenario(sc, wanted_kind ? NULL : k, label, wanted_kind, told);
    scenario_free(sc);
    scenario_file_free(f);
    strbuf_release(&text);
    return found;
}

static bool still(void *ctx, const struct sketch *k)
{
    return hunt_sketch(k, "", ctx, false);
}

static bool hunt_file(const char *path)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(path, &err);

    for (int i = 0; f && i < f->variant_count && err.code == OK; i++) {
        struct scenario *sc = scenario_variant(f, i, &err);

        if (sc)
            hunt_scenario(sc, NULL, path, NULL, false);
        scenario_free(sc);
    }
    scenario_file_free(f);
    if (err.code != OK)
        printf("%s: %s\n", path, err.story);
    return err.code == OK;
}

/* Even seeds are actors, odd ones clusters. */
static void hunt_generated(uint64_t seed)
{
    struct sketch k;
    char label[64];

    sketch_init(&k);
    if (seed % 2)
        generate_cluster(&k, seed);
    else
        generate_actors(&k, seed);
    snprintf(label, sizeof label, "generated, -f %llu -g 1", (unsigned long long)seed);
    hunt_sketch(&k, label, NULL, false);
    sketch_release(&k);
}

int main(int argc, char **argv)
{
    unsigned long long first = 1, count = 0;
    bool good = true;
    int option, unknown;

    while ((option = getopt(argc, argv, "n:g:f:d:k:v")) != -1) {
        if (option == 'n')
            seeds = atoi(optarg);
        else if (option == 'g')
            count = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            first = strtoull(optarg, NULL, 10);
        else if (option == 'd')
            directory = optarg;
        else if (option == 'v')
            verbose = true;
        else if (option != 'k' || !kinds_read_known(optarg))
            return 3;
    }
    interrupt_install();
    gate = gate_new(GATE_FIBERS);
    for (int i = optind; i < argc && !interrupted(); i++)
        good &= hunt_file(argv[i]);
    for (unsigned long long i = 0; i < count && !interrupted(); i++)
        hunt_generated(first + i);
    gate_free(gate);
    unknown = kinds_print();
    printf(
        "%lld executions, %lld swaps, %lld scenarios left out, %d kinds of differences not known\n",
        (long long)executions, (long long)swaps, (long long)left_out, unknown);
    return unknown == 0 && good && !interrupted() ? 0 : 1;
}
