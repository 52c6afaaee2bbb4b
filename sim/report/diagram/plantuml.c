/*
 * plantuml: a sequence diagram for PlantUML. https://plantuml.com/sequence-diagram; a character is
 * written as <U+XXXX> where it has a meaning of its own.
 */
#include "sim/report/diagram/sequence.h"
#include <assert.h>

static void code(struct strbuf *out, int c)
{
    strbuf_printf(out, "<U+%04X>", (unsigned)c);
}

static void text_line(const char *text, struct strbuf *out)
{
    sequence_escape(out, text, code);
    strbuf_addc(out, '\n');
}

/* In quotes, so the quote is none of the harmless ones. */
static void name(const char *text, struct strbuf *out)
{
    struct strbuf plain = STRBUF_INIT;

    sequence_escape(&plain, text, code);
    strbuf_addc(out, '"');
    for (const char *s = plain.s; *s; s++)
        if (*s == '"')
            code(out, *s);
        else
            strbuf_addc(out, *s);
    strbuf_addc(out, '"');
    strbuf_release(&plain);
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
    const struct scenario *sc = p->search->scenario;

    strbuf_printf(out, "@startuml\ntitle %s, ", sc->name);
    text_line(sc->variant, out);
    for (int i = 0; i < l->count; i++) {
        strbuf_adds(out, "participant ");
        name(l->names[i], out);
        strbuf_printf(out, " as t%d\n", i);
    }
    strbuf_adds(out, "database store\n");
}

static void arrow(enum arrow kind, int from, int to, const char *text, struct strbuf *out)
{
    static const char *const shafts[] = {[ARROW_CALL] = " -> ",
                                         [ARROW_MESSAGE] = " ->> ",
                                         [ARROW_LOST] = " ->x ",
                                         [ARROW_EVENT] = " --> "};

    lane(from, out);
    strbuf_adds(out, shafts[kind]);
    lane(to, out);
    strbuf_adds(out, " : ");
    text_line(text, out);
}

static void note(int at, const char *text, struct strbuf *out)
{
    strbuf_adds(out, "note over ");
    lane(at, out);
    strbuf_adds(out, " : ");
    text_line(text, out);
}

static void band(const struct lanes *l, const char *text, struct strbuf *out)
{
    (void)l;
    strbuf_adds(out, "hnote across : ");
    text_line(text, out);
}

static void race(bool begins, struct strbuf *out)
{
    strbuf_adds(out, begins ? "group raced\n" : "end\n");
}

static void end(struct strbuf *out)
{
    strbuf_adds(out, "@enduml\n");
}

void draw_plantuml(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);
    (void)style;
    sequence_draw(p, &(struct dialect){begin, arrow, note, band, race, end}, out);
}
