#include "sim/report/text/verdict.h"
#include "sim/report/text/report.h"

void verdict_words(const struct search *s, const struct tally *t, struct strbuf *out)
{
    strbuf_printf(out, "expected %s, found %s: it held in %lld of %lld executions (%s)",
                  holds_name(t->expected), holds_name(tally_found(t)), (long long)t->holds,
                  (long long)(t->holds + t->broken), search_orders(s));
}

int expectation_count(const struct search *s)
{
    int n = 0;

    for (int i = 0; i < s->tally_count; i++)
        n += s->tallies[i].expected != HOLDS_UNNAMED;
    return n;
}
