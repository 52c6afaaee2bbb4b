/*
 * trace: an execution as a story, a line an event.
 *
 *     [    0] i1 > store.list app/.stream = (nothing)
 *     [    0] i1     memory app: unknown
 *
 * Virtual time in ms, the task, the point, and what came of it. The same choices give it byte for
 * byte: there is no address, watch descriptor, directory order or real time in it. The time shown
 * never runs backwards; where tasks' clocks differ it is the latest seen so far.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "base/strbuf.h"
#include "sim/point.h"
#include <stdint.h>

struct trace {
    struct strbuf text;
    int64_t latest_ms;
    int task_width;
};

void trace_init(struct trace *t, int task_width);
void trace_release(struct trace *t);
void trace_clear(struct trace *t);
void trace_event(struct trace *t, int64_t ms, const char *task, const struct point *p,
                 const char *result);
void trace_aside(struct trace *t, int64_t ms, const char *task,
                 const char *text); /* not an event */
/* Content or a list of names as it appears in a trace: on one line, cut, "(nothing)" if empty. */
void trace_quote(struct strbuf *out, const char *data, size_t len);

#endif
