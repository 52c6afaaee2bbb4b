/* One execution: nodes that go down and come back, the same again, machines that fail, and all at
 * once. */
#include "sim/engine/cluster.h"
#include "tests/unit/pieces.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <string.h>

/* --- nodes that go down
 * ----------------------------------------------------------------------------------- */

#define ONE HEAD "'cluster': {'lock': 'memory', " NO_SYNC ", 'nodes': {" I1 "}}, "

/* What runs on the node ends: background tasks come back, a sibling's request ends without an
 * answer, locks are free. */
static void test_restart(void)
{
    struct lab l;

    if (lab_runs(&l,
                 ONE
                 "'work': {'i1': [{'restart': true, 'as': 'up'}, {'ingest': 'app', 'as': 'r'}], "
                 "'i1#2': [{'create': 'app', 'as': 'r'}]}, 'order': [{'run': 'i1#2', 'until': "
                 "'store.put *'}, {'run': 'i1'}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.up"), "ok");
        UNIT_STR(lab_register(&l, "i1#2.r"), "unknown");
        UNIT_STR(lab_register(&l, "i1.r"), "accepted");
        UNIT_INT(lab_count(&l, "i1/upload task.take = upload app"), 1);
        CU_ASSERT(strstr(lab_store(&l), "app/data/i1-1: {\"schema\":{},\"events\":\"i1.1\",") !=
                  NULL);
    }
    lab_close(&l);
}

static void test_stop(void)
{
    struct lab l;

    if (lab_runs(&l,
                 ONE
                 "'work': {'i1': [{'ingest': 'app', 'as': 'a'}, {'stop': true}, {'ingest': 'app', "
                 "'as': 'b'}, "
                 "{'restart': true}, {'list': true, 'as': 'c'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.a"), "accepted");
        UNIT_STR(lab_register(&l, "i1.b"), "unknown");
        UNIT_STR(lab_register(&l, "i1.c"), ""); /* its memory is gone */
        UNIT_INT(lab_count(&l, "i1/upload task.take = upload app"),
                 0); /* and with it what was not uploaded */
        UNIT_STR(lab_why(&l, "no_lost_events"),
                 "event i1.1 of app was accepted by i1, and the store does not find it");
    }
    lab_close(&l);
}

static void test_restart_twice(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD "'cluster': {'create': 'proxy', 'nodes': {" Q1
                      "}}, 'work': {'q1': [{'restart': true, 'as': 'r'}], "
                      "'q1#2': [{'restart': true, 'as': 'r'}]}, 'order': [{'run': 'q1', 'until': "
                      "'store.get *'}, {'run': 'q1#2'}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.r"), "ok");
        UNIT_STR(lab_register(&l, "q1#2.r"), "ok");
    }
    lab_close(&l);
}

/* A node that cannot start stays down. */
static void test_bad_config(void)
{
    struct lab l;
    const char *text =
        HEAD "'cluster': {'nodes': {'i1': {'role': 'ingestor', 'starts': 'down', 'config': "
             "{'version': 'v9'}}}}, "
             "'work': {'i1': [{'restart': true, 'as': 'r'}, {'list': true, 'as': 's'}]}}";

    if (lab_runs(&l, text, END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "rejected");
        UNIT_STR(lab_register(&l, "i1.s"), "unknown");
    }
    lab_close(&l);
}

/* --- again
 * ------------------------------------------------------------------------------------------------
 */

static const char busy[] =
    HEAD "'cluster': {'create': 'marker', 'store': {'semantics': 'posix'}, 'nodes': {" I1
         ", 'i2': {'role': 'ingestor'}, " Q1
         ", 'A': {'role': 'actor'}}}, 'init': [{'mkdir': 'd'}, {'write': 'd/x', 'data': 'init'}], "
         "'work': {'i1': [{'ingest': 'app', 'as': 'r'}, {'restart': true}], 'i2': [{'ingest': "
         "'app', 'fields': {'a': 'int'}}], "
         "'q1': [{'await': 'quiet'}, {'query': 'app', 'as': 'r'}, {'delete': 'app'}], "
         "'A': [{'watch': 'd'}, {'put': 'd/x', 'data': 'A'}, {'next_event': true, 'as': 'e'}, "
         "{'rename': ['d', 'e']}]}}";

static void test_again(void)
{
    struct lab l;

    if (lab_runs(&l, busy, END_DONE)) {
        const char *trace = arena_strdup(&l.arena, lab_trace(&l)), *store = lab_store(&l);

        for (int i = 0; i < 3; i++) {
            lab_reset(&l);
            UNIT_INT(lab_run(&l), OK);
            UNIT_STR(lab_trace(&l), trace);
            UNIT_STR(lab_store(&l), store);
        }
    }
    lab_close(&l);
}

