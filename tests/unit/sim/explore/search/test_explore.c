#include "sim/explore/search/outcome.h"
#include "tests/unit/random_scenario.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Executions of a search without reduction; a scenario that has more is looked at in part. */
#define EVERY_ORDER_MAX 3000
/* Executions of a reduced search; a scenario that has more is not looked at. */
#define REDUCED_MAX 500

static bool has_outcome(const struct search *s, uint64_t outcome)
{
    for (int i = 0; i < s->outcome_cap; i++)
        if (s->outcomes[i].hash == outcome)
            return true;
    return false;
}

static int missing_outcomes(const struct search *from, const struct search *in)
{
    int missing = 0;

    for (int i = 0; i < from->outcome_cap; i++)
        missing += from->outcomes[i].hash && !has_outcome(in, from->outcomes[i].hash);
    return missing;
}

static bool nodes_go_down(const struct cluster *c)
{
    for (int i = 0; i < c->scenario->node_count; i++)
        if (c->nodes[i].volatile_life || c->nodes[i].may_pause)
            return true;
    return false;
}

/* Verdicts, deadlocks, outcomes: all that exploration without reduction finds, exploration with it
 * finds too, and nothing else; and it makes one execution of each class. (More, where nodes go
 * down: what a task that goes down with its node could have done is tried, and then not seen.) Says
 * what differs, or "". */
static const char *compare(struct arena *a, const struct search *reduced,
                           const struct search *every)
{
    bool whole = every->end == SEARCH_COMPLETE;
    int missed = missing_outcomes(every, reduced);
    int invented = whole ? missing_outcomes(reduced, every) : 0;

    if (reduced->end != SEARCH_COMPLETE)
        return "the reduced search is not complete";
    if (missed || invented)
        return arena_printf(a, "%d of %d outcomes are missed, %d are invented", missed,
                            every->outcome_count, invented);
    for (int i = 0; i < every->tally_count && whole; i++)
        if (tally_found(&every->tallies[i]) != tally_found(&reduced->tallies[i]))
            return arena_printf(a, "%s is %s, not %s", every->tallies[i].name,
                                holds_name(tally_found(&reduced->tallies[i])),
                                holds_name(tally_found(&every->tallies[i])));
    if (whole && reduced->executions != every->classes.seen.count && !nodes_go_down(every->cluster))
        return arena_printf(a, "%lld executions stand for %lld classes",
                            (long long)reduced->executions, (long long)every->classes.seen.count);
    return "";
}

static const char *differs(struct arena *a, const char *text)
{
    struct lab reduced, every;
    struct search_options all = {.no_reduction = true, .max_executions = EVERY_ORDER_MAX};
    const char *what = "it cannot be run";

    if (lab_open(&reduced, text) && lab_open_with(&every, text, 0, &all)) {
        lab_search(&reduced);
        lab_search(&every);
        what = compare(a, reduced.search, every.search);
        lab_close(&every);
    }
    lab_close(&reduced);
    return what;
}

static void check_kind(const struct random_kind *kind, int count)
{
    for (int seed = 0; seed < count; seed++) {
        struct strbuf text = STRBUF_INIT;
        struct arena a = {0};
        const char *what;

        random_scenario(kind, (uint64_t)seed, &text);
        what = differs(&a, text.s);
        if (*what)
            printf("%s, seed %d: %s\n%s", kind->name, seed, what, text.s);
        UNIT_STR(what, "");
        arena_release(&a);
        strbuf_release(&text);
    }
}

/* Where every order is too much: what samples find, the reduced search has found, too. False: it is
 * too large. */
static bool sampled_differs(const char *text, const char *samples, struct arena *a,
                            const char **what)
{
    struct search_options budget = {.max_executions = REDUCED_MAX};
    struct lab reduced, sampled;
    bool complete = false;
    int missed;

    *what = "it cannot be run";
    if (lab_open_with(&reduced, text, 0, &budget) && lab_open(&sampled, text)) {
        lab_search(&reduced);
        complete = reduced.search->end == SEARCH_COMPLETE;
        UNIT_INT(scenario_order(sampled.scenario, "samples", samples, &sampled.err), OK);
        if (complete)
            lab_search(&sampled);
        missed = missing_outcomes(sampled.search, reduced.search);
        *what = missed ? arena_printf(a, "%d outcomes of %d that samples found are missed", missed,
                                      sampled.search->outcome_count)
                       : "";
        lab_close(&sampled);
    }
    lab_close(&reduced);
    return complete;
}

