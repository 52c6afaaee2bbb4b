/* Each step on a file of its version: tests/config/v1.json to v8.json, and v9.json of a release to
 * come. */
#include "base/json.h"
#include "nodes/role/config.h"
#include "nodes/role/migrate.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

#define FILES CONFIG_VERSION_MAX

static const struct config own = {.endpoints = {"q1"}, .endpoint_count = 1, .token = "tok"};

/* As the program would write it. */
static char *file(int version)
{
    struct err err = ERR_INIT;
    char path[64];
    struct json_doc *doc;
    struct json root;
    char *text;

    snprintf(path, sizeof path, "tests/config/v%d.json", version);
    doc = json_load(path, &err);
    UNIT_STR(err.story, "");
    CU_ASSERT_FATAL(doc != NULL);
    root = json_root(doc);
    text = json_print(&root);
    json_free(doc);
    return text;
}

static void migrates(int from, int to)
{
    char *old = file(from), *expected = file(to);
    struct err err = ERR_INIT;
    struct arena a = {0};
    const char *out = "";

    UNIT_INT(migrate_text(&a, "c.json", old, to, &own, &out, &err), OK);
    UNIT_STR(err.story, "");
    UNIT_STR(out, expected);
    arena_release(&a);
    free(old);
    free(expected);
}

static void test_each_step(void)
{
    for (int v = 1; v < FILES; v++)
        migrates(v, v + 1);
}

static void test_all_at_once(void)
{
    for (int v = 1; v <= FILES; v++)
        migrates(v, FILES);
}

/* The text is not even made anew. */
static void test_nothing_to_do(void)
{
    for (int v = 1; v <= FILES; v++) {
        struct arena a = {0};
        char *text = file(v);
        const char *out = NULL;

        UNIT_INT(migrate_version(text), v);
        UNIT_INT(migrate_text(&a, "c.json", text, v, &own, &out, NULL), OK);
        CU_ASSERT(out == text);
        arena_release(&a);
        free(text);
    }
}

static void test_future(void)
{
    for (int release = 1; release <= FILES; release++) {
        struct arena a = {0};
        struct err err = ERR_INIT;
        char *text = file(release + 1);
        const char *out = "untouched";

        UNIT_INT(migrate_text(&a, "c.json", text, release, &own, &out, &err), ERR_INPUT);
        CU_ASSERT(strstr(err.story, "is of a newer release") != NULL);
        UNIT_STR(out, "untouched");
        arena_release(&a);
        free(text);
    }
}

/* What a file of the version may lack, and what somebody may have put into it beforehand. */
static void test_odd_files(void)
{
    static const struct {
        const char *text;
        int to;
        const char *expected;
    } cases[] = {
        {"{\"version\":\"v1\"}", 2, "{\"version\":\"v2\",\"users\":[\"admin\"]}"},
        {"{\"version\":\"v3\"}", 4, "{\"version\":\"v4\",\"server_mode\":\"distributed\"}"},
        {"{\"version\":\"v4\",\"query_node\":{\"endpoint\":\"q7\"}}", 5,
         "{\"version\":\"v5\",\"query_node\":{\"endpoint\":\"q7\"}}"},
        {"{\"version\":\"v5\",\"query_node\":{\"endpoint\":\"\"}}", 6,
         "{\"version\":\"v6\",\"query_node\":{\"endpoints\":[]}}"},
        {"{\"version\":\"v5\",\"query_node\":{\"endpoints\":[\"q1\"]}}", 6,
         "{\"version\":\"v6\",\"query_node\":{\"endpoints\":[\"q1\"]}}"},
        {"{\"version\":\"v5\"}", 6, "{\"version\":\"v6\"}"},
    };

    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        struct arena a = {0};
        const char *out = "";

        UNIT_INT(migrate_text(&a, "c.json", cases[i].text, cases[i].to, &own, &out, NULL), OK);
        UNIT_STR(out, cases[i].expected);
        arena_release(&a);
    }
}

/* Nobody knows a querier: the file says so, instead of something made up. */
static void test_no_querier(void)
{
    struct arena a = {0};
    const char *out = "";

    UNIT_INT(migrate_text(&a, "c.json", "{\"version\":\"v4\"}", 5, NULL, &out, NULL), OK);
    UNIT_STR(out, "{\"version\":\"v5\",\"query_node\":{\"endpoint\":\"\",\"auth_token\":\"\"}}");
    arena_release(&a);
}

static void test_no_file(void)
{
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "{}",
                                        "{\"version\":8}",
                                        "{\"version\":\"\"}",
                                        "{\"version\":\"v\"}",
                                        "{\"version\":\"v0\"}",
                                        "{\"version\":\"v1x\"}",
                                        "{\"version\":\"v100\"}"};

    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        struct arena a = {0};
        const char *out = "untouched";

        UNIT_INT(migrate_version(texts[i]), 0);
        UNIT_INT(migrate_text(&a, "c.json", texts[i], 8, NULL, &out, NULL), ERR_INPUT);
        UNIT_STR(out, "untouched");
        arena_release(&a);
    }
}

void suite_migrate(void)
{
    static const struct unit_test tests[] = {
        {"each_step", test_each_step},   {"all_at_once", test_all_at_once},
        {"nothing", test_nothing_to_do}, {"future", test_future},
        {"odd_files", test_odd_files},   {"no_querier", test_no_querier},
        {"no_file", test_no_file},
    };
    unit_add("migrate", tests, UNIT_COUNT(tests));
}
