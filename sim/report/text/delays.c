/*
 * delays: who is slow in a story, for how long, and between which of his steps.
 */
#include "sim/report/text/delays.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What a network takes is no slowness worth telling. */
static int64_t least_ms(const struct scenario *s)
{
    return s->has_services ? 20 * s->settings.net.latency_ms : 0;
}

/* Could the step wait for others? Then its lateness may be theirs. */
static bool waits(const struct trace_record *r)
{
    switch (r->op) {
    case WATCH_NEXT:
    case POINT_RECEIVE:
    case POINT_AWAIT:
    case POINT_TAKE:
    case POINT_LOCK:
    case POINT_QUIET:
    case POINT_HOLDS:
    case POINT_CLOCK:
    case POINT_FAULT:
    case POINT_PAUSE:
        return true;
    default:
        return false;
    }
}

/* A sleep has a length of its own, which is no slowness. */
static int64_t own_ms(const struct trace_record *r)
{
    return r->op == POINT_SLEEP ? strtoll(r->object, NULL, 10) : 0;
}

/* The task's step before the i-th record, -1: none. */
static int step_before(const struct trace *t, int i)
{
    for (int k = i - 1; k >= 0; k--)
        if (t->v[k].kind == TRACE_STEP && strcmp(t->v[k].task, t->v[i].task) == 0)
            return k;
    return -1;
}

static int64_t late_by(const struct picture *p, int i)
{
    const struct trace_record *r = &p->trace.v[i];
    int before = step_before(&p->trace, i);
    int64_t since = before >= 0 ? p->trace.v[before].ms : 0;
    int64_t now = i > 0 ? p->trace.v[i - 1].ms : 0;

    if (r->kind != TRACE_STEP || r->fate == FATE_IS_FAULT || waits(r))
        return 0;
    return now - since - own_ms(r);
}

bool delays_next(const struct picture *p, struct delay *d)
{
    assert(p);
    assert(d);

    const struct scenario *s = p->search->scenario;
    int i = d->step + 1;

    if (!s->time.free && !s->time.slow)
        return false;
    while (i < p->trace.count && late_by(p, i) <= least_ms(s))
        i++;
    if (i >= p->trace.count)
        return false;
    *d = (struct delay){.before = step_before(&p->trace, i), .step = i, .ms = late_by(p, i)};
    return true;
}
