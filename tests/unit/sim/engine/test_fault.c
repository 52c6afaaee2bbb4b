#include "sim/engine/fault.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

/* --- small clusters --- */

#define INGESTOR   "\"nodes\": {\"i1\": {\"role\": \"ingestor\"}}"
#define PAIR       "\"nodes\": {\"i1\": {\"role\": \"ingestor\"}, \"q1\": {\"role\": \"querier\"}}"
#define FIELDS     "\"fields\": {\"a\": \"int\"}"
#define QUIET_SYNC "\"sync\": {\"notify\": false, \"scan_ms\": 0}, "
#define ALL        "\"expect\": {}"

/* One querier that decides, asked by one ingestor. */
#define ASKING                                                                                     \
    "\"cluster\": {\"create\": \"proxy\", \"proxy\": {\"request_ids\": false}, \"lock\": "         \
    "\"none\", " QUIET_SYNC PAIR "}, "
#define ASK                                                                                        \
    "\"work\": {\"i1\": [{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"r\"}]}, "

/* Opens, runs, and expects that to work. */
static void run(struct lab *l, const char *body)
{
    lab_try(l, body, NULL);
    UNIT_STR(l->err.story, "");
    CU_ASSERT_FATAL(l->search != NULL);
    lab_try_search(l);
    UNIT_STR(l->err.story, "");
}

static void expect_holds(const char *body, const char *property, const char *how)
{
    struct lab l;

    run(&l, body);
    UNIT_STR(lab_found(&l, property), how);
    lab_close(&l);
}

/* Its one order, told. Has it each of these, in this order? */
static void expect_story(const char *body, const char *const lines[])
{
    struct strbuf told = STRBUF_INIT;
    const char *at;
    struct lab l;

    lab_try(&l, body, NULL);
    UNIT_STR(l.err.story, "");
    CU_ASSERT_FATAL(l.search != NULL);
    lab_run(&l);
    UNIT_STR(l.err.story, "");
    trace_story(&l.trace, 0, &told);
    at = told.s;
    for (int i = 0; lines[i] && at; i++) {
        const char *found = strstr(at, lines[i]);

        UNIT_STR(found ? lines[i] : told.s, lines[i]);
        at = found;
    }
    strbuf_release(&told);
    lab_close(&l);
}

/* --- crash --- */

#define CREATE_THEN_LIST                                                                           \
    "\"cluster\": {" INGESTOR "}, \"work\": {\"i1\": ["                                            \
    "{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}, {\"sleep_ms\": 500}, "    \
    "{\"list\": true, \"as\": \"l\"}]}, "

static void test_crash_at(void)
{
    expect_story(CREATE_THEN_LIST "\"faults\": [{\"crash\": \"i1\", \"at\": \"store.put "
                                  "*.stream.json\", \"restart_ms\": 100}], " ALL,
                 (const char *const[]){"store.put app/.stream/.ingestor.i1.schema",
                                       "fault.crash i1 = down", "answer: unknown", "[  100]",
                                       "node.restart i1", "store.get .node/i1", "client.list",
                                       "i1.l <- (nothing)", NULL});
    expect_holds(CREATE_THEN_LIST
                 "\"faults\": [{\"crash\": \"i1\", \"at\": \"store.put *.stream.json\", "
                 "\"restart_ms\": 100}], "
                 "\"properties\": {\"p\": {\"finally\": {\"all\": [{\"i1.c\": \"unknown\"}, "
                 "{\"i1.l\": \"\"}, "
                 "{\"exists:app/.stream/.ingestor.i1.schema\": true}, "
                 "{\"not\": {\"exists:app/.stream/.ingestor.i1.stream.json\": true}}]}}}, " ALL,
                 "p", "always");
}

static void test_crash_for_good(void)
{
    expect_holds(CREATE_THEN_LIST
                 "\"faults\": [{\"crash\": \"i1\", \"at\": \"naive.after-look\"}], "
                 "\"properties\": {\"p\": {\"finally\": {\"all\": [{\"i1.c\": \"unknown\"}, "
                 "{\"i1.l\": \"unknown\"}]}}}, " ALL,
                 "p", "always");
}

