/* Histories that one catalog explains, and histories that none does. */
#include "base/strbuf.h"
#include "sim/check/linearizable.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

/* A call in a line of time: "began" and "ended" are positions. */
#define CALL(who, what, how, name, from, to)                                                       \
    {                                                                                              \
        .task = (who), .kind = (what), .status = (how), .stream = (name), .events = "",            \
        .began = (from), .ended = (to)                                                             \
    }
#define LISTED(who, names, from, to)                                                               \
    {                                                                                              \
        .task = (who), .kind = REQ_LIST, .status = ST_OK, .events = (names), .began = (from),      \
        .ended = (to)                                                                              \
    }

static const char *const nothing[] = {NULL};
static const char *const app_there[] = {"app", NULL};

static void expect(const struct history_request *calls, size_t count, const char *const *there,
                   const char *why)
{
    struct history_request copy[LINEAR_CALLS_MAX + 1];
    struct history h = {.requests = copy, .request_count = (int)count};
    struct strbuf told = STRBUF_INIT;

    memcpy(copy, calls, count * sizeof *calls);
    UNIT_INT(linear_history(&h, there, &told), *why ? NOT_LINEAR : LINEAR);
    UNIT_STR(told.s, why);
    UNIT_INT(linear_history(&h, there, NULL), *why ? NOT_LINEAR : LINEAR);
    strbuf_release(&told);
}

#define GOOD(there, ...)                                                                           \
    do {                                                                                           \
        const struct history_request calls[] = {__VA_ARGS__};                                      \
        expect(calls, UNIT_COUNT(calls), (there), "");                                             \
    } while (0)
#define BAD(why, there, ...)                                                                       \
    do {                                                                                           \
        const struct history_request calls[] = {__VA_ARGS__};                                      \
        expect(calls, UNIT_COUNT(calls), (there), (why));                                          \
    } while (0)

static void test_one_after_the_other(void)
{
    GOOD(nothing, CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 1),
         CALL("B", REQ_CREATE, ST_EXISTS, "app", 2, 3), CALL("B", REQ_QUERY, ST_OK, "app", 4, 5),
         CALL("A", REQ_DELETE, ST_DELETED, "app", 6, 7),
         CALL("B", REQ_QUERY, ST_NOT_FOUND, "app", 8, 9),
         CALL("A", REQ_CREATE, ST_CREATED, "app", 10, 11));
    BAD("no order of the calls explains what B was told: create app, created", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 1),
        CALL("B", REQ_CREATE, ST_CREATED, "app", 2, 3));
    BAD("no order of the calls explains what B was told: query app, not_found", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 1),
        CALL("B", REQ_QUERY, ST_NOT_FOUND, "app", 2, 3));
    BAD("no order of the calls explains what A was told: create app, exists", nothing,
        CALL("A", REQ_CREATE, ST_EXISTS, "app", 0, 1));
    BAD("no order of the calls explains what A was told: delete app, deleted", nothing,
        CALL("A", REQ_DELETE, ST_DELETED, "app", 0, 1));
    GOOD(app_there, CALL("A", REQ_DELETE, ST_DELETED, "app", 0, 1));
    GOOD(app_there, CALL("A", REQ_CREATE, ST_CONFLICT, "app", 0, 1));
}

/* Calls that overlap may have happened either way round. */
static void test_at_once(void)
{
    GOOD(nothing, CALL("B", REQ_QUERY, ST_NOT_FOUND, "app", 0, 3),
         CALL("A", REQ_CREATE, ST_CREATED, "app", 1, 2));
    GOOD(nothing, CALL("B", REQ_QUERY, ST_OK, "app", 0, 3),
         CALL("A", REQ_CREATE, ST_CREATED, "app", 1, 2));
    GOOD(nothing, CALL("A", REQ_CREATE, ST_EXISTS, "app", 0, 3),
         CALL("B", REQ_CREATE, ST_CREATED, "app", 1, 2));
    BAD("no order of the calls explains what B was told: create app, created", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 3),
        CALL("B", REQ_CREATE, ST_CREATED, "app", 1, 2));
    /* one deletion lets two creations in, but not three */
    GOOD(nothing, CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 9),
         CALL("B", REQ_CREATE, ST_CREATED, "app", 1, 8),
         CALL("C", REQ_DELETE, ST_DELETED, "app", 2, 7));
    BAD("no order of the calls explains what D was told: create app, created", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 9),
        CALL("B", REQ_CREATE, ST_CREATED, "app", 1, 8),
        CALL("C", REQ_DELETE, ST_DELETED, "app", 2, 7),
        CALL("D", REQ_CREATE, ST_CREATED, "app", 3, 6));
    /* seen, and then not seen any more, while nobody deletes */
    BAD("no order of the calls explains what B was told: query app, not_found", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 9), CALL("B", REQ_QUERY, ST_OK, "app", 1, 2),
        CALL("B", REQ_QUERY, ST_NOT_FOUND, "app", 3, 4));
}

static void test_ingest(void)
{
    GOOD(nothing, CALL("A", REQ_INGEST, ST_ACCEPTED, "app", 0, 3),
         CALL("B", REQ_INGEST, ST_ACCEPTED, "app", 1, 2),
         CALL("A", REQ_CREATE, ST_EXISTS, "app", 4, 5));
    BAD("no order of the calls explains what A was told: create app, created", nothing,
        CALL("B", REQ_INGEST, ST_ACCEPTED, "app", 0, 1),
        CALL("A", REQ_CREATE, ST_CREATED, "app", 2, 3));
    BAD("no order of the calls explains what A was told: ingest app, not_found", app_there,
        CALL("A", REQ_INGEST, ST_NOT_FOUND, "app", 0, 1));
}

