#include "base/json.h"
#include "base/infile.h"
#include "base/json_merge.h"
#include "base/json_scan.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "base/vec.h"
#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a document and those that are made of it by patches have in common. */
struct source {
    int documents;
    char *name;
    char *text; /* '\0' at text[len] */
    size_t len;
    int *lines; /* the offset at which each begins */
    int line_count, line_cap;
};

/* The place of each item in the text is in its valueint, which is nothing to us: numbers are read from
 * valuedouble. So it goes with the item, wherever that is copied. */
struct json_doc {
    struct source *source;
    cJSON *root;
};

/* cJSON's calls then end the program when memory runs out, instead of returning NULL. */
static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){mem_alloc, free});
}

static void add_line(struct source *s, size_t at)
{
    VEC_ROOM(s->lines, s->line_count, s->line_cap, 64);
    s->lines[s->line_count++] = (int)at;
}

static struct source *source_new(const char *name, char *text, size_t len)
{
    struct source *s = mem_alloc(sizeof *s);

    *s = (struct source){.documents = 1, .name = mem_strdup(name), .text = text, .len = len};
    add_line(s, 0);
    for (const char *end = text; (end = memchr(end, '\n', (size_t)(text + len - end))); end++)
        add_line(s, (size_t)(end - text) + 1);
    return s;
}

static void source_drop(struct source *s)
{
    if (--s->documents > 0)
        return;
    free(s->name);
    free(s->text);
    free(s->lines);
    free(s);
}

/* In the order of the text. */
static void place_items(cJSON *item, const int **at)
{
    item->valueint = *(*at)++;
    for (cJSON *child = item->child; child; child = child->next)
        place_items(child, at);
}

/* The text becomes the document's, or is freed. */
static struct json_doc *parse_owned(const char *name, char *text, size_t len, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct json_places places = {0};
    struct json_doc *doc;
    const int *at;
    size_t offset = 0;
    int line, column;

    pthread_once(&once, set_hooks);
    if (len > JSON_MAX_BYTES)
        err_set(err, ERR_INPUT, "more than %u bytes", JSON_MAX_BYTES);
    if (len > JSON_MAX_BYTES || json_scan_check(text, len, &places, &offset, err) != OK) {
        json_scan_place(text, offset, &line, &column);
        err_wrap(err, "%s:%d:%d", name, line, column);
        free(text);
        free(places.v);
        return NULL;
    }
    doc = mem_alloc(sizeof(*doc));
    doc->source = source_new(name, text, len);
    doc->root = cJSON_ParseWithLength(text, len + 1);
    if (!doc->root) { /* not expected: it takes all that the scanner takes */
        err_set(err, ERR_INPUT, "%s:1:1: cJSON cannot read this", name);
        json_free(doc);
        doc = NULL;
    } else {
        at = places.v;
        place_items(doc->root, &at);
        assert(at == places.v + places.count);
    }
    free(places.v);
    return doc;
}

struct json_doc *json_parse(const char *name, const char *text, size_t len, struct err *err)
{
    assert(name);
    assert(text);

    size_t kept = len <= JSON_MAX_BYTES ? len : 0;
    char *copy = mem_grow(NULL, kept + 1, 1);

    if (kept)
        memcpy(copy, text, kept);
    copy[kept] = '\0';
    return parse_owned(name, copy, len, err);
}

struct json_doc *json_load(const char *path, struct err *err)
{
    assert(path);

    struct strbuf text = STRBUF_INIT;
    size_t len;

    if (infile_read(path, JSON_MAX_BYTES, &text, err) != OK) {
        strbuf_release(&text);
        return NULL;
    }
    len = text.len;
    return parse_owned(path, strbuf_take(&text), len, err);
}

void json_free(struct json_doc *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    source_drop(doc->source);
    free(doc);
}

const char *json_name(const struct json_doc *doc)
{
    assert(doc);
    return doc->source->name;
}

const char *json_text(const struct json_doc *doc, size_t *len)
{
    assert(doc);
    if (len)
        *len = doc->source->len;
    return doc->source->text;
}

struct json_doc *json_patched(const struct json_doc *doc, const char *drop, const char *name)
{
    assert(doc);
    assert(drop);

    const cJSON *variants = cJSON_GetObjectItemCaseSensitive(doc->root, drop);
    const cJSON *patch = name ? cJSON_GetObjectItemCaseSensitive(variants, name) : NULL;
    struct json_doc *made;