static void test_reset(void)
{
    struct lab l;

    if (lab_open(&l, busy)) {
        UNIT_STR(lab_store(&l), "");
        for (int i = 0; i < 3; i++) {
            UNIT_INT(lab_run(&l), OK);
            CU_ASSERT(*lab_store(&l) != '\0');
            lab_reset(&l);
            UNIT_STR(lab_store(&l), "");
        }
    }
    lab_close(&l);
}

/* --- what cannot be run
 * ------------------------------------------------------------------------------------- */

/* The story without the directory of t.json. */
static const char *story(struct lab *l, const char *text)
{
    const char *from = "it can be run";

    if (lab_open(l, text) && lab_run(l) != OK) {
        UNIT_INT(l->search->cluster->end, END_FAILED);
        from = strstr(l->err.story, "t.json");
        from = arena_strdup(&l->arena, from ? from : l->err.story);
    }
    return from;
}

static void check_story(const char *text, const char *expected)
{
    struct lab l;

    UNIT_STR(story(&l, text), expected);
    lab_close(&l);
}

static void test_cannot_run(void)
{
    check_story(HEAD ACTORS "'init': [{'mkdir': 'd'}, {'mkdir': 'd'}], 'work': {'A': []}}",
                "t.json: init step 2: EEXIST");
    check_story(HEAD "'cluster': {'nodes': {'i1': {'role': 'ingestor', 'config': {'version': "
                     "'v9'}}}}, 'work': {'i1': []}}",
                "t.json: i1 does not start: .node/i1/.parseable.json:1:12: version \"v9\" is of a "
                "newer release: this one reads up to \"v8\"");
    check_story(HEAD "'cluster': {'nodes': {'i1': {'role': 'ingestor', 'config': {'query_node': "
                     "{'endpoint': '0.0.0.0:80'}}}}}, 'work': {'i1': []}}",
                "t.json: i1 does not start: query_node names \"0.0.0.0:80\", which is this node "
                "itself: expected the address by which it reaches a querier");
    check_story(
        HEAD ACTORS
        "'work': {'A': [{'stat': 'x'}], 'B': []}, 'order':\n [{'run': 'A', 'until': 'fs.stat y'}]}",
        "t.json:2:3: the order cannot be followed: step 1 runs A until \"fs.stat y\", but it ended "
        "before");
    check_story(
        HEAD ACTORS
        "'work': {'A': [{'watch': '.'}, {'next_event': true}], 'B': [{'stat': 'x'}]}, 'order':\n"
        " [{'run': 'A'}, {'run': 'A', 'through': 'fs.stat y#2'}]}",
        "t.json:2:17: the order cannot be followed: step 2 runs A through \"fs.stat y\" (time 2), "
        "but it waits at "
        "\"watch.next\"");
    check_story(HEAD ACTORS "'work': {'A': [{'stat': 'x'}], 'B': []}, 'order': {'before':\n [['A: "
                            "fs.stat x#2', 'B: fs.stat x']]}}",
                "t.json:2:3: the order cannot be followed: A never came to \"fs.stat x\"");
}

static int no_space(struct port *p, const char *path)
{
    (void)p, (void)path;
    return -ENOSPC;
}

/* The machine's failure is no result of a step: the execution says nothing. */
static void test_machine_fails(void)
{
    struct lab l;

    if (lab_open(&l, HEAD ACTORS "'work': {'A': [{'mkdir': 'd', 'as': 'r'}], 'B': []}}")) {
        const struct port_calls *whole = l.port->calls;
        struct port_calls broken = *whole;

        broken.mkdir = no_space;
        l.port->calls = &broken;
        UNIT_INT(lab_run(&l), ERR_IO);
        UNIT_STR(l.err.story, "fs.mkdir d: No space left on device");
        UNIT_INT(l.search->cluster->end, END_FAILED);
        l.port->calls = whole;
        lab_reset(&l);
        UNIT_INT(lab_run(&l), OK);
        UNIT_STR(lab_register(&l, "A.r"), "ok");
    }
    lab_close(&l);
}

/* --- the open gate: all at once, on the real clock
 * ------------------------------------------------------------ */

static int no_queue(struct port *p)
{
    (void)p;
    return -EMFILE;
}