static void test_crash_second_time(void)
{
    expect_holds("\"cluster\": {" INGESTOR
                 "}, \"work\": {\"i1\": [{\"list\": true, \"as\": \"a\"}, "
                 "{\"list\": true, \"as\": \"b\"}, {\"list\": true, \"as\": \"c\"}]}, "
                 "\"faults\": [{\"crash\": \"i1\", \"at\": \"client.list#2\"}], "
                 "\"properties\": {\"p\": {\"finally\": {\"all\": [{\"i1.a\": \"\"}, {\"i1.b\": "
                 "\"unknown\"}]}}}, " ALL,
                 "p", "always");
}

/* At a point, the second time is when somebody comes to it again. */
static void test_crash_at_times(void)
{
    expect_holds("\"cluster\": {" INGESTOR
                 "}, \"work\": {\"i1\": [{\"create\": \"a\", \"as\": \"a\"}, {\"sleep_ms\": 5}, "
                 "{\"create\": \"a\", \"as\": \"b\"}, {\"sleep_ms\": 5}, {\"create\": \"a\", "
                 "\"as\": \"c\"}]}, "
                 "\"faults\": [{\"crash\": \"i1\", \"at\": \"naive.after-look\", \"restart_ms\": "
                 "1, \"times\": 2}], "
                 "\"properties\": {\"p\": {\"finally\": {\"all\": [{\"i1.a\": \"unknown\"}, "
                 "{\"i1.b\": \"unknown\"}, "
                 "{\"i1.c\": \"created\"}]}}}, " ALL,
                 "p", "always");
}

static void test_crash_times(void)
{
    static const char body[] =
        "\"cluster\": {" INGESTOR "}, \"work\": {\"i1\": [{\"list\": true, \"as\": \"a\"}, "
        "{\"restart\": true}, {\"list\": true, \"as\": \"b\"}, {\"restart\": true}, "
        "{\"list\": true, \"as\": \"c\"}]}, "
        "\"properties\": {\"two\": {\"finally\": {\"all\": [{\"i1.a\": \"unknown\"}, "
        "{\"i1.b\": \"unknown\"}]}}, "
        "\"three\": {\"finally\": {\"all\": [{\"i1.a\": \"unknown\"}, "
        "{\"i1.b\": \"unknown\"}, {\"i1.c\": \"unknown\"}]}}}, " ALL ", "
        "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true, \"times\": %d}]";
    char text[sizeof body];
    struct lab l;

    for (int times = 1; times <= 3; times++) {
        snprintf(text, sizeof text, body, times);
        run(&l, text);
        UNIT_STR(lab_found(&l, "two"), times >= 2 ? "sometimes" : "never");
        UNIT_STR(lab_found(&l, "three"), times >= 3 ? "sometimes" : "never");
        lab_close(&l);
    }
}

/* Each place of i1's program, as its trace has it. No sleep: a fault may also come while nobody is
 * at any point, and then it could come early in a sleep, where no point is. */
#define CREATE_AND_LIST                                                                            \
    "\"cluster\": {" INGESTOR "}, \"work\": {\"i1\": ["                                            \
    "{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}, "                         \
    "{\"list\": true, \"as\": \"l\"}]}, "
static const char *const places[] = {
    "client.create app", "lock.take app",      "store.list app/.stream",
    "naive.after-look",  "store.put *.schema", "store.put *.stream.json",
    "lock.release app",  "client.list",        NULL};

/* `more`: outcomes that only come of no crash at all. */
static void compare_places(const char *restart, int more)
{
    struct outcomes anywhere = {.count = 0}, one_by_one = {.count = 0};
    char body[1024];

    snprintf(body, sizeof body,
             CREATE_AND_LIST "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true%s}], " ALL,
             restart);
    outcomes_add(&anywhere, body, false);
    for (int i = 0; places[i]; i++) {
        snprintf(body, sizeof body,
                 CREATE_AND_LIST "\"faults\": [{\"crash\": \"i1\", \"at\": \"%s\"%s}], " ALL,
                 places[i], restart);
        outcomes_add(&one_by_one, body, false);
    }
    UNIT_INT(anywhere.count, one_by_one.count + more);
    CU_ASSERT(outcomes_within(&one_by_one, &anywhere));
    CU_ASSERT(anywhere.count >= 4);
}