static void test_unknown(void)
{
    /* it has happened … */
    GOOD(nothing, CALL("A", REQ_CREATE, ST_UNKNOWN, "app", 0, 1),
         CALL("B", REQ_CREATE, ST_EXISTS, "app", 2, 3));
    /* … or not */
    GOOD(nothing, CALL("A", REQ_CREATE, ST_UNKNOWN, "app", 0, 1),
         CALL("B", REQ_CREATE, ST_CREATED, "app", 2, 3));
    /* … long after its client gave up */
    GOOD(nothing, CALL("A", REQ_CREATE, ST_UNKNOWN, "app", 0, 1),
         CALL("B", REQ_QUERY, ST_NOT_FOUND, "app", 2, 3), CALL("B", REQ_QUERY, ST_OK, "app", 4, 5));
    /* … but not before it began, and once only */
    BAD("no order of the calls explains what B was told: query app, ok", nothing,
        CALL("B", REQ_QUERY, ST_OK, "app", 0, 1), CALL("A", REQ_CREATE, ST_UNKNOWN, "app", 2, 3));
    BAD("no order of the calls explains what B was told: query app, ok", nothing,
        CALL("A", REQ_CREATE, ST_UNKNOWN, "app", 0, 1),
        CALL("B", REQ_DELETE, ST_DELETED, "app", 2, 3), CALL("B", REQ_QUERY, ST_OK, "app", 4, 5));
    GOOD(app_there, CALL("A", REQ_DELETE, ST_UNKNOWN, "app", 0, 1),
         CALL("B", REQ_CREATE, ST_CREATED, "app", 2, 3));
    /* what was refused has not happened */
    BAD("no order of the calls explains what B was told: create app, exists", nothing,
        CALL("A", REQ_CREATE, ST_REJECTED, "app", 0, 1),
        CALL("A", REQ_CREATE, ST_UNAUTHORIZED, "app", 2, 3),
        CALL("B", REQ_CREATE, ST_EXISTS, "app", 4, 5));
}

static void test_lists(void)
{
    GOOD(app_there, LISTED("A", "app", 0, 1), CALL("B", REQ_CREATE, ST_CREATED, "web", 2, 3),
         LISTED("A", "app web", 4, 5));
    BAD("no order of the calls explains what A was told: list, \"\"", app_there,
        LISTED("A", "", 0, 1));
    /* two lists that see two creations in opposite order */
    BAD("no order of the calls explains what D was told: list, \"web\"", nothing,
        CALL("A", REQ_CREATE, ST_CREATED, "app", 0, 9),
        CALL("B", REQ_CREATE, ST_CREATED, "web", 1, 8), LISTED("C", "app", 2, 3),
        LISTED("D", "web", 4, 5));
}

static void test_too_long(void)
{
    struct history_request calls[LINEAR_CALLS_MAX + 1];
    struct history h = {.requests = calls};

    for (size_t i = 0; i < UNIT_COUNT(calls); i++)
        calls[i] = (struct history_request)CALL("A", REQ_QUERY, ST_NOT_FOUND, "app", 2 * (int)i,
                                                2 * (int)i + 1);
    h.request_count = LINEAR_CALLS_MAX;
    UNIT_INT(linear_history(&h, nothing, NULL), LINEAR);
    h.request_count = LINEAR_CALLS_MAX + 1;
    UNIT_INT(linear_history(&h, nothing, NULL), TOO_LONG);
    h.request_count = 0;
    UNIT_INT(linear_history(&h, nothing, NULL), LINEAR);
}

/* All at once, and none explains the last: without a memory this would not end. */
static void test_memory(void)
{
    struct history_request calls[31];
    struct history h = {.requests = calls, .request_count = 31};

    for (int i = 0; i < 30; i++)
        calls[i] = (struct history_request)CALL("A", REQ_INGEST, ST_ACCEPTED, "app", i, 100);
    calls[30] = (struct history_request)CALL("B", REQ_CREATE, ST_EXISTS, "web", 40, 50);
    for (int i = 14; i < 30; i++)
        calls[i].ended = i;
    UNIT_INT(linear_history(&h, nothing, NULL), NOT_LINEAR);
}

/* In a cluster: who ended before another began counts, and is tried both ways. */
static void test_in_a_cluster(void)
{
    static const char text[] =
        "{'fsrace': 1, 'name': 't', 'cluster': {'lock': 'none', 'sync': {'notify': false, "
        "'scan_ms': 0, 'load': false}, 'nodes': {'i1': {'role': 'ingestor'}, 'q1': {'role': "
        "'querier'}}}, 'work': {'i1': [{'create': 'app', 'as': 'c'}], 'q1': [{'query': 'app', "
        "'as': 'q'}]}, 'expect': {'linearizable': 'sometimes'}}";
    struct lab l;

    if (lab_open(&l, text)) {
        lab_search(&l);
        UNIT_STR(lab_found(&l, "linearizable"),
                 "sometimes"); /* q1 never knows of it: right if it asked first */
    }
    lab_close(&l);
}

void suite_linearizable(void)
{
    static const struct unit_test tests[] = {
        {"one_after_the_other", test_one_after_the_other},
        {"at_once", test_at_once},
        {"ingest", test_ingest},
        {"unknown", test_unknown},
        {"lists", test_lists},
        {"too_long", test_too_long},
        {"memory", test_memory},
        {"in_a_cluster", test_in_a_cluster},
    };
    unit_add("linearizable", tests, UNIT_COUNT(tests));
}
