/* "faults": what goes wrong, and where. */
#include "base/suggest.h"
#include "nodes/stream/wire.h"
#include "sim/scenario/parse.h"
#include "sim/trace/point.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

struct fault_word {
    const char *name;
    enum fault_kind kind;
    const char *keys[8]; /* what may stand beside it */
};

static const struct fault_word words[] = {
    {"crash", FAULT_CRASH, {"at", "anywhere", "times", "restart_ms", NULL}},
    {"pause", FAULT_PAUSE, {"at", "anywhere", "times", "for_ms", NULL}},
    {"cut", FAULT_CUT, {"from_ms", "to_ms", NULL}},
    {"drop", FAULT_DROP, {"from", "to", "anywhere", "times", NULL}},
    {"duplicate", FAULT_DUPLICATE, {"from", "to", "anywhere", "times", NULL}},
    {"delay", FAULT_DELAY, {"from", "to", "times", "ms", NULL}},
    {"fail", FAULT_FAIL, {"errno", "node", "anywhere", "times", NULL}},
    {"torn", FAULT_TORN, {"node", "anywhere", "times", NULL}},
    {"power_loss", FAULT_POWER_LOSS, {"at", "anywhere", NULL}},
    {"overflow", FAULT_OVERFLOW, {"at", "anywhere", "times", NULL}},
    {"skew", FAULT_SKEW, {"ms", NULL}},
    {"slow", FAULT_SLOW, {"anywhere", NULL}},
};

#define WORDS (sizeof words / sizeof *words)

static const struct {
    const char *name;
    int number;
} errnos[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EACCES", EACCES}, {"EROFS", EROFS},
              {"EDQUOT", EDQUOT}, {"EMFILE", EMFILE}, {"ENOENT", ENOENT}, {"EEXIST", EEXIST},
              {"EINTR", EINTR},   {"EAGAIN", EAGAIN}, {"EBUSY", EBUSY},   {"ENOTEMPTY", ENOTEMPTY}};

static enum err_code parse_node(const struct scenario *s, const struct json *j, int *out,
                                struct err *err)
{
    const char *names[SCENARIO_NODES_MAX + 1] = {NULL};

    for (int i = 0; i < s->node_count; i++)
        names[i] = s->nodes[i].name;
    *out = parse_word(j, names, "node", err);
    return *out < 0 ? ERR_INPUT : OK;
}

static enum err_code parse_errno(const struct json *j, int *out, struct err *err)
{
    const char *names[sizeof errnos / sizeof *errnos + 1] = {NULL};
    int i;

    for (size_t k = 0; k < sizeof errnos / sizeof *errnos; k++)
        names[k] = errnos[k].name;
    i = parse_word(j, names, "errno", err);
    if (i < 0)
        return ERR_INPUT;
    *out = -errnos[i].number;
    return OK;
}

static enum err_code parse_cut(const struct scenario *s, const struct json *j, struct fault *f,
                               struct err *err)
{
    struct json a, b;

    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) != 2)
        return json_fail(j, err, "expected two nodes, [\"i1\", \"q1\"]");
    json_at(j, 0, &a);
    json_at(j, 1, &b);
    return parse_node(s, &a, &f->from, err) != OK ? ERR_INPUT : parse_node(s, &b, &f->to, err);
}

static enum err_code parse_power_loss(struct scenario *s, const struct json *j, struct err *err)
{
    bool value;

    if (json_bool(j, &value, err) != OK)
        return ERR_INPUT;
    if (!value)
        return json_fail(j, err, "expected true, found false");
    if (s->power_loss)
        return json_fail(j, err, "power is lost once at most");
    if (s->keeps_files)
        return not_yet(j, "loss of power beside \"open\"", err);
    s->power_loss = true;
    return OK;
}

static enum err_code parse_torn(struct scenario *s, const struct json *j, struct fault *f,
                                struct err *err)
{
    static const char op[] = "fs.write ";
    const char *text;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    if (s->semantics != STORE_POSIX)
        return json_fail(j, err, "only \"semantics\": \"posix\" has writes that can stop half way");
    if (strncmp(text, op, sizeof op - 1) != 0)
        return json_fail(j, err, "\"%s\": only a write stops half way: expected \"fs.write PATH\"",
                         text);
    return parse_point(s, j, text, &f->point, &f->nth, err);
}

/* What stands behind the fault's own word. */
static enum err_code parse_what(struct scenario *s, const struct json *j, struct fault *f,
                                struct err *err)
{
    const char *messages[MSG_KINDS] = {NULL}; /* those of the network, which are all but the last */
    const char *text;

    for (int i = 0; i < MSG_UPLOAD; i++)
        messages[i] = msg_kind_name((enum msg_kind)i);

    switch (f->kind) {
    case FAULT_CRASH:
    case FAULT_PAUSE:
    case FAULT_OVERFLOW:
    case FAULT_SKEW:
    case FAULT_SLOW:
        return parse_node(s, j, &f->node, err);
    case FAULT_CUT:
        return parse_cut(s, j, f, err);
    case FAULT_DROP:
    case FAULT_DUPLICATE:
    case FAULT_DELAY:
        f->message = parse_word(j, messages, "message", err);
        return f->message < 0 ? ERR_INPUT : OK;
    case FAULT_FAIL:
        return json_string(j, &text, err) != OK ? ERR_INPUT
                                                : parse_point(s, j, text, &f->point, &f->nth, err);
    case FAULT_TORN:
        return parse_torn(s, j, f, err);
    case FAULT_POWER_LOSS:
        return parse_power_loss(s, j, err);
    }
    return OK;
}

static enum err_code parse_times(const struct json *j, struct fault *f, struct err *err)
{
    int64_t times = 1;
    struct json at;

