/* Orders: scripts, points put in order, samples, and orders that cannot be followed. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

#define HEAD                                                                                       \
    "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': "      \
    "'actor'}}},\n"
#define WORK                                                                                       \
    "'work': {'A': [{'stat': 'a'}, {'stat': 'b'}, {'stat': 'a'}], "                                \
    "'B': [{'stat': 'c'}, {'mkdir': 'd'}, {'stat': 'c'}]},\n"

/* "A a, A b, B c": who stats or makes what, in the order of the events. */
static const char *order_of(struct lab *l)
{
    const char *all = "", *event;

    for (int i = 0; (event = lab_event(l, i)); i++)
        all = arena_printf(&l->arena, "%s%s%c%c", all, *all ? " " : "", event[0],
                           strchr(strchr(event, ' ') + 1, ' ')[1]);
    return all;
}

static void check(const char *order, const char *expected)
{
    struct lab l;
    struct arena a = {0};

    if (lab_open(&l, arena_printf(&a, HEAD WORK "'order': %s}", order))) {
        UNIT_INT(lab_run(&l), OK);
        UNIT_STR(order_of(&l), expected);
    }
    lab_close(&l);
    arena_release(&a);
}

static void test_script(void)
{
    check("'all'", "Aa Ab Aa Bc Bd Bc");
    check("[{'run': 'B'}]", "Bc Bd Bc Aa Ab Aa");
    check("[{'run': 'A', 'until': 'fs.stat b'}, {'run': 'B'}]", "Aa Bc Bd Bc Ab Aa");
    check("[{'run': 'A', 'through': 'fs.stat b'}, {'run': 'B'}]", "Aa Ab Bc Bd Bc Aa");
    check("[{'run': 'A', 'until': 'fs.stat a#2'}, {'run': 'B', 'through': 'fs.mkdir *'}]",
          "Aa Ab Bc Bd Bc Aa");
    check("[{'run': 'A', 'until': 'fs.*'}, {'run': 'B', 'until': 'fs.*#2'}, {'run': 'A'}]",
          "Bc Aa Ab Aa Bd Bc");
    check("[{'run': 'A', 'until': '*'}, {'run': 'B', 'until': 'fs.mkdir d'}, {'run': 'A', "
          "'through': 'fs.stat a'}, "
          "{'run': 'B'}]",
          "Bc Aa Bd Bc Ab Aa");
}

/* Times are counted from the start, whichever step is being followed. */
static void test_times(void)
{
    check("[{'run': 'A', 'through': 'fs.stat a'}, {'run': 'B', 'through': 'fs.stat c'}, {'run': "
          "'A', 'until': 'fs.stat a#2'}, "
          "{'run': 'B', 'until': 'fs.stat c#2'}, {'run': 'A'}]",
          "Aa Bc Ab Bd Aa Bc");
}

static void test_before(void)
{
    check("{'before': [['B: fs.stat c', 'A: fs.stat a']]}", "Bc Bd Bc Aa Ab Aa");
    check("{'before': [['B: fs.stat c', 'A: fs.stat b']]}", "Aa Bc Bd Bc Ab Aa");
    check("{'before': [['B: fs.stat c', 'A: fs.stat b'], ['A: fs.stat a#2', 'B: fs.mkdir d']]}",
          "Aa Bc Ab Aa Bd Bc");
    check("{'before': [['B: fs.stat c#2', 'A: fs.stat a#2']]}", "Aa Ab Bc Bd Bc Aa");
}

/* --- how many orders are left
 * ---------------------------------------------------------------------------- */

static void check_count(const char *order, int executions)
{
    struct lab l;
    struct arena a = {0};

    if (lab_open(&l,
                 arena_printf(
                     &a,
                     HEAD
                     "'work': {'A': [{'put': 'x', 'data': '1'}, {'put': 'x', 'data': '2'}], "
                     "'B': [{'put': 'x', 'data': '3'}, {'put': 'x', 'data': '4'}]}, 'order': %s}",
                     order))) {
        lab_search(&l);
        UNIT_INT(l.search->executions, executions);
    }
    lab_close(&l);
    arena_release(&a);
}

