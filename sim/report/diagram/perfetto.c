/*
 * perfetto: trace events in JSON, for https://ui.perfetto.dev and chrome://tracing, by the "Trace
 * Event Format" (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
 *
 * A node is a process, a task a thread, a step a slice ("X") that takes one microsecond: virtual
 * time often stands still, so the axis counts steps, and the time is among the arguments. Messages
 * and inotify events are flows ("s", "f"), faults and broken properties instants ("i").
 */
#include "sim/report/diagram/formats.h"
#include <assert.h>
#include <string.h>

struct perfetto {
    const struct picture *p;
    struct strbuf *out;
    const char *between;
    int flows;
};

/* Process of a node, thread of a task: their numbers, from 1. */
static int pid_of(const struct scenario *sc, const struct trace_record *r)
{
    for (int i = 0; i < sc->node_count; i++)
        if (strcmp(sc->nodes[i].name, r->node) == 0)
            return i + 1;
    return sc->node_count + 1;
}

static int tid_of(const struct scenario *sc, const struct trace_record *r)
{
    for (int i = 0; i < sc->task_count; i++)
        if (strcmp(sc->tasks[i].name, r->task) == 0)
            return i + 1;
    return sc->task_count + 1;
}

/* {"ph": …, "pid": …, "tid": …, "ts": … — open, for more */
static void begin(struct perfetto *f, char phase, int record)
{
    const struct scenario *sc = f->p->search->scenario;
    const struct trace_record *r = &f->p->trace.v[record];

    strbuf_printf(f->out, "%s{\"ph\":\"%c\",\"pid\":%d,\"tid\":%d,\"ts\":%d,\"cat\":\"fsrace\"",
                  f->between, phase, pid_of(sc, r), tid_of(sc, r), record);
    f->between = ",\n";
}

static void add_name(struct perfetto *f, const char *name)
{
    strbuf_adds(f->out, ",\"name\":");
    strbuf_json(f->out, name);
}

static void metadata(struct perfetto *f, const char *what, int pid, int tid, const char *name)
{
    strbuf_printf(f->out,
                  "%s{\"ph\":\"M\",\"pid\":%d,\"tid\":%d,\"name\":\"%s\",\"args\":{\"name\":",
                  f->between, pid, tid, what);
    strbuf_json(f->out, name);
    strbuf_adds(f->out, "}}");
    f->between = ",\n";
}

static void names(struct perfetto *f)
{
    const struct scenario *sc = f->p->search->scenario;

    for (int i = 0; i < sc->node_count; i++)
        metadata(f, "process_name", i + 1, 0, sc->nodes[i].name);
    metadata(f, "process_name", sc->node_count + 1, 0, "faults");
    for (int i = 0; i < sc->task_count; i++)
        metadata(f, "thread_name",
                 sc->tasks[i].node >= 0 ? sc->tasks[i].node + 1 : sc->node_count + 1, i + 1,
                 sc->tasks[i].name);
}

static void slice(struct perfetto *f, int record)
{
    const struct trace_record *r = &f->p->trace.v[record];
    struct strbuf text = STRBUF_INIT;

    point_text(&(struct point){r->op, r->object, r->object2}, &text);
    begin(f, 'X', record);
    add_name(f, text.s);
    strbuf_printf(f->out, ",\"dur\":1,\"args\":{\"ms\":%lld,\"result\":", (long long)r->ms);
    strbuf_json(f->out, r->result);
    strbuf_adds(f->out, "}}");
    strbuf_release(&text);
}

static void flow(struct perfetto *f, int from, int to)
{
    f->flows++;
    begin(f, 's', from);
    add_name(f, is_message(&f->p->trace.v[from]) ? "message" : "event");
    strbuf_printf(f->out, ",\"id\":%d}", f->flows);
    begin(f, 'f', to);
    add_name(f, is_message(&f->p->trace.v[from]) ? "message" : "event");
    strbuf_printf(f->out, ",\"id\":%d,\"bp\":\"e\"}", f->flows);
}

static void instant(struct perfetto *f, int record, const char *text)
{
    begin(f, 'i', record);
    add_name(f, text);
    strbuf_adds(f->out, ",\"s\":\"g\"}");
}

static void broken(struct perfetto *f, int record)
{
    struct strbuf text = STRBUF_INIT;
    int tally = broke_here(f->p, record);

    if (tally < 0)
        return;
    strbuf_printf(&text, "%s is broken", f->p->search->tallies[tally].name);
    instant(f, record, text.s);
    strbuf_release(&text);
}

void draw_perfetto(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);

    struct perfetto f = {.p = p, .out = out, .between = "\n"};

    (void)style;
    strbuf_adds(out, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
    names(&f);
    for (int i = 0; i < p->trace.count; i++) {
        const struct trace_record *r = &p->trace.v[i];

        if (r->kind == TRACE_STEP)
            slice(&f, i);
        for (int k = 0; k < r->cause_count; k++)
            flow(&f, r->causes[k], i);
        if (r->kind == TRACE_STEP && r->op == POINT_FAULT)
            instant(&f, i, r->object);
        broken(&f, i);
    }
    strbuf_adds(out, "\n]}\n");
}
