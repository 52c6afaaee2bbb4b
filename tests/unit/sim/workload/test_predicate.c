#include "sim/workload/predicate.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a small world: A.one = "1", A.text = "b", A.empty = "", files n = "10", j = JSON, bad = no
 * JSON -------- */

static const char *see_register(void *ctx, const char *name)
{
    (void)ctx;
    if (strcmp(name, "A.one") == 0)
        return "1";
    if (strcmp(name, "A.text") == 0)
        return "b";
    return strcmp(name, "A.empty") == 0 ? "" : NULL;
}

static const char *see_content(void *ctx, const char *path, size_t *len)
{
    const char *text = NULL;

    (void)ctx;
    if (strcmp(path, "n") == 0)
        text = "10";
    else if (strcmp(path, "j") == 0)
        text = "{\"s\": \"x\", \"n\": 2.50, \"t\": true, \"o\": {\"k\": [1, 2]}, \"nil\": null}";
    else if (strcmp(path, "d/bad") == 0)
        text = "{\"s\": \"x\"";
    *len = text ? strlen(text) : 0;
    return text;
}

static bool see_exists(void *ctx, const char *path)
{
    size_t len;

    return strcmp(path, "dir") == 0 || see_content(ctx, path, &len);
}

static const struct sight sight = {see_register, see_exists, see_content, NULL, NULL};

static const char *const registers[] = {"A.one", "A.text", "A.empty", "A.unset", NULL};

/* ' stands for ". */
static enum err_code parse(struct arena *a, const char *text, struct predicate *p, struct err *err)
{
    char *json = mem_strdup(text);
    struct json_doc *doc;
    struct json root;
    enum err_code code;

    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    doc = json_parse("p", json, strlen(json), err);
    free(json);
    if (!doc)
        return ERR_INPUT;
    root = json_root(doc);
    code = predicate_parse(a, &root, registers, p, err);
    json_free(doc); /* what was parsed does not need it */
    return code;
}

static void check(const char *text, bool expected)
{
    struct arena a = {0};
    struct err err = ERR_INIT;
    struct predicate p;

    parse(&a, text, &p, &err);
    UNIT_STR(err.story, "");
    if (err.code == OK && predicate_holds(&p, &sight) != expected)
        UNIT_STR(text, expected ? "true" : "false");
    arena_release(&a);
}

#define HOLDS(text)     check(text, true)
#define HOLDS_NOT(text) check(text, false)

static void test_registers(void)
{
    HOLDS("{'A.one': '1'}");
    HOLDS("{'A.one': 1}");
    HOLDS("{'A.one': 1.0}");
    HOLDS("{'A.one': '01'}"); /* both are numbers */
    HOLDS_NOT("{'A.one': 'one'}");
    HOLDS_NOT("{'A.one': true}");
    HOLDS("{'A.text': 'b'}");
    HOLDS_NOT("{'A.text': 'B'}");
    HOLDS("{'A.empty': ''}");
    HOLDS_NOT("{'A.empty': 0}");
}

static void test_texts(void)
{
    HOLDS("{'content:n': {'contains': '0'}}");
    HOLDS("{'A.one': {'contains': ''}}");
    HOLDS_NOT("{'content:n': {'contains': '01'}}");
    HOLDS("{'content:n': {'matches': '1*'}}");
    HOLDS("{'A.empty': {'matches': ''}}");
    HOLDS_NOT("{'content:n': {'matches': '0'}}");
    HOLDS_NOT("{'A.unset': {'contains': ''}}");
    HOLDS_NOT("{'content:none': {'matches': '*'}}");
}

static void test_registers_as_values(void)
{
    HOLDS("{'A.one': {'ref': 'A.one'}}");
    HOLDS_NOT("{'A.one': {'ref': 'A.text'}}");
    HOLDS("{'content:n': {'gt': {'ref': 'A.one'}}}");
    HOLDS("{'content:n': {'contains': {'ref': 'A.one'}}}");
    HOLDS_NOT("{'A.one': {'ref': 'A.unset'}}");
    HOLDS("{'A.one': {'ne': {'ref': 'A.unset'}}}");
    HOLDS_NOT("{'A.unset': {'ref': 'A.unset'}}");
}

