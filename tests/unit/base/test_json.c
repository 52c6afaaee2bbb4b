#include "base/json.h"
#include "base/strbuf.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct json_doc *parse(const char *text)
{
    struct err err = ERR_INIT;
    struct json_doc *doc = json_parse("t", text, strlen(text), &err);

    UNIT_STR(err.story, "");
    CU_ASSERT_FATAL(doc != NULL);
    return doc;
}

static void test_getters(void)
{
    struct json_doc *doc = parse("{\"s\":\"x\",\"n\":7,\"b\":true,\"a\":[1,2],\"S\":0}");
    struct json root = json_root(doc), v = {0}, e;
    const char *s = NULL;
    int64_t n = 0;
    bool b = false;

    UNIT_INT(json_len(&root), 5);
    CU_ASSERT(json_get(&root, "s", &v) && json_string(&v, &s, NULL) == OK);
    UNIT_STR(s, "x");
    UNIT_STR(v.key, "s");
    CU_ASSERT(v.up == &root && json_len(&v) == 0 && !json_get(&v, "x", &e));
    CU_ASSERT(json_get(&root, "n", &v) && json_int(&v, 0, 7, &n, NULL) == OK && n == 7);
    CU_ASSERT(json_get(&root, "b", &v) && json_bool(&v, &b, NULL) == OK && b);
    CU_ASSERT(json_get(&root, "a", &v) && json_kind(&v) == JSON_ARRAY && json_len(&v) == 2);
    CU_ASSERT(json_at(&v, 1, &e) && json_num(&e) > 1.5 && e.index == 1 && e.key == NULL);
    CU_ASSERT(!json_at(&v, 2, &e) && !json_at(&v, -1, &e) && !json_get(&v, "0", &e));
    CU_ASSERT(json_at(&root, 4, &e) && strcmp(e.key, "S") == 0);
    CU_ASSERT(!json_get(&root, "N", &e));
    CU_ASSERT(json_str(&root) == NULL && !json_true(&root));
    json_free(doc);
    json_free(NULL);
}

static void test_next(void)
{
    struct json_doc *doc = parse("{\"a\":[10,11,12],\"b\":\"text\"}");
    struct json root = json_root(doc);
    int members = 0, elements = 0;

    for (struct json it = {0}; json_next(&root, &it); members++) {
        UNIT_STR(it.key, members ? "b" : "a");
        UNIT_INT(it.index, members);
        for (struct json e = {0}; json_next(&it, &e); elements++)
            CU_ASSERT(e.index == elements && e.up == &it && (int)json_num(&e) == 10 + elements);
    }
    UNIT_INT(members, 2);
    UNIT_INT(elements, 3);
    json_free(doc);
}

static void check_int(const char *text, int64_t min, int64_t max, int64_t expected,
                      const char *story)
{
    struct json_doc *doc = parse(text);
    struct json root = json_root(doc);
    struct err err = ERR_INIT;
    int64_t n = -77;

    UNIT_INT(json_int(&root, min, max, &n, &err), story ? ERR_INPUT : OK);
    UNIT_INT(n, story ? -77 : expected); /* untouched on failure */
    UNIT_STR(err.story, story ? story : "");
    json_free(doc);
}

static void test_int(void)
{
    check_int("0", 0, 0, 0, NULL);
    check_int("-0", -5, 5, 0, NULL);
    check_int("1e5", 0, 100000, 100000, NULL);
    check_int("2.0", 0, 5, 2, NULL);
    check_int("9007199254740991", 0, INT64_MAX, JSON_MAX_INT, NULL);
    check_int("-9007199254740991", INT64_MIN, 0, -JSON_MAX_INT, NULL);
    check_int("9007199254740992", 0, INT64_MAX, 0,
              "t:1:1: number is not exact: integers go to 9007199254740991");
    check_int("-1e300", INT64_MIN, INT64_MAX, 0,
              "t:1:1: number is not exact: integers go to 9007199254740991");
    check_int(" 1.5", 0, 5, 0, "t:1:2: expected an integer, found 1.5");
    check_int("0.1", 0, 5, 0, "t:1:1: expected an integer, found 0.1");
    check_int("6", 1, 5, 0, "t:1:1: expected an integer from 1 to 5, found 6");
    check_int("0", 1, 5, 0, "t:1:1: expected an integer from 1 to 5, found 0");
    check_int("-1", 0, JSON_MAX_INT, 0, "t:1:1: expected an integer of at least 0, found -1");
    check_int("\"1\"", 1, 5, 0, "t:1:1: expected an integer, found a string");
}

