/* Footprints: what a step may touch holds what it touches, wherever it comes. */
#include "base/rng.h"
#include "sim/engine/cluster.h"
#include "tests/unit/pieces.h"
#include "tests/unit/random_scenario.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

#define SEEDS 150 /* scenarios of each kind */
#define RUNS  8   /* random executions of each */

/* Picks at random, and holds what a step touched against what was foretold when it was next. */
struct foreteller {
    struct chooser chooser;
    struct rng rng;
    struct cluster *cluster;
    struct {
        int events; /* its step was foretold when it had made so many */
        struct footprint may;
    } tasks[TASK_MAX];
    int checked, known;
    const char *wrong; /* in the cluster's arena */
};

static bool covers(const struct footprint *may, const struct touch *touch)
{
    for (int i = 0; i < may->count; i++)
        if (touch_within(touch, &may->v[i]))
            return true;
    return may->everything;
}

static void check_event(struct foreteller *f, struct cluster *c, int i)
{
    const struct event *e = &c->events[i];
    const struct footprint *may = &f->tasks[e->task].may;

    if (e->task == c->host->index)
        return;
    f->known += !may->everything;
    for (int k = 0; k < e->footprint.count && !f->wrong; k++)
        if (!covers(may, &e->footprint.v[k]))
            f->wrong =
                arena_printf(&c->arena, "touch %d of step %d, of %s", k, i, c->tasks[e->task].name);
}

static void foretell(struct foreteller *f, struct cluster *c, int i)
{
    struct task *t = &c->tasks[i];

    if (!t->alive || f->tasks[i].events == t->events)
        return;
    f->tasks[i].events = t->events;
    footprint_may(t, &t->pending, &f->tasks[i].may);
}

static int pick(struct chooser *chooser, const struct choice *choice)
{
    struct foreteller *f = (struct foreteller *)chooser;
    struct cluster *c = f->cluster;
    uint64_t enabled = choice->enabled;

    for (; f->checked < c->event_count; f->checked++)
        check_event(f, c, f->checked);
    for (int i = 0; i < c->task_count; i++)
        foretell(f, c, i);
    for (int n = (int)rng_below(&f->rng, (uint32_t)__builtin_popcountll(enabled)); n > 0; n--)
        enabled &= enabled - 1;
    return __builtin_ctzll(enabled);
}

static void run(struct foreteller *f, struct cluster *c)
{
    struct err err = ERR_INIT;

    f->checked = 0;
    f->cluster = c;
    for (int i = 0; i < TASK_MAX; i++)
        f->tasks[i].events = -1;
    cluster_run(c, &f->chooser, &err);
    for (; f->checked < c->event_count; f->checked++)
        check_event(f, c, f->checked);
    UNIT_STR(f->wrong ? f->wrong : "", "");
    UNIT_INT(cluster_reset(c, &err), OK);
}

/* How many steps were known for what they may do. */
static int try(const char *text, uint64_t seed)
{
    struct foreteller f = {.chooser = {.name = "foreteller", .pick = pick}};
    struct err err = ERR_INIT;
    struct scenario *s = lab_scenario(text, 0, &err);
    struct port *port = port_model_open();
    struct gate *gate = gate_new(GATE_FIBERS);
    struct cluster *c = s ? cluster_new(s, port, gate, &err) : NULL;

    UNIT_STR(err.story, "");
    rng_init(&f.rng, seed, 0);
    for (int i = 0; c && i < RUNS && !f.wrong; i++)
        run(&f, c);
    if (f.wrong)
        printf("in %s\n", text);
    cluster_free(c);
    gate_free(gate);
    port_free(port);
    scenario_free(s);
    return f.known;
}

static void test_random(void)
{
    static const struct random_kind kinds[] = {
        {.name = "object", .actors = 3, .steps = 3, .refs = true},
        {.name = "posix", .posix = true, .actors = 3, .steps = 3, .refs = true},
        {.name = "watches",
         .watches = true,
         .before = true,
         .timers = true,
         .actors = 3,
         .steps = 3},
        {.name = "posix watches", .posix = true, .watches = true, .actors = 3, .steps = 2},
        {.name = "shared", .watches = true, .shared = true, .actors = 3, .steps = 3}};
    int known = 0;

    for (size_t i = 0; i < UNIT_COUNT(kinds); i++)
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct strbuf text = STRBUF_INIT;

            random_scenario(&kinds[i], seed, &text);
            known += try(text.s, seed);
            strbuf_release(&text);
        }
    CU_ASSERT(known > 1000);
}

#define WORK                                                                                       \
    "'work': {'A': [{'watch': '.'}, {'write': 'd/x', 'data': 'one', 'as': 'a'}, "                  \
    "{'next_event': true, 'timeout_ms': 5, 'as': 'e'}, {'fsync': '.'}, {'put': 'e/y/z', 'as': "    \
    "'b'}], 'B': [{'mkdir': 'd'}, {'append': 'd/x', 'data': 'two', 'as': 'a'}, {'rename': "        \
    "['d', 'e']}, {'link': ['d/x', 'x']}, {'read': 'x', 'as': 'r'}, {'unlink': 'd/x'}]}, "         \
    "'properties': {'p': {'invariant': {'not': {'all': [{'A.a': 'ok'}, {'exists:d/x': "            \
    "false}]}}}}, 'expect': {'p': 'sometimes'}, 'faults': "

static void test_faults(void)
{
    static const char *const faults[] = {"[{'crash': 'A', 'anywhere': true}]",
                                         "[{'crash': 'A', 'at': 'fs.*d/x#2'}]",
                                         "[{'crash': 'B', 'at': 'fs.rename*', 'restart_ms': 5}]",
                                         "[{'fail': 'fs.*', 'node': 'B', 'times': 2}]",
                                         "[{'fail': '*.put*', 'anywhere': true}]",
                                         "[{'overflow': 'A', 'anywhere': true}]",
                                         "[{'pause': 'B', 'anywhere': true, 'for_ms': 10}]",
                                         "[{'power_loss': true, 'anywhere': true}]"};

    for (size_t i = 0; i < 2 * UNIT_COUNT(faults); i++) {
        struct strbuf text = STRBUF_INIT;

        strbuf_printf(&text,
                      HEAD "'cluster': {'store': {'semantics': '%s'}, 'nodes': {'A': "
                           "{'role': 'actor'}, 'B': {'role': 'actor'}}}, " WORK "%s}",
                      i % 2 ? "posix" : "object", faults[i / 2]);
        CU_ASSERT(try(text.s, i) > 0);
        strbuf_release(&text);
    }
}

void suite_footprint(void)
{
    static const struct unit_test tests[] = {{"random scenarios", test_random},
                                             {"faults", test_faults}};

    unit_add("footprint", tests, UNIT_COUNT(tests));
}