static void test_crash_anywhere(void)
{
    compare_places("", 1);
    compare_places(", \"restart_ms\": 0", 0); /* a restart before the first step changes nothing */
}

/* --- pause --- */

#define TWO "\"nodes\": {\"i1\": {\"role\": \"ingestor\"}, \"i2\": {\"role\": \"ingestor\"}}"

static void test_pause(void)
{
    expect_story(
        "\"cluster\": {" TWO
        "}, \"work\": {\"i1\": [{\"list\": true}], \"i2\": [{\"list\": true}]}, "
        "\"faults\": [{\"pause\": \"i1\", \"at\": \"client.list\", \"for_ms\": 300}], " ALL,
        (const char *const[]){"i2 > client.list", "fault.pause i1 = for 300 ms", "[  300] i1",
                              "client.list", NULL});
}

/* The holder of the marker sleeps through its lease: somebody takes over, and both have created. */
static void test_pause_lease(void)
{
    static const char body[] =
        "\"cluster\": {\"create\": \"marker\", \"marker\": {\"lease_ms\": 1000, \"poll_ms\": "
        "100}, " TWO "}, "
        "\"work\": {\"i1\": [{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"r\"}], "
        "\"i2\": [{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"r\"}]}, "
        "\"faults\": [{\"pause\": \"i1\", \"at\": \"marker.after-claim\", \"for_ms\": %d}], "
        "\"properties\": {\"i2\": {\"finally\": {\"i2.r\": \"created\"}}}, "
        "\"order\": [{\"run\": \"i1\"}, {\"run\": \"i2\"}], " ALL;
    char text[sizeof body + 16];

    snprintf(text, sizeof text, body, 5000);
    expect_holds(text, "i2", "always");
    snprintf(text, sizeof text, body, 500);
    expect_holds(text, "i2", "never");
}

/* --- messages --- */

#define HAS(r) "\"properties\": {\"p\": {\"finally\": {\"i1.r\": \"" r "\"}}}, " ALL

static void test_cut(void)
{
    expect_holds(ASKING ASK "\"faults\": [{\"cut\": [\"i1\", \"q1\"]}], " HAS("unknown"), "p",
                 "always");
    expect_holds(ASKING ASK
                 "\"faults\": [{\"cut\": [\"q1\", \"i1\"], \"to_ms\": 100}], " HAS("created"),
                 "p", "always");
    expect_holds(ASKING ASK
                 "\"faults\": [{\"cut\": [\"i1\", \"q1\"], \"from_ms\": 100}], " HAS("created"),
                 "p", "always");
    expect_story(ASKING ASK
                 "\"faults\": [{\"cut\": [\"i1\", \"q1\"], \"from_ms\": 0, \"to_ms\": 100}], " ALL,
                 (const char *const[]){"net.send q1 create = sent, and lost", "[ 3000]",
                                       "ETIMEDOUT", "net.send q1 create = sent", "answer: created",
                                       NULL});
}

static void test_drop(void)
{
    expect_story(ASKING ASK
                 "\"faults\": [{\"drop\": \"create\", \"from\": \"i1\", \"to\": \"q1\"}], " ALL,
                 (const char *const[]){"sent, and lost", "net.await = ETIMEDOUT",
                                       "net.send q1 create = sent", "answer: created", NULL});
    expect_holds(ASKING ASK "\"faults\": [{\"drop\": \"create\", \"times\": 3}], " HAS("unknown"),
                 "p", "always");
    expect_holds(ASKING ASK "\"faults\": [{\"drop\": \"create\", \"times\": 2}], " HAS("created"),
                 "p", "always");
    expect_holds(
        ASKING ASK
        "\"faults\": [{\"drop\": \"create\", \"from\": \"q1\", \"times\": 3}], " HAS("created"),
        "p", "always");
    expect_holds(ASKING ASK
                 "\"faults\": [{\"drop\": \"answer\", \"anywhere\": true}], " HAS("created"),
                 "p", "sometimes");
}

