#include "sim/report/text/execution_view.h"
#include "base/vec.h"
#include "sim/explore/search/outcome.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Keeps what is in the store whenever one more property is found to be broken. */
static void look(struct trace_watcher *watcher, struct trace *t, int first)
{
    struct picture *p = CONTAINER_OF(watcher, struct picture, watcher);
    uint64_t before = first > 0 ? t->v[first - 1].broken : t->broken_before;
    uint64_t broken = first < t->count ? t->v[first].broken & ~before : 0;
    struct strbuf files = STRBUF_INIT;

    if (!broken)
        return;
    outcome_files(p->search->cluster, &files);
    for (int i = 0; i < TALLIES_TOLD; i++)
        if (broken >> i & 1) {
            free(p->held[i]);
            p->held[i] = mem_strdup(files.s);
        }
    strbuf_release(&files);
}

void picture_init(struct picture *p, struct search *s)
{
    assert(p);
    assert(s);
    *p = (struct picture){.search = s, .raced = {-1, -1}, .watcher = {.look = look}};
    trace_init(&p->trace);
    p->trace.watchers = &p->watcher; /* behind the search's own, which says what is broken */
    p->why = mem_alloc(sizeof *p->why * (size_t)(s->tally_count + 1));
}

void picture_release(struct picture *p)
{
    assert(p);
    for (int i = 0; i < p->search->tally_count; i++)
        free(p->why[i]);
    free(p->why);
    for (int i = 0; i < TALLIES_TOLD; i++)
        free(p->held[i]);
    trace_release(&p->trace);
}

void picture_race(struct picture *p, int tally, const int events[2])
{
    assert(p);
    assert(tally < p->search->tally_count);
    assert(tally >= 0 || (events[0] < 0 && events[1] < 0)); /* about none: no race */
    p->race_of = tally;
    for (int i = 0; i < 2; i++)
        p->raced[i] = events[i] >= 0 ? trace_step_of(&p->trace, events[i]) : -1;
}

void picture_end(struct picture *p)
{
    assert(p);
    search_why(p->search, p->why);
    for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++)
        p->broke_at[i] = trace_broke_at(&p->trace, i);
}

/* --- lanes --- */

static const char *lane_name(const struct lanes *l, const struct trace_record *r)
{
    return l->by_node ? r->node : r->task;
}

int lane_of(const struct lanes *l, const struct trace_record *r)
{
    assert(l);
    assert(r);
    for (int i = 0; i < l->count; i++)
        if (strcmp(l->names[i], lane_name(l, r)) == 0)
            return i;
    return -1;
}

static bool has_step(const struct picture *p, const char *task)
{
    for (int i = 0; i < p->trace.count; i++)
        if (strcmp(p->trace.v[i].task, task) == 0)
            return true;
    return false;
}

static bool has_lane(const struct lanes *l, const char *name)
{
    for (int i = 0; i < l->count; i++)
        if (strcmp(l->names[i], name) == 0)
            return true;
    return false;
}

void lanes_init(struct lanes *l, const struct picture *p, bool by_node)
{
    assert(l);
    assert(p);

    const struct scenario *sc = p->search->scenario;

    *l = (struct lanes){.by_node = by_node};
    for (int i = 0; i < sc->task_count; i++) {
        const struct scenario_task *t = &sc->tasks[i];
        const char *name = by_node && t->node >= 0 ? sc->nodes[t->node].name : t->name;

        if (!t->fault && !has_lane(l, name) && has_step(p, t->name))
            l->names[l->count++] = name;
    }
}

int report_task_width(const struct scenario *sc)
{
    assert(sc);

    size_t width = 0;

    for (int i = 0; i < sc->task_count; i++)
        if (strlen(sc->tasks[i].name) > width)
            width = strlen(sc->tasks[i].name);
    return (int)width;
}

/* --- records --- */

bool is_store_step(const struct trace_record *r)
{
    assert(r);
    return r->kind == TRACE_STEP && r->op < STEP_OPS;
}

bool is_message(const struct trace_record *r)
{
    assert(r);
    return r->kind == TRACE_STEP && (r->op == POINT_SEND || r->op == POINT_ANSWER);
}

int taken_by(const struct trace *t, int record)
{
    assert(t);
    assert(record >= 0 && record < t->count);
    for (int i = record + 1; i < t->count; i++)
        for (int k = 0; k < t->v[i].cause_count; k++)
            if (t->v[i].causes[k] == record)
                return i;
    return -1;
}

/* A node's own lane, or that of one of its tasks. */
static int lane_at(const struct lanes *l, const char *node)
{
    size_t len = strlen(node);

    for (int i = 0; i < l->count; i++)
        if (strncmp(l->names[i], node, len) == 0 && strchr("/#", l->names[i][len]))
            return i;
    return -1;
}

int lane_to(const struct lanes *l, const struct picture *p, int record)
{
    assert(l);
    assert(p);
    assert(record >= 0 && record < p->trace.count);

    int taken = taken_by(&p->trace, record);
    int lane = taken >= 0 ? lane_of(l, &p->trace.v[taken]) : -1;

    return lane >= 0 ? lane : lane_at(l, p->trace.v[record].object);
}

int broke_here(const struct picture *p, int record)
{
    assert(p);
    assert(record >= 0 && record < p->trace.count);
    for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++)
        if (p->broke_at[i] == record)
            return i;
    return -1;
}

/* Which part of the world a call is of goes without saying, except for what is not a call. */
static bool is_plain(int op)
{
    return op < WATCH_ADD || op == POINT_REQUEST || (op >= POINT_SEND && op <= POINT_AWAIT);
}

void call_words(const struct trace_record *r, struct strbuf *out)
{
    assert(r);
    assert(out);

    struct strbuf full = STRBUF_INIT;
    const char *dot;

    if (r->kind != TRACE_STEP) {
        trace_words(r, out);
        return;
    }
    point_text(&(struct point){r->op, r->object, r->object2}, &full);
    dot = strchr(full.s, '.');
    strbuf_adds(out, is_plain(r->op) && dot ? dot + 1 : full.s);
    strbuf_release(&full);
}