    if (name && !patch)
        return NULL;
    made = mem_alloc(sizeof(*made));
    made->source = doc->source;
    made->source->documents++;
    made->root = json_merge(doc->root, drop, patch);
    return made;
}

struct json json_root(const struct json_doc *doc)
{
    assert(doc);
    return (struct json){.doc = doc, .item = doc->root};
}

enum json_kind json_kind(const struct json *j)
{
    switch (j->item->type & 0xff) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const char *json_kind_name(enum json_kind kind)
{
    assert((int)kind >= JSON_NULL && kind <= JSON_OBJECT);

    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
    };

    return names[kind];
}

int json_len(const struct json *j)
{
    assert(j);
    return cJSON_GetArraySize(j->item);
}

static struct json child(const struct json *parent, const cJSON *item, int index)
{
    return (struct json){
        .doc = parent->doc, .item = item, .up = parent, .key = item->string, .index = index};
}

bool json_get(const struct json *object, const char *key, struct json *out)
{
    assert(object);
    if (json_kind(object) != JSON_OBJECT)
        return false;
    for (struct json it = {0}; json_next(object, &it);) {
        if (strcmp(it.key, key) == 0) {
            *out = it;
            return true;
        }
    }
    return false;
}

bool json_at(const struct json *parent, int index, struct json *out)
{
    assert(parent);
    assert(out);

    const cJSON *item = cJSON_GetArrayItem(parent->item, index);

    if (item)
        *out = child(parent, item, index);
    return item != NULL;
}

bool json_next(const struct json *parent, struct json *it)
{
    assert(parent);
    assert(it);

    const cJSON *item = it->item ? it->item->next : parent->item->child;

    if (item)
        *it = child(parent, item, it->item ? it->index + 1 : 0);
    return item != NULL;
}

/* One reference token, up to '/' or the end, with ~0 and ~1 decoded. False: another escape. */
static bool pointer_token(const char **pointer, struct strbuf *token)
{
    const char *p = *pointer;

    strbuf_clear(token);
    for (; *p && *p != '/'; p++) {
        if (*p != '~')
            strbuf_addc(token, *p);
        else if (p[1] == '0' || p[1] == '1')
            strbuf_addc(token, *++p == '0' ? '~' : '/');
        else
            return false;
    }
    *pointer = p;
    return true;
}

/* Digits without a leading 0. "-", the element behind the last, never exists for us. */
static bool pointer_index(const char *token, int *index)
{
    size_t len = strlen(token);

    if (len == 0 || len > 9 || strspn(token, "0123456789") != len || (*token == '0' && len > 1))
        return false;
    *index = atoi(token);
    return true;
}

static bool pointer_step(struct json *at, const char *token)
{
    const struct json parent = *at;
    bool found = false;
    int index;

    if (json_kind(&parent) == JSON_OBJECT)
        found = json_get(&parent, token, at);
    else if (json_kind(&parent) == JSON_ARRAY && pointer_index(token, &index))
        found = json_at(&parent, index, at);
    at->up = NULL; /* parent is gone when we return */
    return found;
}

bool json_pointer(const struct json *j, const char *pointer, struct json *out)
{
    assert(j);
    assert(pointer);
    assert(out);

    struct strbuf token = STRBUF_INIT;
    struct json at = *j;
    bool found = true;

    at.up = NULL;
    while (found && *pointer) {
        found = *pointer == '/';
        pointer++;
        found = found && pointer_token(&pointer, &token) && pointer_step(&at, token.s);
    }
    strbuf_release(&token);
    if (found)
        *out = at;
    return found;
}

enum err_code json_want(const struct json *j, enum json_kind kind, struct err *err)
{
    assert(j);
    if (json_kind(j) == kind)
        return OK;
    return json_fail(j, err, "expected %s, found %s", json_kind_name(kind),
                     json_kind_name(json_kind(j)));
}

enum err_code json_string(const struct json *j, const char **out, struct err *err)
{
    assert(j);
    assert(out);
    if (json_want(j, JSON_STRING, err) != OK)
        return ERR_INPUT;
    *out = j->item->valuestring;
    return OK;
}

static enum err_code fail_range(const struct json *j, int64_t min, int64_t max, int64_t found,
                                struct err *err)
{
    if (max >= JSON_MAX_INT)
        return json_fail(j, err, "expected an integer of at least %" PRId64 ", found %" PRId64, min,
                         found);
    return json_fail(j, err, "expected an integer from %" PRId64 " to %" PRId64 ", found %" PRId64,
                     min, max, found);
}

