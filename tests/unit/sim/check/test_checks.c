/* Each property where it holds and where it does not, and what is said then. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"

#define HEAD "{'fsrace': 1, 'name': 't', "
#define I1   "'i1': {'role': 'ingestor'}"
#define I2   "'i2': {'role': 'ingestor'}"
#define Q1   "'q1': {'role': 'querier'}"

/* In one execution, in the scenario's own order. "": it holds. */
static void check(const char *property, const char *why, const char *text)
{
    struct lab l;

    if (lab_open(&l, text)) {
        UNIT_INT(lab_run(&l), OK);
        UNIT_STR(lab_why(&l, property), why);
    }
    lab_close(&l);
}

#define NAIVE2(rest) HEAD "'cluster': {'lock': 'none', 'nodes': {" I1 ", " I2 "}}, " rest "}"

#define BOTH_LOOK                                                                                  \
    NAIVE2("'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}, "                      \
           "'order': [{'run': 'i1', 'until': 'naive.after-look'}, {'run': 'i2'}]")

static void test_one_creator(void)
{
    check("one_creator", "i2 and i1 both created app, as incarnations i2-1 and i1-1", BOTH_LOOK);
    check("one_creator", "",
          NAIVE2("'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}"));
    check("one_creator", "",
          NAIVE2("'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'web'}]}, "
                 "'order': [{'run': 'i1', 'until': 'naive.after-look'}, {'run': 'i2'}]"));
    /* between them a deletion that found it */
    check("one_creator", "",
          HEAD "'cluster': {'lock': 'none', 'nodes': {" Q1 "}}, 'work': {'q1': [{'create': 'app'}, "
               "{'delete': 'app'}, {'create': 'app'}]}}");
    /* one that found nothing counts for nothing */
    check("one_creator", "i2 and i1 both created app, as incarnations i2-1 and i1-1",
          HEAD
          "'cluster': {'lock': 'none', 'nodes': {" I1 ", " I2 ", " Q1
          "}}, 'work': {'q1': [{'delete': 'app'}], "
          "'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}, "
          "'order': [{'run': 'i1', 'until': 'naive.after-look'}, {'run': 'q1'}, {'run': 'i2'}]}");
}

static void test_one_definition(void)
{
    check("one_definition",
          "the store has two definitions of app: i1-1, created at 7 ms, and i2-1, at 14 ms",
          BOTH_LOOK);
    check("one_definition", "",
          NAIVE2("'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}"));
    check(
        "one_definition",
        "a field of app has another type in app/.stream/.ingestor.i2.schema than in the schemas "
        "before it",
        NAIVE2("'work': {'i2': [{'create': 'app'}, {'ingest': 'app', 'fields': {'a': 'string'}}], "
               "'i1': [{'create': 'app'}, {'ingest': 'app', 'fields': {'a': 'int'}}]}, "
               "'order': [{'run': 'i1', 'until': 'client.ingest *'}, {'run': 'i2', 'until': "
               "'client.ingest *'}]"));
    /* other fields are no other definition */
    check(
        "one_definition", "",
        NAIVE2("'work': {'i2': [{'create': 'app'}, {'ingest': 'app', 'fields': {'b': 'string'}}], "
               "'i1': [{'create': 'app'}, {'ingest': 'app', 'fields': {'a': 'int'}}]}, "
               "'order': [{'run': 'i1', 'until': 'client.ingest *'}, {'run': 'i2', 'until': "
               "'client.ingest *'}]"));
}

#define SEEN(sync, work)                                                                           \
    HEAD "'cluster': {'lock': 'none', 'sync': {" sync "}, 'nodes': {" I1 ", " Q1                   \
         "}}, 'work': {" work "}}"
#define BLIND "'notify': false, 'scan_ms': 0, 'load': false"
#define ASKED "'notify': false, 'scan_ms': 0, 'load': true"

