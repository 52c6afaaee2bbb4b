#include "sim/report/text/report.h"
#include <assert.h>
#include <stdio.h>

void report_holds(struct table *t, const struct search *s, const struct tally *tally)
{
    assert(t);
    assert(s);
    assert(tally);

    enum holds found = tally_found(tally);
    bool open = search_open(s) && !tally_verdict(s, tally);
    char word[16];

    snprintf(word, sizeof word, "%s%s", holds_name(found), open ? "?" : "");
    table_word(t, tally_seen(tally, 0) || tally_seen(tally, 1) ? word : "?");
}

void report_orders(struct table *t, const struct search *s)
{
    assert(t);
    assert(s);

    static const char *const names[] = {
        [SEARCH_COMPLETE] = "all",      [SEARCH_SAMPLED] = "sampled",  [SEARCH_SCRIPT] = "one",
        [SEARCH_WITHIN] = "bounded",    [SEARCH_BUDGET] = "undecided", [SEARCH_BOUND] = "undecided",
        [SEARCH_STOPPED] = "undecided", [SEARCH_DOUBTED] = "sample"};

    table_word(t, names[s->end]);
}
