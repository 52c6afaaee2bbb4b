/*
 * why: the end of a witness in plain words: with which step a property broke, what each node then
 * took for true, and which two steps raced.
 */
#include "sim/report/text/delays.h"
#include "sim/report/text/report.h"
#include "sim/report/text/row.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BELIEFS_MAX 6 /* of a node; more are not told */

/* Long lines go on in the next, under their first word. */
static void say(const struct style *style, const char *text, struct strbuf *out)
{
    struct row row = {.out = out, .colour = style->colour};
    const char *indent = "    ";

    row_put(&row, indent, 4, ROW_PLAIN);
    while (*text) {
        size_t len = strcspn(text, " ");
        char word[256];

        snprintf(word, sizeof word, "%.*s", (int)len, text);
        if (row.at > 6 && row.at + row_width(word) + 1 > style->width) {
            row_end(&row);
            row_to(&row, 6, ' ');
        } else if (row.at > 4) {
            row_put(&row, " ", 1, ROW_PLAIN);
        }
        row_put(&row, word, style->width - row.at, ROW_PLAIN);
        text += len + strspn(text + len, " ");
    }
    row_end(&row);
}

static void step_words(const struct trace_record *r, struct strbuf *out)
{
    strbuf_printf(out, "%s's \"", r->task);
    point_text(&(struct point){r->op, r->object, r->object2}, out);
    strbuf_addc(out, '"');
}

/* --- with which step --- */

static void when_it_broke(const struct picture *p, int tally, struct strbuf *out)
{
    const struct trace_record *r = &p->trace.v[p->broke_at[tally]];

    strbuf_printf(out, "%s broke with ", p->search->tallies[tally].name);
    step_words(r, out);
    strbuf_addc(out, '.');
}

/* --- what they believed --- */

static bool is_belief(const struct trace_record *r, const char *node)
{
    return strcmp(r->node, node) == 0 && strcmp(r->object, "*") != 0 &&
           (r->kind == TRACE_RECALL || r->kind == TRACE_REMEMBER || r->kind == TRACE_REGISTER);
}

static bool is_said_later(const struct picture *p, int record, int end)
{
    const struct trace_record *r = &p->trace.v[record];

    for (int i = record + 1; i < end; i++)
        if (is_belief(&p->trace.v[i], r->node) && strcmp(p->trace.v[i].object, r->object) == 0)
            return true;
    return false;
}

static void believed(const struct picture *p, const char *node, int end, struct strbuf *out)
{
    int n = 0;

    for (int i = 0; i < end; i++) {
        const struct trace_record *r = &p->trace.v[i];

        if (!is_belief(r, node) || is_said_later(p, i, end) || n == BELIEFS_MAX)
            continue;
        if (n++)
            strbuf_adds(out, ", ");
        else
            strbuf_printf(out, "%s then believed: ", node);
        strbuf_printf(out, "%s = %s", r->object, r->result);
    }
    if (n)
        strbuf_addc(out, '.');
}

/* The records of a step and its asides end here. */
static int end_of_step(const struct trace *t, int record)
{
    do
        record++;
    while (record < t->count && t->v[record].kind != TRACE_STEP);
    return record;
}

static void say_beliefs(const struct picture *p, int end, const struct style *style,
                        struct strbuf *out)
{
    const struct scenario *sc = p->search->scenario;
    struct strbuf text = STRBUF_INIT;

    for (int i = 0; i < sc->node_count; i++) {
        strbuf_clear(&text);
        believed(p, sc->nodes[i].name, end, &text);
        if (text.len)
            say(style, text.s, out);
    }
    strbuf_release(&text);
}

/* --- all of it --- */

static int first_broken(const struct picture *p)
{
    int first = -1;

    for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++)
        if (p->broke_at[i] >= 0 && (first < 0 || p->broke_at[i] < p->broke_at[first]))
            first = i;
    return first;
}

static void say_race(const struct picture *p, const struct style *style, struct strbuf *out)
{
    struct strbuf text = STRBUF_INIT;

    if (p->raced[0] < 0 || p->raced[1] < 0)
        return;
    step_words(&p->trace.v[p->raced[0]], &text);
    strbuf_adds(&text, " and ");
    step_words(&p->trace.v[p->raced[1]], &text);
    strbuf_printf(&text,
                  " raced (*): in the nearest order in which %s holds, they come the other "
                  "way round.",
                  p->search->tallies[p->race_of].name);
    say(style, text.s, out);
    strbuf_release(&text);
}

/* --- who was slow --- */

#define DELAYS_MAX 4 /* more are not told */

static void long_words(int64_t ms, struct strbuf *out)
{
    if (ms >= 1000 && ms % 1000 == 0)
        strbuf_printf(out, "%lld s", (long long)(ms / 1000));
    else
        strbuf_printf(out, "%lld ms", (long long)ms);
}

static void delay_words(const struct picture *p, const struct delay *d, struct strbuf *out)
{
    const struct trace_record *r = &p->trace.v[d->step];

    strbuf_printf(out, "%s is slow for ", r->task);
    long_words(d->ms, out);
    if (d->before >= 0) {
        strbuf_adds(out, " between its \"");
        point_text(&(struct point){p->trace.v[d->before].op, p->trace.v[d->before].object,
                                   p->trace.v[d->before].object2},
                   out);
        strbuf_adds(out, "\" and its \"");
    } else {
        strbuf_adds(out, " before its \"");
    }
    point_text(&(struct point){r->op, r->object, r->object2}, out);
    strbuf_adds(out, "\".");
}

static void say_delays(const struct picture *p, const struct style *style, struct strbuf *out)
{
    struct delay d = {.step = -1};
    struct strbuf text = STRBUF_INIT;

    for (int i = 0; i < DELAYS_MAX && delays_next(p, &d); i++) {
        strbuf_clear(&text);
        delay_words(p, &d, &text);
        say(style, text.s, out);
    }
    strbuf_release(&text);
}

void report_why(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(style);
    assert(out);

    struct strbuf text = STRBUF_INIT;
    int first = first_broken(p), end = p->trace.count;

    strbuf_adds(out, "\n  Why:\n");
    for (int at = 0; at < p->trace.count; at++)
        for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++)
            if (p->broke_at[i] == at) {
                strbuf_clear(&text);
                when_it_broke(p, i, &text);
                say(style, text.s, out);
            }
    if (first >= 0)
        end = end_of_step(&p->trace, p->broke_at[first]);
    say_beliefs(p, end, style, out);
    if (first >= 0 && p->held[first]) {
        strbuf_clear(&text);
        strbuf_printf(&text, "The store then held %s.", p->held[first]);
        say(style, text.s, out);
    }
    say_delays(p, style, out);
    say_race(p, style, out);
    strbuf_release(&text);
}
