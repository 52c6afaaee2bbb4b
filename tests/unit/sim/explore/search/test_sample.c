#include "sim/explore/strategy/strategies.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

#define CREATOR(name)                                                                              \
    "'" name "': [{'stat': 'x', 'as': 'seen'}, {'when': {'" name                                   \
    ".seen': 'ENOENT'}, 'put': 'x', 'data': '" name "', 'as': 'put'}]"

/* Three look-then-put creators: 21 classes, 12 outcomes. */
#define CREATORS                                                                                   \
    "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': "      \
    "'actor'}, 'C': {'role': 'actor'}}},\n'work': {" CREATOR("A") ", " CREATOR("B") ", " CREATOR(  \
        "C") "},\n'properties': {'one': {'finally': {'at_most': 1, 'of': [{'A.put': 'ok'}, "       \
             "{'B.put': 'ok'}, {'C.put': 'ok'}]}}}}"

static void sample(struct lab *l, const char *order)
{
    CU_ASSERT_FATAL(lab_open(l, CREATORS));
    UNIT_INT(scenario_order(l->scenario, "sample", order, &l->err), OK);
    lab_search(l);
    UNIT_INT(l->search->end, SEARCH_SAMPLED);
}

static void check_finds_all(const char *order, int64_t runs)
{
    struct lab l;

    sample(&l, order);
    UNIT_INT(l.search->executions, runs);
    UNIT_INT(l.search->classes.seen.count, 21);
    UNIT_INT(l.search->outcome_count, 12);
    UNIT_STR(lab_found(&l, "one"), "sometimes");
    lab_close(&l);
}

static void test_finds_all(void)
{
    check_finds_all("{\"random\": 400, \"seed\": \"1\"}", 400);
    check_finds_all("{\"pct\": 4000, \"depth\": 4, \"seed\": \"1\"}", 4000);
    check_finds_all("{\"pos\": 2000, \"seed\": \"1\"}", 2000);
}

/* The picks of the last of so many runs. */
static const char *last_run(struct arena *a, const char *sampler, int runs, int seed)
{
    struct strbuf out = STRBUF_INIT;
    const char *text;
    struct lab l;

    sample(&l, arena_printf(a, "{\"%s\": %d, \"seed\": \"%d\"}", sampler, runs, seed));
    for (int i = 0; i < l.search->current.count; i++)
        strbuf_printf(&out, "%d ", l.search->current.tasks[i]);
    lab_close(&l);
    text = arena_strdup(a, out.s);
    strbuf_release(&out);
    return text;
}

static void test_seed(void)
{
    for (int i = 0; sampler_names[i]; i++) {
        const char *name = sampler_names[i];
        struct arena a = {0};
        int same = 0;

        UNIT_STR(last_run(&a, name, 20, 7), last_run(&a, name, 20, 7));
        for (int run = 1; run <= 5; run++)
            same += strcmp(last_run(&a, name, run, 7), last_run(&a, name, run, 8)) == 0;
        CU_ASSERT(same < 5);
        arena_release(&a);
    }
}

/* Two winners are a bug of depth 2: they are hit as often as is promised, and more. */
static void test_chance(void)
{
    struct lab l;
    double chance;

    CU_ASSERT(1 / pct_chance(1, 5, 33) > 4.99 && 1 / pct_chance(1, 5, 33) < 5.01);
    CU_ASSERT(1 / pct_chance(3, 5, 33) > 5444.9 && 1 / pct_chance(3, 5, 33) < 5445.1);
    sample(&l, "{\"pct\": 500, \"depth\": 2, \"seed\": \"3\"}");
    UNIT_INT(l.search->pct_tasks, 3);
    CU_ASSERT(l.search->pct_steps >= 6); /* three looks, and puts */
    CU_ASSERT(l.search->longest <= l.search->pct_steps);
    chance = pct_chance(2, l.search->pct_tasks, l.search->pct_steps);
    CU_ASSERT((double)lab_tally(&l, "one")->broken >= 500 * chance);
    lab_close(&l);
}

/* A task with a higher priority is only passed at a point of change: with depth 1, never. */
static void test_depth_1(void)
{
    struct lab l;

    sample(&l, "{\"pct\": 100, \"depth\": 1}");
    UNIT_INT(l.search->classes.seen.count, 3); /* who is first; the others look and leave it */
    UNIT_INT(lab_tally(&l, "one")->broken, 0);
    lab_close(&l);
}

void suite_sample(void)
{
    static const struct unit_test tests[] = {
        {"finds_all", test_finds_all},
        {"seed", test_seed},
        {"chance", test_chance},
        {"depth_1", test_depth_1},
    };
    unit_add("sample", tests, UNIT_COUNT(tests));
}
