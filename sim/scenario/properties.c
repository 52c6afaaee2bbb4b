/* "properties" and "expect". */
#include "base/suggest.h"
#include "sim/scenario/builtin.h"
#include "sim/scenario/parse.h"
#include <assert.h>
#include <string.h>

static const char *const holds_words[] = {"always", "sometimes", "never", NULL};

_Static_assert(sizeof holds_words / sizeof *holds_words == HOLDS_NEVER + 2, "a word for each");

const char *holds_name(enum holds h)
{
    assert((int)h >= 0 && h <= HOLDS_UNNAMED);
    return h == HOLDS_UNNAMED ? "-" : holds_words[h];
}

#define PROPERTY_ROW(name, traits) {#name, traits},
const struct builtin_property builtin_properties[] = {BUILTIN_PROPERTIES(PROPERTY_ROW){NULL, 0}};

const struct builtin_property *builtin_property(const char *name)
{
    assert(name);

    const struct builtin_property *p = builtin_properties;

    while (p->name && strcmp(p->name, name) != 0)
        p++;
    return p->name ? p : NULL;
}

/* A point whose times are not counted: each of them counts. */
static enum err_code parse_end(struct scenario *s, const struct json *inside, const char *key,
                               const char **out, struct err *err)
{
    const char *text;
    struct json j;
    int nth;

    if (!json_get(inside, key, &j))
        return json_fail(inside, err, "\"%s\" is missing", key);
    if (json_string(&j, &text, err) != OK || parse_point(s, &j, text, out, &nth, err) != OK)
        return ERR_INPUT;
    return strlen(*out) == strlen(text)
               ? OK
               : json_fail(&j, err, "\"%s\": here each time counts, and none has a number", text);
}

static enum err_code parse_inside(struct scenario *s, const struct json *j,
                                  struct scenario_property *p, struct err *err)
{
    static const char *const keys[] = {"from", "to", "at_most", NULL};
    struct inside *inside = arena_alloc(&s->arena, sizeof *inside);
    int64_t at_most = 1;
    struct json at;

    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK ||
        parse_end(s, j, "from", &inside->from, err) != OK ||
        parse_end(s, j, "to", &inside->to, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "at_most", &at) && json_int(&at, 0, SCENARIO_TASKS_MAX, &at_most, err) != OK)
        return ERR_INPUT;
    inside->at_most = (int)at_most;
    p->inside = inside;
    p->invariant = s->has_invariants = s->has_inside = true;
    return OK;
}

struct named {
    struct scenario *s;
    const char *unknown;
};

static void look_at_node(void *ctx, const struct predicate *compare)
{
    struct named *n = ctx;

    if (compare->ref != REF_UP)
        return;
    n->s->ups_seen = true;
    if (scenario_node_index(n->s, compare->name) < 0)
        n->unknown = compare->name;
}

enum err_code check_nodes_named(struct scenario *s, const struct predicate *p, const struct json *j,
                                struct err *err)
{
    struct named n = {.s = s};

    predicate_each(p, look_at_node, &n);
    return n.unknown ? json_fail(j, err, "\"up:%s\": there is no such node", n.unknown) : OK;
}

static enum err_code parse_property(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"finally", "invariant", "inside", NULL};
    struct scenario_property *p = &s->properties[s->property_count++];
    struct json at;

    if (!name_ok(j->key, 48, false))
        return json_fail_key(j, err, "property \"%s\": expected letters, digits, '_', '-'", j->key);
    if (builtin_property(j->key))
        return json_fail_key(j, err, "property \"%s\" is built in", j->key);
    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK)
        return ERR_INPUT;
    p->name = arena_strdup(&s->arena, j->key);
    if (json_len(j) > 1)
        return json_fail(j, err, "\"finally\", \"invariant\", \"inside\": one of them");
    if (json_get(j, "inside", &at))
        return parse_inside(s, &at, p, err);
    p->invariant = json_get(j, "invariant", &at);
    if (!p->invariant && !json_get(j, "finally", &at))
        return json_fail(j, err, "expected \"finally\", \"invariant\" or \"inside\"");
    s->has_invariants |= p->invariant;
    if (predicate_parse(&s->arena, &at, s->registers, &p->predicate, err) != OK)
        return ERR_INPUT;
    return check_nodes_named(s, &p->predicate, &at, err);
}

enum err_code parse_properties(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (json_len(j) > SCENARIO_PROPERTIES_MAX)
        return json_fail(j, err, "more than %d properties", SCENARIO_PROPERTIES_MAX);
    s->properties = arena_alloc(&s->arena, sizeof *s->properties * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);)
        if (parse_property(s, &it, err) != OK)
            return ERR_INPUT;
    return OK;
}

static enum err_code unknown_property(const struct scenario *s, const struct json *j,
                                      struct err *err)
{
    const char *names[64] = {NULL}, *near;
    int n = 0;

    for (int i = 0; i < s->property_count; i++)
        names[n++] = s->properties[i].name;
    for (int i = 0; builtin_properties[i].name && n < 63; i++)
        names[n++] = builtin_properties[i].name;
    near = near_word(j->key, names);
    return json_fail_key(j, err, "no property \"%s\"%s%s%s", j->key,
                         near ? " (did you mean \"" : "", near ? near : "",
                         near ? "\"?)" : ", built in or in \"properties\"");
}

static enum err_code check_property(const struct scenario *s, const struct json *j, struct err *err)
{
    const struct builtin_property *builtin = builtin_property(j->key);

    for (int i = 0; i < s->property_count; i++)
        if (strcmp(s->properties[i].name, j->key) == 0)
            return OK;
    if (!builtin)
        return unknown_property(s, j, err);
    if ((builtin->traits & OF_SERVICES) && !s->has_services)
        return json_fail_key(
            j, err, "property \"%s\" is about ingestors and queriers: there are none", j->key);
    if ((builtin->traits & OF_POSIX) && s->semantics != STORE_POSIX)
        return json_fail_key(
            j, err,
            "property \"%s\" is about \"semantics\": \"posix\": here each object is one step",
            j->key);
    if ((builtin->traits & OF_VERSIONS) && s->settings.schema != SCHEMA_VERSIONED)
        return json_fail_key(j, err, "property \"%s\" is about \"schema\": \"versioned\"", j->key);
    return OK;
}

static void note_traits(struct scenario *s, const struct builtin_property *builtin)
{
    unsigned traits = builtin ? builtin->traits : 0;

    s->real_time |= (traits & BY_REAL_TIME) != 0;
    s->accesses |= (traits & BY_ACCESSES) != 0;
}

enum err_code parse_expect(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    s->expects = arena_alloc(&s->arena, sizeof *s->expects * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        struct scenario_expect *e = &s->expects[s->expect_count++];
        int holds;

        if (check_property(s, &it, err) != OK)
            return ERR_INPUT;
        holds = parse_word(&it, holds_words, "expectation", err);
        if (holds < 0)
            return ERR_INPUT;
        e->property = arena_strdup(&s->arena, it.key);
        e->holds = (enum holds)holds;
        note_traits(s, builtin_property(it.key));
        json_place(&it, true, &e->line, &e->column);
    }
    return OK;
}
