/*
 * trace: one execution written down, a record a step, for whoever tells it afterwards.
 *
 *     struct trace t;
 *
 *     trace_init(&t);
 *     // … a run with c->trace == &t fills it: t.v[0 … t.count - 1] …
 *     trace_story(&t, width, &text);    // or as lines of text
 *     trace_release(&t);
 *
 * A step is a record; what the task did in its own memory before its next step follows it as
 * asides. A step that takes a message or inotify events names the steps that sent or caused them,
 * so that arrows can be drawn. All reports (sim/report) are made from this and from nothing else of
 * the execution but its final store.
 *
 * The same choices give the same records: there is no address, watch descriptor, directory order or
 * real time in them. The time never runs backwards; where tasks' clocks differ it is the latest
 * seen so far. Names of tasks and nodes belong to the scenario, all other memory to the trace.
 *
 * The story has a line a record, virtual time in ms first:
 *
 *     [    0] i1 > store.list app/.stream = (nothing)
 *     [    0] i1     memory app = unknown
 */
#ifndef SIM_TRACE_TRACE_H
#define SIM_TRACE_TRACE_H

#include "base/mem.h"
#include "base/strbuf.h"
#include "sim/trace/point.h"
#include <stdint.h>

enum trace_kind {
    TRACE_STEP,
    /* asides; object and result are: */
    TRACE_RECALL,   /* a fact that the node looked up in its memory, and what it found */
    TRACE_REMEMBER, /* a fact that it changed, and what it is now */
    TRACE_REGISTER, /* a client's register, "A.got", and its new value */
    TRACE_CREATED,  /* a stream that its creator believes to have made, and the incarnation */
    TRACE_DELETED,  /* … deleted */
    TRACE_ANSWER,   /* a request, "create app", and what its client was told */
    TRACE_LOG,      /* what a node says; no result */
    TRACE_BROKE,    /* an invariant of the scenario that holds no more; no result */
};

/* What a fault did to the step. */
enum trace_fate {
    FATE_PLAIN,    /* nothing */
    FATE_LOST,     /* the message never arrives */
    FATE_TWICE,    /* it arrives twice */
    FATE_LATE,     /* it is held up */
    FATE_FAILED,   /* the call was made to fail */
    FATE_IS_FAULT, /* the step is the fault itself: a crash, a pause, an overflow */
};

struct trace_record {
    enum trace_kind kind;
    enum trace_fate fate;
    int64_t ms;              /* virtual time */
    const char *task, *node; /* "q1/watch", "q1" */
    int event;               /* the pick that it belongs to: an index into cluster->events */
    int op;                  /* steps: enum step_op or enum point_op */
    const char *object;      /* never NULL, nor are these: */
    const char *object2;     /* the target of a rename, what a message is */
    const char *result;      /* as the story tells it: "ok", an errno's name, data; may be "" */
    const int *causes;       /* steps: records whose message or event this one took */
    int cause_count;
    uint64_t broken; /* after the step and its asides, a bit per tally of the search: known to be
                        broken. Only what can be said before the end: trace_watcher */
};

struct trace;

/* Looks at the cluster whenever a step and its asides are over, before the next is chosen; the
 * records of that step are those from `first` on. */
struct trace_watcher {
    void (*look)(struct trace_watcher *self, struct trace *t, int first);
    struct trace_watcher *next;
};

struct trace {
    struct trace_record *v;
    int count, cap;
    struct trace_watcher *watchers; /* the caller's; trace_clear() leaves them */
    int looked;                     /* records that the watchers have seen */
    uint64_t broken_before;         /* as trace_record.broken, before the first step */
    int64_t latest_ms;
    struct arena arena;
};

void trace_init(struct trace *t);
void trace_release(struct trace *t);
void trace_clear(struct trace *t);

/* Appends a copy; its time is set to the latest if that is later. NULL texts become "". The causes
 * are given as events. */
void trace_add(struct trace *t, const struct trace_record *r);
void trace_look(struct trace *t); /* a step is over: the watchers' turn */

int trace_step_of(const struct trace *t, int event); /* the record of an event's step, -1: none */
/* From which record on the property is broken until the end; -1: it holds, or did not from the
 * start. */
int trace_broke_at(const struct trace *t, int tally);

/* Do both tell the same story? */
bool trace_same(const struct trace *a, const struct trace *b);

/* A record's own words: "store.list app = (nothing)", "memory app = unknown"; empty for what is not
 * worth telling. */
void trace_words(const struct trace_record *r, struct strbuf *out);
/* All of it, a line a record; width: of the longest task name. */
void trace_story(const struct trace *t, int width, struct strbuf *out);

/* Moves two stories on to their first lines that differ, and returns the number of that line; 0: there
 * is none, and both are at their ends. */
int story_differs(const char **a, const char **b);

/* Content or a list of names as it appears in a trace: on one line, cut, "(nothing)" if empty. */
void trace_quote(struct strbuf *out, const char *data, size_t len);
/* The same, cut after so many bytes. */
void trace_quote_most(struct strbuf *out, const char *data, size_t len, size_t most);

#endif