static void test_counts(void)
{
    check_count("'all'", 6);
    check_count("[{'then': 'all'}]", 6);
    check_count("[{'run': 'A', 'through': 'store.put x'}, {'then': 'all'}]", 3);
    check_count("[{'run': 'A', 'until': 'store.put x'}, {'then': 'all'}]", 6);
    check_count("[{'run': 'A'}]", 1);
    check_count("{'before': [['A: store.put x', 'B: store.put x']]}", 3);
    check_count("{'before': [['A: store.put x#2', 'B: store.put x']]}", 1);
    check_count("{'before': [['A: store.put x', 'B: store.put x#2'], ['B: store.put x', 'A: "
                "store.put x#2']]}",
                4);
    check_count("{'random': 17, 'seed': '0x3'}", 17);
    check_count("[{'run': 'A'}, {'then': {'random': 5}}]", 5);
}

/* A sample is the seed's: the same again, and not another's. */
static void test_seed(void)
{
    const char *seen[3] = {NULL};
    struct arena a = {0};

    for (int i = 0; i < 3; i++) {
        struct lab l;

        if (lab_open(&l,
                     arena_printf(&a,
                                  HEAD WORK "'properties': {'p': {'finally': {'exists:d': true}}}, "
                                            "'order': {'random': 20, 'seed': '%s'}}",
                                  i < 2 ? "7" : "8"))) {
            struct strbuf story = STRBUF_INIT;
            struct trace t;

            lab_search(&l);
            UNIT_INT(l.search->end, SEARCH_SAMPLED);
            trace_init(&t);
            UNIT_INT(search_replay(l.search, &lab_tally(&l, "p")->witness[1], &t, NULL, &l.err),
                     OK);
            trace_story(&t, 1, &story);
            seen[i] = arena_strdup(&a, story.s);
            strbuf_release(&story);
            trace_release(&t);
        }
        lab_close(&l);
    }
    UNIT_STR(seen[0], seen[1]);
    arena_release(&a);
}

/* --- what cannot be followed
 * ------------------------------------------------------------------------------- */

static const char *refused(struct arena *a, const char *order)
{
    struct lab l;
    const char *story = "it can be opened";

    if (lab_open(&l, arena_printf(a, HEAD WORK "'order':\n%s}", order))) {
        search_run(l.search, &l.err);
        story = strstr(l.err.story, "t.json");
        story = arena_strdup(a, story ? story : l.err.story);
    }
    lab_close(&l);
    return story;
}

static void test_refused(void)
{
    struct arena a = {0};

    UNIT_STR(refused(&a, "[{'run': 'A', 'until': 'fs.stat z'}]"),
             "t.json:4:2: the order cannot be followed: step 1 runs A until \"fs.stat z\", but it "
             "ended before");
    UNIT_STR(refused(&a, "[{'run': 'A', 'through': 'fs.stat a#3'}, {'then': 'all'}]"),
             "t.json:4:2: the order cannot be followed: step 1 runs A through \"fs.stat a\" (time "
             "3), but it ended before");
    UNIT_STR(refused(&a, "{'before': [['A: fs.stat a', 'B: fs.stat z']]}"),
             "t.json:4:13: the order cannot be followed: B never came to \"fs.stat z\"");
    UNIT_STR(
        refused(&a,
                "{'before': [['A: fs.stat a', 'B: fs.stat c'], ['B: fs.stat c', 'A: fs.stat a']]}"),
        "t.json:4:13: the order cannot be followed: A never came to \"fs.stat a\"");
    arena_release(&a);
}

/* The point would have come when nobody else is left to run. */
static void test_refused_at_the_end(void)
{
    struct arena a = {0};

    UNIT_STR(refused(&a, "[{'run': 'B'}, {'run': 'A', 'until': 'fs.stat z'}]"),
             "t.json:4:16: the order cannot be followed: step 2 runs A until \"fs.stat z\", but it "
             "ended before");
    arena_release(&a);
}

void suite_order(void)
{
    static const struct unit_test tests[] = {
        {"script", test_script},
        {"times", test_times},
        {"before", test_before},
        {"counts", test_counts},
        {"seed", test_seed},
        {"refused", test_refused},
        {"refused_at_the_end", test_refused_at_the_end},
    };
    unit_add("order", tests, UNIT_COUNT(tests));
}
