/* The life of a stream: deletion by tombstone, staging on disk, versions of its schema, gossip. What
 * is in the store after one execution, and who was told what. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

#define HEAD    "{'fsrace': 1, 'name': 't', "
#define I1      "'i1': {'role': 'ingestor'}"
#define I2      "'i2': {'role': 'ingestor'}"
#define Q1      "'q1': {'role': 'querier'}"
#define NO_SYNC "'sync': {'notify': false, 'scan_ms': 0}"

#define CLUSTER(settings)                                                                          \
    HEAD "'cluster': {" settings ", " NO_SYNC ", 'nodes': {" I1 ", " I2 ", " Q1 "}}, "

static bool in_store(struct lab *l, const char *text)
{
    return strstr(lab_store(l), text) != NULL;
}

/* --- tombstones --- */

#define TOMBSTONE CLUSTER("'delete': 'tombstone'")

/* The old generation is empty, its tombstone stays, and the new one has a prefix of its own. */
static void test_next_generation(void)
{
    struct lab l;

    if (lab_runs(&l,
                 TOMBSTONE "'work': {'q1': [{'create': 'app'}, {'delete': 'app', 'as': 'd1'}, "
                           "{'delete': 'app', 'as': 'd2'}, {'query': 'app', 'as': 'gone'}, "
                           "{'create': 'app', 'as': 'c'}, {'list': true, 'as': 'names'}, "
                           "{'delete': 'app', 'as': 'd3'}, {'create': 'app'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.d1"), "deleted");
        UNIT_STR(lab_register(&l, "q1.d2"), "not_found");
        UNIT_STR(lab_register(&l, "q1.gone"), "not_found");
        UNIT_STR(lab_register(&l, "q1.c"), "created");
        UNIT_STR(lab_register(&l, "q1.names"), "app");
        UNIT_STR(lab_register(&l, "q1.d3"), "deleted");
        CU_ASSERT(in_store(&l, ".tombstones/app/0: {\"stream\":\"app\",\"created_at\":"));
        CU_ASSERT(in_store(&l, ".tombstones/app/1: {\"stream\":\"app\",\"generation\":1,"));
        CU_ASSERT(!in_store(&l, "app/.stream/.stream.json:"));
        CU_ASSERT(!in_store(&l, "app@1/.stream/.stream.json:"));
        CU_ASSERT(
            in_store(&l, "app@2/.stream/.stream.json: {\"stream\":\"app\",\"generation\":2,"));
    }
    lab_close(&l);
}

/* A plain delete leaves no sign, and the name is used again. */
static void test_plain(void)
{
    struct lab l;

    if (lab_runs(&l,
                 CLUSTER("'delete': 'plain'") "'work': {'q1': [{'create': 'app'}, "
                                              "{'delete': 'app'}, {'create': 'app'}]}}",
                 END_DONE)) {
        CU_ASSERT(!in_store(&l, ".tombstones"));
        CU_ASSERT(in_store(&l, "app/.stream/.stream.json: {\"stream\":\"app\",\"created_at\":"));
    }
    lab_close(&l);
}

/* One who put his copy behind the sweep finds the tombstone, sweeps it, and makes the next. */
static void test_adopter_is_late(void)
{
    struct lab l;

    if (lab_runs(&l,
                 TOMBSTONE
                 "'work': {'i1': [{'create': 'app'}], 'q1': [{'delete': 'app'}], 'i2': "
                 "[{'create': 'app', 'as': 'r'}]}, 'order': [{'run': 'i1'}, {'run': 'i2', "
                 "'until': 'store.put app/.stream/.ingestor.i2.schema'}, {'run': 'q1'}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i2.r"), "created");
        CU_ASSERT(!in_store(&l, "app/.stream/.ingestor"));
        CU_ASSERT(in_store(&l, "app@1/.stream/.ingestor.i2.stream.json:"));
        UNIT_STR(lab_why(&l, "no_ghost"), "");
        UNIT_STR(lab_why(&l, "one_creator"), "");
    }
    lab_close(&l);
}

/* What memory has is checked at each request. */
static void test_memory_is_checked(void)
{
    struct lab l;

    if (lab_runs(&l,
                 TOMBSTONE "'work': {'i1': [{'ingest': 'app', 'as': 'a'}, {'sleep_ms': 20}, "
                           "{'ingest': 'app', 'as': 'b'}], 'q1': [{'sleep_ms': 10}, "
                           "{'delete': 'app'}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.b"), "accepted");
        CU_ASSERT(!in_store(&l, "app/data/i1-1"));
        CU_ASSERT(in_store(&l, "app@1/data/i1-2: {\"schema\":{},\"events\":\"i1.2\","));
        UNIT_STR(lab_why(&l, "no_lost_events"), "");
    }
    lab_close(&l);
}