static void test_duplicate(void)
{
    static const char body[] =
        "\"cluster\": {\"create\": \"proxy\", \"lock\": \"none\", " QUIET_SYNC
        "\"nodes\": {\"i1\": {\"role\": \"ingestor\"}, \"q1\": {\"role\": \"querier\", "
        "\"threads\": 2}}}, " ASK "\"faults\": [{\"duplicate\": \"create\"}], " ALL;

    expect_holds(body, "one_creator", "sometimes");
    expect_story(body, (const char *const[]){"sent, and arrives twice", "q1/rpc1", "net.receive",
                                             "net.receive", NULL});
}

/* It only moves time: the answer comes after the time-out. */
static void test_delay(void)
{
    expect_story(ASKING ASK "\"faults\": [{\"delay\": \"create\", \"ms\": 5000}], " ALL,
                 (const char *const[]){"sent, and is late", "is held up", "[ 3000]", "ETIMEDOUT",
                                       "[ 5001]", "net.send late create = arrives", "q1/rpc1",
                                       NULL});
    expect_story(ASKING ASK "\"faults\": [{\"delay\": \"create\", \"ms\": 500}], " ALL,
                 (const char *const[]){"is held up",
                                       "[  501] fault/1 > net.send late create = arrives",
                                       "net.await = created", NULL});
}

/* --- calls --- */

static void test_fail(void)
{
    static const char body[] =
        "\"cluster\": {\"nodes\": {\"A\": {\"role\": \"actor\"}, \"B\": {\"role\": \"actor\"}}}, "
        "\"work\": {\"A\": [{\"write\": \"x\", \"data\": \"1\", \"as\": \"w\"}, "
        "{\"stat\": \"x\", \"as\": \"s\"}, {\"write\": \"x\", \"data\": \"1\", \"as\": \"w2\"}]}, "
        "\"properties\": {\"once\": {\"finally\": {\"all\": [{\"A.w\": \"ENOSPC\"}, "
        "{\"A.s\": \"ENOENT\"}, {\"A.w2\": \"ok\"}]}}, "
        "\"none\": {\"finally\": {\"all\": [{\"A.w\": \"ok\"}, {\"A.w2\": \"ok\"}]}}}, " ALL
        ", \"faults\": [{\"fail\": \"fs.write x\", \"errno\": \"ENOSPC\"%s}]";
    char text[sizeof body + 32];
    struct lab l;

    snprintf(text, sizeof text, body, "");
    expect_holds(text, "once", "always");
    snprintf(text, sizeof text, body, ", \"node\": \"A\"");
    expect_holds(text, "once", "always");
    snprintf(text, sizeof text, body, ", \"times\": 2");
    expect_holds(text, "once", "never");
    snprintf(text, sizeof text, body, ", \"anywhere\": true");
    run(&l, text);
    UNIT_STR(lab_found(&l, "once"), "sometimes");
    UNIT_STR(lab_found(&l, "none"), "sometimes");
    lab_close(&l);
}

static void test_restarts(void)
{
#define RESTART                                                                                    \
    "\"cluster\": {" INGESTOR "}, \"work\": {\"i1\": [{\"restart\": true, \"as\": \"r\"}]}, "
    expect_holds(RESTART ALL, "restarts", "always");
    expect_holds(RESTART "\"faults\": [{\"fail\": \"store.get .node/i1/*\"}], " HAS("rejected"),
                 "restarts", "never");
    expect_holds(RESTART "\"faults\": [{\"fail\": \"store.get .node/i1/*\"}], " HAS("rejected"),
                 "p", "always");
    expect_holds(RESTART
                 "\"faults\": [{\"fail\": \"store.get .node/i1/*\", \"anywhere\": true}], " ALL,
                 "restarts", "sometimes");
}

/* --- queues and clocks --- */

