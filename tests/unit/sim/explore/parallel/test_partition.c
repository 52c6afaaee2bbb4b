#include "sim/explore/parallel/partition.h"
#include "tests/unit/random_scenario.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static int owed_in_all; /* over all kinds */

#define LEAST 2 /* the scenarios are small */

/* The parts of one round, the last first: in which order they are run does not matter. */
static int run_round(struct parts *p, struct lab *l)
{
    struct owed owed = {.count = 0};
    int paid;

    for (int i = p->count - 1; i >= 0; i--) {
        bool over;

        UNIT_INT(parts_run(p, i, l->search, &owed, &over, &l->err), OK);
        CU_ASSERT(!over);
    }
    for (int i = 0; i < owed.count; i++)
        UNIT_INT(parts_pay(p, l->search, &owed.v[i], &l->err), OK);
    paid = owed.count;
    owed_release(&owed);
    return paid;
}

static void run_divided(struct lab *l, int least, int *parts, int *paid)
{
    struct parts p;

    UNIT_INT(parts_begin(&p, l->search, least, &l->err), OK);
    while (l->err.code == OK && parts_round(&p, l->search, &l->err) > 0) {
        *parts += p.count;
        *paid += run_round(&p, l);
    }
    UNIT_STR(l->err.story, "");
    parts_release(&p);
}

/* The same whole and divided: "", or what differs. */
static const char *differs(struct arena *a, const struct search *whole, const struct search *parts)
{
    if (parts->executions != whole->executions || parts->outcome_count != whole->outcome_count)
        return arena_printf(a, "%lld executions, %d outcomes, not %lld, %d",
                            (long long)parts->executions, parts->outcome_count,
                            (long long)whole->executions, whole->outcome_count);
    for (int i = 0; i < whole->tally_count; i++)
        if (parts->tallies[i].holds != whole->tallies[i].holds)
            return arena_printf(a, "%s holds in %lld", whole->tallies[i].name,
                                (long long)parts->tallies[i].holds);
    return "";
}

static const char *check(struct arena *a, const char *text, int *parts, int *paid)
{
    struct lab whole, divided;
    const char *what = "it cannot be run";

    if (lab_open(&whole, text) && lab_open(&divided, text)) {
        lab_search(&whole);
        run_divided(&divided, LEAST, parts, paid);
        what = differs(a, whole.search, divided.search);
        lab_close(&divided);
    }
    lab_close(&whole);
    return what;
}

static void check_kind(const struct random_kind *kind, int count)
{
    int parts = 0, paid = 0;

    for (int seed = 0; seed < count; seed++) {
        struct strbuf text = STRBUF_INIT;
        struct arena a = {0};
        const char *what;

        random_scenario(kind, (uint64_t)seed, &text);
        what = check(&a, text.s, &parts, &paid);
        if (*what)
            printf("%s, seed %d: %s\n%s", kind->name, seed, what, text.s);
        UNIT_STR(what, "");
        arena_release(&a);
        strbuf_release(&text);
    }
    owed_in_all += paid;
    CU_ASSERT(parts > 0); /* else this looks at nothing */
}

#define KIND(fn, count, ...)                                                                       \
    static void fn(void)                                                                           \
    {                                                                                              \
        check_kind(&(struct random_kind){.name = #fn, __VA_ARGS__}, count);                        \
    }

KIND(test_object, 40, .actors = 3, .steps = 3)
KIND(test_posix, 20, .posix = true, .actors = 3, .steps = 2)
KIND(test_refs, 20, .refs = true, .actors = 3, .steps = 3)
KIND(test_timers, 20, .timers = true, .actors = 3, .steps = 3)
KIND(test_before, 20, .before = true, .actors = 3, .steps = 3)
KIND(test_watches, 30, .watches = true, .timers = true, .actors = 3, .steps = 2)
KIND(test_shared, 20, .shared = true, .watches = true, .actors = 3, .steps = 2)

/* Four that look, and put if there is nothing: steps that touch the same wherever they come, so
 * that much is left to sleepers. */
static void test_creators(void)
{
    struct strbuf text = STRBUF_INIT;
    int parts = 0, paid = 0;
    struct arena a = {0};

    strbuf_adds(&text, "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}}}, "
                       "'work': {");
    for (int i = 1; i <= 4; i++) {
        const char *name = i > 1 ? arena_printf(&a, "A#%d", i) : "A";

        strbuf_printf(&text,
                      "%s'%s': [{'stat': 'x', 'as': 'r'}, {'when': {'%s.r': 'ENOENT'}, 'put': 'x', "
                      "'data': '%d'}]",
                      i > 1 ? ", " : "", name, name, i);
    }
    strbuf_adds(&text, "}}");
    UNIT_STR(check(&a, text.s, &parts, &paid), "");
    CU_ASSERT(parts > 0);
    arena_release(&a);
    strbuf_release(&text);
}

/* Comes last. */
static void test_owed(void)
{
    CU_ASSERT(owed_in_all > 0);
}

void suite_partition(void)
{
    static const struct unit_test tests[] = {
        {"object", test_object}, {"posix", test_posix},       {"refs", test_refs},
        {"timers", test_timers}, {"before", test_before},     {"watches", test_watches},
        {"shared", test_shared}, {"creators", test_creators}, {"owed", test_owed},
    };
    unit_add("partition", tests, UNIT_COUNT(tests));
}