static void test_wants(void)
{
    struct json_doc *doc = parse("{\n  \"k\":  12}");
    struct json root = json_root(doc), v = {0};
    struct err err = ERR_INIT;
    const char *s = "old";
    bool b = true;

    CU_ASSERT_FATAL(json_get(&root, "k", &v));
    UNIT_INT(json_string(&v, &s, &err), ERR_INPUT);
    UNIT_STR(err.story, "t:2:9: expected a string, found a number");
    UNIT_STR(s, "old");
    UNIT_INT(json_bool(&v, &b, &err), ERR_INPUT);
    UNIT_STR(err.story, "t:2:9: expected true or false, found a number");
    CU_ASSERT(b);
    UNIT_INT(json_want(&root, JSON_ARRAY, &err), ERR_INPUT);
    UNIT_STR(err.story, "t:1:1: expected an array, found an object");
    UNIT_INT(json_want(&root, JSON_OBJECT, NULL), OK);
    UNIT_INT(json_want(&root, JSON_NULL, NULL), ERR_INPUT);
    UNIT_INT(json_fail_key(&v, &err, "no %s here", "k"), ERR_INPUT);
    UNIT_STR(err.story, "t:2:3: no k here");
    json_free(doc);
}

static void check_only(const char *text, const char *story)
{
    static const char *const keys[] = {"nodes", "seed", NULL};
    struct json_doc *doc = parse(text);
    struct json root = json_root(doc);
    struct err err = ERR_INIT;

    UNIT_INT(json_only(&root, keys, &err), story ? ERR_INPUT : OK);
    UNIT_STR(err.story, story ? story : "");
    json_free(doc);
}

static void test_only(void)
{
    check_only("{}", NULL);
    check_only("{\"seed\":1,\"nodes\":2}", NULL);
    check_only("{\"seed\":1,\n \"nodez\":2}",
               "t:2:2: unknown key \"nodez\" (did you mean \"nodes\"?)");
    check_only("{\"x\\ny\":1}", "t:1:2: unknown key \"x\\ny\"");
    check_only("[]", "t:1:1: expected an object, found an array");
}

static void check_pointer(const struct json *root, const char *pointer, const char *expected)
{
    struct json found = {0};
    char *printed;

    if (!json_pointer(root, pointer, &found)) {
        UNIT_STR(NULL, expected);
        return;
    }
    printed = json_print(&found);
    UNIT_STR(printed, expected);
    free(printed);
}

static const char *const nowhere[] = {
    "foo",     "/foo/2",  "/foo/-",  "/foo/00", "/foo/01",
    "/foo/",   "/foo/0/", "/FOO",    "/m~n",    "/~",
    "/foo/+1", "/foo/1x", "/a/b",    "//",      "/o/0",
    "/~2",     "/m~",     "/foo/ 1", "/foo/-1", "/foo/99999999999999",
};

/* The pointers of RFC 6901, section 5, and what they find there. */
static const char *const pointers[][2] = {
    {"/foo", "[\"bar\",\"baz\"]"},
    {"/foo/0", "\"bar\""},
    {"/foo/1", "\"baz\""},
    {"/", "0"},
    {"/a~1b", "1"},
    {"/c%d", "2"},
    {"/i\\j", "5"},
    {"/k\"l", "6"},
    {"/ ", "7"},
    {"/m~0n", "8"},
    {"/~01", "9"},
    {"/o//0", "10"},
};

static void test_pointer(void)
{
    struct json_doc *doc = parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
                                 "\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9,"
                                 "\"o\":{\"\":{\"0\":10}}}");
    struct json root = json_root(doc), out = {.index = 5};

    for (size_t i = 0; i < UNIT_COUNT(pointers); i++)
        check_pointer(&root, pointers[i][0], pointers[i][1]);
    for (size_t i = 0; i < UNIT_COUNT(nowhere); i++)
        check_pointer(&root, nowhere[i], NULL);
    CU_ASSERT(!json_pointer(&root, "/none", &out) && out.index == 5);
    CU_ASSERT(json_pointer(&root, "", &out) && out.item == root.item && out.up == NULL);
    json_free(doc);
}

