#include "sim/explore/explain/export.h"
#include "base/hash.h"
#include "base/vec.h"
#include "sim/explore/strategy/schedule_file.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- what is picked --- */

struct recorder {
    struct chooser chooser;
    struct chooser *inner; /* who picks */
    struct recording *out;
    uint64_t since; /* who could go on at all choices since the last step */
};

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

static void add(struct recording *r, const struct recorded_pick *p)
{
    VEC_ROOM(r->v, r->count, r->cap, 64);
    r->v[r->count++] = *p;
}

static void add_step(struct recorder *rec, const struct choice *choice, int task)
{
    const struct task *tasks = choice->cluster->tasks;
    struct recording *r = rec->out;
    struct recorded_pick p = {.kind = PICK_STEP, .task = task, .point = text_of(&tasks[task])};
    int last = choice->last;

    p.nth = time_of(r, task, p.point);
    p.fixed = task == choose_fixed(choice);
    p.waited = !(rec->since >> task & 1);
    if (last >= 0 && last != task && choice->enabled >> last & 1) {
        p.left_at = text_of(&tasks[last]);
        p.left_nth = time_of(r, last, p.left_at);
    }
    add(r, &p);
    rec->since = UINT64_MAX;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct recorder *rec = (struct recorder *)self;
    int task = rec->inner->pick(rec->inner, choice);

    if (task == CHOOSE_STOP)
        return task;
    rec->since &= choice->enabled;
    if (task == choice->end)
        add(rec->out, &(struct recorded_pick){
                          .kind = PICK_NO_FAULT, .task = task, .point = mem_strdup(NO_FAULT)});
    else
        add_step(rec, choice, task);
    return task;
}

static void over(struct chooser *self, const struct cluster *c)
{
    struct recorder *rec = (struct recorder *)self;

    if (rec->inner->over)
        rec->inner->over(rec->inner, c);
}

static enum err_code record(struct search *s, struct chooser *inner, struct recording *out,
                            struct err *err)
{
    struct recorder rec = {.chooser = {.name = "record", .pick = pick, .over = over},
                           .inner = inner,
                           .out = out,
                           .since = UINT64_MAX};
    struct strbuf story = STRBUF_INIT;
    struct trace trace;

    *out = (struct recording){.count = 0};
    trace_init(&trace);
    s->cluster->trace = &trace;
    cluster_run(s->cluster, &rec.chooser, err);
    s->cluster->trace = NULL;
    trace_story(&trace, 0, &story);
    out->story = hash_bytes(HASH_INIT, story.s, story.len);
    strbuf_release(&story);
    trace_release(&trace);
    return err->code == OK ? search_reset(s, err) : err->code;
}

enum err_code record_schedule(struct search *s, const struct schedule *schedule,
                              struct recording *out, struct err *err)
{
    assert(s);
    assert(schedule);
    assert(out);

    struct given_chooser given;

    given_init(&given, schedule->tasks, schedule->count);
    return record(s, &given.chooser, out, err);
}

void recording_release(struct recording *r)
{
    assert(r);
    for (int i = 0; i < r->count; i++) {
        free(r->v[i].point);
        free(r->v[i].left_at);
    }
    free(r->v);
    *r = (struct recording){.count = 0};
}

/* --- as an order --- */

/* A point as a glob that matches nothing else, with its time. */
static void add_point(struct strbuf *out, const char *how, const char *point, int nth)
{
    struct strbuf sb = STRBUF_INIT;

    for (; *point; point++) {
        if (strchr("*?[\\", *point))
            strbuf_addc(&sb, '\\');
        strbuf_addc(&sb, *point);
    }
    if (nth > 1 || strchr(sb.s, '#'))
        strbuf_printf(&sb, "#%d", nth);
    strbuf_printf(out, ",\"%s\":", how);
    strbuf_json(out, sb.s);
    strbuf_release(&sb);
}

static void add_run(const struct search *s, int task, struct strbuf *out)
{
    strbuf_adds(out, out->s[out->len - 1] == '[' ? "{\"run\":" : ",{\"run\":");
    strbuf_json(out, s->scenario->tasks[task].name);
}

/* The next step behind i; count if there is none. */
static int next_step(const struct recording *r, int i)
{
    do
        i++;
    while (i < r->count && r->v[i].kind != PICK_STEP);
    return i;
}

/* Up to the last step that the fixed order would not have made. */
static int without_fixed(const struct recording *r)
{
    int n = r->count;

    while (n > 0 && (r->v[n - 1].kind != PICK_STEP || r->v[n - 1].fixed))
        n--;
    return n;
}

/*
 * For people: who goes on, and up to where if it could have gone on. Who had to wait in between is told how far it goes,
 * too: without a point it would be over as soon as it waits.
 */
static void short_order(const struct search *s, const struct recording *r, int count,
                        struct strbuf *out)
{
    bool waited = false;