static void test_no_lost_events(void)
{
    check("no_lost_events", "event i1.1 of app was accepted by i1, and q1 does not find it",
          SEEN(BLIND, "'i1': [{'ingest': 'app', 'count': 2}]"));
    check("no_lost_events", "", SEEN(ASKED, "'i1': [{'ingest': 'app', 'count': 2}]"));
    check("no_lost_events", "", SEEN("'scan_ms': 0", "'i1': [{'ingest': 'app', 'count': 2}]"));
    /* no querier: what counts is what is in the store */
    check("no_lost_events", "", NAIVE2("'work': {'i1': [{'ingest': 'app'}]}"));
    check("no_lost_events", "event i1.2 of app was accepted by i1, and the store does not find it",
          NAIVE2("'work': {'i1': [{'ingest': 'app'}, {'await': 'quiet'}, {'ingest': 'app'}, "
                 "{'stop': true}]}"));
    /* not accepted, not lost */
    check("no_lost_events", "", NAIVE2("'work': {'i1': [{'stop': true}, {'ingest': 'app'}]}"));
    check("no_lost_events", "",
          HEAD "'cluster': {'create': 'push', 'lock': 'none', 'nodes': {" I1 "}}, "
               "'work': {'i1': [{'ingest': 'app'}]}}");
}

static void test_converged(void)
{
    check("converged", "q1 does not know app", SEEN(BLIND, "'i1': [{'create': 'app'}]"));
    check("converged", "", SEEN("'notify': false", "'i1': [{'create': 'app'}]"));
    check("converged", "", SEEN("'scan_ms': 0", "'i1': [{'create': 'app'}]"));
    check("converged", "q1 does not know all fields of app",
          SEEN(ASKED, "'i1': [{'create': 'app'}, {'sleep_ms': 2}, {'ingest': 'app', 'fields': "
                      "{'a': 'int'}}], "
                      "'q1': [{'sleep_ms': 1}, {'query': 'app'}]"));
    check("converged", "i1 knows a stream that the store does not have: app",
          SEEN("'scan_ms': 0",
               "'i1': [{'create': 'app'}], 'q1': [{'await': 'quiet'}, {'delete': 'app'}]"));
    check("converged", "i1 and the store differ on what is app", BOTH_LOOK);
    /* a node that is down knows nothing */
    check("converged", "", SEEN(BLIND, "'i1': [{'create': 'app'}], 'q1': [{'stop': true}]"));
}

#define DELETED(how, work)                                                                         \
    HEAD "'cluster': {'delete': '" how "', 'sync': {" ASKED "}, 'nodes': {" I1 ", " I2 ", " Q1     \
         "}}, 'work': {" work "}}"
#define TOLD_LATE                                                                                  \
    "'i1': [{'create': 'app'}, {'sleep_ms': 20}, {'ingest': 'app'}], "                             \
    "'q1': [{'sleep_ms': 10}, {'delete': 'app'}, {'sleep_ms': 20}"

static void test_no_ghost(void)
{
    /* without a definition */
    check("no_ghost", "app/data/i1-1 is left of a stream that was deleted",
          DELETED("plain", TOLD_LATE "]"));
    /* in the new stream, of the old one */
    check("no_ghost", "app/data/i1-1 is left of a stream that was deleted",
          DELETED("plain", TOLD_LATE "], 'i2': [{'sleep_ms': 15}, {'create': 'app'}]"));
    check("no_ghost", "", DELETED("tombstone", TOLD_LATE "]"));
    check("no_ghost", "", DELETED("plain", "'q1': [{'create': 'app'}, {'delete': 'app'}]"));
    /* a deletion that found nothing */
    check("no_ghost", "",
          DELETED("plain", "'q1': [{'delete': 'app'}], 'i1': [{'sleep_ms': 10}, {'ingest': "
                           "'app'}]"));
    /* under a tombstone */
    check("no_ghost", "app/.stream/.schema is left of a stream that was deleted",
          HEAD "'cluster': {'delete': 'tombstone', 'sync': {" ASKED "}, 'nodes': {" Q1 "}}, "
               "'work': {'q1': [{'create': 'app'}, {'delete': 'app'}]}, "
               "'faults': [{'crash': 'q1', 'at': 'store.delete *'}]}");
}