static void test_overflow(void)
{
#define FED                                                                                        \
    "\"cluster\": {\"sync\": {\"scan_ms\": 0, \"load\": false}, " PAIR "}, "                       \
    "\"work\": {\"i1\": [{\"ingest\": \"app\", " FIELDS "}]}, "
    expect_story(FED "\"faults\": [{\"overflow\": \"q1\", \"at\": \"watch.next\"}], " ALL,
                 (const char *const[]){"fault.overflow q1", "q1/watch", "watch.next = OVERFLOW",
                                       "store.list .", NULL});
    expect_holds(FED "\"faults\": [{\"overflow\": \"q1\", \"at\": \"watch.next\"}], " ALL,
                 "converged", "always");
    expect_holds(FED "\"faults\": [{\"overflow\": \"q1\", \"anywhere\": true}], " ALL, "converged",
                 "always");
}

static void test_skew(void)
{
#define SKEWED                                                                                     \
    "\"cluster\": {" INGESTOR "}, "                                                                \
    "\"work\": {\"i1\": [{\"create\": \"app\", \"schema\": {\"a\": \"int\"}}]}, "                  \
    "\"properties\": {\"p\": {\"finally\": "                                                       \
    "{\"json:app/.stream/.ingestor.i1.stream.json#/created_at\": {\"ge\": 5000}}}}, " ALL
    expect_holds(SKEWED, "p", "never");
    expect_holds(SKEWED ", \"faults\": [{\"skew\": \"i1\", \"ms\": 5000}]", "p", "always");
}

/* --- torn writes, and the loss of power --- */

#define POSIX_INGESTOR                                                                             \
    "\"cluster\": {\"store\": {\"semantics\": \"posix\"}, " INGESTOR "}, \"work\": {\"i1\": ["     \
    "{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}, {\"restart\": true}, "    \
    "{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"d\"}]}, "

static void refused_posix(const char *fault, const char *why)
{
    char body[1024];
    const char *at;
    struct lab l;

    snprintf(body, sizeof body, POSIX_INGESTOR "\n\"faults\": [%s], " ALL, fault);
    lab_try(&l, body, NULL);
    at = strstr(l.err.story, "t.json:");
    UNIT_STR(at ? at : l.err.story, why);
    lab_close(&l);
}

/* The request gets no answer, and the node starts again with what is there. */
static void test_torn(void)
{
    expect_story(POSIX_INGESTOR "\"faults\": [{\"torn\": \"fs.write *\"}], " ALL,
                 (const char *const[]){"fs.write .tmp/0 = {\"a\":\n", "answer: unknown",
                                       "node.restart i1", "answer: created", NULL});
    expect_holds(
        "\"cluster\": {\"store\": {\"semantics\": \"posix\"}, \"nodes\": {\"A\": {\"role\": "
        "\"actor\"}}}, \"work\": {\"A\": [{\"write\": \"x\", \"data\": \"12345\", \"as\": "
        "\"w\"}, {\"unlink\": \"x\"}]}, \"faults\": [{\"torn\": \"fs.write x\"}], "
        "\"properties\": {\"p\": {\"finally\": {\"all\": [{\"content:x\": \"12\"}, {\"not\": "
        "{\"A.w\": \"ok\"}}]}}}, " ALL,
        "p", "always");
    refused_posix("{\"torn\": \"fs.create *\"}",
                  "t.json:3:21: \"fs.create *\": only a write stops half way: expected \"fs.write "
                  "PATH\"");
}

/* All are down, and what was not on the disk is gone or not. */
static void test_power_loss(void)
{
    expect_story(POSIX_INGESTOR
                 "\"faults\": [{\"power_loss\": true, \"at\": \"client.create *#2\"}], " ALL,
                 (const char *const[]){"answer: created", "fault.power_loss client.create *",
                                       "all are down", "fault.lose create app", "client.create app",
                                       "answer: unknown", NULL});
    expect_holds(POSIX_INGESTOR
                 "\"faults\": [{\"power_loss\": true, \"at\": \"node.restart *\"}], "
                 "\"properties\": {\"again\": {\"finally\": {\"i1.d\": \"created\"}}}, " ALL,
                 "again", "sometimes");
}