/* There is no inotify descriptor to be had: in the run, or when a node boots. */
static void test_no_inotify(void)
{
    static const char *const texts[] = {
        HEAD ACTORS "'work': {'A': [{'watch': '.'}, {'next_event': true}], 'B': []}}",
        HEAD ACTORS "'work': {'A': [{'next_event': true, 'timeout_ms': 1}], 'B': []}}",
        HEAD "'cluster': {'nodes': {" Q1 "}}, 'work': {'q1': []}}"};

    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        struct lab l;

        if (lab_open(&l, texts[i])) {
            const struct port_calls *whole = l.port->calls;
            struct port_calls broken = *whole;

            broken.watch_open = no_queue;
            l.port->calls = &broken;
            UNIT_INT(lab_run(&l), ERR_IO);
            UNIT_STR(l.err.story, "inotify: EMFILE");
            lab_reset(&l);
            l.port->calls = whole;
        }
        lab_close(&l);
    }
}

#define FREE_RUNS 10

/* Runs it freely; in each run the property holds. */
static void check_freely(const char *text, const char *property)
{
    struct lab l;

    if (lab_open_freely(&l, text)) {
        for (int i = 0; i < FREE_RUNS; i++) {
            UNIT_INT(cluster_run(l.search->cluster, NULL, &l.err), OK);
            UNIT_INT(l.search->cluster->end, END_DONE);
            UNIT_STR(lab_why(&l, property), "");
            lab_reset(&l);
            UNIT_STR(lab_store(&l), "");
        }
    }
    lab_close(&l);
}

static void test_free(void)
{
    check_freely(HEAD "'cluster': {'create': 'marker', 'sync': {'scan_ms': 1}, 'nodes': {" I1
                      ", 'i2': {'role': 'ingestor'}, " Q1
                      "}}, 'work': {'i1': [{'ingest': 'app'}], 'i1#2': [{'ingest': 'app'}], "
                      "'i2': [{'ingest': 'app'}], 'q1': [{'await': 'quiet'}, {'query': 'app'}]}}",
                 "one_creator");
    check_freely(HEAD ACTORS "'work': {'A': [{'create_excl': 'x', 'as': 'r'}], 'A#2': "
                             "[{'create_excl': 'x', 'as': 'r'}], "
                             "'B': [{'create_excl': 'x', 'as': 'r'}]}, 'properties': {'one': "
                             "{'finally': {'exactly': 1, 'of': "
                             "[{'A.r': 'ok'}, {'A#2.r': 'ok'}, {'B.r': 'ok'}]}}}}",
                 "one");
    check_freely(
        HEAD ACTORS
        "'work': {'A': [{'watch': '.'}, {'put': 'ready'}, {'next_event': true, 'as': 'e'}, "
        "{'next_event': "
        "true, 'timeout_ms': 1}], 'B': [{'repeat': 9, 'do': [{'append': 'x', 'data': 'B'}]}]}, "
        "'properties': {'all': {'finally': {'content:x': 'BBBBBBBBB'}}}}",
        "all");
}

/* Both wait for quiet, and it is: then A waits once more, until B is done. */
static void test_free_quiet_twice(void)
{
    check_freely(
        HEAD ACTORS
        "'work': {'A': [{'await': 'quiet'}, {'await': 'quiet'}, {'stat': 'x', 'as': 'r'}], "
        "'B': [{'await': 'quiet'}, {'sleep_ms': 20}, {'put': 'x'}]}, "
        "'properties': {'p': {'finally': {'A.r': 'file'}}}}",
        "p");
}

static void test_free_deadlock(void)
{
    struct lab l;

    if (lab_open_freely(
            &l, HEAD ACTORS
            "'work': {'A': [{'watch': '.'}, {'next_event': true}], 'B': [{'stat': 'x'}]}}")) {
        UNIT_INT(cluster_run(l.search->cluster, NULL, &l.err), OK);
        UNIT_INT(l.search->cluster->end, END_DEADLOCK);
    }
    lab_close(&l);
}

void suite_cluster_life(void)
{
    static const struct unit_test tests[] = {
        {"restart", test_restart},
        {"stop", test_stop},
        {"restart_twice", test_restart_twice},
        {"bad_config", test_bad_config},
        {"again", test_again},
        {"reset", test_reset},
        {"cannot_run", test_cannot_run},
        {"machine_fails", test_machine_fails},
        {"no_inotify", test_no_inotify},
        {"free", test_free},
        {"free_quiet_twice", test_free_quiet_twice},
        {"free_deadlock", test_free_deadlock},
    };
    unit_add("cluster_life", tests, UNIT_COUNT(tests));
}