    strbuf_addc(out, '[');
    for (int i = next_step(r, -1), next; i < count; i = next) {
        const struct recorded_pick *p = &r->v[i], *then;

        next = next_step(r, i);
        then = next < r->count ? &r->v[next] : NULL;
        waited |= p->waited;
        if (then && then->task == p->task && next < count)
            continue; /* the same task goes on */
        add_run(s, p->task, out);
        if (then && then->left_at)
            add_point(out, "until", then->left_at, then->left_nth);
        else if (waited)
            add_point(out, "through", p->point, p->nth);
        strbuf_addc(out, '}');
        waited = false;
    }
    strbuf_addc(out, ']');
}

/* For what that does not tell: each time that somebody goes on, with the point that it comes to, and each time that no fault happens. */
static void full_order(const struct search *s, const struct recording *r, int count,
                       struct strbuf *out)
{
    strbuf_addc(out, '[');
    for (int i = 0; i < count; i++) {
        const struct recorded_pick *p = &r->v[i];

        if (p->kind == PICK_NO_FAULT) {
            strbuf_adds(out, i ? ",{\"no_fault\":true}" : "{\"no_fault\":true}");
        } else if (i + 1 == count || r->v[i + 1].task != p->task) {
            add_run(s, p->task, out);
            add_point(out, "through", p->point, p->nth);
            strbuf_addc(out, '}');
        }
    }
    strbuf_addc(out, ']');
}

static bool same_story(const struct recording *a, const struct recording *b)
{
    int i = next_step(a, -1), k = next_step(b, -1);

    for (; i < a->count && k < b->count; i = next_step(a, i), k = next_step(b, k))
        if (a->v[i].task != b->v[k].task || strcmp(a->v[i].point, b->v[k].point) != 0)
            return false;
    return i == a->count && k == b->count && a->story == b->story;
}

/* Does this list do what was recorded? */
static bool does_it(struct search *s, const struct recording *r, const char *list, struct err *err)
{
    struct order own = s->scenario->order;
    struct err cannot = ERR_INIT; /* it cannot be followed: then not */
    struct script_chooser script;
    struct recording again;
    bool same = false;

    if (scenario_order(s->scenario, "order", list, err) == OK) {
        script_init(&script, s->scenario, NULL);
        same = record(s, &script.chooser, &again, &cannot) == OK && same_story(r, &again);
        if (cannot.code != OK)
            search_reset(s, err);
        recording_release(&again);
        script_release(&script);
    }
    s->scenario->order = own;
    return same;
}

enum err_code record_as_order(struct search *s, const struct recording *r, struct strbuf *out,
                              struct err *err)
{
    assert(s);
    assert(r);
    assert(out);

    struct strbuf list = STRBUF_INIT;
    bool done = false;

    for (int form = 0; form < 4 && !done && err->code == OK; form++) {
        int count = form % 2 == 0 ? without_fixed(r) : r->count;

        strbuf_clear(&list);
        (form < 2 ? short_order : full_order)(s, r, count, &list);
        done = does_it(s, r, list.s, err);
    }
    if (err->code == OK && !done)
        err_set(err, ERR_DIVERGE, "as a list of steps the order tells another story: %s", list.s);
    if (err->code == OK)
        strbuf_add(out, list.s, list.len);
    strbuf_release(&list);
    return err->code;
}

void replay_command(const struct scenario *sc, const char *order, struct strbuf *out)
{
    assert(sc);
    assert(order);
    assert(out);
    strbuf_shell(out, program_invocation_name);
    strbuf_adds(out, " replay ");
    strbuf_shell(out, sc->file);
    strbuf_adds(out, " --variant ");
    strbuf_shell(out, sc->variant);
    strbuf_adds(out, sc->has_programs ? " --allow-run" : "");
    strbuf_adds(out, sc->has_programs && sc->uncontained ? " --uncontained --order " : " --order ");
    strbuf_shell(out, order);
}

enum err_code record_command(struct search *s, const struct schedule *schedule, struct strbuf *out,
                             struct err *err)
{
    assert(s);
    assert(schedule);
    assert(out);

    struct strbuf order = STRBUF_INIT;
    struct recording r;

    if (record_schedule(s, schedule, &r, err) == OK && record_as_order(s, &r, &order, err) == OK)
        replay_command(s->scenario, order.s, out);
    strbuf_release(&order);
    recording_release(&r);
    return err->code;
}

/* --- as a file --- */

void record_as_file(const struct search *s, const struct recording *r, struct strbuf *out)
{
    assert(s);
    assert(r);
    assert(out);
    strbuf_adds(out, "{\n  \"fsrace_schedule\": 1,\n  \"scenario\": ");
    strbuf_json(out, s->scenario->name);
    strbuf_adds(out, ",\n  \"variant\": ");
    strbuf_json(out, s->scenario->variant);
    strbuf_adds(out, ",\n  \"steps\": [");
    for (int i = 0; i < r->count; i++) {
        const struct recorded_pick *p = &r->v[i];

        strbuf_adds(out, i ? ",\n    [" : "\n    [");
        strbuf_json(out, p->kind == PICK_NO_FAULT ? NOBODY : s->scenario->tasks[p->task].name);
        strbuf_adds(out, ", ");
        strbuf_json(out, p->point);
        strbuf_addc(out, ']');
    }
    strbuf_adds(out, "\n  ]\n}\n");
}