    if (json_get(j, "times", &at) && json_int(&at, 1, 1000, &times, err) != OK)
        return ERR_INPUT;
    f->times = (int)times;
    if (json_get(j, "anywhere", &at) && json_bool(&at, &f->anywhere, err) != OK)
        return ERR_INPUT;
    return OK;
}

static enum err_code parse_rest(struct scenario *s, const struct json *j, struct fault *f,
                                struct err *err)
{
    const char *text;
    struct json at;

    f->restart_ms = -1;
    f->to_ms = INT64_MAX;
    f->ms = f->kind == FAULT_PAUSE ? -1 : 0;
    if (parse_times(j, f, err) != OK || parse_ms(j, "restart_ms", &f->restart_ms, err) != OK ||
        parse_ms(j, "for_ms", &f->ms, err) != OK || parse_ms(j, "ms", &f->ms, err) != OK ||
        parse_ms(j, "from_ms", &f->from_ms, err) != OK ||
        parse_ms(j, "to_ms", &f->to_ms, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "at", &at) && (json_string(&at, &text, err) != OK ||
                                   parse_point(s, &at, text, &f->point, &f->nth, err) != OK))
        return ERR_INPUT;
    if (json_get(j, "from", &at) && parse_node(s, &at, &f->from, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "to", &at) && parse_node(s, &at, &f->to, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "node", &at) && parse_node(s, &at, &f->node, err) != OK)
        return ERR_INPUT;
    return json_get(j, "errno", &at) ? parse_errno(&at, &f->error, err) : OK;
}

static enum err_code check_place(const struct json *j, const struct fault *f, struct err *err)
{
    if (f->kind == FAULT_SLOW && !f->anywhere)
        return json_fail(j, err, "expected \"anywhere\": true: who is slow is so at any point");

    bool placed = f->kind == FAULT_CRASH || f->kind == FAULT_PAUSE || f->kind == FAULT_OVERFLOW;

    if (placed && !f->point && !f->anywhere)
        return json_fail(j, err, "expected \"at\" a point, or \"anywhere\": true");
    if (placed && f->point && f->anywhere)
        return json_fail(j, err, "\"at\" beside \"anywhere\": one of them");
    return OK;
}

static enum err_code parse_fault(struct scenario *s, const struct json *j, struct fault *f,
                                 struct err *err)
{
    const char *names[WORDS + 1] = {NULL}, *keys[10] = {NULL};
    const struct fault_word *found = NULL;
    struct json what;

    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    for (size_t i = 0; i < WORDS; i++) {
        names[i] = words[i].name;
        if (!found && json_get(j, words[i].name, &what))
            found = &words[i];
    }
    if (!found) {
        struct json first = *j;
        const char *near = json_at(j, 0, &first) ? near_word(first.key, names) : NULL;

        return json_fail_key(&first, err, "\"%s\" is no fault%s%s%s", first.key ? first.key : "{}",
                             near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    keys[0] = found->name;
    for (int i = 0; found->keys[i]; i++)
        keys[1 + i] = found->keys[i];
    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    json_get(j, found->name, &what);
    *f = (struct fault){
        .kind = found->kind, .node = -1, .from = -1, .to = -1, .nth = 1, .error = -EIO};
    json_place(j, false, &f->line, &f->column);
    if (parse_what(s, &what, f, err) != OK || parse_rest(s, j, f, err) != OK)
        return ERR_INPUT;
    s->restarts |= f->restart_ms >= 0;
    f->anywhere |= f->kind == FAULT_POWER_LOSS && !f->point;
    return check_place(j, f, err);
}

/* Does the fault need a task of its own, to happen when it is chosen or to last? */
static bool needs_task(const struct fault *f)
{
    switch (f->kind) {
    case FAULT_CRASH:
    case FAULT_PAUSE:
    case FAULT_OVERFLOW:
    case FAULT_DELAY:
    case FAULT_POWER_LOSS:
        return true;
    case FAULT_DROP:
    case FAULT_DUPLICATE:
    case FAULT_FAIL:
    case FAULT_TORN:
        return f->anywhere;
    case FAULT_CUT:
    case FAULT_SKEW:
    case FAULT_SLOW:
        return false;
    }
    return false;
}

static enum err_code add_task(struct scenario *s, const struct json *j, const struct fault *f,
                              const char *name, struct err *err)
{
    struct scenario_task *t = &s->tasks[s->task_count];

    if (s->task_count == SCENARIO_TASKS_MAX)
        return json_fail(j, err, "more than %d tasks", SCENARIO_TASKS_MAX);
    t->name = name;
    t->node = f->node >= 0 ? f->node : f->from >= 0 ? f->from : 0;
    t->fault = f;
    s->task_count++;
    return OK;
}

/* A loss of power has two: one for what was lost, one for what was kept. */
static enum err_code add_tasks(struct scenario *s, const struct json *j, struct fault *f,
                               struct err *err)
{
    const char *name = arena_printf(&s->arena, "fault/%d", s->fault_count);

    if (!needs_task(f))
        return OK;
    f->task = s->task_count;
    if (add_task(s, j, f, name, err) != OK)
        return ERR_INPUT;
    if (f->kind != FAULT_POWER_LOSS)
        return OK;
    return add_task(s, j, f, arena_printf(&s->arena, "%s/disk", name), err);
}

enum err_code parse_faults(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);
    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) > SCENARIO_FAULTS_MAX)
        return json_fail(j, err, "more than %d faults", SCENARIO_FAULTS_MAX);
    for (struct json it = {0}; json_next(j, &it);) {
        struct fault *f = &s->faults[s->fault_count++];

        if (parse_fault(s, &it, f, err) != OK || add_tasks(s, &it, f, err) != OK)
            return ERR_INPUT;
    }
    return OK;
}
