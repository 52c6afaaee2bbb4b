/* "order": every order, a sample, a script, or a partial order. */
#include "base/strbuf.h"
#include "base/suggest.h"
#include "sim/scenario/parse.h"
#include "sim/trace/point.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_MAX INT64_C(1000000000)

const char *const sampler_names[] = {"random", "pct", "pos", NULL};

enum err_code parse_point(struct scenario *s, const struct json *j, const char *text,
                          const char **point, int *nth, struct err *err)
{
    assert(s);
    assert(j);
    assert(text);
    assert(point);
    assert(nth);

    const char *hash = strrchr(text, '#');
    size_t len = strlen(text);

    *nth = 1;
    if (hash && hash[1] && strspn(hash + 1, "0123456789") == strlen(hash + 1) && strlen(hash) < 7) {
        *nth = atoi(hash + 1);
        len = (size_t)(hash - text);
    }
    *point = arena_memdup(&s->arena, text, len);
    if (*nth < 1)
        return json_fail(j, err, "\"%s\": times are counted from #1", text);
    if (!point_glob_possible(*point)) {
        const char *word = arena_memdup(&s->arena, *point, strcspn(*point, " *?[\\"));
        const char *near = near_word(word, point_op_names);

        return json_fail(j, err, "no point is called \"%s\"%s%s%s", *point,
                         near ? " (did you mean \"" : "", near ? near : "", near ? " …\"?)" : "");
    }
    return OK;
}

static enum err_code find_task(struct scenario *s, const struct json *j, const char *name,
                               const char **out, struct err *err)
{
    const char *names[SCENARIO_TASKS_MAX + 1] = {NULL};
    struct strbuf all = STRBUF_INIT;
    const char *near;

    for (int i = 0; i < s->task_count; i++) {
        names[i] = s->tasks[i].name;
        strbuf_printf(&all, "%s%s", i ? ", " : "", names[i]);
        if (strcmp(names[i], name) == 0)
            *out = names[i];
    }
    if (*out) {
        strbuf_release(&all);
        return OK;
    }
    near = near_word(name, names);
    if (near)
        json_fail(j, err, "no task \"%s\" (did you mean \"%s\"?)", name, near);
    else
        json_fail(j, err, "no task \"%s\": there are %s", name, all.s);
    strbuf_release(&all);
    return ERR_INPUT;
}

/* {"no_fault": true} */
static enum err_code parse_no_fault(struct order_step *step, const struct json *j,
                                    const struct json *value, struct err *err)
{
    step->no_fault = true;
    if (json_only(j, (const char *const[]){"no_fault", NULL}, err) != OK)
        return ERR_INPUT;
    return json_true(value) ? OK : json_fail(value, err, "expected true");
}

static enum err_code parse_script_step(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"run", "until", "through", "no_fault", NULL};
    struct order_step *step = &s->order.steps[s->order.step_count++];
    const char *text;
    struct json at;

    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK)
        return ERR_INPUT;
    json_place(j, false, &step->line, &step->column);
    if (json_get(j, "no_fault", &at))
        return parse_no_fault(step, j, &at, err);
    if (!json_get(j, "run", &at))
        return json_fail(j, err,
                         "expected {\"run\": TASK}, with \"until\" or \"through\" a point, or "
                         "{\"then\": …} last");
    if (json_string(&at, &text, err) != OK || find_task(s, &at, text, &step->task, err) != OK)
        return ERR_INPUT;
    step->through = json_get(j, "through", &at);
    if (step->through && json_get(j, "until", &at))
        return json_fail_key(&at, err, "\"until\" beside \"through\": one of them");
    if (!step->through && !json_get(j, "until", &at))
        return OK;
    if (json_string(&at, &text, err) != OK)
        return ERR_INPUT;
    return parse_point(s, &at, text, &step->point, &step->nth, err);
}

static enum err_code parse_plain(struct scenario *s, const struct json *j, struct err *err);

/* {"else": "all"} */
static enum err_code parse_else(struct scenario *s, const struct json *list, const struct json *it,
                                struct err *err)
{
    static const char *const words[] = {"all", NULL};
    struct json word;

    json_get(it, "else", &word);
    if (it->index != json_len(list) - 1)
        return json_fail(it, err, "{\"else\": …} comes last");
    if (json_only(it, (const char *const[]){"else", NULL}, err) != OK)
        return ERR_INPUT;
    s->order.search_if_lost = true;
    return parse_word(&word, words, "else", err) < 0 ? ERR_INPUT : OK;
}

static enum err_code parse_script(struct scenario *s, const struct json *j, struct err *err)
{
    s->order.kind = ORDER_SCRIPT;
    s->order.steps = arena_alloc(&s->arena, sizeof *s->order.steps * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        struct json then;

        if (json_kind(&it) == JSON_OBJECT && json_get(&it, "else", &then))
            return parse_else(s, j, &it, err);
        if (json_kind(&it) != JSON_OBJECT || !json_get(&it, "then", &then)) {
            if (parse_script_step(s, &it, err) != OK)
                return ERR_INPUT;
            continue;
        }
        if (it.index != json_len(j) - 1)
            return json_fail(&it, err, "{\"then\": …} comes last");
        if (json_only(&it, (const char *const[]){"then", NULL}, err) != OK)
            return ERR_INPUT;
        if (json_kind(&then) == JSON_ARRAY)
            return json_fail(&then, err, "expected \"all\" or a sample, found another list");
        return parse_plain(s, &then, err);
    }
    return OK;
}

