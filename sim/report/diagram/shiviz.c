/*
 * shiviz: a log for ShiViz (https://bestchai.bitbucket.io/shiviz/), two lines an event, which its
 * usual parser "(?<event>.*)\n(?<host>\S*) (?<clock>{.*})" reads: what happened, then who, with a
 * vector clock.
 *
 * The store is a host of its own: it takes each call after the task has made it, and the task goes
 * on from there. So what one task read after another wrote is ordered, as it was.
 */
#include "sim/report/diagram/formats.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct clocks {
    struct lanes lanes;
    int store; /* the store's lane, and so the last */
    int v[SCENARIO_TASKS_MAX + 1][SCENARIO_TASKS_MAX + 1];
};

static const char *host(const struct clocks *c, int lane)
{
    return lane == c->store ? "store" : c->lanes.names[lane];
}

static void learn(struct clocks *c, int lane, const int *from)
{
    for (int i = 0; i <= c->store; i++)
        if (from[i] > c->v[lane][i])
            c->v[lane][i] = from[i];
}

static void event(struct clocks *c, int lane, const char *text, struct strbuf *out)
{
    const char *between = "";

    c->v[lane][lane]++;
    strbuf_printf(out, "%s\n%s {", text, host(c, lane));
    for (int i = 0; i <= c->store; i++) {
        if (!c->v[lane][i])
            continue;
        strbuf_adds(out, between);
        strbuf_json(out, host(c, i));
        strbuf_printf(out, ":%d", c->v[lane][i]);
        between = ",";
    }
    strbuf_adds(out, "}\n");
}

static void step(struct clocks *c, const struct trace_record *r, const char *text,
                 struct strbuf *out)
{
    int lane = lane_of(&c->lanes, r);

    if (lane < 0) { /* a fault: it comes over the store's lane, since it has none */
        event(c, c->store, text, out);
        return;
    }
    event(c, lane, text, out);
    if (!is_store_step(r))
        return;
    learn(c, c->store, c->v[lane]);
    event(c, c->store, text, out);
    learn(c, lane, c->v[c->store]);
}

void draw_shiviz(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);

    const struct trace *t = &p->trace;
    struct clocks *c = mem_alloc(sizeof *c);
    int(*sent)[SCENARIO_TASKS_MAX + 1] = mem_alloc(sizeof *sent * (size_t)(t->count + 1));
    struct strbuf text = STRBUF_INIT;

    (void)style;
    lanes_init(&c->lanes, p, false);
    c->store = c->lanes.count;
    for (int i = 0; i < t->count; i++) {
        const struct trace_record *r = &t->v[i];
        int lane = lane_of(&c->lanes, r);

        if (r->kind != TRACE_STEP)
            continue;
        for (int k = 0; k < r->cause_count && lane >= 0; k++)
            learn(c, lane, sent[r->causes[k]]);
        strbuf_clear(&text);
        trace_words(r, &text);
        step(c, r, text.s, out);
        memcpy(sent[i], c->v[lane >= 0 ? lane : c->store], sizeof sent[i]);
    }
    strbuf_release(&text);
    free(sent);
    free(c);
}