/* --- what the loader refuses --- */

static void refused(const char *faults, const char *why)
{
    char body[1024];
    const char *at;
    struct lab l;

    snprintf(body, sizeof body, ASKING ASK "\n\"faults\": [%s], " ALL, faults);
    lab_try(&l, body, NULL);
    CU_ASSERT(l.search == NULL);
    UNIT_INT(l.err.code, ERR_INPUT);
    at = strstr(l.err.story, "t.json:");
    UNIT_STR(at ? at : l.err.story, why);
    lab_close(&l);
}

static void test_refused(void)
{
    refused("{\"crahs\": \"i1\", \"anywhere\": true}",
            "t.json:3:13: \"crahs\" is no fault (did you mean \"crash\"?)");
    refused("{}", "t.json:3:12: \"{}\" is no fault");
    refused("{\"crash\": \"i1\"}", "t.json:3:12: expected \"at\" a point, or \"anywhere\": true");
    refused("{\"pause\": \"i1\", \"at\": \"client.create *\", \"anywhere\": true}",
            "t.json:3:12: \"at\" beside \"anywhere\": one of them");
    refused("{\"overflow\": \"q1\", \"anywhere\": false}",
            "t.json:3:12: expected \"at\" a point, or \"anywhere\": true");
    refused("{\"crash\": \"i3\", \"anywhere\": true}",
            "t.json:3:22: unknown node \"i3\" (did you mean \"i1\"?)");
    refused("{\"cut\": [\"i1\"]}", "t.json:3:20: expected two nodes, [\"i1\", \"q1\"]");
    refused("{\"drop\": \"crate\"}",
            "t.json:3:21: unknown message \"crate\" (did you mean \"create\"?)");
    refused("{\"fail\": \"store.put *\", \"errno\": \"ENOSPACE\"}",
            "t.json:3:45: unknown errno \"ENOSPACE\" (did you mean \"ENOSPC\"?)");
    refused("{\"crash\": \"i1\", \"at\": \"stroe.put *\"}",
            "t.json:3:34: no point is called \"stroe.put *\" (did you mean \"store.put …\"?)");
    refused("{\"delay\": \"create\", \"ms\": 5, \"anywhere\": true}",
            "t.json:3:41: unknown key \"anywhere\"");
    refused("{\"torn\": \"fs.write *\"}",
            "t.json:3:21: only \"semantics\": \"posix\" has writes that can stop half way");
    refused("{\"power_loss\": 1}", "t.json:3:27: expected true or false, found a number");
    refused("{\"power_loss\": false}", "t.json:3:27: expected true, found false");
    refused("{\"power_loss\": true}, {\"power_loss\": true}",
            "t.json:3:49: power is lost once at most");
    refused("{\"power_loss\": true, \"times\": 2}", "t.json:3:33: unknown key \"times\"");
}

/* --- faults that never happen --- */

static void never(const char *faults, const char *why)
{
    char body[1024];
    const char *at;
    struct lab l;

    snprintf(body, sizeof body, ASKING ASK "\n\"faults\": [%s], " ALL, faults);
    lab_try(&l, body, NULL);
    CU_ASSERT_FATAL(l.search != NULL);
    UNIT_INT(lab_try_search(&l), *why ? ERR_INPUT : OK);
    at = strstr(l.err.story, "t.json:");
    UNIT_STR(at ? at : l.err.story, why);
    lab_close(&l);
}

static void test_never(void)
{
    never("{\"crash\": \"i1\", \"at\": \"store.put *\"}",
          "t.json:3:12: the fault never happens: no task of i1 came to \"store.put *\"");
    never("{\"crash\": \"q1\", \"at\": \"net.receive#4\"}",
          "t.json:3:12: the fault never happens: no task of q1 came to \"net.receive#4\"");
    never("{\"fail\": \"store.put nothing\"}",
          "t.json:3:12: the fault never happens: no task came to \"store.put nothing\"");
    never("{\"crash\": \"q1\", \"at\": \"store.put *\"}, {\"pause\": \"i1\", \"at\": \"clock.sleep "
          "*\", \"for_ms\": 1}",
          "t.json:3:50: the fault never happens: no task of i1 came to \"clock.sleep *\"");
    never("{\"crash\": \"q1\", \"at\": \"store.put *\"}", "");
    never("{\"crash\": \"i1\", \"anywhere\": true}, {\"drop\": \"sync\"}", "");
}

