/* One execution: time, messages, locks, nodes that go down, and how it ends. */
#include "sim/engine/cluster.h"
#include "tests/unit/pieces.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <string.h>

/* --- time ----------------------------------------------------------------------------------------
 */

static void test_sleep(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            HEAD ACTORS
            "'work': {'A': [{'sleep_ms': 20}, {'stat': 'a'}, {'sleep_ms': 5}, {'stat': 'b'}], "
            "'B': [{'sleep_ms': 10}, {'stat': 'c'}, {'sleep_ms': 10}, {'stat': 'd'}, {'sleep_ms': "
            "0}]}}",
            END_DONE))
        UNIT_STR(lab_trace(&l), "[   10] B > clock.sleep 10 ms\n"
                                "[   10] B > fs.stat c = ENOENT\n"
                                "[   20] B > clock.sleep 10 ms\n"
                                "[   20] B > fs.stat d = ENOENT\n"
                                "[   20] B > clock.sleep 0 ms\n"
                                "[   20] A > clock.sleep 20 ms\n"
                                "[   20] A > fs.stat a = ENOENT\n"
                                "[   25] A > clock.sleep 5 ms\n"
                                "[   25] A > fs.stat b = ENOENT\n");
    lab_close(&l);
}

/* Somebody who can go on goes first, however long it takes: time moves when nobody can. */
static void test_time_waits(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD ACTORS
                 "'work': {'A': [{'sleep_ms': 1}, {'put': 'a'}], 'B': [{'repeat': 50, 'do': "
                 "[{'stat': 'a'}]}]}}",
                 END_DONE)) {
        UNIT_INT(lab_count(&l, "B fs.stat a = ENOENT"), 50);
        UNIT_STR(lab_event(&l, 50), "A clock.sleep 1 ms");
    }
    lab_close(&l);
}

static void test_event_timeout(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            HEAD ACTORS
            "'work': {'A': [{'watch': '.'}, {'next_event': true, 'timeout_ms': 30, 'as': 'a'}, "
            "{'next_event': true, 'timeout_ms': 30, 'as': 'b'}], 'B': [{'sleep_ms': 10}, {'mkdir': "
            "'d'}]}}",
            END_DONE)) {
        UNIT_STR(lab_register(&l, "A.a"), "CREATE d");
        UNIT_STR(lab_register(&l, "A.b"), "ETIMEDOUT");
        CU_ASSERT(lab_traced(&l, "[   40] A > watch.next = EAGAIN\n"));
    }
    lab_close(&l);
}

/* --- the network
 * ----------------------------------------------------------------------------------- */

#define PROXY(nodes, net)                                                                          \
    HEAD "'cluster': {'create': 'proxy', 'lock': 'none', " NO_SYNC ", 'net': {" net                \
         "}, 'nodes': {" I1 ", " nodes "}}, "

static void test_latency(void)
{
    struct lab l;

    if (lab_runs(&l,
                 PROXY(Q1, "'latency_ms': 40") "'work': {'i1': [{'create': 'app', 'as': 'r'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "created");
        CU_ASSERT(lab_traced(&l, "[    0] i1 > net.send q1 create = sent\n"));
        CU_ASSERT(lab_traced(&l, "[   40] q1/rpc1 > net.receive = create app from i1\n"));
        CU_ASSERT(lab_traced(&l, "[   80] i1 > net.await = created from q1/rpc1\n"));
    }
    lab_close(&l);
}

/* Each node's clock is its own: no two agree. */
static void test_clocks(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD "'cluster': {'lock': 'none', " NO_SYNC ", 'nodes': {" I1
                      ", 'i2': {'role': 'ingestor'}}}, 'work': {"
                      "'i1': [{'create': 'a'}], 'i2': [{'create': 'b'}]}}",
                 END_DONE)) {
        UNIT_INT(l.search->cluster->history.creations[0].record.created_at, CLOCK_APART_MS);
        UNIT_INT(l.search->cluster->history.creations[1].record.created_at, 2 * CLOCK_APART_MS);
    }
    lab_close(&l);
}

static void test_refused(void)
{
    struct lab l;

    if (lab_runs(&l,
                 PROXY("'q1': {'role': 'querier', 'starts': 'down'}",
                       "'retries': 3") "'work': {'i1': [{'create': 'app', 'as': 'r'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "rejected"); /* nothing can have happened */
        UNIT_INT(lab_count(&l, "i1 net.send q1 create = ECONNREFUSED"), 4);
    }
    lab_close(&l);
}

/* The node goes down with the request: the client cannot know, and asks again as often as it may.
 */
static void test_no_answer(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            PROXY(Q1,
                  "'retries': 1, 'timeout_ms': 50") "'work': {'i1': [{'create': 'app', 'as': "
                                                    "'r'}], 'q1': [{'stop': true}]}, "
                                                    "'order': [{'run': 'i1'}, {'run': 'q1/rpc1', "
                                                    "'through': 'net.receive'}, {'run': 'q1'}]}",
            END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "unknown");
        UNIT_INT(lab_count(&l, "i1 net.await = ETIMEDOUT"), 1);
        UNIT_INT(lab_count(&l, "i1 net.send q1 create = ECONNREFUSED"), 1);
        CU_ASSERT(lab_traced(&l, "[   50] i1 > net.await = ETIMEDOUT\n"));
    }
    lab_close(&l);
}

/* --- locks
 * -------------------------------------------------------------------------------------------- */

