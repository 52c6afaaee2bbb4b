/*
 * json: strict reading of JSON that we did not write, with places for error messages. The only user
 * of cJSON.
 *
 * A document is checked against RFC 8259 before cJSON builds its tree, because cJSON accepts what
 * it should not (trailing text, [01], duplicate keys) and keeps no positions. Refused as well:
 * duplicate keys, \u0000, lone surrogates, bytes that are not UTF-8, a byte order mark, nesting
 * deeper than JSON_MAX_DEPTH, more than JSON_MAX_BYTES, and numbers that cJSON cannot read: beyond
 * a double, or of more than 63 characters.
 *
 *     struct json_doc *doc = json_load("scenarios/dup-create.json", &err);
 *     struct json root = json_root(doc), nodes;
 *
 *     if (json_get(&root, "nodes", &nodes))
 *         show(&nodes);
 *
 * A `struct json` is a cursor: an item, and by `up` the way to it. It is a value on the caller's
 * stack; the cursor it came from, and the document, must outlive it. Strings that getters hand out
 * live in the document.
 *
 * json_fail() turns a cursor into "FILE:LINE:COLUMN: …". Lines and columns count from 1; a column
 * is a byte.
 *
 * json_patched() applies one part of a document as a JSON Merge Patch (RFC 7396) to the rest.
 * Places in the result are those of the patch where it has the value, else those of the rest.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 64
#define JSON_MAX_BYTES (16u << 20)
#define JSON_MAX_INT   INT64_C(9007199254740991) /* 2^53 - 1: beyond, a double is not exact */

struct cJSON;
struct json_doc;

struct json {
    const struct json_doc *doc;
    const struct cJSON *item;
    const struct json *up; /* NULL at the root */
    const char *key;       /* in its object, else NULL */
    int index;             /* in its array or object */
};

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* NULL and err (ERR_INPUT; ERR_IO where the file cannot be read) on failure. `name` is what
 * messages call it. */
struct json_doc *json_parse(const char *name, const char *text, size_t len, struct err *err);
struct json_doc *json_load(const char *path, struct err *err);
void json_free(struct json_doc *doc); /* NULL is allowed */
const char *json_name(const struct json_doc *doc);
const char *json_text(const struct json_doc *doc, size_t *len);

/* The document without the root's member `drop`, patched by that member's member `name` (drop =
 * "variants"). name NULL: no patch. NULL if there is no such member. The result shares nothing with
 * doc but its text, which stays as long as one of them does, and needs its own json_free(). A patched
 * document can be patched again. */
struct json_doc *json_patched(const struct json_doc *doc, const char *drop, const char *name);

struct json json_root(const struct json_doc *doc);
enum json_kind json_kind(const struct json *j);
const char *json_kind_name(enum json_kind kind); /* "an object", "a string", … */
int json_len(const struct json *j);              /* members or elements; 0 for others */
bool json_get(const struct json *object, const char *key, struct json *out); /* case matters */
bool json_at(const struct json *parent, int index, struct json *out);        /* member or element */

/* RFC 6901, "/a/0/b", "" is the item itself. `out` has no `up`: it is not for json_fail(). */
bool json_pointer(const struct json *j, const char *pointer, struct json *out);

/* for (struct json it = {0}; json_next(&parent, &it);) */
bool json_next(const struct json *parent, struct json *it);

/* Each touches *out on success only; on failure says what was found and what was meant. */
enum err_code json_string(const struct json *j, const char **out, struct err *err);
enum err_code json_int(const struct json *j, int64_t min, int64_t max, int64_t *out,
                       struct err *err);
enum err_code json_bool(const struct json *j, bool *out, struct err *err);
enum err_code json_want(const struct json *j, enum json_kind kind, struct err *err);

/* The value without asking: NULL / 0 where the kind is another. */
const char *json_str(const struct json *j);
double json_num(const struct json *j);
bool json_true(const struct json *j);

/* j is an object with no keys but these (NULL-terminated); else names the key, and the nearest
 * known one. */
enum err_code json_only(const struct json *j, const char *const keys[], struct err *err);

/* ERR_INPUT with "FILE:LINE:COLUMN: " + the message: at the value, or at the member's key. */
enum err_code json_fail(const struct json *j, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum err_code json_fail_key(const struct json *j, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* 1-based place of the value (or its key). */
void json_place(const struct json *j, bool of_key, int *line, int *column);

/* The item as compact JSON text; the caller frees. */
char *json_print(const struct json *j);
/* The same of the target with the patch over it, as a JSON Merge Patch. */
char *json_print_merged(const struct json *target, const struct json *patch);

#endif
