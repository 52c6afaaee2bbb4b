#include "sim/workload/predicate.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "fsstore/port/port.h"
#include "sim/workload/template.h"
#include <assert.h>
#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader { /* of predicates */
    struct arena *arena;
    const char *const *registers; /* NULL: any */
    const char *self;             /* whose "self" is meant; NULL: nobody's */
};

static enum err_code parse(const struct reader *r, const struct json *j, struct predicate *out,
                           struct err *err);

/* The register of that name, as the scenario has it, so that it can be told by its address; NULL:
 * there is none. */
static const char *find_register(const struct reader *r, const char *name)
{
    name = template_self(name, r->self, r->arena);
    if (!r->registers)
        return arena_strdup(r->arena, name);
    for (int i = 0; r->registers[i]; i++)
        if (strcmp(r->registers[i], name) == 0)
            return r->registers[i];
    return NULL;
}

/* {"ref": "B.r"} */
static enum err_code parse_ref(const struct reader *r, const struct json *j, struct predicate *out,
                               struct err *err)
{
    static const char *const keys[] = {"ref", NULL};
    const char *name, *near;
    struct json ref;

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(j, "ref", &ref))
        return json_fail(j, err, "expected {\"ref\": REGISTER}");
    if (json_string(&ref, &name, err) != OK)
        return ERR_INPUT;
    out->value = find_register(r, name);
    out->value_is_register = true;
    if (out->value)
        return OK;
    near = near_word(name, r->registers);
    return json_fail(&ref, err, "no register \"%s\"%s%s%s", name, near ? " (did you mean \"" : "",
                     near ? near : "", near ? "\"?)" : "");
}

static enum err_code parse_value(const struct reader *r, const struct json *j,
                                 struct predicate *out, struct err *err)
{
    struct arena *a = r->arena;
    char *text;

    if (json_kind(j) == JSON_OBJECT)
        return parse_ref(r, j, out, err);

    if (json_kind(j) == JSON_STRING) {
        out->value = arena_strdup(a, json_str(j));
        return OK;
    }
    if (json_kind(j) != JSON_NUMBER && json_kind(j) != JSON_BOOL)
        return json_fail(
            j, err, "expected a string, a number, true, false or {\"ref\": REGISTER}, found %s",
            json_kind_name(json_kind(j)));
    text = json_print(j);
    out->value = arena_strdup(a, text);
    free(text);
    return OK;
}

/* {"ne": VALUE}, or the value itself. */
static enum err_code parse_comparison(const struct reader *r, const struct json *j,
                                      struct predicate *out, struct err *err)
{
    static const char *const words[] = {"ne", "lt", "le", "gt", "ge", "contains", "matches", NULL};
    struct json value;

    _Static_assert(sizeof words / sizeof *words == CMP_MATCHES + 1, "words leave CMP_EQ out");
    out->comparison = CMP_EQ;
    if (json_kind(j) != JSON_OBJECT || json_get(j, "ref", &value))
        return parse_value(r, j, out, err);
    if (json_only(j, words, err) != OK)
        return ERR_INPUT;
    if (json_len(j) != 1 || !json_at(j, 0, &value))
        return json_fail(j, err,
                         "expected one of \"ne\", \"lt\", \"le\", \"gt\", \"ge\", "
                         "\"contains\", \"matches\", \"ref\"");
    while (strcmp(words[out->comparison], value.key) != 0)
        out->comparison++;
    out->comparison++;
    return parse_value(r, &value, out, err);
}

/* A path, or the name of a node, which the caller knows. */
static enum err_code parse_path(struct arena *a, const struct json *j, const char *path,
                                struct predicate *out, struct err *err)
{
    const char *hash = out->ref == REF_JSON ? strchr(path, '#') : NULL;
    const char *wrong;

    if (out->ref == REF_JSON && !hash)
        return json_fail_key(j, err, "\"%s\": expected json:PATH#/json/pointer", j->key);
    out->name = hash ? arena_memdup(a, path, (size_t)(hash - path)) : arena_strdup(a, path);
    out->pointer = hash ? arena_strdup(a, hash + 1) : NULL;
    if (hash && hash[1] != '\0' && hash[1] != '/')
        return json_fail_key(j, err, "\"%s\": a JSON pointer starts with '/'", j->key);
    wrong = out->ref == REF_UP ? NULL : port_path_check(out->name);
    if (wrong)
        return json_fail_key(j, err, "path \"%s\" %s", out->name, wrong);
    return OK;
}

