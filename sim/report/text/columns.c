/*
 * columns: an execution on a terminal; a column a task and one for the store.
 *
 *       ms   A                 B                 store
 *        0   create_excl lock                    ok
 *                              create_excl lock  EEXIST
 *                                got <- EEXIST
 *
 * Calls stand in the column of their task, what the store said beside them, messages and events
 * are arrows. Signs before a line: * one of the two steps that raced, ~ a fault, ! from here on a
 * property is broken. What is too wide gives up the beginnings of paths first; if there are too
 * many tasks they are put together by node; if there are too many nodes, it is a list.
 */
#include "sim/report/text/execution_view.h"
#include "sim/report/text/row.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define GUTTER   8  /* time and sign */
#define GAP      2  /* between columns */
#define LANE_MIN 14 /* narrower columns tell nothing */

struct table {
    const struct picture *p;
    const struct style *style;
    struct lanes lanes;
    int width[SCENARIO_TASKS_MAX + 1], at[SCENARIO_TASKS_MAX + 1]; /* the last one: the store */
    int64_t shown_ms;
    const char *shown_task[SCENARIO_TASKS_MAX]; /* of a node's column */
    bool brief;
};

/* --- what stands in a cell --- */

static int number_of(const struct trace *t, int record)
{
    int n = 0;

    for (int i = 0; i <= record; i++)
        n += is_message(&t->v[i]);
    return n;
}

/* Messages have numbers, by which their ends find each other; an arrow says to whom. */
static void message(const struct table *t, int record, struct strbuf *out)
{
    const struct trace_record *r = &t->p->trace.v[record];

    strbuf_printf(out, "(%d) ", number_of(&t->p->trace, record));
    if (r->op == POINT_SEND)
        strbuf_adds(out, r->object2);
    else
        strbuf_add(out, r->result, strcspn(r->result, ","));
    if (lane_to(&t->lanes, t->p, record) < 0)
        strbuf_printf(out, " to %s", r->object);
}

/* "A.got" in A's column: "got" */
static const char *own_name(const struct trace_record *r)
{
    size_t task = strlen(r->task);

    return strncmp(r->object, r->task, task) == 0 && r->object[task] == '.' ? r->object + task + 1
                                                                            : r->object;
}

static void aside(const struct trace_record *r, struct strbuf *out)
{
    switch (r->kind) {
    case TRACE_RECALL:
        strbuf_printf(out, "  %s = %s", r->object, r->result);
        break;
    case TRACE_ANSWER:
        strbuf_printf(out, "  => %s", r->result);
        break;
    case TRACE_CREATED:
        strbuf_printf(out, "  created %s", r->result);
        break;
    default:
        strbuf_printf(out, "  %s <- %s", own_name(r), r->result);
    }
}

static void step(const struct table *t, int record, struct strbuf *out)
{
    const struct trace_record *r = &t->p->trace.v[record];
    const struct trace *trace = &t->p->trace;

    for (int i = 0; i < r->cause_count; i++)
        if (is_message(&trace->v[r->causes[i]]))
            strbuf_printf(out, "(%d) ", number_of(trace, r->causes[i]));
    if (r->cause_count && r->op != WATCH_NEXT) { /* the arrow says from whom */
        const char *from = strstr(r->result, " from ");

        strbuf_add(out, r->result, from ? (size_t)(from - r->result) : strlen(r->result));
        return;
    }
    call_words(r, out);
    if (!is_store_step(r) && *r->result)
        strbuf_printf(out, ": %s", r->result);
}

static void cell(const struct table *t, int record, struct strbuf *out)
{
    const struct trace_record *r = &t->p->trace.v[record];

    if (r->kind != TRACE_STEP)
        aside(r, out);
    else if (is_message(r))
        message(t, record, out);
    else
        step(t, record, out);
}

static const char *store_cell(const struct trace_record *r)
{
    return is_store_step(r) ? r->result : "";
}

/* What it looked up in its memory is left out where there is little room. */
static bool is_shown(const struct table *t, const struct trace_record *r)
{
    if (t->brief && (r->kind == TRACE_RECALL || strcmp(r->object, "*") == 0))
        return false;
    return r->kind != TRACE_BROKE && !(r->kind == TRACE_REGISTER && strcmp(r->result, "ok") == 0);
}

/* --- how wide they are --- */

