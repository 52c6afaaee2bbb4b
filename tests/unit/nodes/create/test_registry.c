/* The registry's log, its subscribers, and what a crash leaves; requests by message. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"

#define HEAD  "{'fsrace': 1, 'name': 't', "
#define QUIET "'sync': {'notify': false, 'scan_ms': 0, 'load': false}, "
#define I1    "'i1': {'role': 'ingestor'}"
#define I2    "'i2': {'role': 'ingestor'}"
#define Q1    "'q1': {'role': 'querier'}"
#define R1    "'r1': {'role': 'registry'}"
#define CLUSTER                                                                                    \
    "'cluster': {'create': 'registry', " QUIET "'nodes': {" I1 ", " I2 ", " Q1 ", " R1 "}}, "

static void run(struct lab *l, const char *text)
{
    CU_ASSERT_FATAL(lab_open(l, text));
    UNIT_INT(lab_run(l), OK);
    UNIT_STR(l->err.story, "");
}

/* In its one order; then a register is that, and the trace has each of these. */
static void check(const char *text, const char *name, const char *value, const char *const *lines)
{
    struct lab l;

    run(&l, text);
    UNIT_STR(lab_register(&l, name), value);
    for (; *lines; lines++)
        UNIT_STR(lab_traced(&l, *lines) ? *lines : lab_trace(&l), *lines);
    lab_close(&l);
}

#define LINES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static void test_log(void)
{
    struct lab l;

    run(&l, HEAD CLUSTER "'work': {'i1': [{'create': 'app'}, {'create': 'web'}, "
                         "{'ingest': 'app', 'fields': {'a': 'int'}}]}}");
    /* two creations and a new field: three versions, and who asked is not told */
    CU_ASSERT(lab_traced(&l, "store.publish .registry/3"));
    CU_ASSERT(!lab_traced(&l, "net.send i1 changed"));
    CU_ASSERT(lab_traced(&l, "net.send i2 changed"));
    CU_ASSERT(lab_traced(&l, "net.send q1 changed"));
    UNIT_STR(lab_why(&l, "converged"), "");
    lab_close(&l);
}

/* Nobody looks in the store here: what the querier knows it was told. */
static void test_subscribers(void)
{
    check(HEAD CLUSTER "'work': {'i1': [{'create': 'app'}], "
                       "'q1': [{'await': 'quiet'}, {'list': true, 'as': 'l'}]}}",
          "q1.l", "app", LINES("net.receive = changed"));
    /* it was down then, and does not look in the store: it reads what it has missed */
    check(HEAD CLUSTER "'work': {'i1': [{'create': 'app'}], 'i2': [{'stop': true}, "
                       "{'await': 'quiet'}, {'restart': true}, {'list': true, 'as': 'l'}]}}",
          "i2.l", "app", LINES("net.send i2 changed = ECONNREFUSED"));
    /* a lost notification is made good by the next */
    check(HEAD CLUSTER "'work': {'i1': [{'create': 'app'}, {'create': 'web'}], "
                       "'q1': [{'await': 'quiet'}, {'list': true, 'as': 'l'}]}, "
                       "'faults': [{'drop': 'changed', 'from': 'r1', 'to': 'q1'}]}",
          "q1.l", "app web", LINES("net.send q1 changed = sent, and lost"));
}

static void test_restart(void)
{
    /* it knows what it has made, and its versions go on */
    check(HEAD CLUSTER "'work': {'r1': [{'create': 'app'}, {'restart': true}, "
                       "{'create': 'app', 'as': 'r'}, {'create': 'web'}]}}",
          "r1.r", "exists", LINES("store.get .registry/1", "store.publish .registry/2 ="));
    /* decided, and not logged: logged at the start; not decided: as if nothing had been */
    check(HEAD CLUSTER "'work': {'r1': [{'create': 'app'}, {'list': true, 'as': 'l'}]}, "
                       "'faults': [{'crash': 'r1', 'at': 'store.publish .registry/*', "
                       "'restart_ms': 5}]}",
          "r1.l", "unknown", LINES("node.restart r1", "store.publish .registry/1 ="));
    check(HEAD CLUSTER "'work': {'r1': [{'create': 'app', 'as': 'c'}, {'sleep_ms': 50}, "
                       "{'create': 'app', 'as': 'r'}]}, 'faults': [{'crash': 'r1', "
                       "'at': 'store.publish *.stream.json', 'restart_ms': 5}]}",
          "r1.r", "created", LINES("store.publish .registry/1 ="));
}

static void test_fields(void)
{
    check(HEAD CLUSTER "'work': {'i1': [{'create': 'app'}, "
                       "{'ingest': 'app', 'fields': {'a': 'int'}}], "
                       "'i2': [{'await': 'quiet'}, {'ingest': 'app', 'fields': {'a': 'string'}, "
                       "'as': 'r'}]}}",
          "i2.r", "conflict", LINES("net.send r1 grow"));
}

/* --- requests by message --- */

#define PROXY "'cluster': {'create': 'proxy', " QUIET "'nodes': {" I1 ", " Q1 "}}, "

static void test_retry(void)
{
    struct lab l;

    run(&l, HEAD PROXY "'work': {'i1': [{'create': 'app', 'as': 'r'}]}, "
                       "'faults': [{'drop': 'answer', 'from': 'q1', 'to': 'i1'}]}");
    UNIT_STR(lab_register(&l, "i1.r"), "created");
    CU_ASSERT(lab_traced(&l, "request 1000001 = created"));
    lab_close(&l);
    /* a stream that was deleted meanwhile is not made again */
    check(HEAD PROXY "'work': {'i1': [{'create': 'app', 'as': 'r'}], 'q1': [{'sleep_ms': 1000}, "
                     "{'delete': 'app'}, {'sleep_ms': 9000}, {'list': true, 'as': 'l'}]}, "
                     "'faults': [{'drop': 'answer', 'from': 'q1', 'to': 'i1'}]}",
          "q1.l", "", LINES("request 1000001 = created"));
    /* after a crash the record says for what it was made */
    check(HEAD PROXY "'work': {'i1': [{'create': 'app', 'as': 'r'}]}, "
                     "'faults': [{'crash': 'q1', 'at': 'net.answer i1', 'restart_ms': 10}]}",
          "i1.r", "created", LINES("request 1000001 = new", "node.restart q1"));
}

static void test_token(void)
{
#define WRONG "'i1': {'role': 'ingestor', 'config': {'query_node': {'auth_token': 'wrong'}}}"
    check(HEAD "'cluster': {'create': 'proxy', " QUIET "'nodes': {" WRONG ", " Q1
               "}}, 'work': {'i1': [{'create': 'app', 'as': 'r'}]}, "
               "'expect': {'no_unauthorized': 'always'}}",
          "i1.r", "unauthorized", LINES("net.answer i1 = unauthorized"));
#undef WRONG
}

void suite_registry(void)
{
    static const struct unit_test tests[] = {
        {"log", test_log},         {"subscribers", test_subscribers},
        {"restart", test_restart}, {"fields", test_fields},
        {"retry", test_retry},     {"token", test_token},
    };
    unit_add("registry", tests, UNIT_COUNT(tests));
}