/* The sweep is cut short, and the querier goes on with it when it starts. */
static void test_sweep_goes_on(void)
{
    struct lab l;

    if (lab_runs(&l,
                 TOMBSTONE "'work': {'i1': [{'create': 'app'}], 'q1': [{'sleep_ms': 10}, "
                           "{'delete': 'app', 'as': 'd'}]}, 'faults': [{'crash': 'q1', 'at': "
                           "'store.delete *', 'restart_ms': 5}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.d"), "unknown");
        CU_ASSERT(in_store(&l, ".tombstones/app/0"));
        CU_ASSERT(!in_store(&l, ".ingestor.i1"));
    }
    lab_close(&l);
}

/* Files among the tombstones that are no numbers are nobody's. */
static void test_strange_tombstones(void)
{
    struct lab l;

    if (lab_runs(&l,
                 HEAD "'cluster': {'delete': 'tombstone', " NO_SYNC ", 'nodes': {" Q1 "}}, "
                      "'init': [{'mkdir': '.tombstones'}, {'mkdir': '.tombstones/app'}, "
                      "{'write': '.tombstones/app/x', 'data': ''}, "
                      "{'write': '.tombstones/app/0x', 'data': ''}, "
                      "{'write': '.tombstones/app/12345678901234567890', 'data': ''}], "
                      "'work': {'q1': [{'create': 'app'}, {'restart': true}, {'query': 'app', "
                      "'as': 'r'}]}}",
                 END_DONE))
        UNIT_STR(lab_register(&l, "q1.r"), "0");
    lab_close(&l);
}

/* --- staging --- */

#define STAGED CLUSTER("'staging': 'disk'")

static void test_staged(void)
{
    struct lab l;

    if (lab_runs(&l,
                 STAGED "'work': {'i1': [{'ingest': 'app', 'as': 'a'}, {'stop': true}, "
                        "{'await': 'quiet'}, {'restart': true}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.a"), "accepted");
        UNIT_INT(lab_count(&l, "i1/upload store.delete .node/i1/staging/app/1 = ok"), 1);
        CU_ASSERT(in_store(&l, "app/data/i1-1: {\"schema\":{},\"events\":\"i1.1\","));
        UNIT_STR(lab_why(&l, "no_lost_events"), "");
    }
    lab_close(&l);
}

/* It died between the upload and the removal: the same object is put again. */
static void test_staged_uploaded_twice(void)
{
    struct lab l;

    if (lab_runs(&l,
                 STAGED "'work': {'i1': [{'ingest': 'app'}, {'sleep_ms': 50}]}, 'faults': "
                        "[{'crash': 'i1', 'at': 'store.delete .node/*', 'restart_ms': 5}]}",
                 END_DONE)) {
        CU_ASSERT(in_store(&l, "app/data/i1-1: "));
        CU_ASSERT(!in_store(&l, "app/data/i1-2"));
        UNIT_INT(lab_count(&l, "i1/upload store.delete .node/i1/staging/app/1 = ok"), 1);
    }
    lab_close(&l);
}

static void test_staged_for_the_dead(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            CLUSTER(
                "'staging': 'disk', 'delete': 'tombstone'") "'work': {'i1': [{'ingest': "
                                                            "'app'}, {'stop': true}, {'sleep_ms': "
                                                            "20}, {'restart': true}], 'q1': "
                                                            "[{'sleep_ms': 10}, {'delete': 'app'}, "
                                                            "{'create': 'app'}]}}",
            END_DONE)) {
        CU_ASSERT(!in_store(&l, "/data/i1-1"));
        UNIT_INT(lab_count(&l, "i1/upload store.delete .node/i1/staging/app/1 = ok"), 1);
    }
    lab_close(&l);
}

/* --- versions --- */

#define VERSIONED "'schema': 'versioned', 'lock': 'none'"
#define GROW                                                                                       \
    "'work': {'q1': [{'create': 'app', 'schema': {'z': 'int'}}], "                                 \
    "'i1': [{'ingest': 'app', 'fields': {'a': 'int'}, 'as': 'r'}], "                               \
    "'i2': [{'ingest': 'app', 'fields': {"

static void test_versions(void)
{
    struct lab l;

    if (lab_runs(&l,
                 CLUSTER("'create': 'marker', " VERSIONED) GROW
                 "'b': 'int'}, 'as': 'r'}]}, 'order': [{'run': 'q1'}, {'run': 'i1', 'until': "
                 "'store.publish *'}, {'run': 'i2'}]}",
                 END_DONE)) {
        UNIT_INT(lab_count(&l, "i1 store.publish app/.stream/.v1.schema = EEXIST"), 1);
        CU_ASSERT(in_store(&l, ".v1.schema: {\"b\":\"int\",\"z\":\"int\"}"));
        CU_ASSERT(in_store(&l, ".v2.schema: {\"a\":\"int\",\"b\":\"int\",\"z\":\"int\"}"));
        UNIT_STR(lab_why(&l, "monotonic_versions"), "");
    }
    lab_close(&l);
}