static void measure(struct table *t)
{
    const struct trace *trace = &t->p->trace;
    struct strbuf text = STRBUF_INIT;
    int *store = &t->width[t->lanes.count];

    for (int i = 0; i < t->lanes.count; i++)
        t->width[i] = row_width(t->lanes.names[i]);
    *store = (int)strlen("store");
    for (int i = 0; i < trace->count; i++) {
        int lane = lane_of(&t->lanes, &trace->v[i]), wide;

        if (lane < 0 || !is_shown(t, &trace->v[i]))
            continue;
        strbuf_clear(&text);
        cell(t, i, &text);
        wide = row_width(text.s);
        t->width[lane] = wide > t->width[lane] ? wide : t->width[lane];
        wide = row_width(store_cell(&trace->v[i]));
        *store = wide > *store ? wide : *store;
    }
    strbuf_release(&text);
}

static int widest(const struct table *t)
{
    int found = 0;

    for (int i = 1; i <= t->lanes.count; i++)
        found = t->width[i] > t->width[found] ? i : found;
    return found;
}

static int total(const struct table *t)
{
    int wide = GUTTER + GAP * t->lanes.count;

    for (int i = 0; i <= t->lanes.count; i++)
        wide += t->width[i];
    return wide;
}

/* False: there is no room for so many. */
static bool fit(struct table *t)
{
    t->brief = false;
    measure(t);
    if (total(t) > t->style->width) {
        t->brief = true;
        measure(t);
    }
    while (total(t) > t->style->width) {
        int *most = &t->width[widest(t)];

        if (*most <= LANE_MIN)
            return false;
        --*most;
    }
    for (int i = 0, at = GUTTER; i <= t->lanes.count; i++) {
        t->at[i] = at;
        at += t->width[i] + GAP;
    }
    return true;
}

/* --- lines --- */

static char sign(const struct picture *p, int record)
{
    if (record == p->raced[0] || record == p->raced[1])
        return '*';
    return p->trace.v[record].fate != FATE_PLAIN ? '~' : ' ';
}

static enum row_ink ink(const struct picture *p, int record)
{
    const struct trace_record *r = &p->trace.v[record];

    if (sign(p, record) == '*')
        return ROW_BOLD;
    if (r->fate != FATE_PLAIN)
        return ROW_WARN;
    return r->kind == TRACE_STEP ? ROW_PLAIN : ROW_DIM;
}

/* The time is said when it changes. */
static void gutter(struct table *t, struct row *row, int64_t ms, char sign, enum row_ink ink)
{
    char text[32] = "";

    if (ms != t->shown_ms)
        snprintf(text, sizeof text, "%5lld", (long long)ms);
    t->shown_ms = ms;
    row_put(row, text, GUTTER, ROW_DIM);
    row_to(row, GUTTER - 2, ' ');
    if (sign != ' ')
        row_put(row, (char[]){sign, '\0'}, 1, ink);
}

/* A message's way from its lane to another, in the same line. */
static void arrow_right(const struct table *t, struct row *row, int to, bool lost)
{
    row_put(row, " ", 1, ROW_PLAIN);
    row_to(row, t->at[to] - 2, '-');
    row_put(row, lost ? "x" : ">", 1, lost ? ROW_WARN : ROW_PLAIN);
}

static void arrow_left(const struct table *t, struct row *row, int to, int from, bool lost)
{
    row_to(row, t->at[to], ' ');
    row_put(row, lost ? "x" : "<", 1, lost ? ROW_WARN : ROW_PLAIN);
    row_to(row, t->at[from] - 1, '-');
}

/* An inotify event's way from the store. */
static void arrow_event(const struct table *t, struct row *row)
{
    row_put(row, " <", 2, ROW_PLAIN);
    row_to(row, t->at[t->lanes.count] - 1, '-');
}

/* Which of the node's tasks goes on, where that changes. */
static void part_line(struct table *t, struct row *row, const struct trace_record *r, int lane)
{
    const char **shown = &t->shown_task[lane];
    const char *before = *shown ? *shown : r->node;

    if (!t->lanes.by_node || strcmp(before, r->task) == 0)
        return;
    *shown = r->task;
    row_to(row, t->at[lane], ' ');
    row_put(row, r->task, t->width[lane] - 1, ROW_BOLD);
    row_put(row, ":", 1, ROW_BOLD);
    row_end(row);
}