/* --- soundness: with and without reduction, the same ends --- */

static void sound(const char *what, const char *body)
{
    struct outcomes reduced = {.count = 0}, all = {.count = 0};

    outcomes_add(&reduced, body, false);
    outcomes_add(&all, body, true);
    if (!outcomes_same(&reduced, &all))
        printf("%s: %d outcomes with reduction, %d without\n", what, reduced.count, all.count);
    UNIT_INT(reduced.count, all.count);
    CU_ASSERT(outcomes_same(&reduced, &all));
}

#define LISTS                                                                                      \
    "\"work\": {\"i1\": [{\"list\": true, \"as\": \"a\"}], \"i1#2\": [{\"list\": true, \"as\": "   \
    "\"b\"}]}, "
#define CREATES                                                                                    \
    "\"work\": {\"i1\": [{\"create\": \"a\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}]}, "

static void test_sound_crash(void)
{
    sound("crash, lists", "\"cluster\": {" INGESTOR "}, " LISTS
                          "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true}], " ALL);
    sound("crash, restart, lists",
          "\"cluster\": {" INGESTOR "}, " LISTS
          "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true, \"restart_ms\": 10}], " ALL);
    sound("crash, create",
          "\"cluster\": {" INGESTOR "}, " CREATES
          "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true, \"restart_ms\": 0}], " ALL);
    sound("crash, ingest",
          "\"cluster\": {\"lock\": \"none\", " INGESTOR
          "}, \"work\": {\"i1\": [{\"ingest\": \"a\", " FIELDS ", \"as\": \"c\"}]}, "
          "\"faults\": [{\"crash\": \"i1\", \"anywhere\": true, \"restart_ms\": 0}], " ALL);
    sound("crash q1, proxy",
          ASKING ASK "\"faults\": [{\"crash\": \"q1\", \"anywhere\": true}], " ALL);
}

static void test_sound_pause(void)
{
    sound("pause, lists",
          "\"cluster\": {" INGESTOR "}, " LISTS
          "\"faults\": [{\"pause\": \"i1\", \"anywhere\": true, \"for_ms\": 10}], " ALL);
    sound(
        "pause, create",
        "\"cluster\": {\"lock\": \"none\", " TWO
        "}, \"work\": {\"i1\": [{\"create\": \"a\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}], "
        "\"i2\": [{\"list\": true}, {\"sleep_ms\": 5}, {\"create\": \"a\", \"schema\": {\"a\": "
        "\"int\"}, \"as\": \"c\"}]}, "
        "\"faults\": [{\"pause\": \"i1\", \"anywhere\": true, \"for_ms\": 10}], " ALL);
}

/* Who of two is struck, and whose time is the second, is an order, too. */
static void test_sound_who(void)
{
    sound("fail once",
          "\"cluster\": {" TWO "}, \"work\": {\"i1\": [{\"ingest\": \"a\", " FIELDS "}], "
          "\"i2\": [{\"ingest\": \"b\", " FIELDS "}]}, "
          "\"faults\": [{\"fail\": \"store.put *.stream.json\", \"errno\": \"ENOSPC\"}], " ALL);
    sound("fail once, anywhere",
          "\"cluster\": {\"lock\": \"none\", " TWO "}, "
          "\"work\": {\"i1\": [{\"create\": \"a\"}], \"i2\": [{\"create\": \"b\"}]}, "
          "\"faults\": [{\"fail\": \"store.put *.stream.json\", \"anywhere\": true}], " ALL);
    sound("fail the second", "\"cluster\": {" TWO "}, \"work\": {\"i1\": [{\"create\": \"a\"}], "
                             "\"i2\": [{\"create\": \"b\"}]}, "
                             "\"faults\": [{\"fail\": \"store.put *.stream.json#2\"}], " ALL);
    sound("crash at the second",
          "\"cluster\": {" INGESTOR "}, " LISTS
          "\"faults\": [{\"crash\": \"i1\", \"at\": \"client.list#2\"}], " ALL);
    sound("crash at the first", "\"cluster\": {" INGESTOR "}, " LISTS
                                "\"faults\": [{\"crash\": \"i1\", \"at\": \"client.list\"}], " ALL);
}