static enum err_code parse_end(struct scenario *s, const struct json *j, struct order_end *out,
                               struct err *err)
{
    const char *text, *colon;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    colon = strstr(text, ": ");
    if (!colon)
        return json_fail(j, err, "\"%s\": expected \"TASK: POINT\"", text);
    if (find_task(s, j, arena_memdup(&s->arena, text, (size_t)(colon - text)), &out->task, err) !=
        OK)
        return ERR_INPUT;
    return parse_point(s, j, colon + 2, &out->point, &out->nth, err);
}

static enum err_code parse_before(struct scenario *s, const struct json *j, struct err *err)
{
    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) > ORDER_PAIRS_MAX)
        return json_fail(j, err, "more than %d pairs", ORDER_PAIRS_MAX);
    s->order.pairs = arena_alloc(&s->arena, sizeof *s->order.pairs * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        struct order_pair *pair = &s->order.pairs[s->order.pair_count++];
        struct json first, second;

        if (json_want(&it, JSON_ARRAY, err) != OK)
            return ERR_INPUT;
        if (json_len(&it) != 2)
            return json_fail(&it, err, "expected [\"TASK: POINT\", \"TASK: POINT\"]");
        json_at(&it, 0, &first);
        json_at(&it, 1, &second);
        json_place(&it, false, &pair->line, &pair->column);
        if (parse_end(s, &first, &pair->first, err) != OK ||
            parse_end(s, &second, &pair->second, err) != OK)
            return ERR_INPUT;
    }
    return OK;
}

bool scenario_seed(const char *text, uint64_t *out)
{
    assert(text);
    assert(out);

    char *end;

    errno = 0;
    *out = strtoull(text, &end, 0);
    return !errno && !*end && *text && *text != '-';
}

static enum err_code parse_seed(const struct json *j, uint64_t *out, struct err *err)
{
    const char *text;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    if (!scenario_seed(text, out))
        return json_fail(j, err, "seed \"%s\": expected a number like \"0x1\"", text);
    return OK;
}

static enum err_code parse_sample(struct scenario *s, const struct json *j, enum sampler sampler,
                                  const struct json *runs, struct err *err)
{
    struct order *o = &s->order;
    int64_t depth = PCT_DEPTH;
    struct json at;

    o->kind = ORDER_SAMPLE;
    o->sampler = sampler;
    o->seed = 1;
    for (int i = 0; sampler_names[i]; i++)
        if (i != (int)sampler && json_get(j, sampler_names[i], &at))
            return json_fail_key(&at, err, "\"%s\" beside \"%s\": one of them", sampler_names[i],
                                 sampler_names[sampler]);
    if (json_get(j, "seed", &at) && parse_seed(&at, &o->seed, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "depth", &at)) {
        if (sampler != SAMPLE_PCT)
            return json_fail_key(&at, err, "\"depth\" is for \"pct\"");
        if (json_int(&at, 1, PCT_DEPTH_MAX, &depth, err) != OK)
            return ERR_INPUT;
    }
    o->depth = (int)depth;
    return json_int(runs, 1, RUNS_MAX, &o->runs, err);
}

static enum err_code parse_bound(struct scenario *s, const struct json *j, bool delays,
                                 struct err *err)
{
    int64_t bound;

    if (json_int(j, 0, ORDER_BOUND_MAX, &bound, err) == OK)
        s->order.bound = (int)bound;
    s->order.delays = delays;
    s->order.within = err->code == OK;
    return err->code;
}

static enum err_code parse_plain(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"all", NULL};
    static const char *const keys[] = {"random", "pct", "pos",   "depth",  "seed",
                                       "before", "all", "bound", "delays", NULL};
    struct json at;

    if (json_kind(j) == JSON_STRING) {
        s->order.kind = ORDER_ALL;
        return parse_word(j, words, "order", err) < 0 ? ERR_INPUT : OK;
    }
    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "bound", &at) && parse_bound(s, &at, false, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "delays", &at) && s->order.within)
        return json_fail_key(&at, err, "\"delays\" beside \"bound\": one of them");
    if (json_get(j, "delays", &at) && parse_bound(s, &at, true, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "before", &at)) {
        s->order.kind = ORDER_ALL;
        return parse_before(s, &at, err);
    }
    if (json_get(j, "all", &at))
        return json_true(&at) ? OK : json_fail(&at, err, "expected true");
    for (int i = 0; sampler_names[i]; i++)
        if (json_get(j, sampler_names[i], &at))
            return parse_sample(s, j, (enum sampler)i, &at, err);
    return json_fail(
        j, err,
        "expected \"all\", {\"all\": true}, {\"random\" | \"pct\" | \"pos\": RUNS}, {\"before\": "
        "[…]} or a list of steps");
}

enum err_code parse_order(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);
    s->order = (struct order){.kind = ORDER_ALL};
    return json_kind(j) == JSON_ARRAY ? parse_script(s, j, err) : parse_plain(s, j, err);
}

enum err_code scenario_order(struct scenario *s, const char *name, const char *text,
                             struct err *err)
{
    assert(s);
    assert(text);

    struct json_doc *doc = json_parse(name, text, strlen(text), err);
    struct json root;
    enum err_code code;

    if (!doc)
        return ERR_INPUT;
    root = json_root(doc);
    code = parse_order(s, &root, err);
    json_free(doc);
    for (int i = 0; i < s->order.step_count; i++) /* places are for files */
        s->order.steps[i].line = 0;
    for (int i = 0; i < s->order.pair_count; i++)
        s->order.pairs[i].line = 0;
    return code;
}