static enum err_code parse_register(const struct reader *r, const struct json *j,
                                    struct predicate *out, struct err *err)
{
    const char *near;

    out->ref = REF_REGISTER;
    out->name = find_register(r, j->key);
    if (out->name)
        return OK;
    near = near_word(j->key, r->registers);
    if (near)
        return json_fail_key(j, err, "no register \"%s\" (did you mean \"%s\"?)", j->key, near);
    return json_fail_key(
        j, err,
        "no register \"%s\": expected NODE.NAME of an \"as\", exists:PATH, content:PATH, "
        "json:PATH#/pointer, or all, any, not, at_most, at_least, exactly",
        j->key);
}

static enum err_code parse_compare(const struct reader *r, const struct json *j,
                                   struct predicate *out, struct err *err)
{
    static const struct {
        const char *prefix;
        enum ref_kind ref;
    } kinds[] = {
        {"exists:", REF_EXISTS}, {"content:", REF_CONTENT}, {"json:", REF_JSON}, {"up:", REF_UP}};
    enum err_code code = OK;
    bool is_path = false;

    out->kind = PRED_COMPARE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !is_path; i++) {
        size_t len = strlen(kinds[i].prefix);

        is_path = strncmp(j->key, kinds[i].prefix, len) == 0;
        out->ref = kinds[i].ref;
        if (is_path)
            code = parse_path(r->arena, j, j->key + len, out, err);
    }
    if (!is_path)
        code = parse_register(r, j, out, err);
    return code == OK ? parse_comparison(r, j, out, err) : code;
}

static enum err_code parse_parts(const struct reader *r, const struct json *list,
                                 struct predicate *out, struct err *err)
{
    int n = 0;

    if (json_want(list, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    out->parts = arena_alloc(r->arena, sizeof *out->parts * (size_t)(json_len(list) + 1));
    for (struct json it = {0}; json_next(list, &it);)
        if (parse(r, &it, &out->parts[n++], err) != OK)
            return ERR_INPUT;
    out->part_count = n;
    return OK;
}

static enum err_code parse_count(const struct reader *r, const struct json *j,
                                 struct predicate *out, struct err *err)
{
    static const char *const keys[] = {"at_most", "at_least", "exactly", "of", NULL};
    static const enum predicate_kind kinds[] = {PRED_AT_MOST, PRED_AT_LEAST, PRED_EXACTLY};
    struct json n, of;
    int found = 0;

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    for (int i = 0; i < 3; i++) {
        if (!json_get(j, keys[i], &n))
            continue;
        found++;
        out->kind = kinds[i];
        if (json_int(&n, 0, 1000000, &out->n, err) != OK)
            return ERR_INPUT;
    }
    if (found != 1 || !json_get(j, "of", &of))
        return json_fail(j, err,
                         "expected one of \"at_most\", \"at_least\", \"exactly\", and \"of\"");
    return parse_parts(r, &of, out, err);
}

static enum err_code parse(const struct reader *r, const struct json *j, struct predicate *out,
                           struct err *err)
{
    struct json part, other;

    *out = (struct predicate){.kind = PRED_ALL};
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "at_most", &other) || json_get(j, "at_least", &other) ||
        json_get(j, "exactly", &other) || json_get(j, "of", &other))
        return parse_count(r, j, out, err);
    if (json_len(j) != 1)
        return json_fail(j, err, "expected an object with one member, found %d members",
                         json_len(j));
    json_at(j, 0, &part);
    if (strcmp(part.key, "all") == 0)
        return parse_parts(r, &part, out, err);
    if (strcmp(part.key, "any") == 0) {
        out->kind = PRED_ANY;
        return parse_parts(r, &part, out, err);
    }
    if (strcmp(part.key, "not") == 0) {
        out->kind = PRED_NOT;
        out->parts = arena_alloc(r->arena, sizeof *out->parts);
        out->part_count = 1;
        return parse(r, &part, out->parts, err);
    }
    return parse_compare(r, &part, out, err);
}

enum err_code predicate_parse(struct arena *a, const struct json *j, const char *const registers[],
                              struct predicate *out, struct err *err)
{
    return predicate_parse_by(a, j, registers, NULL, out, err);
}

enum err_code predicate_parse_by(struct arena *a, const struct json *j,
                                 const char *const registers[], const char *self,
                                 struct predicate *out, struct err *err)
{
    assert(a);
    assert(j);
    assert(out);