/* Target, patch, result. The cases are those of RFC 7396's appendix A that have an object to be
 * patched. */
static const char *const merges[][3] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
    {"{\"a\":\"foo\"}", "null", "null"},
    {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
    {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    /* and our own: order, case, arrays keep their nulls, scalars become objects */
    {"{\"x\":1,\"y\":2,\"z\":3}", "{\"n\":0,\"y\":9}", "{\"x\":1,\"y\":9,\"z\":3,\"n\":0}"},
    {"{\"x\":1,\"y\":2,\"z\":3}", "{\"z\":8,\"x\":9}", "{\"x\":9,\"y\":2,\"z\":8}"},
    {"{\"a\":1,\"A\":2}", "{\"A\":3}", "{\"a\":1,\"A\":3}"},
    {"{\"a\":1}", "{\"A\":3}", "{\"a\":1,\"A\":3}"},
    {"{\"a\":1}", "{\"a\":[null,{\"b\":null}]}", "{\"a\":[null,{\"b\":null}]}"},
    {"{\"a\":1}", "{\"a\":{\"b\":null,\"c\":2}}", "{\"a\":{\"c\":2}}"},
    {"{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"d\":3,\"b\":4}}", "{\"a\":{\"b\":4,\"c\":2,\"d\":3}}"},
    {"{\"a\":1}", "{}", "{\"a\":1}"},
    {"{\"a\":1}", "{\"V\":{\"k\":1}}", "{\"a\":1,\"V\":{\"k\":1}}"},
};

/* The target with a first member "V": {"p": patch}. */
static struct json_doc *with_patch(const char *target, const char *patch)
{
    struct strbuf text = STRBUF_INIT;
    struct json_doc *doc;

    strbuf_printf(&text, "{\"V\":{\"p\":%s}%s%s", patch, target[1] == '}' ? "" : ",", target + 1);
    doc = parse(text.s);
    strbuf_release(&text);
    return doc;
}

static void check_patched(const struct json_doc *doc, const char *name, const char *expected)
{
    struct json_doc *made = json_patched(doc, "V", name);
    struct json root;
    char *printed;

    CU_ASSERT_FATAL(made != NULL);
    root = json_root(made);
    printed = json_print(&root);
    UNIT_STR(printed, expected);
    free(printed);
    json_free(made);
}

static void test_merge(void)
{
    for (size_t i = 0; i < UNIT_COUNT(merges); i++) {
        struct json_doc *doc = with_patch(merges[i][0], merges[i][1]);
        check_patched(doc, "p", merges[i][2]);
        check_patched(doc, NULL, merges[i][0]);
        CU_ASSERT(json_patched(doc, "V", "P") == NULL);
        CU_ASSERT(json_patched(doc, "v", "p") == NULL);
        json_free(doc);
    }
}

/* The result lives on without the document it was made of. */
static void test_patched_alone(void)
{
    struct json_doc *doc = with_patch("{\"a\":\"text\"}", "{\"b\":[true]}");
    struct json_doc *made = json_patched(doc, "V", "p");
    struct json root, b = {0};
    size_t len = 0;

    json_free(doc);
    root = json_root(made);
    CU_ASSERT(json_get(&root, "b", &b));
    UNIT_STR(json_name(made), "t");
    UNIT_STR(json_text(made, &len), "{\"V\":{\"p\":{\"b\":[true]}},\"a\":\"text\"}");
    UNIT_INT((int64_t)len, 35);
    check_patched(made, NULL, "{\"a\":\"text\",\"b\":[true]}");
    json_free(made);
}

static void check_place(const struct json *j, int line, int column, int key_line, int key_column)
{
    int l = 0, c = 0;

    json_place(j, false, &l, &c);
    UNIT_INT(l * 1000 + c, line * 1000 + column);
    json_place(j, true, &l, &c);
    UNIT_INT(l * 1000 + c, key_line * 1000 + key_column);
}

static void test_places(void)
{
    struct json_doc *doc =
        parse("\n {\"x\": {\"a\": 0},\n  \"\\u0061\": [1, [2,\n   {\"b\" : 3}]]}");
    struct json root = json_root(doc), a = {0}, e = {0}, o = {0}, b = {0};

    check_place(&root, 2, 2, 2, 2);
    CU_ASSERT(json_get(&root, "a", &a));
    check_place(&a, 3, 13, 3, 3);
    CU_ASSERT(json_at(&a, 1, &e));
    check_place(&e, 3, 17, 3, 17);
    CU_ASSERT(json_at(&e, 1, &o));
    check_place(&o, 4, 4, 4, 4);
    CU_ASSERT(json_get(&o, "b", &b));
    check_place(&b, 4, 11, 4, 5);
    CU_ASSERT(json_get(&root, "x", &a) && json_at(&a, 0, &b)); /* by index, but it has a key */
    check_place(&b, 2, 14, 2, 9);
    json_free(doc);
}

static void test_patched_places(void)
{
    struct json_doc *doc = parse("{\"o\": {\"k\": 1, \"l\": [5, 6]},\n"
                                 " \"s\": 2,\n"
                                 " \"V\": {\"p\": {\n"
                                 "   \"o\": {\"k\":  7},\n"
                                 "   \"n\": [8, 9]}}}");
    struct json_doc *made = json_patched(doc, "V", "p"), *again = json_patched(made, "other", NULL);
    struct json root = json_root(again), o = {0}, v = {0}, e = {0};

    CU_ASSERT(json_get(&root, "o", &o) && json_get(&o, "k", &v));
    check_place(&v, 4, 16, 4, 10);
    check_place(&o, 4, 9, 4, 4);
    CU_ASSERT(json_get(&o, "l", &v) && json_at(&v, 1, &e));
    check_place(&v, 1, 21, 1, 16);
    check_place(&e, 1, 25, 1, 25);
    CU_ASSERT(json_get(&root, "s", &v));
    check_place(&v, 2, 7, 2, 2);
    CU_ASSERT(json_get(&root, "n", &v) && json_at(&v, 1, &e));
    check_place(&e, 5, 13, 5, 13);
    CU_ASSERT(!json_get(&root, "V", &v));
    json_free(again);
    json_free(made);
    json_free(doc);
}

static void test_load(void)
{
    char path[] = "/tmp/fsrace-unit-XXXXXX";
    int fd = mkstemp(path);
    struct err err = ERR_INIT;
    struct json_doc *doc;
    size_t len = 0;

    CU_ASSERT_FATAL(fd >= 0 && write(fd, "[1]\n", 4) == 4);
    doc = json_load(path, &err);
    CU_ASSERT_FATAL(doc != NULL);
    UNIT_STR(json_name(doc), path);
    UNIT_STR(json_text(doc, &len), "[1]\n");
    UNIT_INT((int64_t)len, 4);
    json_free(doc);
    CU_ASSERT(write(fd, "x", 1) == 1);
    CU_ASSERT(json_load(path, &err) == NULL && err.code == ERR_INPUT);
    CU_ASSERT(strstr(err.story, ":2:1: expected end of file, found 'x'") != NULL);
    close(fd);
    unlink(path);
}

static void test_load_fails(void)
{
    char path[] = "/tmp/fsrace-unit-XXXXXX";
    struct err err = ERR_INIT;
    int fd = mkstemp(path);

    CU_ASSERT(json_load("/nowhere/x.json", &err) == NULL && err.code == ERR_IO);
    UNIT_STR(err.story, "/nowhere/x.json: No such file or directory");
    CU_ASSERT(json_load("/tmp", &err) == NULL && err.code == ERR_INPUT);
    UNIT_STR(err.story, "/tmp: it is not a regular file");
    CU_ASSERT(json_load("/nowhere/x.json", NULL) == NULL);
    CU_ASSERT_FATAL(fd >= 0 && ftruncate(fd, (off_t)JSON_MAX_BYTES + 1) == 0);
    CU_ASSERT(json_load(path, &err) == NULL && err.code == ERR_INPUT);
    CU_ASSERT(strstr(err.story, ": more than 16777216 bytes") != NULL);
    CU_ASSERT(json_parse("t", "[", 1, NULL) == NULL);
    close(fd);
    unlink(path);
}

void suite_json(void)
{
    static const struct unit_test tests[] = {
        {"getters", test_getters},   {"next", test_next},
        {"int", test_int},           {"wants", test_wants},
        {"only", test_only},         {"pointer", test_pointer},
        {"merge patch", test_merge}, {"patched alone", test_patched_alone},
        {"places", test_places},     {"patched places", test_patched_places},
        {"load", test_load},         {"load fails", test_load_fails},
    };
    unit_add("json", tests, UNIT_COUNT(tests));
}
