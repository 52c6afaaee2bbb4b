/*
 * bounds: what is known of a property though the search was ended before its end: by the rounds of
 * orders with few preemptions (sim/explore/search/rounds.h), or because nobody waits.
 */
#include "sim/report/text/verdict.h"

static void preemptions(const char *before, int bound, struct strbuf *out)
{
    strbuf_printf(out, bound ? "%s with at most %d preemption%s" : "%s without a preemption",
                  before, bound, bound == 1 ? "" : "s");
}

/* No order up to there is of that kind: broken, or not. */
static void none(const struct search *s, int kind, int bound, struct strbuf *out)
{
    preemptions(kind ? "every order" : "no order", bound, out);
    strbuf_printf(out, " breaks it (all %lld tried)", (long long)s->rounds[bound].orders);
    if (bound + 1 < s->round_count)
        strbuf_printf(out, "; %d: begun", bound + 1);
}

/* Only a round has shown it. */
static bool only_there(const struct tally *t, int kind)
{
    return t->first[kind] && !(kind ? t->holds : t->broken);
}

void bounds_words(const struct search *s, const struct tally *t, struct strbuf *out)
{
    if (tally_given(s, t)) {
        strbuf_adds(out, "nobody waits for anything");
        return;
    }
    for (int kind = 0; kind < 2; kind++)
        if (only_there(t, kind)) {
            preemptions(kind ? "it holds in an order" : "broken in an order", t->first[kind] - 1,
                        out);
            return;
        }
    for (int kind = 0; kind < 2 && search_open(s) && !tally_verdict(s, t); kind++)
        if (tally_seen(t, !kind) && tally_free_up_to(s, t, kind) >= 0) {
            none(s, kind, tally_free_up_to(s, t, kind), out);
            return;
        }
}
