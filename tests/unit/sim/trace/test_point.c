#include "sim/trace/point.h"
#include "tests/unit/unit.h"
#include <string.h>

static const char *text_of(struct arena *a, int op, const char *object, const char *object2)
{
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    point_text(&(struct point){op, object, object2}, &sb);
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

static void test_texts(void)
{
    struct arena a = {0};

    UNIT_STR(text_of(&a, FS_RENAME, "a", "b/c"), "fs.rename a b/c");
    UNIT_STR(text_of(&a, STORE_PUT, "app/.schema", NULL), "store.put app/.schema");
    UNIT_STR(text_of(&a, FS_LIST, "", NULL), "fs.list .");
    UNIT_STR(text_of(&a, WATCH_ADD, "", NULL), "watch.add .");
    UNIT_STR(text_of(&a, WATCH_NEXT, "", NULL), "watch.next");
    UNIT_STR(text_of(&a, POINT_START, NULL, NULL), "start");
    UNIT_STR(text_of(&a, POINT_REQUEST, "ingest", "app"), "client.ingest app");
    UNIT_STR(text_of(&a, POINT_REQUEST, "list", NULL), "client.list");
    UNIT_STR(text_of(&a, POINT_SEND, "q1", "create"), "net.send q1 create");
    UNIT_STR(text_of(&a, POINT_RECEIVE, NULL, NULL), "net.receive");
    UNIT_STR(text_of(&a, POINT_LOCK, "app", NULL), "lock.take app");
    UNIT_STR(text_of(&a, POINT_SLEEP, "10 ms", NULL), "clock.sleep 10 ms");
    UNIT_STR(text_of(&a, POINT_MARK, "naive.after-look", NULL), "naive.after-look");
    UNIT_STR(text_of(&a, POINT_NOTE, "", NULL), "note");
    UNIT_STR(text_of(&a, POINT_REGISTER, "A.got", NULL), "register.get A.got");
    arena_release(&a);
}

/* Every operation has a name, and the two tables agree. */
static void test_names(void)
{
    int n = 0;

    while (point_op_names[n])
        n++;
    CU_ASSERT(n >= POINT_OPS - 1);
    for (int op = 0; op < POINT_OPS; op++)
        if (op < STEP_OPS)
            UNIT_STR(point_op_names[op], point_op_name(op));
    for (int op = 0; op < POINT_OPS; op++)
        for (int other = 0; other < op; other++)
            CU_ASSERT(strcmp(point_op_name(op), point_op_name(other)) != 0);
}

static bool matches(const char *glob, int op, const char *object, const char *object2)
{
    return point_matches(&(struct point){op, object, object2}, glob);
}

static void test_globs(void)
{
    CU_ASSERT(matches("fs.rename a b", FS_RENAME, "a", "b"));
    CU_ASSERT(matches("fs.rename *", FS_RENAME, "a", "b"));
    CU_ASSERT(matches("fs.rename * b", FS_RENAME, "a/x y", "b"));
    CU_ASSERT(matches("*", FS_RENAME, "a", "b"));
    CU_ASSERT(matches("fs.*", FS_RENAME, "a", "b"));
    CU_ASSERT(
        matches("store.put app/.stream/*", STORE_PUT, "app/.stream/.ingestor.i1.schema", NULL));
    CU_ASSERT(matches("fs.stat [ab]", FS_STAT, "b", NULL));
    CU_ASSERT(matches("fs.stat a\\*", FS_STAT, "a*", NULL));
    CU_ASSERT(!matches("fs.stat a\\*", FS_STAT, "ab", NULL));
    CU_ASSERT(!matches("fs.rename", FS_RENAME, "a", "b"));
    CU_ASSERT(!matches("fs.rename a", FS_RENAME, "a", "b"));
    CU_ASSERT(!matches("", FS_RENAME, "a", "b"));
    CU_ASSERT(!matches(NULL, FS_RENAME, "a", "b"));
    CU_ASSERT(!matches("store.put app", STORE_PUT, "App", NULL));
    CU_ASSERT(!matches("fs.stat a#2", FS_STAT, "a", NULL)); /* times are the loader's */
    CU_ASSERT(matches("fs.stat a#2", FS_STAT, "a#2", NULL));
}

static void test_possible(void)
{
    static const char *const yes[] = {"fs.stat x",
                                      "fs.stat",
                                      "store.put *",
                                      "*",
                                      "fs.*",
                                      "[fs]*",
                                      "start",
                                      "note hello",
                                      "client.query app",
                                      "client.anything",
                                      "lock.take app",
                                      "watch.next",
                                      "ingestor.after-claim",
                                      "naive.after-look"};
    static const char *const no[] = {"",          "stroe.put x", "fs.sta x",         "fs.stat: x",
                                     "foo",       "foo bar",     "store.putt a",     "net.sned q1",
                                     "watch.nxt", "lock",        "a.mark with words"};

    for (size_t i = 0; i < UNIT_COUNT(yes); i++)
        if (!point_glob_possible(yes[i]))
            UNIT_STR(yes[i], "possible");
    for (size_t i = 0; i < UNIT_COUNT(no); i++)
        if (point_glob_possible(no[i]))
            UNIT_STR(no[i], "impossible");
}

void suite_point(void)
{
    static const struct unit_test tests[] = {
        {"texts", test_texts},
        {"names", test_names},
        {"globs", test_globs},
        {"possible", test_possible},
    };
    unit_add("point", tests, UNIT_COUNT(tests));
}
