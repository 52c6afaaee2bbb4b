#include "sim/explore/explain/export.h"
#include "base/vec.h"
#include "sim/explore/strategy/strategies.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct recorder {
    struct chooser chooser;
    struct given_chooser given;
    struct recording *out;
};

static int lowest(uint64_t tasks)
{
    return __builtin_ctzll(tasks);
}

static char *text_of(const struct task *t)
{
    struct strbuf sb = STRBUF_INIT;

    point_text(&t->pending, &sb);
    return strbuf_take(&sb);
}

/* Which time would it be that the task does this point? */
static int time_of(const struct recording *r, int task, const char *point)
{
    int n = 1;

    for (int i = 0; i < r->count; i++)
        n += r->v[i].task == task && strcmp(r->v[i].point, point) == 0;
    return n;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct recorder *rec = (struct recorder *)self;
    struct recording *r = rec->out;
    int task = rec->given.chooser.pick(&rec->given.chooser, choice);
    int last = r->count ? r->v[r->count - 1].task : -1;
    struct recorded_pick p = {.task = task};

    if (task == CHOOSE_STOP || choice->cluster->tasks[task].pending.op == POINT_START)
        return task; /* starts are not written down: nothing depends on them */
    p.point = text_of(&choice->cluster->tasks[task]);
    p.nth = time_of(r, task, p.point);
    p.fixed = task == (last >= 0 && choice->enabled >> last & 1 ? last : lowest(choice->enabled));
    if (last >= 0 && last != task && choice->enabled >> last & 1) {
        p.left_at = text_of(&choice->cluster->tasks[last]);
        p.left_nth = time_of(r, last, p.left_at);
    }
    VEC_ROOM(r->v, r->count, r->cap, 64);
    r->v[r->count++] = p;
    return task;
}

enum err_code record_schedule(struct search *s, const struct schedule *schedule,
                              struct recording *out, struct err *err)
{
    struct recorder rec = {.chooser = {.name = "record", .pick = pick}, .out = out};

    *out = (struct recording){.count = 0};
    given_init(&rec.given, schedule->tasks, schedule->count);
    return cluster_run(s->cluster, &rec.chooser, err);
}

void recording_release(struct recording *r)
{
    for (int i = 0; i < r->count; i++) {
        free(r->v[i].point);
        free(r->v[i].left_at);
    }
    free(r->v);
    *r = (struct recording){.count = 0};
}

/* A point as a glob that matches nothing else, with its time. */
static void add_point(struct strbuf *out, const char *point, int nth)
{
    struct strbuf sb = STRBUF_INIT;

    for (; *point; point++) {
        if (strchr("*?[\\", *point))
            strbuf_addc(&sb, '\\');
        strbuf_addc(&sb, *point);
    }
    if (nth > 1 || strchr(sb.s, '#'))
        strbuf_printf(&sb, "#%d", nth);
    strbuf_json(out, sb.s);
    strbuf_release(&sb);
}

void record_as_order(const struct search *s, const struct recording *r, struct strbuf *out)
{
    int needed = r->count;
    bool first = true;

    while (needed > 0 && r->v[needed - 1].fixed)
        needed--;
    strbuf_addc(out, '[');
    for (int i = 0; i < needed; i++) {
        const struct recorded_pick *next = i + 1 < r->count ? &r->v[i + 1] : NULL;

        if (next && next->task == r->v[i].task && i + 1 < needed)
            continue; /* the same task goes on */
        strbuf_adds(out, first ? "{\"run\":" : ",{\"run\":");
        strbuf_json(out, s->scenario->tasks[r->v[i].task].name);
        if (next && next->task != r->v[i].task && next->left_at) {
            strbuf_adds(out, ",\"until\":");
            add_point(out, next->left_at, next->left_nth);
        }
        strbuf_addc(out, '}');
        first = false;
    }
    strbuf_addc(out, ']');
}

enum err_code record_command(struct search *s, const struct schedule *schedule, struct strbuf *out,
                             struct err *err)
{
    struct strbuf order = STRBUF_INIT;
    struct recording r;
    enum err_code code = record_schedule(s, schedule, &r, err);

    if (code == OK) {
        record_as_order(s, &r, &order);
        strbuf_shell(out, program_invocation_name);
        strbuf_adds(out, " replay ");
        strbuf_shell(out, s->scenario->file);
        strbuf_adds(out, " --variant ");
        strbuf_shell(out, s->scenario->variant);
        strbuf_adds(out, " --order ");
        strbuf_shell(out, order.s);
        code = search_reset(s, err);
    }
    strbuf_release(&order);
    recording_release(&r);
    return code;
}

void record_as_file(const struct search *s, const struct recording *r, struct strbuf *out)
{
    bool first = true;

    strbuf_adds(out, "{\n  \"fsrace_schedule\": 1,\n  \"scenario\": ");
    strbuf_json(out, s->scenario->name);
    strbuf_adds(out, ",\n  \"variant\": ");
    strbuf_json(out, s->scenario->variant);
    strbuf_adds(out, ",\n  \"steps\": [");
    for (int i = 0; i < r->count; i++) {
        strbuf_adds(out, first ? "\n    [" : ",\n    [");
        strbuf_json(out, s->scenario->tasks[r->v[i].task].name);
        strbuf_adds(out, ", ");
        strbuf_json(out, r->v[i].point);
        strbuf_addc(out, ']');
        first = false;
    }
    strbuf_adds(out, "\n  ]\n}\n");
}

/* --- named --- */

static int diverged(struct named_chooser *n, struct cluster *c, const struct task *t)
{
    const struct named_step *step = &n->steps[n->at];
    struct strbuf now = STRBUF_INIT;

    if (t && t->alive)
        point_text(&t->pending, &now);
    cluster_fail(c, ERR_DIVERGE, "step %d of the schedule is %s at \"%s\", but %s%s%s%s", n->at + 1,
                 step->task, step->point,
                 t && t->alive ? "it is at \""
                 : t           ? "it has ended"
                               : "there is no such task",
                 now.s, t && t->alive ? "\"" : "",
                 t && t->alive && strcmp(now.s, step->point) == 0 ? " and cannot go on" : "");
    strbuf_release(&now);
    return CHOOSE_STOP;
}

static int pick_named(struct chooser *self, const struct choice *choice)
{
    struct named_chooser *n = (struct named_chooser *)self;
    struct cluster *c = choice->cluster->tasks[0].cluster;
    struct strbuf text = STRBUF_INIT;
    const struct task *t;
    bool same;

    if (n->at >= n->count)
        return choose_fixed(choice);
    t = task_named(c, n->steps[n->at].task);
    if (t && t->alive && t->pending.op == POINT_START)
        return t->index;
    for (int i = 0; i < c->task_count;
         i++) /* starts are not written down: nothing depends on them */
        if ((!t || !(choice->enabled >> t->index & 1)) && choice->enabled >> i & 1 &&
            c->tasks[i].pending.op == POINT_START)
            return i;
    if (!t || !(choice->enabled >> t->index & 1))
        return diverged(n, c, t);
    point_text(&t->pending, &text);
    same = strcmp(text.s, n->steps[n->at].point) == 0;
    strbuf_release(&text);
    if (!same)
        return diverged(n, c, t);
    n->at++;
    return t->index;
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
    arena_release(&n->arena);
}
