#include "sim/report/diagram/sequence.h"
#include <assert.h>
#include <ctype.h>
#include <string.h>

#define LABEL_MAX 70 /* characters on an arrow */

struct sequence {
    const struct picture *p;
    const struct dialect *d;
    struct lanes lanes;
    struct strbuf *out, text;
};

/* The call, and its result behind it. */
static const char *label(struct sequence *s, const struct trace_record *r)
{
    strbuf_clear(&s->text);
    call_words(r, &s->text);
    if (r->kind == TRACE_STEP && *r->result)
        strbuf_printf(&s->text, " = %s", r->result);
    if (s->text.len > LABEL_MAX) {
        size_t len = LABEL_MAX - 2;

        while (len > 0 && ((unsigned char)s->text.s[len] & 0xc0) == 0x80)
            len--; /* not within a character */
        strbuf_cut(&s->text, len);
        strbuf_adds(&s->text, "..");
    }
    return s->text.s;
}

static void step(struct sequence *s, int record, int lane)
{
    const struct trace_record *r = &s->p->trace.v[record];
    const char *text = label(s, r);
    int to = is_message(r) ? lane_to(&s->lanes, s->p, record) : -1;

    if (r->op == WATCH_NEXT && r->cause_count)
        s->d->arrow(ARROW_EVENT, LANE_STORE, lane, text, s->out);
    else if (is_store_step(r))
        s->d->arrow(ARROW_CALL, lane, LANE_STORE, text, s->out);
    else if (to >= 0)
        s->d->arrow(r->fate == FATE_LOST ? ARROW_LOST : ARROW_MESSAGE, lane, to, text, s->out);
    else
        s->d->note(lane, text, s->out);
}

/* Of what goes on in a task's memory, what its client gets to know. */
static bool is_told(const struct trace_record *r)
{
    return r->kind == TRACE_CREATED || r->kind == TRACE_ANSWER ||
           (r->kind == TRACE_REGISTER && strcmp(r->result, "ok") != 0);
}

static void draw_record(struct sequence *s, int record)
{
    const struct trace_record *r = &s->p->trace.v[record];
    bool raced = record == s->p->raced[0] || record == s->p->raced[1];
    int lane = lane_of(&s->lanes, r);

    if (raced)
        s->d->race(true, s->out);
    if (r->kind == TRACE_STEP && lane >= 0)
        step(s, record, lane);
    else if (r->kind == TRACE_STEP)
        s->d->band(&s->lanes, label(s, r), s->out);
    else if (is_told(r) && lane >= 0)
        s->d->note(lane, label(s, r), s->out);
    if (raced)
        s->d->race(false, s->out);
}

static void draw_broken(struct sequence *s, int record)
{
    int tally = broke_here(s->p, record);

    if (tally < 0)
        return;
    strbuf_clear(&s->text);
    strbuf_printf(&s->text, "from here on %s is broken", s->p->search->tallies[tally].name);
    s->d->band(&s->lanes, s->text.s, s->out);
}

void sequence_draw(const struct picture *p, const struct dialect *d, struct strbuf *out)
{
    assert(p);
    assert(d);
    assert(out);

    struct sequence s = {.p = p, .d = d, .out = out, .text = STRBUF_INIT};

    lanes_init(&s.lanes, p, false);
    d->begin(p, &s.lanes, out);
    for (int i = 0; i < p->trace.count; i++) {
        draw_record(&s, i);
        draw_broken(&s, i);
    }
    d->end(out);
    strbuf_release(&s.text);
}

void sequence_escape(struct strbuf *out, const char *text, void (*code)(struct strbuf *, int))
{
    assert(out);
    assert(text);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= 0x80 || isalnum(c) || strchr(" ._-/=,:()+*'\"{}[]", c))
            strbuf_addc(out, (char)c);
        else
            code(out, c);
    }
}