static void test_sound_messages(void)
{
    sound("drop create",
          ASKING ASK "\"faults\": [{\"drop\": \"create\", \"anywhere\": true}], " ALL);
    sound("drop answer", ASKING ASK
          "\"faults\": [{\"drop\": \"answer\", \"anywhere\": true, \"times\": 2}], " ALL);
    sound("duplicate create",
          ASKING ASK "\"faults\": [{\"duplicate\": \"create\", \"anywhere\": true}], " ALL);
    sound("fail", ASKING ASK "\"faults\": [{\"fail\": \"store.put *\", \"anywhere\": true}], " ALL);
}

static void test_sound_overflow(void)
{
    sound("overflow",
          "\"cluster\": {\"lock\": \"none\", \"sync\": {\"scan_ms\": 0, \"load\": false}, " PAIR
          "}, "
          "\"work\": {\"i1\": [{\"create\": \"a\", \"schema\": {\"a\": \"int\"}}], \"q1\": "
          "[{\"list\": true, \"as\": \"l\"}]}, "
          "\"faults\": [{\"overflow\": \"q1\", \"anywhere\": true}], " ALL);
}

static void test_sound_life(void)
{
    sound("stop",
          "\"cluster\": {" INGESTOR "}, \"work\": {\"i1\": [{\"list\": true, \"as\": \"a\"}], "
          "\"i1#2\": [{\"stop\": true}]}, " ALL);
    sound(
        "restart",
        "\"cluster\": {" INGESTOR
        "}, \"work\": {\"i1\": [{\"create\": \"a\", \"schema\": {\"a\": \"int\"}, \"as\": \"c\"}], "
        "\"i1#2\": [{\"restart\": true, \"as\": \"r\"}]}, " ALL);
    sound(
        "restart, proxy", ASKING
        "\"work\": {\"i1\": [{\"create\": \"app\", \"schema\": {\"a\": \"int\"}, \"as\": \"r\"}], "
        "\"q1\": [{\"restart\": true, \"as\": \"r\"}]}, " ALL);
    sound("stop, start", "\"cluster\": {" INGESTOR
                         "}, \"work\": {\"i1\": [{\"ingest\": \"a\", " FIELDS ", \"as\": \"c\"}], "
                         "\"i1#2\": [{\"stop\": true}, {\"restart\": true, \"as\": \"r\"}]}, " ALL);
}

void suite_fault(void)
{
    static const struct unit_test tests[] = {
        {"crash at a point", test_crash_at},
        {"crash for good", test_crash_for_good},
        {"crash at a point's second time", test_crash_second_time},
        {"crash at a point, so many times", test_crash_at_times},
        {"crash, so many times", test_crash_times},
        {"crash anywhere", test_crash_anywhere},
        {"pause", test_pause},
        {"pause: the lease runs out", test_pause_lease},
        {"cut", test_cut},
        {"drop", test_drop},
        {"duplicate", test_duplicate},
        {"delay", test_delay},
        {"fail", test_fail},
        {"restarts", test_restarts},
        {"overflow", test_overflow},
        {"skew", test_skew},
        {"torn", test_torn},
        {"power_loss", test_power_loss},
        {"refused", test_refused},
        {"never", test_never},
        {"sound: crash", test_sound_crash},
        {"sound: pause", test_sound_pause},
        {"sound: who is struck", test_sound_who},
        {"sound: messages", test_sound_messages},
        {"sound: overflow", test_sound_overflow},
        {"sound: stop and restart", test_sound_life},
    };

    unit_add("fault", tests, UNIT_COUNT(tests));
}