/* Whose field has another type is told so, and nothing is written. */
static void test_conflict(void)
{
    struct lab l;

    if (lab_runs(&l,
                 CLUSTER("'create': 'marker', " VERSIONED) GROW
                 "'a': 'text'}, 'as': 'r'}]}, 'order': [{'run': 'q1'}, {'run': 'i1', 'until': "
                 "'store.publish *'}, {'run': 'i2'}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "conflict");
        UNIT_STR(lab_register(&l, "i2.r"), "accepted");
        CU_ASSERT(!in_store(&l, ".v2.schema"));
    }
    lab_close(&l);
}

/* A querier refuses a request on top of an old version, and answers with the newer one. */
static void test_stale(void)
{
    struct lab l;

    if (lab_runs(&l,
                 CLUSTER("'create': 'proxy', " VERSIONED) GROW
                 "'b': 'int'}, 'as': 'r'}]}, 'order': [{'run': 'q1'}, {'run': 'i1'}, {'run': "
                 "'q1/rpc1'}, {'run': 'i1', 'until': 'net.send q1 grow'}, {'run': 'i2'}, {'run': "
                 "'q1/rpc1'}, {'run': 'i2'}, {'run': 'q1/rpc1'}, {'run': 'i2'}]}",
                 END_DONE)) {
        UNIT_INT(lab_count(&l, "q1/rpc1 net.answer i1 = stale, sent"), 1);
        UNIT_STR(lab_register(&l, "i1.r"), "accepted");
        UNIT_STR(lab_register(&l, "i2.r"), "accepted");
        CU_ASSERT(in_store(&l, ".v2.schema: {\"a\":\"int\",\"b\":\"int\",\"z\":\"int\"}"));
    }
    lab_close(&l);
}

/* --- gossip --- */

#define GOSSIP                                                                                     \
    HEAD "'cluster': {'schema': 'versioned', 'sync': {'notify': false, 'scan_ms': 0, 'load': "     \
         "false, 'gossip_ms': 100}, 'nodes': {" I1 ", " Q1 "}}, "

/* Who hears of a newer version loads it; who knows a newer one says so. */
static void test_gossip(void)
{
    struct lab l;

    if (lab_runs(&l,
                 GOSSIP "'work': {'q1': [{'create': 'app'}, {'sleep_ms': 150}, {'query': 'app', "
                        "'fields': ['a'], 'as': 'r'}], 'i1': [{'sleep_ms': 50}, {'ingest': 'app', "
                        "'fields': {'a': 'int'}, 'as': 'r'}, {'sleep_ms': 100}]}}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "i1.r"), "accepted");
        UNIT_STR(lab_register(&l, "q1.r"), "1");
        CU_ASSERT(lab_count(&l, "i1/gossip net.send q1 vector = sent") > 0);
        UNIT_STR(lab_why(&l, "converged"), "");
    }
    lab_close(&l);
}

/* Where the news is lost, an old vector is answered with it. */
static void test_gossip_answers(void)
{
    struct lab l;

    if (lab_runs(&l,
                 GOSSIP "'work': {'q1': [{'create': 'app'}, {'sleep_ms': 150}, {'query': 'app', "
                        "'fields': ['a'], 'as': 'r'}], 'i1': [{'sleep_ms': 50}, {'ingest': 'app', "
                        "'fields': {'a': 'int'}}]}, 'faults': [{'drop': 'vector', 'from': 'i1', "
                        "'times': 9}]}",
                 END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.r"), "1");
        CU_ASSERT(lab_count(&l, "i1/rpc1 net.send q1 newer = sent") > 0);
    }
    lab_close(&l);
}

/* More streams than a message holds go in several. */
static void test_gossip_of_many(void)
{
    struct lab l;
    struct strbuf text = STRBUF_INIT;

    strbuf_adds(&text, GOSSIP "'work': {'i1': [");
    for (int i = 0; i < VECTOR_MAX + 1; i++)
        strbuf_printf(&text, "{'create': 's%d'}, ", i);
    strbuf_adds(&text,
                "{'sleep_ms': 150}], 'q1': [{'sleep_ms': 150}, {'list': true, 'as': 'r'}]}}");
    if (lab_runs(&l, text.s, END_DONE)) {
        UNIT_STR(lab_register(&l, "q1.r"),
                 "s0 s1 s10 s11 s12 s13 s14 s15 s16 s2 s3 s4 s5 s6 s7 s8 s9");
        UNIT_STR(lab_why(&l, "converged"), "");
    }
    lab_close(&l);
    strbuf_release(&text);
}

void suite_lifecycle(void)
{
    static const struct unit_test tests[] = {
        {"next_generation", test_next_generation},
        {"plain", test_plain},
        {"adopter_is_late", test_adopter_is_late},
        {"memory_is_checked", test_memory_is_checked},
        {"sweep_goes_on", test_sweep_goes_on},
        {"strange_tombstones", test_strange_tombstones},
        {"staged", test_staged},
        {"staged_uploaded_twice", test_staged_uploaded_twice},
        {"staged_for_the_dead", test_staged_for_the_dead},
        {"versions", test_versions},
        {"conflict", test_conflict},
        {"stale", test_stale},
        {"gossip", test_gossip},
        {"gossip_answers", test_gossip_answers},
        {"gossip_of_many", test_gossip_of_many},
    };
    unit_add("lifecycle", tests, UNIT_COUNT(tests));
}