/* What a deletion takes with it is not lost; what was sent after it is. */
static void test_deleted_events(void)
{
    check("no_lost_events", "",
          DELETED("tombstone", "'i1': [{'ingest': 'app'}], 'q1': [{'sleep_ms': 10}, {'delete': "
                               "'app'}]"));
    check("no_lost_events", "", DELETED("tombstone", TOLD_LATE "]"));
    check("no_lost_events", "event i1.1 of app was accepted by i1, and q1 does not find it",
          DELETED("plain", TOLD_LATE "]"));
}

#define VERSIONED(rest)                                                                            \
    HEAD "'cluster': {'schema': 'versioned', 'lock': 'none', 'sync': {" ASKED "}, 'nodes': {" I1   \
         ", " Q1 "}}, " rest "}"

static void test_monotonic_versions(void)
{
    check("monotonic_versions", "",
          VERSIONED("'work': {'i1': [{'create': 'app'}, {'ingest': 'app', 'fields': {'a': 'int'}}, "
                    "{'ingest': 'app', 'fields': {'b': 'int'}}]}"));
    /* i1 brings back what was deleted and made anew */
    check("monotonic_versions", "q1 saw app go back to incarnation i2-1, version 0",
          HEAD
          "'cluster': {'schema': 'versioned', 'lock': 'none', 'sync': {" ASKED "}, 'nodes': {" I1
          ", " I2 ", " Q1 "}}, 'work': {'i2': [{'create': 'app'}], 'i1': [{'create': 'app'}], "
          "'q1': [{'query': 'app'}, {'delete': 'app'}, {'create': 'app'}], 'q1#2': [{'query': "
          "'app'}]}, 'order': [{'run': 'i2'}, {'run': 'i1', 'until': 'store.put *stream.json'}, "
          "{'run': 'q1'}, {'run': 'i1'}]}");
}

#define POSIX(work)                                                                                \
    HEAD "'cluster': {'store': {'semantics': 'posix'}, 'nodes': {'A': {'role': 'actor'}, "         \
         "'B': {'role': 'actor'}}}, 'init': [{'write': 'x', 'data': 'old'}], " work "}"

static void test_no_torn_read(void)
{
    static const char torn[] = "a read found what no writer meant: a half-written object";

    check("no_torn_read", torn,
          POSIX("'work': {'A': [{'write': 'x', 'data': 'new'}], 'B': [{'read': 'x'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.write x'}, {'run': 'B'}]"));
    check("no_torn_read", "",
          POSIX("'work': {'A': [{'write': 'x', 'data': 'new'}], 'B': [{'read': 'x'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.create x'}, {'run': 'B'}]"));
    check("no_torn_read", "",
          POSIX("'work': {'A': [{'put': 'x', 'data': 'new'}], 'B': [{'read': 'x'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.rename *'}, {'run': 'B'}]"));
    check("no_torn_read", torn,
          POSIX("'work': {'A': [{'create_excl': 'y', 'data': 'new'}], 'B': [{'read': 'y'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.write y'}, {'run': 'B'}]"));
    /* an appended file has no whole value; what nobody writes is not torn */
    check("no_torn_read", "",
          POSIX("'work': {'A': [{'append': 'x', 'data': 'new'}], 'B': [{'read': 'x'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.write x'}, {'run': 'B'}]"));
    check("no_torn_read", "", POSIX("'work': {'A': [{'stat': 'x'}], 'B': [{'read': 'x'}]}"));
    /* through another name of it */
    check("no_torn_read", torn,
          POSIX("'work': {'A': [{'link': ['x', 'y']}, {'write': 'x', 'data': 'new'}], 'B': "
                "[{'read': 'y'}]}, "
                "'order': [{'run': 'A', 'until': 'fs.write x'}, {'run': 'B'}]"));
    check("no_torn_read", "(not judged)", NAIVE2("'work': {'i1': [{'create': 'app'}]}"));
}

#define ACTORS(rest)                                                                               \
    HEAD "'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': 'actor'}}}, " rest "}"

