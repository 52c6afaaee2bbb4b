/*
 * mermaid: a sequence diagram for Mermaid, which GitHub and GitLab draw in a ```mermaid block.
 * https://mermaid.js.org/syntax/sequenceDiagram.html: a character is written as #NUMBER; where it
 * has a meaning of its own (; ends a line, # begins a number).
 */
#include "sim/report/diagram/sequence.h"
#include <assert.h>

static void code(struct strbuf *out, int c)
{
    strbuf_printf(out, "#%d;", c);
}

static void text_line(const char *text, struct strbuf *out)
{
    sequence_escape(out, text, code);
    strbuf_addc(out, '\n');
}

static void lane(int lane, struct strbuf *out)
{
    if (lane == LANE_STORE)
        strbuf_adds(out, "store");
    else
        strbuf_printf(out, "t%d", lane);
}

static void begin(const struct picture *p, const struct lanes *l, struct strbuf *out)
{
    (void)p;
    strbuf_adds(out, "sequenceDiagram\n");
    for (int i = 0; i < l->count; i++) {
        strbuf_printf(out, "    participant t%d as ", i);
        text_line(l->names[i], out);
    }
    strbuf_adds(out, "    participant store\n");
}

static void arrow(enum arrow kind, int from, int to, const char *text, struct strbuf *out)
{
    static const char *const shafts[] = {
        [ARROW_CALL] = "->>", [ARROW_MESSAGE] = "-)", [ARROW_LOST] = "-x", [ARROW_EVENT] = "-->>"};

    strbuf_adds(out, "    ");
    lane(from, out);
    strbuf_adds(out, shafts[kind]);
    lane(to, out);
    strbuf_adds(out, ": ");
    text_line(text, out);
}

static void note(int at, const char *text, struct strbuf *out)
{
    strbuf_adds(out, "    Note over ");
    lane(at, out);
    strbuf_adds(out, ": ");
    text_line(text, out);
}

static void band(const struct lanes *l, const char *text, struct strbuf *out)
{
    strbuf_printf(out, "    Note over %s: ", l->count ? "t0,store" : "store");
    text_line(text, out);
}

static void race(bool begins, struct strbuf *out)
{
    strbuf_adds(out, begins ? "    rect rgb(255, 214, 150)\n" : "    end\n");
}

static void end(struct strbuf *out)
{
    (void)out;
}

void draw_mermaid(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);
    (void)style;
    sequence_draw(p, &(struct dialect){begin, arrow, note, band, race, end}, out);
}
