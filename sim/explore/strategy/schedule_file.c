#include "sim/explore/strategy/schedule_file.h"
#include "base/json.h"
#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <string.h>

static bool is_nobodys(const struct named_step *step)
{
    return strcmp(step->task, NOBODY) == 0 && strcmp(step->point, NO_FAULT) == 0;
}

static int diverged(struct named_chooser *n, struct cluster *c, const struct task *t)
{
    const struct named_step *step = &n->steps[n->at];
    struct strbuf now = STRBUF_INIT;

    if (t && t->alive)
        point_text(&t->pending, &now);
    cluster_fail(c, ERR_DIVERGE, "step %d of the schedule is %s at \"%s\", but %s%s%s%s", n->at + 1,
                 step->task, step->point,
                 t && t->alive      ? "it is at \""
                 : t                ? "it has ended"
                 : is_nobodys(step) ? "somebody can go on"
                                    : "there is no such task",
                 now.s, t && t->alive ? "\"" : "",
                 t && t->alive && strcmp(now.s, step->point) == 0 ? " and cannot go on" : "");
    strbuf_release(&now);
    return CHOOSE_STOP;
}

static bool is_at(const struct task *t, const char *point)
{
    struct strbuf text = STRBUF_INIT;
    bool same;

    point_text(&t->pending, &text);
    same = strcmp(text.s, point) == 0;
    strbuf_release(&text);
    return same;
}

/* Starts were choices once, and stand in schedules of that time. */
static bool is_start(const struct named_step *step)
{
    return strcmp(step->point, "start") == 0;
}

static int pick_named(struct chooser *self, const struct choice *choice)
{
    struct named_chooser *n = (struct named_chooser *)self;
    struct cluster *c = choice->cluster->tasks[0].cluster;
    const struct named_step *step;
    const struct task *t;

    while (n->at < n->count && is_start(&n->steps[n->at]))
        n->at++;
    if (n->at >= n->count)
        return choose_fixed(choice);
    step = &n->steps[n->at];
    t = is_nobodys(step) ? NULL : task_named(c, step->task);
    if (is_nobodys(step) && choice->end >= 0) {
        n->at++;
        return choice->end;
    }
    if (t && choice->enabled >> t->index & 1 && is_at(t, step->point)) {
        n->at++;
        return t->index;
    }
    return diverged(n, c, t);
}

static enum err_code read_step(struct named_chooser *n, const struct json *j, struct err *err)
{
    struct json task, point;
    const char *text;

    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) != 2)
        return json_fail(j, err, "expected [TASK, POINT]");
    json_at(j, 0, &task);
    json_at(j, 1, &point);
    if (json_string(&task, &text, err) != OK)
        return ERR_INPUT;
    n->steps[n->count].task = arena_strdup(&n->arena, text);
    if (json_string(&point, &text, err) != OK)
        return ERR_INPUT;
    n->steps[n->count++].point = arena_strdup(&n->arena, text);
    return OK;
}

static enum err_code check_word(const struct json *root, const char *key, const char *value,
                                struct err *err)
{
    const char *text;
    struct json j;

    if (!json_get(root, key, &j))
        return json_fail(root, err, "\"%s\" is missing", key);
    if (json_string(&j, &text, err) != OK)
        return ERR_INPUT;
    return strcmp(text, value) == 0
               ? OK
               : json_fail(&j, err, "the schedule is for %s \"%s\", not \"%s\"", key, text, value);
}

static enum err_code read_file(struct named_chooser *n, const struct scenario *s,
                               const struct json *root, struct err *err)
{
    static const char *const keys[] = {"fsrace_schedule", "scenario", "variant", "steps", NULL};
    int64_t version;
    struct json j;

    if (json_want(root, JSON_OBJECT, err) != OK || json_only(root, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(root, "fsrace_schedule", &j))
        return json_fail(root, err, "\"fsrace_schedule\": 1 is missing: this is not a schedule");
    if (json_int(&j, 1, 1, &version, err) != OK ||
        check_word(root, "scenario", s->name, err) != OK ||
        check_word(root, "variant", s->variant, err) != OK)
        return ERR_INPUT;
    if (!json_get(root, "steps", &j))
        return json_fail(root, err, "\"steps\" is missing");
    if (json_want(&j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    n->steps = arena_alloc(&n->arena, sizeof *n->steps * (size_t)(json_len(&j) + 1));
    for (struct json it = {0}; json_next(&j, &it);)
        if (read_step(n, &it, err) != OK)
            return ERR_INPUT;
    return OK;
}

enum err_code named_load(struct named_chooser *n, const struct scenario *s, const char *path,
                         struct err *err)
{
    assert(n);
    assert(s);
    assert(path);

    struct json_doc *doc = json_load(path, err);
    struct json root;
    enum err_code code;

    *n = (struct named_chooser){.chooser = {.name = "named", .pick = pick_named}};
    if (!doc)
        return err ? err->code : ERR_INPUT;
    root = json_root(doc);
    code = read_file(n, s, &root, err);
    json_free(doc);
    return code;
}

void named_release(struct named_chooser *n)
{
    assert(n);
    arena_release(&n->arena);
}