static void test_no_deadlock(void)
{
    check("no_deadlock", "",
          ACTORS("'work': {'A': [{'watch': '.'}, {'next_event': true}], 'B': [{'mkdir': 'd'}]}"));
    check("no_deadlock", "A waits at watch.next for an event that nobody is left to cause",
          ACTORS("'work': {'A': [{'watch': '.'}, {'next_event': true}], 'B': [{'mkdir': 'd'}]}, "
                 "'order': [{'run': 'B'}]"));
    /* a node's own tasks may wait for ever */
    check("no_deadlock", "", NAIVE2("'work': {'i1': [{'create': 'app'}]}"));
}

#define ASKED_FOR(work) ACTORS("'expect': {'no_lost_update': 'always'}, 'work': {" work)

static void test_no_lost_update(void)
{
    static const char lost[] = "A wrote over x, and had not seen what B wrote there";

    check("no_lost_update", lost,
          ASKED_FOR("'A': [{'read': 'x'}, {'put': 'x', 'data': 'A'}], 'B': [{'put': 'x', 'data': "
                    "'B'}]}, 'order': [{'run': 'A', 'until': 'store.put x'}, {'run': 'B'}]"));
    check(
        "no_lost_update", lost,
        ASKED_FOR("'A': [{'read': 'x'}, {'write': 'x', 'data': 'A'}], 'B': [{'append': 'x', "
                  "'data': 'B'}]}, 'order': [{'run': 'A', 'until': 'fs.write x'}, {'run': 'B'}]"));
    /* one after the other */
    check("no_lost_update", "",
          ASKED_FOR("'A': [{'read': 'x'}, {'put': 'x', 'data': 'A'}], 'B': [{'read': 'x'}, {'put': "
                    "'x', 'data': 'B'}]}"));
    /* what it adds, what it did not read, what it makes anew, and its own */
    check("no_lost_update", "",
          ASKED_FOR("'A': [{'read': 'x'}, {'append': 'x', 'data': 'A'}], 'B': [{'append': 'x', "
                    "'data': 'B'}]}, 'order': [{'run': 'A', 'until': 'fs.append x'}, {'run': "
                    "'B'}]"));
    check("no_lost_update", "",
          ASKED_FOR("'A': [{'put': 'x', 'data': 'A'}], 'B': [{'put': 'x', 'data': 'B'}]}"));
    check("no_lost_update", "",
          ASKED_FOR("'A': [{'read': 'x'}, {'create_excl': 'x', 'data': 'A'}], 'B': [{'put': 'x', "
                    "'data': 'B'}]}, 'order': [{'run': 'A', 'until': 'fs.create_excl x'}, {'run': "
                    "'B'}]"));
    check("no_lost_update", "",
          ASKED_FOR("'A': [{'read': 'x'}, {'put': 'x', 'data': 'A'}, {'put': 'x', 'data': 'AA'}], "
                    "'B': [{'put': 'y', 'data': 'B'}]}"));
    /* not asked, not judged */
    check("no_lost_update", "(not judged)",
          ACTORS("'work': {'A': [{'read': 'x'}, {'put': 'x', 'data': 'A'}], 'B': [{'put': 'x', "
                 "'data': 'B'}]}, 'order': [{'run': 'A', 'until': 'store.put x'}, {'run': 'B'}]"));
}

#define POSIX_ASKED(work)                                                                          \
    HEAD "'cluster': {'store': {'semantics': 'posix'}, 'nodes': {'A': {'role': 'actor'}, "         \
         "'B': {'role': 'actor'}}}, 'init': [{'write': 'x', 'data': 'old'}], "                     \
         "'expect': {'no_lost_update': 'always'}, 'work': {'A': [{'read': 'x'}, {'put': 'x', "     \
         "'data': 'A'}], " work "}"

/* Under posix: what is replaced after the open was not read; what is changed in place before the
 * read was. */