    const struct reader r = {a, registers, self};

    return parse(&r, j, out, err);
}

static bool as_number(const char *s, double *out)
{
    char *end;
    int n = 0;

    if (!*s || isalpha((unsigned char)*s)) /* most texts; "inf" and "nan" are no numbers here */
        return false;
    for (*out = 0; n < 15 && isdigit((unsigned char)s[n]); n++) /* most numbers */
        *out = 10 * *out + (s[n] - '0');
    if (!s[n])
        return true;
    *out = strtod(s, &end);
    return *end == '\0';
}

static bool compare(const char *found, enum comparison comparison, const char *value)
{
    double a, b;
    int order;

    if (!found || !value)
        return comparison == CMP_NE;
    if (comparison == CMP_CONTAINS)
        return strstr(found, value) != NULL;
    if (comparison == CMP_MATCHES)
        return fnmatch(value, found, 0) == 0;
    if (as_number(found, &a) && as_number(value, &b))
        order = (a > b) - (a < b);
    else
        order = strcmp(found, value);
    switch (comparison) {
    case CMP_EQ:
        return order == 0;
    case CMP_NE:
        return order != 0;
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_GT:
        return order > 0;
    case CMP_GE:
        return order >= 0;
    default:
        return false;
    }
}

/* What it is compared with; NULL: a register that is not set. */
static const char *value_of(const struct predicate *p, const struct sight *sight)
{
    return p->value_is_register ? sight->reg(sight->ctx, p->value) : p->value;
}

/* The text at a JSON pointer in a file: strings as they are, others as JSON. */
static bool compare_json(const struct predicate *p, const char *value, const struct sight *sight)
{
    size_t len;
    const char *text = sight->content(sight->ctx, p->name, &len);
    struct json_doc *doc = text ? json_parse(p->name, text, len, NULL) : NULL;
    struct json root, at;
    char *found = NULL;
    bool holds;

    if (doc) {
        root = json_root(doc);
        if (json_pointer(&root, p->pointer, &at))
            found = json_str(&at) ? mem_strdup(json_str(&at)) : json_print(&at);
    }
    holds = compare(found, p->comparison, value);
    free(found);
    json_free(doc);
    return holds;
}

static bool compare_holds(const struct predicate *p, const struct sight *sight)
{
    const char *value = value_of(p, sight);
    size_t len;

    switch (p->ref) {
    case REF_REGISTER:
        return compare(sight->reg(sight->ctx, p->name), p->comparison, value);
    case REF_EXISTS:
        return compare(sight->exists(sight->ctx, p->name) ? "true" : "false", p->comparison, value);
    case REF_CONTENT:
        return compare(sight->content(sight->ctx, p->name, &len), p->comparison, value);
    case REF_JSON:
        return compare_json(p, value, sight);
    case REF_UP:
        return compare(sight->up && sight->up(sight->ctx, p->name) ? "true" : "false",
                       p->comparison, value);
    }
    return false;
}

bool predicate_holds(const struct predicate *p, const struct sight *sight)
{
    assert(p);
    assert(sight);

    int64_t n = 0;

    if (p->kind == PRED_COMPARE)
        return compare_holds(p, sight);
    for (int i = 0; i < p->part_count; i++)
        n += predicate_holds(&p->parts[i], sight);
    switch (p->kind) {
    case PRED_ALL:
        return n == p->part_count;
    case PRED_ANY:
        return n > 0;
    case PRED_NOT:
        return n == 0;
    case PRED_AT_MOST:
        return n <= p->n;
    case PRED_AT_LEAST:
        return n >= p->n;
    case PRED_EXACTLY:
        return n == p->n;
    case PRED_COMPARE:
        break;
    }
    return false;
}

void predicate_each(const struct predicate *p,
                    void (*fn)(void *ctx, const struct predicate *compare), void *ctx)
{
    assert(p);
    if (p->kind == PRED_COMPARE)
        fn(ctx, p);
    if (p->kind == PRED_COMPARE && p->value_is_register) {
        const struct predicate other = {.kind = PRED_COMPARE,
                                        .ref = REF_REGISTER,
                                        .name = p->value,
                                        .value = "",
                                        .comparison = CMP_EQ};

        fn(ctx, &other);
    }
    for (int i = 0; i < p->part_count; i++)
        predicate_each(&p->parts[i], fn, ctx);
}
