#include "sim/report/text/report.h"
#include <stdio.h>

void report_holds(struct table *t, const struct search *s, const struct tally *tally)
{
    enum holds found = tally_found(tally);
    char word[16];

    snprintf(word, sizeof word, "%s%s", holds_name(found),
             search_open(s) && found != HOLDS_SOMETIMES ? "?" : "");
    table_word(t, tally->holds + tally->broken ? word : "?");
}

void report_orders(struct table *t, const struct search *s)
{
    static const char *const names[] = {
        [SEARCH_COMPLETE] = "all",   [SEARCH_SAMPLED] = "sampled",  [SEARCH_SCRIPT] = "one",
        [SEARCH_WITHIN] = "bounded", [SEARCH_BUDGET] = "undecided", [SEARCH_BOUND] = "undecided"};

    table_word(t, names[s->end]);
}
