/*
 * Fuzzing of base/json, for libFuzzer or for tests/fuzz/standalone.c. Any bytes are either an error
 * with a place, or a document whose every value has a place, which prints, and whose print reads
 * back as the same.
 */
#include "base/json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fuzz_json: not true: %s\n", what);
    abort();
}

static void check_getters(const struct json *j)
{
    static const char *const keys[] = {"name", "nodes", NULL};
    struct err err = ERR_INIT;
    const char *s;
    int64_t n;
    bool b;

    must((json_string(j, &s, &err) == OK) == (json_kind(j) == JSON_STRING), "string");
    must((json_bool(j, &b, &err) == OK) == (json_kind(j) == JSON_BOOL), "bool");
    must(json_int(j, -5, 5, &n, &err) != OK || (n >= -5 && n <= 5), "int in its range");
    must(json_only(j, keys, &err) == OK || err.story[0] != '\0', "only");
}

/* Places need a scan for each value: not for all values of a large document. */
static void walk(const struct json *j, int *places)
{
    int line = 0, column = 0, count = 0;

    check_getters(j);
    if (--*places > 0) {
        json_place(j, *places % 2, &line, &column);
        must(line > 0 && column > 0, "place");
    }
    for (struct json it = {0}; json_next(j, &it); count++) {
        must(it.index == count && (it.key != NULL) == (json_kind(j) == JSON_OBJECT), "cursor");
        walk(&it, places);
    }
    must(count == json_len(j), "length");
}

static char *print(const struct json_doc *doc)
{
    struct json root = json_root(doc);

    return json_print(&root);
}

static void check_print(const struct json_doc *doc)
{
    char *once = print(doc), *twice;
    struct json_doc *again = json_parse("print", once, strlen(once), NULL);

    must(again != NULL, "a print is a document");
    twice = print(again);
    must(strcmp(once, twice) == 0, "a print reads back as the same");
    free(once);
    free(twice);
    json_free(again);
}

static void check_patched(const struct json_doc *doc, const char *drop, const char *name)
{
    struct json_doc *made = json_patched(doc, drop, name);
    int places = 50;

    if (!made)
        return;
    struct json root = json_root(made);
    walk(&root, &places);
    check_print(made);
    json_free(made);
}

/* Every member of a member of the root is tried as a patch. */
static void check_patches(const struct json_doc *doc)
{
    const struct json root = json_root(doc);
    int left = 20;

    check_patched(doc, "variants", NULL);
    for (struct json drop = {0}; json_next(&root, &drop);)
        for (struct json name = {0}; drop.key && json_next(&drop, &name) && left > 0; left--)
            if (name.key)
                check_patched(doc, drop.key, name.key);
}

static void check_pointers(const struct json *root, const uint8_t *data, size_t size)
{
    char pointer[32] = "/";
    struct json out;

    memcpy(pointer + 1, data, size < 30 ? size : 30);
    if (json_pointer(root, pointer, &out))
        check_getters(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct json_doc *doc = json_parse("fuzz", (const char *)data, size, &err);
    int places = 200;

    if (!doc) {
        must(err.code == ERR_INPUT && strncmp(err.story, "fuzz:", 5) == 0, "an error has a place");
        return 0;
    }
    must(err.code == OK, "no error with a document");
    struct json root = json_root(doc);
    walk(&root, &places);
    check_print(doc);
    check_patches(doc);
    check_pointers(&root, data, size);
    json_free(doc);
    return 0;
}