static void check_services(int count)
{
    int complete = 0;

    for (int seed = 0; seed < count; seed++) {
        struct strbuf text = STRBUF_INIT;
        struct arena a = {0};
        const char *what;

        random_services((uint64_t)seed, &text);
        complete += sampled_differs(text.s, "{\"random\": 100, \"seed\": \"7\"}", &a, &what);
        if (*what)
            printf("services, seed %d: %s\n%s", seed, what, text.s);
        UNIT_STR(what, "");
        arena_release(&a);
        strbuf_release(&text);
    }
    CU_ASSERT(complete > count / 2); /* else this looks at nothing */
}

#define KIND(fn, count, ...)                                                                       \
    static void fn(void)                                                                           \
    {                                                                                              \
        check_kind(&(struct random_kind){.name = #fn, __VA_ARGS__}, count);                        \
    }

KIND(test_object, 60, .actors = 3, .steps = 3)
KIND(test_posix, 40, .posix = true, .actors = 2, .steps = 2)
KIND(test_refs, 40, .refs = true, .actors = 2, .steps = 3)
KIND(test_refs_posix, 30, .refs = true, .posix = true, .actors = 2, .steps = 2)
KIND(test_timers, 40, .timers = true, .actors = 3, .steps = 3)
KIND(test_before, 40, .before = true, .actors = 3, .steps = 3)
KIND(test_watches, 60, .watches = true, .actors = 3, .steps = 3)
KIND(test_watches_posix, 30, .watches = true, .posix = true, .actors = 2, .steps = 2)
KIND(test_watches_timers, 60, .watches = true, .timers = true, .actors = 3, .steps = 2)
KIND(test_shared, 60, .shared = true, .watches = true, .timers = true, .actors = 3, .steps = 2)

static void test_services(void)
{
    check_services(30);
}

/* --- what was once missed -------------------------------------------------------------------- */

#define ACTORS(semantics)                                                                          \
    "{'fsrace': 1, 'name': 't', 'cluster': {'store': {'semantics': '" semantics "'}, 'nodes': {"   \
    "'A': {'role': 'actor'}, 'B': {'role': 'actor'}, 'C': {'role': 'actor'}}},\n"

#define NODES(settings)                                                                            \
    "{'fsrace': 1, 'name': 't', 'cluster': {" settings ", 'sync': {'notify': false, 'scan_ms': 0," \
    " 'load': false}, 'net': {'retries': 0}, 'nodes': {'i1': {'role': 'ingestor'},"                \
    " 'q1': {'role': 'querier'}}},\n"

static void same(const char *text)
{
    struct arena a = {0};

    UNIT_STR(differs(&a, text), "");
    arena_release(&a);
}

/* A step that failed may write where it comes first, so nothing can be said to commute with it
 * then. */
static void test_other_result(void)
{
    same(ACTORS("object") "'init': [{'mkdir': 'd'}], 'work': {"
                          "'A': [{'rmdir': 'd', 'as': 'r'}, {'create_excl': 'e', 'as': 's'}],"
                          "'B': [{'list': 'e', 'as': 'r'}, {'rename': ['d', 'y'], 'as': 's'}],"
                          "'C': [{'unlink': 'e', 'as': 'r'}, {'create_excl': 'e', 'as': 's'}]}}");
}

/* An event and the time-out of its reader at one and the same time. */
static void test_due_event(void)
{
    same(ACTORS("object") "'work': {'A': [{'watch': '.'}, {'next_event': true, 'timeout_ms': 10, "
                          "'as': 'r'}],"
                          "'B': [{'sleep_ms': 10}, {'mkdir': 'e'}]}}");
}

/* Of two links only the last to go ends the file that is watched. */
static void test_last_link(void)
{
    same(ACTORS("object") "'init': [{'write': 'x'}, {'link': ['x', 'y']}], 'work': {"
                          "'A': [{'watch': 'x'}, {'next_event': true, 'as': 'r'}],"
                          "'B': [{'put': 'x'}], 'C': [{'unlink': 'y'}]}}");
}

/* The file is closed under another name than it was opened. */
static void test_close_elsewhere(void)
{
    same(ACTORS(
        "posix") "'init': [{'mkdir': 'd'}], 'work': {"
                 "'A': [{'watch': 'd'}, {'next_event': true, 'as': 'r'}, {'next_event': true, "
                 "'as': 's'}],"
                 "'B': [{'create_excl': 'x'}], 'C': [{'rename': ['x', 'd/x'], 'as': 'r'}]}}");
}

/* Who does not get the event waits until time has moved. */
static void test_loser_times_out(void)
{
    same(ACTORS("object") "'work': {'A': [{'watch': '.'}, {'next_event': true, 'as': 'r'}],"
                          "'A#2': [{'next_event': true, 'timeout_ms': 10, 'as': 'r'}],"
                          "'B': [{'mkdir': 'd'}, {'mkdir': 'e'}]}}");
}

/* An order was inserted for a step that was taken for depending on everything, and did not: what
 * should have come after it was left to it, and it left it to a sleeper. */
static void test_unsure_branch(void)
{
    same(ACTORS("object") "'init': [{'write': 'y', 'data': '0'}], 'work': {"
                          "'A': [{'append': 'y', 'data': 'A'}],"
                          "'B': [{'create_excl': 'y'}, {'put': 'x', 'data': 'B'}, {'read': 'x'}],"
                          "'C': [{'create_excl': 'x'}, {'write': 'x', 'data': 'C'}, {'read': "
                          "'y'}]}}");
    same(ACTORS("object") "'work': {'A': [{'create_excl': 'e'}],"
                          "'B': [{'read': 'e'}, {'mkdir': 'd'}, {'put': 'x'}],"
                          "'C': [{'put': 'd'}, {'rename': ['e', 'd'], 'when': {'content:x': "
                          "{'ne': 'A0'}}}]}}");
}

/* A read that fails touches less than one that does not. */
static void test_unsure_read(void)
{
    same(ACTORS("object") "'init': [{'mkdir': 'd'}, {'write': 'd/x', 'data': 'init'}], 'work': {"
                          "'A': [{'unlink': 'd/x'}, {'if': {'A.r': 'ok'}, 'then': [{'rename': "
                          "['d', 'e'], 'as': 'r'}]}],"
                          "'B': [{'create_excl': 'y'}],"
                          "'C': [{'append': 'd/x'}, {'create_excl': 'd', 'when': {'content:d/x': "
                          "{'ne': 'A0'}}}]}}");
}

static void test_lock(void)
{
    same(NODES(
        "'create': 'proxy', 'lock': 'memory'") "'work': {'i1': [{'create': 'app', 'as': 'r'}], "
                                               "'i1#2': [{'create': 'app', 'as': 'r'}],"
                                               "'q1': [{'sleep_ms': 1}, {'stop': true}]}}");
}

/* A node that goes down takes away what its tasks could have done. */
static void test_stop(void)
{
    same(NODES(
        "'create': 'proxy', 'lock': 'memory'") "'work': {'i1': [{'create': 'app', 'as': 'r'}], "
                                               "'i1#2': [{'create': 'app', 'as': 'r'}],"
                                               "'q1': [{'stop': true}]}}");
}

static void test_restart(void)
{
    same(NODES("'create': 'naive'") "'work': {'i1': [{'restart': true}], 'i1#2': [{'list': true, "
                                    "'as': 'r'}]}}");
}

/* --- known numbers --------------------------------------------------------------------------- */

static void check_count(const char *text, int executions, int outcomes)
{
    struct lab l;

    if (lab_open(&l, text)) {
        lab_search(&l);
        UNIT_INT(l.search->end, SEARCH_COMPLETE);
        UNIT_INT(l.search->executions, executions);
        UNIT_INT(l.search->redundant, 0);
        UNIT_INT(l.search->outcome_count, outcomes);
    }
    lab_close(&l);
}

/* Contents belong to files: names that may stand for one file do not make it one. */
static void test_contents_of_files(void)
{
    check_count(
        ACTORS("posix") "'work': {'A': [{'write': 'a', 'data': 'A'}, {'rename': ['a', 'x']}],"
                        "'B': [{'write': 'b', 'data': 'B'}, {'rename': ['b', 'x']}],"
                        "'C': [{'write': 'c', 'data': 'C'}, {'rename': ['c', 'x']}]}}",
        6, 3);
    check_count(ACTORS("posix") "'work': {'A': [{'write': 'a', 'data': 'A'}, {'link': ['a', 'x']}],"
                                "'B': [{'write': 'b', 'data': 'B'}, {'link': ['b', 'x']}],"
                                "'C': [{'write': 'c', 'data': 'C'}, {'link': ['c', 'x']}]}}",
                3, 3);
    check_count(ACTORS("posix") "'init': [{'mkdir': 'a'}, {'mkdir': 'b'}], 'work': {"
                                "'A': [{'write': 'a/x', 'data': 'A'}, {'rename': ['a', 'd']}],"
                                "'B': [{'write': 'b/x', 'data': 'B'}], 'C': []}}",
                1, 1);
}

/* What was removed is written by who has it open: by nobody else. */
static void test_content_of_removed_file(void)
{
    check_count(
        ACTORS("posix") "'init': [{'write': 'x', 'data': '1'}], 'work': {"
                        "'A': [{'append': 'x', 'data': 'A'}],"
                        "'B': [{'unlink': 'x'}, {'create_excl': 'x', 'data': 'B'}], 'C': []}}",
        4, 3);
}

/* n actors with the same steps, except for the last. %d is the actor's number. */
static void check_actors(int n, const char *steps, const char *last, int executions, int outcomes)
{
    struct strbuf text = STRBUF_INIT;

    strbuf_adds(&text, "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {");
    for (int i = 1; i <= n; i++)
        strbuf_printf(&text, "%s'A%d': {'role': 'actor'}", i > 1 ? ", " : "", i);
    strbuf_adds(&text, "}}, 'work': {");
    for (int i = 1; i <= n; i++) {
        strbuf_printf(&text, "%s'A%d': [", i > 1 ? ", " : "", i);
        for (const char *p = i == n && last ? last : steps; *p; p++) {
            if (*p == '%')
                strbuf_printf(&text, "%d", i);
            else
                strbuf_addc(&text, *p);
        }
        strbuf_addc(&text, ']');
    }
    strbuf_adds(&text, "}}");
    check_count(text.s, executions, outcomes);
    strbuf_release(&text);
}

/* Look, and put if there is nothing. */
static void test_creators(void)
{
    static const char steps[] =
        "{'stat': 'x', 'as': 'seen'}, "
        "{'when': {'A%.seen': 'ENOENT'}, 'put': 'x', 'data': 'A%', 'as': 'put'}";

    check_actors(2, steps, NULL, 4, 4);
    check_actors(3, steps, NULL, 21, 12);
    check_actors(4, steps, NULL, 148, 32);
}

static void test_readers(void)
{
    static const char reads[] = "{'stat': 'x', 'as': 'seen'}", writes[] = "{'write': 'x'}";

    check_actors(2, reads, writes, 2, 2);
    check_actors(4, reads, writes, 8, 8);
    check_actors(6, reads, writes, 32, 32);
}

static void test_commute(void)
{
    check_actors(4, "{'stat': 'x'}, {'read': 'x'}, {'list': '.'}", NULL, 1, 1);
    check_actors(4, "{'put': 'x%'}, {'append': 'x%'}, {'unlink': 'x%'}", NULL, 1, 1);
    check_actors(3, "{'put': 'x', 'as': 'r'}", NULL, 6, 1);
    check_actors(3, "{'put': 'x', 'data': '%', 'as': 'r'}", NULL, 6, 3);
    check_count(
        ACTORS(
            "object") "'init': [{'write': 'x'}], 'work': {'A': [{'create_excl': 'x', 'as': 'r'}],"
                      "'B': [{'create_excl': 'x', 'as': 'r'}], 'C': [{'mkdir': 'x'}]}}",
        1, 1);
    check_count(ACTORS("object") "'work': {'A': [{'create_excl': 'x', 'as': 'r'}], 'B': "
                                 "[{'create_excl': 'x', 'as': 'r'}],"
                                 "'C': [{'create_excl': 'x', 'as': 'r'}]}}",
                3, 3);
}

/* How much is done: never less than before by much, and nearly all at the end. */
struct shares {
    double now, last;
    int looks;
};

static void look_at_share(void *ctx, int64_t executions)
{
    struct shares *s = ctx;

    if (executions == 0)
        return;
    CU_ASSERT(s->now > 0 && s->now < 1);
    s->last = s->now;
    s->looks++;
}

static void test_share(void)
{
    static const char text[] =
        ACTORS("object") "'work': {'A': [{'repeat': 3, 'do': [{'append': 'x'}]}], 'B': [{'repeat': "
                         "3, 'do': [{'append': 'x'}]}], 'C': [{'repeat': 3, 'do': [{'append': "
                         "'x'}]}]}}";
    struct shares s = {.now = 0};
    struct search_options options = {
        .share = &s.now, .progress = look_at_share, .progress_ctx = &s};
    struct lab l;

    if (lab_open_with(&l, text, 0, &options)) {
        lab_search(&l);
        UNIT_INT(l.search->executions, 1680);
        UNIT_INT(s.looks, 6); /* after each 256 */
        CU_ASSERT(s.last > 0.8);
    }
    lab_close(&l);
}

void suite_explore(void)
{
    static const struct unit_test tests[] = {
        {"object", test_object},
        {"posix", test_posix},
        {"refs", test_refs},
        {"refs_posix", test_refs_posix},
        {"timers", test_timers},
        {"before", test_before},
        {"watches", test_watches},
        {"watches_posix", test_watches_posix},
        {"watches_timers", test_watches_timers},
        {"shared", test_shared},
        {"services", test_services},
        {"other_result", test_other_result},
        {"contents of files", test_contents_of_files},
        {"content of a removed file", test_content_of_removed_file},
        {"due_event", test_due_event},
        {"last_link", test_last_link},
        {"close_elsewhere", test_close_elsewhere},
        {"loser_times_out", test_loser_times_out},
        {"unsure_branch", test_unsure_branch},
        {"unsure_read", test_unsure_read},
        {"lock", test_lock},
        {"stop", test_stop},
        {"restart", test_restart},
        {"share", test_share},
        {"creators", test_creators},
        {"readers", test_readers},
        {"commute", test_commute},
    };
    unit_add("explore", tests, UNIT_COUNT(tests));
}