static void task_line(struct table *t, struct row *row, int record, int lane)
{
    const struct trace_record *r = &t->p->trace.v[record];
    int to = is_message(r) ? lane_to(&t->lanes, t->p, record) : -1;
    bool lost = r->fate == FATE_LOST, event = r->kind == TRACE_STEP && r->op == WATCH_NEXT;
    struct strbuf text = STRBUF_INIT;

    cell(t, record, &text);
    part_line(t, row, r, lane);
    gutter(t, row, r->ms, sign(t->p, record), ink(t->p, record));
    if (to >= 0 && to < lane)
        arrow_left(t, row, to, lane, lost);
    row_to(row, t->at[lane], ' ');
    (is_store_step(r) ? row_put_call : row_put)(row, text.s, t->width[lane], ink(t->p, record));
    if (to > lane)
        arrow_right(t, row, to, lost);
    if (event && r->cause_count)
        arrow_event(t, row);
    if (*store_cell(r)) {
        row_to(row, t->at[t->lanes.count], ' ');
        row_put(row, store_cell(r), t->style->width - row->at, ink(t->p, record));
    }
    row_end(row);
    strbuf_release(&text);
}

static void fault_line(struct table *t, struct row *row, const struct trace_record *r)
{
    struct strbuf text = STRBUF_INIT;

    strbuf_adds(&text, "~~~ ");
    trace_words(r, &text);
    strbuf_addc(&text, ' ');
    gutter(t, row, r->ms, '~', ROW_WARN);
    row_to(row, GUTTER, ' ');
    row_put(row, text.s, t->style->width - GUTTER, ROW_WARN);
    row_to(row, t->at[t->lanes.count] - GAP, '~');
    row_end(row);
    strbuf_release(&text);
}

/* What broke with the step whose records these are. */
static void broken_lines(struct table *t, struct row *row, int first, int last)
{
    for (int i = 0; i < t->p->search->tally_count && i < TALLIES_TOLD; i++) {
        if (t->p->broke_at[i] < first || t->p->broke_at[i] > last)
            continue;
        gutter(t, row, t->shown_ms, '!', ROW_ALARM);
        row_to(row, GUTTER, ' ');
        row_put(row, "from here on ", t->style->width, ROW_ALARM);
        row_put(row, t->p->search->tallies[i].name, t->style->width - row->at - 10, ROW_ALARM);
        row_put(row, " is broken", 10, ROW_ALARM);
        row_end(row);
    }
}

static void head_line(struct table *t, struct row *row)
{
    row_put(row, "   ms", GUTTER, ROW_DIM);
    for (int i = 0; i < t->lanes.count; i++) {
        row_to(row, t->at[i], ' ');
        row_put(row, t->lanes.names[i], t->width[i], ROW_BOLD);
    }
    row_to(row, t->at[t->lanes.count], ' ');
    row_put(row, "store", t->width[t->lanes.count], ROW_BOLD);
    row_end(row);
}

static void draw_table(struct table *t, struct strbuf *out)
{
    const struct trace *trace = &t->p->trace;
    struct row row = {.out = out, .colour = t->style->colour};

    t->shown_ms = -1;
    head_line(t, &row);
    for (int i = 0, step = 0; i < trace->count; i++) {
        int lane = lane_of(&t->lanes, &trace->v[i]);

        if (lane >= 0 && is_shown(t, &trace->v[i]))
            task_line(t, &row, i, lane);
        else if (trace->v[i].kind == TRACE_STEP)
            fault_line(t, &row, &trace->v[i]);
        if (i + 1 == trace->count || trace->v[i + 1].kind == TRACE_STEP) {
            broken_lines(t, &row, step, i);
            step = i + 1;
        }
    }
}

static void draw_cut_list(const struct picture *p, const struct style *style, struct strbuf *out)
{
    struct row row = {.out = out, .colour = style->colour};
    struct strbuf story = STRBUF_INIT;
    char *rest;

    draw_list(p, style, &story);
    rest = story.s;
    for (char *line = strtok_r(rest, "\n", &rest); line; line = strtok_r(rest, "\n", &rest)) {
        row_put(&row, line, style->width, ROW_PLAIN);
        row_end(&row);
    }
    strbuf_release(&story);
}

void draw_columns(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(style);
    assert(out);

    struct table t = {.p = p, .style = style};

    for (int by_node = 0; by_node <= 1; by_node++) {
        lanes_init(&t.lanes, p, by_node);
        if (fit(&t)) {
            draw_table(&t, out);
            return;
        }
    }
    draw_cut_list(p, style, out);
}
