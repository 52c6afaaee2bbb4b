/*
 * intern: texts that are said often, told once and then by number. What keeps a report's data small:
 * executions of one scenario say nearly the same.
 */
#ifndef SIM_REPORT_PAGE_INTERN_H
#define SIM_REPORT_PAGE_INTERN_H

#include "base/strbuf.h"

struct words {
    char **v;
    int count, cap;
    int *slots; /* a hash table of numbers + 1 */
    int slot_count;
};

int words_number(struct words *w, const char *text);        /* a zeroed struct has none yet */
void words_json(const struct words *w, struct strbuf *out); /* a list */
void words_release(struct words *w);

#endif