static void test_comparisons(void)
{
    static const struct {
        const char *op;
        bool less, equal, more;
    } ops[] = {{"ne", true, false, true},
               {"lt", true, false, false},
               {"le", true, true, false},
               {"gt", false, false, true},
               {"ge", false, true, true}};

    for (size_t i = 0; i < UNIT_COUNT(ops); i++) {
        char text[80];

        snprintf(text, sizeof text, "{'content:n': {'%s': 11}}", ops[i].op);
        check(text, ops[i].less);
        snprintf(text, sizeof text, "{'content:n': {'%s': '10.0'}}", ops[i].op);
        check(text, ops[i].equal);
        snprintf(text, sizeof text, "{'content:n': {'%s': 9}}",
                 ops[i].op); /* as texts it is less */
        check(text, ops[i].more);
        snprintf(text, sizeof text, "{'A.text': {'%s': 'c'}}", ops[i].op);
        check(text, ops[i].less);
        snprintf(text, sizeof text, "{'A.text': {'%s': 'b'}}", ops[i].op);
        check(text, ops[i].equal);
        snprintf(text, sizeof text, "{'A.text': {'%s': 'a'}}", ops[i].op);
        check(text, ops[i].more);
    }
}

/* What is not there is equal to nothing, not less, not greater, and `ne` to everything. */
static void test_missing(void)
{
    static const char *const refs[] = {"A.unset", "content:no", "json:no#/s", "json:j#/no",
                                       "json:d/bad#/s"};
    static const char *const never[] = {"''",          "0",          "{'lt': 'z'}",
                                        "{'le': 'z'}", "{'gt': ''}", "{'ge': ''}"};

    for (size_t i = 0; i < UNIT_COUNT(refs); i++) {
        char text[80];

        for (size_t k = 0; k < UNIT_COUNT(never); k++) {
            snprintf(text, sizeof text, "{'%s': %s}", refs[i], never[k]);
            check(text, false);
        }
        snprintf(text, sizeof text, "{'%s': {'ne': ''}}", refs[i]);
        check(text, true);
    }
}

static void test_store(void)
{
    HOLDS("{'exists:n': true}");
    HOLDS("{'exists:dir': true}");
    HOLDS("{'exists:no': false}");
    HOLDS_NOT("{'exists:n': false}");
    HOLDS("{'exists:n': {'ne': false}}");
    HOLDS("{'content:n': '10'}");
    HOLDS("{'json:j#/s': 'x'}");
    HOLDS("{'json:j#/n': 2.5}");
    HOLDS("{'json:j#/t': true}");
    HOLDS("{'json:j#/nil': 'null'}");
    HOLDS("{'json:j#/o/k/1': 2}");
    HOLDS("{'json:j#/o/k': '[1,2]'}");
    HOLDS("{'json:n#': 10}");
    HOLDS_NOT("{'json:j#/o/k/2': 2}");
}

static void test_connectives(void)
{
    HOLDS("{'all': []}");
    HOLDS_NOT("{'any': []}");
    HOLDS("{'all': [{'A.one': 1}, {'A.text': 'b'}]}");
    HOLDS_NOT("{'all': [{'A.one': 1}, {'A.text': 'c'}]}");
    HOLDS("{'any': [{'A.one': 2}, {'A.text': 'b'}]}");
    HOLDS_NOT("{'any': [{'A.one': 2}, {'A.text': 'c'}]}");
    HOLDS("{'not': {'A.one': 2}}");
    HOLDS_NOT("{'not': {'not': {'A.one': 2}}}");
    HOLDS("{'not': {'any': [{'A.one': 2}, {'not': {'all': []}}]}}");
}

static void test_counts(void)
{
    static const struct {
        const char *word;
        bool holds[4]; /* with 1 in place of 0, 1, 2, 3 that hold of three */
    } words[] = {{"at_most", {true, true, false, false}},
                 {"at_least", {false, true, true, true}},
                 {"exactly", {false, true, false, false}}};

    for (size_t i = 0; i < UNIT_COUNT(words); i++)
        for (int n = 0; n <= 3; n++) {
            char text[120];

            snprintf(text, sizeof text,
                     "{'%s': 1, 'of': [{'A.one': %d}, {'A.one': %d}, {'A.one': %d}]}",
                     words[i].word, n > 0, n > 1, n > 2);
            check(text, words[i].holds[n]);
        }
    HOLDS("{'of': [], 'at_most': 0}");
    HOLDS_NOT("{'of': [], 'at_least': 1}");
}

static void count(void *ctx, const struct predicate *p)
{
    char *seen = ctx;

    strcat(strcat(seen, p->name), " ");
}

static void test_each(void)
{
    struct arena a = {0};
    struct predicate p;
    char seen[80] = "";

    UNIT_INT(parse(&a,
                   "{'all': [{'A.one': 1}, {'not': {'exists:x': true}}, "
                   "{'exactly': 1, 'of': [{'json:y#/a': 1}, {'content:z': ''}]}]}",
                   &p, NULL),
             OK);
    predicate_each(&p, count, seen);
    UNIT_STR(seen, "A.one x y z ");
    arena_release(&a);
}

