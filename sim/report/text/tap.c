/* tap: the Test Anything Protocol, version 13: a line a test, what is wrong with it below. */
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <string.h>

/* "#" begins a directive, and a line is a line. */
static void description(const char *s, struct strbuf *out)
{
    for (; *s; s++) {
        if (*s == '#' || *s == '\\')
            strbuf_addc(out, '\\');
        strbuf_addc(out, *s == '\n' ? ' ' : *s);
    }
}

static void comment(const char *text, struct strbuf *out)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        strbuf_adds(out, len ? "# " : "#");
        strbuf_add(out, text, len);
        strbuf_addc(out, '\n');
        text += len + (text[len] == '\n');
    }
}

static void test(const struct search *s, const char *name, bool good, int *number,
                 struct strbuf *out)
{
    strbuf_printf(out, "%s %d - ", good ? "ok" : "not ok", ++*number);
    description(s->scenario->name, out);
    strbuf_adds(out, ", ");
    description(s->scenario->variant, out);
    strbuf_adds(out, ": ");
    description(name, out);
    strbuf_addc(out, '\n');
}

static void expectation(const struct search *s, const struct tally *t, int *number,
                        struct strbuf *out)
{
    int ok = tally_ok(s, t);
    struct strbuf words = STRBUF_INIT;

    test(s, t->name, ok > 0, number, out);
    if (ok <= 0) {
        strbuf_printf(&words, "%s:%d:%d: %s", s->scenario->file, t->line, t->column,
                      ok < 0 ? "undecided: " : "");
        verdict_words(s, t, &words);
        comment(words.s, out);
    }
    strbuf_release(&words);
}

void report_tap(const struct search *s, const char *witness, int *number, struct strbuf *out)
{
    assert(s);
    assert(witness);
    assert(number);
    assert(out);
    if (*number == 0)
        strbuf_adds(out, "TAP version 13\n");
    for (int i = 0; i < s->tally_count; i++)
        if (s->tallies[i].expected != HOLDS_UNNAMED)
            expectation(s, &s->tallies[i], number, out);
    comment(witness, out);
}

void report_tap_end(int number, const struct err *err, struct strbuf *out)
{
    assert(out);
    assert(number >= 0);
    if (err->code == OK) {
        strbuf_printf(out, "1..%d\n", number);
        return;
    }
    strbuf_adds(out, "Bail out! ");
    description(err->story, out);
    strbuf_addc(out, '\n');
}
