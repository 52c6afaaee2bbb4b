/*
 * junit: a test report as CI systems read it: a suite a variant, a case an expectation. What was
 * not met is a failure, what stayed undecided an error.
 */
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <string.h>
#include <time.h>

/* Text that is neither mark-up nor forbidden in XML 1.0. */
static void text(const char *s, struct strbuf *out)
{
    size_t left = strlen(s);

    while (left > 0) {
        size_t len = utf8_len(s, left);
        unsigned char c = (unsigned char)*s;

        if (c == '&' || c == '<' || c == '>' || c == '"')
            strbuf_printf(out, "&#%d;", c);
        else if (len == 0 || (c < 0x20 && c != '\n') || c == 0x7f)
            strbuf_adds(out, "\xef\xbf\xbd"); /* U+FFFD */
        else
            strbuf_add(out, s, len);
        len = len ? len : 1;
        s += len;
        left -= len;
    }
}

static void attribute(const char *name, const char *value, struct strbuf *out)
{
    strbuf_printf(out, " %s=\"", name);
    text(value, out);
    strbuf_addc(out, '"');
}

static void begin_case(const struct search *s, const char *name, double seconds, struct strbuf *out)
{
    struct strbuf class = STRBUF_INIT;

    strbuf_printf(&class, "%s.%s", s->scenario->name, s->scenario->variant);
    strbuf_adds(out, "    <testcase");
    attribute("classname", class.s, out);
    attribute("name", name, out);
    strbuf_printf(out, " time=\"%.3f\"", seconds);
    strbuf_release(&class);
}

static void expectation(const struct search *s, const struct tally *t, double seconds,
                        struct strbuf *out)
{
    int ok = tally_ok(s, t);
    const char *element = ok < 0 ? "error" : "failure";
    struct strbuf words = STRBUF_INIT;

    verdict_words(s, t, &words);
    begin_case(s, t->name, seconds, out);
    if (ok > 0) {
        strbuf_adds(out, "/>\n");
    } else {
        strbuf_printf(out, ">\n      <%s type=\"%s\"", element,
                      ok < 0 ? "undecided" : "expectation");
        attribute("message", words.s, out);
        strbuf_addc(out, '>');
        text(s->scenario->file, out);
        strbuf_printf(out, ":%d:%d: ", t->line, t->column);
        text(t->name, out);
        strbuf_adds(out, ": ");
        text(words.s, out);
        strbuf_printf(out, "</%s>\n    </testcase>\n", element);
    }
    strbuf_release(&words);
}

static void begin_suite(const struct search *s, int number, double seconds, struct strbuf *out)
{
    int failures = 0, errors = 0, tests = expectation_count(s);
    time_t now = time(NULL);
    char stamp[32];

    for (int i = 0; i < s->tally_count; i++) {
        failures += tally_ok(s, &s->tallies[i]) == 0;
        errors += tally_ok(s, &s->tallies[i]) < 0;
    }
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", gmtime(&now));
    strbuf_adds(out, "  <testsuite");
    attribute("name", s->scenario->variant, out);
    attribute("package", s->scenario->name, out);
    strbuf_printf(out,
                  " id=\"%d\" hostname=\"localhost\" timestamp=\"%s\" tests=\"%d\" "
                  "failures=\"%d\" errors=\"%d\" time=\"%.3f\">\n    <properties/>\n",
                  number, stamp, tests, failures, errors, seconds);
}

void report_junit(const struct search *s, int number, double seconds, const char *witness,
                  struct strbuf *out)
{
    assert(s);
    assert(witness);
    assert(out);
    assert(seconds >= 0);
    begin_suite(s, number, seconds, out);
    for (int i = 0; i < s->tally_count; i++)
        if (s->tallies[i].expected != HOLDS_UNNAMED)
            expectation(s, &s->tallies[i], seconds / expectation_count(s), out);
    strbuf_adds(out, "    <system-out>");
    text(witness, out);
    strbuf_adds(out, "</system-out>\n    <system-err/>\n  </testsuite>\n");
}

void report_junit_end(const char *suites, struct strbuf *out)
{
    assert(suites);
    assert(out);
    strbuf_printf(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n%s</testsuites>\n", suites);
}
