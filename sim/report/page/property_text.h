/*
 * property_text: what a property says, in a line, for readers who do not know it: "between two deletions
 * of a stream, at most one creation succeeds", "at the end: at most 1 of (A.got = ok, B.got = ok)".
 */
#ifndef SIM_REPORT_PAGE_PROPERTY_TEXT_H
#define SIM_REPORT_PAGE_PROPERTY_TEXT_H

#include "sim/explore/search/search.h"

void meaning_of(const struct tally *t, struct strbuf *out);

#endif
