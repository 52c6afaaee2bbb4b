#include "nodes/role/config.h"
#include "nodes/role/request.h"
#include "nodes/stream/wire.h"
#include "tests/unit/unit.h"
#include <string.h>

static enum err_code parse(const char *text, struct config *out, struct err *err)
{
    struct arena a = {0};
    enum err_code code = config_parse(&a, "c.json", text, CONFIG_VERSION_MAX, NULL, out, err);

    arena_release(&a);
    return code;
}

static void test_default(void)
{
    struct arena a = {0};
    struct config c;
    struct err err = ERR_INIT;
    const char *text = config_default(&a, "i1", "q1", 8);

    UNIT_STR(text, "{\"version\":\"v8\",\"node\":\"i1\",\"query_node\":{\"endpoint\":\"q1\","
                   "\"auth_token\":\"secret\"}}");
    UNIT_INT(parse(text, &c, &err), OK);
    UNIT_STR(config_endpoint(&c, 0), "q1");
    UNIT_STR(config_endpoint(&c, 1), "");
    UNIT_STR(c.token, CONFIG_TOKEN);
    UNIT_INT(parse(config_default(&a, "i1", "", 8), &c, NULL), OK);
    UNIT_INT(c.endpoint_count, 0);
    UNIT_STR(config_endpoint(&c, 0), "");
    arena_release(&a);
}

#define QUERY_NODE(inside) "{\"version\":\"v8\",\"query_node\":{\"auth_token\":\"t\"," inside "}}"

static void test_endpoints(void)
{
    struct config c;

    UNIT_INT(parse(QUERY_NODE("\"endpoint\":\"q9\",\"endpoints\":[\"q1\",\"q2\"]"), &c, NULL), OK);
    UNIT_INT(c.endpoint_count, 2);
    UNIT_STR(config_endpoint(&c, 0), "q1");
    UNIT_STR(config_endpoint(&c, 1), "q2");
    UNIT_STR(config_endpoint(&c, 2), "");
    UNIT_INT(parse(QUERY_NODE("\"endpoints\":[]"), &c, NULL), OK);
    UNIT_INT(c.endpoint_count, 0);
}

/* What a release does not know is not its business. */
static void test_more(void)
{
    struct config c;

    UNIT_INT(parse("{\"version\":\"v8\",\"staging\":{},\"query_node\":{\"endpoint\":\"q\","
                   "\"auth_token\":\"t\",\"x\":1}}",
                   &c, NULL),
             OK);
    UNIT_STR(c.token, "t");
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123" /* 64 */

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"", "c.json:1:1: expected a value, found end of file"},
        {"[]", "c.json:1:1: expected an object, found an array"},
        {"{}", "c.json:1:1: \"version\" is missing"},
        {"{\"version\":5}", "c.json:1:12: expected a string, found a number"},
        {"{\"version\":\"v9\"}",
         "c.json:1:12: version \"v9\" is of a newer release: this one reads up to \"v8\""},
        {"{\"version\":\"v08\"}", "c.json:1:12: version \"v08\": expected \"v1\" to \"v8\""},
        {"{\"version\":\"8\"}", "c.json:1:12: version \"8\": expected \"v1\" to \"v8\""},
        {"{\"version\":\"v8\",\"deployment_id\":\"" LONG "\"}",
         "c.json:1:33: longer than 63 bytes"},
        {"{\"version\":\"v8\"}", "c.json:1:1: \"query_node\" is missing"},
        {"{\"version\":\"v8\",\"query_node\":null}", "c.json:1:30: expected an object, found null"},
        {"{\"version\":\"v8\",\"query_node\":{}}", "c.json:1:30: \"endpoint\" is missing"},
        {"{\"version\":\"v8\",\"query_node\":{\"endpoint\":\"q\"}}",
         "c.json:1:30: \"auth_token\" is missing"},
        {QUERY_NODE("\"endpoints\":\"q1\""), "c.json:1:60: expected an array, found a string"},
        {QUERY_NODE("\"endpoints\":[1]"), "c.json:1:61: expected a string, found a number"},
        {QUERY_NODE("\"endpoints\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"]"),
         "c.json:1:60: more than 8 endpoints"},
    };

    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        struct config c = {.token = "untouched"};
        struct err err = ERR_INIT;

        UNIT_INT(parse(cases[i][0], &c, &err), ERR_INPUT);
        UNIT_STR(err.story, cases[i][1]);
        UNIT_STR(c.token, "untouched");
        UNIT_INT(parse(cases[i][0], &c, NULL), ERR_INPUT);
    }
}

static void test_names(void)
{
    static const char *const statuses[STATUSES] = {
        "ok",       "created",      "exists", "accepted", "deleted", "not_found",
        "conflict", "unauthorized", "stale",  "rejected", "unknown"};
    static const char *const messages[MSG_KINDS] = {"create",  "answer", "sync",  "grow",
                                                    "changed", "vector", "newer", "upload"};
    static const char *const requests[REQUESTS] = {"create", "ingest", "query",
                                                   "delete", "list",   "info"};

    for (int i = 0; i < STATUSES; i++)
        UNIT_STR(status_name((enum status)i), statuses[i]);
    for (int i = 0; i < MSG_KINDS; i++)
        UNIT_STR(msg_kind_name((enum msg_kind)i), messages[i]);
    for (int i = 0; i < REQUESTS; i++)
        UNIT_STR(request_kind_name((enum request_kind)i), requests[i]);
}

void suite_config(void)
{
    static const struct unit_test tests[] = {
        {"default", test_default}, {"endpoints", test_endpoints}, {"more", test_more},
        {"refused", test_refused}, {"names", test_names},
    };
    unit_add("config", tests, UNIT_COUNT(tests));
}