static void test_no_lost_update_posix(void)
{
    static const char lost[] = "A wrote over x, and had not seen what B wrote there";

    check("no_lost_update", lost,
          POSIX_ASKED("'B': [{'put': 'x', 'data': 'B'}]}, 'order': [{'run': 'A', 'until': "
                      "'fs.read x'}, {'run': 'B'}]"));
    check("no_lost_update", "",
          POSIX_ASKED("'B': [{'append': 'x', 'data': 'B'}]}, 'order': [{'run': 'A', 'until': "
                      "'fs.read x'}, {'run': 'B'}]"));
    check("no_lost_update", lost,
          POSIX_ASKED("'B': [{'append': 'x', 'data': 'B'}]}, 'order': [{'run': 'A', 'through': "
                      "'fs.read x'}, {'run': 'B'}]"));
}

static void test_own(void)
{
    static const char text[] =
        ACTORS("'work': {'A': [{'write': 'x', 'data': '1', 'as': 'r'}, {'unlink': 'x'}], 'B': []}, "
               "'properties': {'gone': {'finally': {'exists:x': false}}, "
               "'there': {'finally': {'exists:x': true}}, "
               "'never': {'invariant': {'exists:x': false}}, "
               "'unset': {'invariant': {'not': {'A.r': 'ok'}}}, "
               "'always': {'invariant': {'content:x': {'ne': '2'}}}}");

    check("gone", "", text);
    check("there", "it does not hold in the final state", text);
    check("never", "it does not hold after step 1", text);
    check("unset", "it does not hold after step 1", text);
    check("always", "", text);
}

/* --- over all orders
 * ---------------------------------------------------------------------------------- */

static void test_found(void)
{
    struct lab l;

    if (lab_open(
            &l,
            NAIVE2(
                "'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}, 'expect': "
                "{'one_creator': 'sometimes', 'converged': 'always', 'no_deadlock': 'never'}"))) {
        lab_search(&l);
        UNIT_STR(lab_found(&l, "one_creator"), "sometimes");
        UNIT_STR(lab_found(&l, "converged"), "sometimes");
        UNIT_STR(lab_found(&l, "no_deadlock"), "always");
        UNIT_STR(lab_found(&l, "no_torn_read"), "-");
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "one_creator")), 1);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "converged")), 0);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "no_deadlock")), 0);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "one_definition")), 1); /* not named */
        UNIT_INT(lab_tally(&l, "one_creator")->holds + lab_tally(&l, "one_creator")->broken,
                 l.search->executions);
    }
    lab_close(&l);
}

/* The witnesses of both kinds run again, and are of their kind. */
static void test_witnesses(void)
{
    struct lab l;

    if (lab_open(&l, NAIVE2("'work': {'i1': [{'create': 'app'}], 'i2': [{'create': 'app'}]}"))) {
        const struct tally *t = lab_tally(&l, "one_creator");

        lab_search(&l);
        for (int holds = 0; holds <= 1; holds++) {
            CU_ASSERT(t->witness[holds].any);
            UNIT_INT(t->witness[holds].preemptions, !holds); /* the shortest: one look too early */
            UNIT_INT(search_replay(l.search, &t->witness[holds], NULL, NULL, &l.err), OK);
            CU_ASSERT((*lab_why(&l, "one_creator") == '\0') == holds);
            lab_reset(&l);
        }
    }
    lab_close(&l);
}

void suite_checks(void)
{
    static const struct unit_test tests[] = {
        {"one_creator", test_one_creator},
        {"one_definition", test_one_definition},
        {"no_lost_events", test_no_lost_events},
        {"converged", test_converged},
        {"no_ghost", test_no_ghost},
        {"deleted_events", test_deleted_events},
        {"monotonic_versions", test_monotonic_versions},
        {"no_lost_update", test_no_lost_update},
        {"no_lost_update_posix", test_no_lost_update_posix},
        {"no_torn_read", test_no_torn_read},
        {"no_deadlock", test_no_deadlock},
        {"own", test_own},
        {"found", test_found},
        {"witnesses", test_witnesses},
    };
    unit_add("checks", tests, UNIT_COUNT(tests));
}
