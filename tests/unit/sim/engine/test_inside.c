/* {"inside": …}: who is between two points, and that the reduction loses no order in which that differs. */
#include "sim/engine/inside.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>

#define ACTORS "'A': {'role': 'actor'}, 'B': {'role': 'actor'}"
#define POSIX  "'cluster': {'store': {'semantics': 'posix'}, 'nodes': {" ACTORS "}}, "
#define HELD   "'properties': {'one': {'inside': {'from': 'fs.mkdir l*', 'to': 'fs.rmdir l*'}}}, "

static void finds(const char *work, const char *want)
{
    struct arena a = {0};
    struct lab l;

    lab_try(&l, arena_printf(&a, POSIX HELD "%s", work), NULL);
    UNIT_STR(l.err.story, "");
    lab_search(&l);
    UNIT_STR(lab_found(&l, "one"), want);
    lab_close(&l);
    arena_release(&a);
}

static void test_lock(void)
{
    finds("'work': {'A': [{'mkdir': 'l', 'as': 'g'}, {'when': {'A.g': 'ok'}, 'rmdir': 'l'}],"
          " 'B': [{'mkdir': 'l', 'as': 'g'}, {'when': {'B.g': 'ok'}, 'rmdir': 'l'}]}",
          "always");
    finds("'work': {'A': [{'mkdir': 'l1'}, {'rmdir': 'l1'}], 'B': [{'mkdir': 'l2'}, {'rmdir': "
          "'l2'}]}",
          "sometimes");
    finds("'work': {'A': [{'mkdir': 'l1'}], 'B': [{'mkdir': 'l2'}]}", "never");
    finds("'work': {'A': [{'mkdir': 'l1'}, {'rmdir': 'l9'}], 'B': [{'await': 'quiet'}, {'mkdir': "
          "'l2'}]}",
          "always");
}

static void test_the_dead(void)
{
    finds("'faults': [{'crash': 'A', 'at': 'fs.rmdir l1'}], 'work': {'A': [{'mkdir': 'l1'}, "
          "{'rmdir': 'l1'}], 'B': [{'await': 'quiet'}, {'mkdir': 'l2'}]}",
          "always");
    finds("'faults': [{'crash': 'A', 'anywhere': true}], 'work': {'A': [{'mkdir': 'l1'}], 'B': "
          "[{'mkdir': 'l2'}]}",
          "sometimes");
}

static void test_notes(void)
{
    struct lab l;

    lab_try(&l,
            POSIX
            "'properties': {'one': {'inside': {'from': 'note in', 'to': 'note out', 'at_most': "
            "0}}}, 'work': {'A': [{'note': 'in'}, {'note': 'out'}], 'B': [{'note': 'out'}]}",
            NULL);
    lab_search(&l);
    UNIT_STR(lab_found(&l, "one"), "never");
    CU_ASSERT(l.search->never_inside == 0);
    lab_close(&l);
}

/* Nothing but the property makes these steps depend on each other. */
static const char *const steps[] = {"{'note': 'in'}", "{'note': 'out'}", "{'mkdir': 'x'}",
                                    "{'rmdir': 'x'}", "{'stat': 'x', 'as': 'r'}"};

#define STEPS 5

static void test_small_scope(void)
{
    static const char *const properties[] = {
        "{'inside': {'from': 'note in', 'to': 'note out'}}",
        "{'inside': {'from': 'fs.mkdir x', 'to': 'fs.rmdir x', 'at_most': 0}}",
        "{'inside': {'from': 'fs.stat x', 'to': 'note out'}}"};
    struct arena a = {0};

    for (int i = 0; i < STEPS * STEPS * STEPS * STEPS; i++) {
        const char *body = arena_printf(
            &a, POSIX "'properties': {'p': %s}, 'work': {'A': [%s, %s], 'B': [%s, %s]}",
            properties[i % 3], steps[i % STEPS], steps[i / STEPS % STEPS],
            steps[i / STEPS / STEPS % STEPS], steps[i / STEPS / STEPS / STEPS]);
        struct outcomes every = {.count = 0}, reduced = {.count = 0};

        outcomes_add(&every, body, true);
        outcomes_add(&reduced, body, false);
        if (!outcomes_same(&every, &reduced))
            UNIT_STR(body, "the same with the reduction");
        arena_clear(&a);
    }
    arena_release(&a);
}

static const struct lab_refusal refusals[] = {
    {"{}", "2:33: \"from\" is missing"},
    {"{'from': 'fs.mkdir x'}", "2:33: \"to\" is missing"},
    {"{'from': 'fs.mkdri x', 'to': 'note x'}",
     "2:42: no point is called \"fs.mkdri x\" (did you mean \"fs.mkdir …\"?)"},
    {"{'from': 'fs.mkdir x#2', 'to': 'note x'}",
     "2:42: \"fs.mkdir x#2\": here each time counts, and none has a number"},
    {"{'from': 'note x', 'to': 'note y', 'at_most': -1}",
     "2:79: expected an integer from 0 to 60, found -1"},
};

static void test_refused(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', " POSIX
                "'work': {'A': []},\n'properties': {'p': {'inside':  ",
                refusals, UNIT_COUNT(refusals), "}}}");
}

void suite_inside(void)
{
    static const struct unit_test tests[] = {{"lock", test_lock},
                                             {"the dead", test_the_dead},
                                             {"notes", test_notes},
                                             {"small scope", test_small_scope},
                                             {"refused", test_refused}};
    unit_add("inside", tests, UNIT_COUNT(tests));
}
