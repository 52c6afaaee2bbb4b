/*
 * github: workflow commands, by which a GitHub job writes into the page of a pull request.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions: "%" and line ends
 * are written as %XX, and in a property ":" and "," too.
 */
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void escape(const char *s, const char *which, struct strbuf *out)
{
    for (; *s; s++)
        if (strchr(which, *s))
            strbuf_printf(out, "%%%02X", (unsigned)(unsigned char)*s);
        else
            strbuf_addc(out, *s);
}

static void message(const char *s, struct strbuf *out)
{
    struct strbuf visible = STRBUF_INIT;

    strbuf_visible_lines(&visible, s);
    escape(visible.s, "%\n", out);
    strbuf_addc(out, '\n');
    strbuf_release(&visible);
}

static void property(const char *name, const char *value, struct strbuf *out)
{
    struct strbuf visible = STRBUF_INIT;

    strbuf_visible(&visible, value);
    strbuf_printf(out, "%s=", name);
    escape(visible.s, "%:,", out);
    strbuf_release(&visible);
}

static void begin(const char *level, const char *file, int line, int column, struct strbuf *out)
{
    strbuf_printf(out, "::%s ", level);
    property("file", file, out);
    strbuf_printf(out, ",line=%d,col=%d,", line, column);
}

#define STORY_LINES 60 /* of an annotation */

static void add_evidence(const struct evidence *e, struct strbuf *out)
{
    size_t len = 0;

    for (int i = 0; i < STORY_LINES && e->story[len]; i++) {
        len += strcspn(e->story + len, "\n");
        len += e->story[len] == '\n';
    }
    strbuf_printf(out, "\nReplay: %s\n", e->replay);
    strbuf_add(out, e->story, len);
    strbuf_adds(out, e->story[len] ? "…" : "");
}

static void expectation(const struct search *s, const struct tally *t, const struct evidence *e,
                        struct strbuf *out)
{
    const struct scenario *sc = s->scenario;
    bool undecided = tally_ok(s, t) < 0;
    struct strbuf text = STRBUF_INIT;

    begin(undecided ? "warning" : "error", sc->file, t->line, t->column, out);
    strbuf_printf(&text, "%s, %s: %s", sc->name, sc->variant, t->name);
    property("title", text.s, out);
    strbuf_adds(out, "::");
    strbuf_clear(&text);
    strbuf_adds(&text, undecided ? "undecided: " : "");
    verdict_words(s, t, &text);
    if (e->replay)
        add_evidence(e, &text);
    message(text.s, out);
    strbuf_release(&text);
}

void report_github(const struct search *s, const struct evidence *evidence, struct strbuf *out)
{
    assert(s);
    assert(evidence);
    assert(out);
    for (int i = 0; i < s->tally_count; i++)
        if (tally_ok(s, &s->tallies[i]) <= 0)
            expectation(s, &s->tallies[i], &evidence[i], out);
}

/* "FILE:LINE:COLUMN: …": the length of FILE, or 0 if the story does not begin so. */
static size_t place(const char *story, int *line, int *column)
{
    for (const char *s = strchr(story, ':'); s; s = strchr(s + 1, ':')) {
        char *end;
        long l, c;

        if (s == story || !isdigit((unsigned char)s[1]))
            continue;
        l = strtol(s + 1, &end, 10);
        if (*end != ':' || !isdigit((unsigned char)end[1]))
            continue;
        c = strtol(end + 1, &end, 10);
        if (*end != ':')
            continue;
        *line = (int)l;
        *column = (int)c;
        return (size_t)(s - story);
    }
    return 0;
}

void report_github_error(const struct err *err, struct strbuf *out)
{
    assert(out);

    struct strbuf file = STRBUF_INIT;
    int line, column;
    size_t len = place(err->story, &line, &column);

    strbuf_add(&file, err->story, len);
    if (len) {
        begin("error", file.s, line, column, out);
        property("title", "fsrace", out);
    } else {
        strbuf_adds(out, "::error title=fsrace");
    }
    strbuf_adds(out, "::");
    message(err->story, out);
    strbuf_release(&file);
}