static enum err_code fail_fraction(const struct json *j, struct err *err)
{
    struct strbuf found = STRBUF_INIT;

    strbuf_number(&found, json_num(j));
    json_fail(j, err, "expected an integer, found %s", found.s);
    strbuf_release(&found);
    return ERR_INPUT;
}

enum err_code json_int(const struct json *j, int64_t min, int64_t max, int64_t *out,
                       struct err *err)
{
    assert(j);
    assert(out);
    assert(min <= max);

    double d = j->item->valuedouble;
    int64_t n;

    if (json_kind(j) != JSON_NUMBER)
        return json_fail(j, err, "expected an integer, found %s", json_kind_name(json_kind(j)));
    if (d > (double)JSON_MAX_INT || d < -(double)JSON_MAX_INT)
        return json_fail(j, err, "number is not exact: integers go to %" PRId64, JSON_MAX_INT);
    n = (int64_t)d;
    if (d != (double)n)
        return fail_fraction(j, err);
    if (n < min || n > max)
        return fail_range(j, min, max, n, err);
    *out = n;
    return OK;
}

enum err_code json_bool(const struct json *j, bool *out, struct err *err)
{
    assert(j);
    assert(out);
    if (json_want(j, JSON_BOOL, err) != OK)
        return ERR_INPUT;
    *out = json_true(j);
    return OK;
}

const char *json_str(const struct json *j)
{
    assert(j);
    return json_kind(j) == JSON_STRING ? j->item->valuestring : NULL;
}

double json_num(const struct json *j)
{
    assert(j);
    return json_kind(j) == JSON_NUMBER ? j->item->valuedouble : 0;
}

bool json_true(const struct json *j)
{
    assert(j);
    return cJSON_IsTrue(j->item);
}

static enum err_code fail_unknown(const struct json *j, const char *const keys[], struct err *err)
{
    const char *meant = near_word(j->key, keys);
    struct strbuf message = STRBUF_INIT;

    strbuf_adds(&message, "unknown key ");
    strbuf_json(&message, j->key);
    if (meant)
        strbuf_printf(&message, " (did you mean \"%s\"?)", meant);
    json_fail_key(j, err, "%s", message.s);
    strbuf_release(&message);
    return ERR_INPUT;
}

enum err_code json_only(const struct json *j, const char *const keys[], struct err *err)
{
    assert(j);
    assert(keys);
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(j, &it);) {
        const char *const *k = keys;
        while (*k && strcmp(*k, it.key) != 0)
            k++;
        if (!*k)
            return fail_unknown(&it, keys, err);
    }
    return OK;
}

static enum err_code fail_at(const struct json *j, bool of_key, struct err *err, const char *fmt,
                             va_list ap) __attribute__((format(printf, 4, 0)));

static enum err_code fail_at(const struct json *j, bool of_key, struct err *err, const char *fmt,
                             va_list ap)
{
    char message[ERR_STORY_MAX];
    int line, column;

    if (!err)
        return ERR_INPUT;
    vsnprintf(message, sizeof(message), fmt, ap);
    json_place(j, of_key, &line, &column);
    return err_set(err, ERR_INPUT, "%s:%d:%d: %s", j->doc->source->name, line, column, message);
}

enum err_code json_fail(const struct json *j, struct err *err, const char *fmt, ...)
{
    assert(j);
    assert(fmt);

    enum err_code code;
    va_list ap;

    va_start(ap, fmt);
    code = fail_at(j, false, err, fmt, ap);
    va_end(ap);
    return code;
}

enum err_code json_fail_key(const struct json *j, struct err *err, const char *fmt, ...)
{
    assert(j);
    assert(fmt);

    enum err_code code;
    va_list ap;

    va_start(ap, fmt);
    code = fail_at(j, true, err, fmt, ap);
    va_end(ap);
    return code;
}

/* The last line that begins at the offset, or before. */
static int line_at(const struct source *s, int offset)
{
    int low = 0, high = s->line_count;

    while (high - low > 1) {
        int middle = low + (high - low) / 2;

        if (s->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void json_place(const struct json *j, bool of_key, int *line, int *column)
{
    assert(j);
    assert(line);
    assert(column);

    const struct source *s = j->doc->source;
    int at = j->item->valueint;

    assert(at >= 0 && (size_t)at <= s->len);
    if (of_key && j->key)
        at = (int)json_scan_key(s->text, (size_t)at);
    *line = line_at(s, at) + 1;
    *column = at - s->lines[*line - 1] + 1;
}
