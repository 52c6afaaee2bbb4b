#include "sim/report/text/verdict.h"
#include "sim/report/text/report.h"
#include <assert.h>

void verdict_words(const struct search *s, const struct tally *t, struct strbuf *out)
{
    assert(s);
    assert(t);
    assert(out);

    int64_t judged = t->holds + t->broken;
    struct strbuf known = STRBUF_INIT;

    strbuf_printf(out, "expected %s, found %s: ", holds_name(t->expected), tally_words(s, t));
    if (judged)
        strbuf_printf(out, "it held in %lld of %lld executions%s", (long long)t->holds,
                      (long long)judged, tally_counted(s, t) ? "" : " so far");
    else
        strbuf_adds(out, "no execution came to its end");
    strbuf_printf(out, " (%s)", search_grounds(s));
    bounds_words(s, t, &known);
    strbuf_printf(out, "%s%s", known.len ? "; " : "", known.s);
    strbuf_release(&known);
}

int expectation_count(const struct search *s)
{
    assert(s);

    int n = 0;

    for (int i = 0; i < s->tally_count; i++)
        n += s->tallies[i].expected != HOLDS_UNNAMED;
    return n;
}