#define WORDS                                                                                      \
    "p:1:11: expected one of \"ne\", \"lt\", \"le\", \"gt\", \"ge\", \"contains\", \"matches\", "  \
    "\"ref\""

static void test_errors(void)
{
    static const char *const cases[][2] = {
        {"[]", "p:1:1: expected an object, found an array"},
        {"{}", "p:1:1: expected an object with one member, found 0 members"},
        {"{'A.one': 1, 'A.text': 2}", "p:1:1: expected an object with one member, found 2 members"},
        {"{'A.ome': 1}", "p:1:2: no register \"A.ome\" (did you mean \"A.one\"?)"},
        {"{'something': 1}", "p:1:2: no register \"something\": expected NODE.NAME of an \"as\", "
                             "exists:PATH, content:PATH, "
                             "json:PATH#/pointer, or all, any, not, at_most, at_least, exactly"},
        {"{'A.one': null}",
         "p:1:11: expected a string, a number, true, false or {\"ref\": REGISTER}, found null"},
        {"{'A.one': [1]}",
         "p:1:11: expected a string, a number, true, false or {\"ref\": REGISTER}, found an array"},
        {"{'A.one': {}}", WORDS},
        {"{'A.one': {'lt': 1, 'gt': 0}}", WORDS},
        {"{'A.one': {'eq': 1}}", "p:1:12: unknown key \"eq\""},
        {"{'A.one': {'lt': {}}}", "p:1:18: expected {\"ref\": REGISTER}"},
        {"{'A.one': {'ref': 'A.ome'}}", "p:1:19: no register \"A.ome\" (did you mean \"A.one\"?)"},
        {"{'A.one': {'lt': {'ref': 1}}}", "p:1:26: expected a string, found a number"},
        {"{'exists:': true}", "p:1:2: path \"\" is empty"},
        {"{'exists:/etc': true}", "p:1:2: path \"/etc\" is absolute"},
        {"{'content:a/../..': ''}", "p:1:2: path \"a/../..\" leaves the store"},
        {"{'json:x': 1}", "p:1:2: \"json:x\": expected json:PATH#/json/pointer"},
        {"{'json:x#a': 1}", "p:1:2: \"json:x#a\": a JSON pointer starts with '/'"},
        {"{'all': {}}", "p:1:9: expected an array, found an object"},
        {"{'any': [{'A.one': 1}, {'B.x': 1}]}",
         "p:1:25: no register \"B.x\": expected NODE.NAME of an \"as\", exists:PATH, content:PATH, "
         "json:PATH#/pointer, or all, any, not, at_most, at_least, exactly"},
        {"{'not': 1}", "p:1:9: expected an object, found a number"},
        {"{'at_most': 1}",
         "p:1:1: expected one of \"at_most\", \"at_least\", \"exactly\", and \"of\""},
        {"{'of': []}", "p:1:1: expected one of \"at_most\", \"at_least\", \"exactly\", and \"of\""},
        {"{'at_most': 1, 'at_least': 1, 'of': []}",
         "p:1:1: expected one of \"at_most\", \"at_least\", \"exactly\", and \"of\""},
        {"{'at_most': 1, 'off': []}", "p:1:16: unknown key \"off\" (did you mean \"of\"?)"},
        {"{'exactly': -1, 'of': []}", "p:1:13: expected an integer from 0 to 1000000, found -1"},
        {"{'exactly': 1, 'of': {}}", "p:1:22: expected an array, found an object"},
    };

    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        struct arena a = {0};
        struct err err = ERR_INIT;
        struct predicate p;

        UNIT_INT(parse(&a, cases[i][0], &p, &err), ERR_INPUT);
        UNIT_STR(err.story, cases[i][1]);
        UNIT_INT(parse(&a, cases[i][0], &p, NULL), ERR_INPUT);
        arena_release(&a);
    }
}

void suite_predicate(void)
{
    static const struct unit_test tests[] = {
        {"registers", test_registers},
        {"comparisons", test_comparisons},
        {"texts", test_texts},
        {"registers as values", test_registers_as_values},
        {"missing", test_missing},
        {"store", test_store},
        {"connectives", test_connectives},
        {"counts", test_counts},
        {"each", test_each},
        {"errors", test_errors},
    };
    unit_add("predicate", tests, UNIT_COUNT(tests));
}