#define LOCKED HEAD "'cluster': {'lock': 'memory', " NO_SYNC ", 'nodes': {" I1 "}}, "

static void test_lock(void)
{
    struct lab l;

    if (lab_runs(&l,
                 LOCKED "'work': {'i1': [{'create': 'app', 'as': 'r'}], 'i1#2': [{'create': 'app', "
                        "'as': 'r'}]}, "
                        "'order': [{'run': 'i1', 'until': 'naive.after-look'}, {'run': 'i1#2'}]}",
                 END_DONE)) {
        UNIT_STR(lab_event(&l, 4), "i1 naive.after-look"); /* i1#2 has not got beyond its request */
        UNIT_STR(lab_event(&l, 3), "i1#2 client.create app");
        UNIT_STR(lab_event(&l, 7), "i1 lock.release app");
        UNIT_STR(lab_event(&l, 8), "i1#2 lock.take app");
        UNIT_STR(lab_register(&l, "i1.r"), "created");
        UNIT_STR(lab_register(&l, "i1#2.r"), "exists");
    }
    lab_close(&l);
}

/* Locks have names: another stream's is free. */
static void test_two_locks(void)
{
    struct lab l;

    if (lab_runs(&l,
                 LOCKED "'work': {'i1': [{'create': 'app', 'as': 'r'}], 'i1#2': [{'create': 'web', "
                        "'as': 'r'}]}, "
                        "'order': [{'run': 'i1', 'until': 'naive.after-look'}, {'run': 'i1#2'}]}",
                 END_DONE))
        CU_ASSERT(lab_traced(&l,
                             "i1#2 > lock.release web\n[    0] i1#2   answer: created\n"
                             "[    0] i1#2   i1#2.r <- created\n[    0] i1 > naive.after-look\n"));
    lab_close(&l);
}

/* --- the end
 * --------------------------------------------------------------------------------------------- */

/* A scan comes round once more when all else is over, so what it repairs is repaired. */
static void test_settle(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD "'cluster': {'sync': {'notify': false, 'scan_ms': 1000}, 'nodes': {" I1
                      ", " Q1 "}}, "
                      "'work': {'i1': [{'create': 'app'}]}}",
                 END_DONE)) {
        UNIT_INT(lab_count(&l, "q1/scan clock.pause 1000 ms"), 1);
        CU_ASSERT(lab_traced(&l, "[ 1000] q1/scan > store.get app/.stream/.ingestor.i1.schema"));
        UNIT_STR(lab_why(&l, "converged"), "");
    }
    lab_close(&l);
}

static void test_quiet(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD
                 "'cluster': {'nodes': {" I1 ", " Q1
                 "}}, 'work': {'q1': [{'query': 'app', 'as': 'early'}, "
                 "{'await': 'quiet'}, {'query': 'app', 'as': 'late'}], 'i1': [{'ingest': 'app', "
                 "'count': 3}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.early"), "not_found");
        UNIT_STR(lab_register(&l, "q1.late"), "3");
    }
    lab_close(&l);
}

/* Who awaits quiet waits for those who sleep, and all go on together. */
static void test_quiet_together(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD ACTORS "'work': {'A': [{'await': 'quiet'}, {'stat': 'a'}], 'B': [{'await': "
                             "'quiet'}, {'stat': 'b'}], "
                             "'A#2': [{'sleep_ms': 9}, {'stat': 'c'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_event(&l, 1), "A#2 fs.stat c = ENOENT");
        UNIT_STR(lab_event(&l, 2), "A clock.quiet");
        UNIT_INT(lab_count(&l, "B clock.quiet"), 1);
    }
    lab_close(&l);
}

static void test_deadlock(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            HEAD ACTORS
            "'work': {'A': [{'watch': '.'}, {'next_event': true}], 'A#2': [{'next_event': true}], "
            "'B': [{'stat': 'x'}]}}",
            END_DEADLOCK)) {
        UNIT_STR(l.search->cluster->deadlock,
                 "A waits at watch.next for an event that nobody is left to cause; "
                 "A#2 waits at watch.next for an event that nobody is left to cause");
        UNIT_STR(lab_why(&l, "no_deadlock"), l.search->cluster->deadlock);
    }
    lab_close(&l);
}

static void test_bound(void)
{
    struct lab l;
    const char *text = HEAD ACTORS
        "'work': {'A': [{'repeat': 1000, 'do': [{'repeat': 11, 'do': [{'stat': 'x'}]}]}]}, "
        "'expect': {'no_deadlock': 'always'}}";

    if (lab_runs(&l, text, END_BOUND)) {
        UNIT_INT(l.search->cluster->event_count, POINTS_MAX);
        lab_reset(&l);
        lab_search(&l);
        UNIT_INT(l.search->end, SEARCH_BOUND);
        UNIT_INT(l.search->bounded, 1);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "no_deadlock")), -1); /* undecided */
    }
    lab_close(&l);
}

void suite_cluster(void)
{
    static const struct unit_test tests[] = {
        {"sleep", test_sleep},
        {"time_waits", test_time_waits},
        {"event_timeout", test_event_timeout},
        {"latency", test_latency},
        {"clocks", test_clocks},
        {"refused", test_refused},
        {"no_answer", test_no_answer},
        {"lock", test_lock},
        {"two_locks", test_two_locks},
        {"settle", test_settle},
        {"quiet", test_quiet},
        {"quiet_together", test_quiet_together},
        {"deadlock", test_deadlock},
        {"bound", test_bound},
    };
    unit_add("cluster", tests, UNIT_COUNT(tests));
}
