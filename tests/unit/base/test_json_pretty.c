#include "base/json_pretty.h"
#include "tests/unit/unit.h"
#include <string.h>

static void is(const char *text, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_doc *doc = json_parse("t", text, strlen(text), NULL);
    struct json root;

    CU_ASSERT_FATAL(doc != NULL);
    root = json_root(doc);
    json_pretty(&root, &sb);
    UNIT_STR(sb.s, want);
    strbuf_release(&sb);
    json_free(doc);
}

static void test_short(void)
{
    is("[1,{\"a\":null,\"b\":[true,\"x\"]}]", "[1, {\"a\": null, \"b\": [true, \"x\"]}]\n");
    is("{}", "{}\n");
    is("{\"a\":[]}", "{\n  \"a\": []\n}\n");
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

/* A list that is too long has a line for each element; one that just fits has not. */
static void test_long(void)
{
    is("{\"a\":[\"" LONG "\",\"01234567890123\"]}",
       "{\n  \"a\": [\"" LONG "\", \"01234567890123\"]\n}\n");
    is("{\"a\":[\"" LONG "\",\"012345678901234\"],\"b\":1}",
       "{\n  \"a\": [\n    \"" LONG "\",\n    \"012345678901234\"\n  ],\n  \"b\": 1\n}\n");
}

void suite_json_pretty(void)
{
    static const struct unit_test tests[] = {{"short", test_short}, {"long", test_long}};
    unit_add("json_pretty", tests, UNIT_COUNT(tests));
}
