/*
 * tally: what is counted of one property, and the verdict on it.
 */
#ifndef SIM_EXPLORE_SEARCH_TALLY_H
#define SIM_EXPLORE_SEARCH_TALLY_H

#include "sim/check/check.h"
#include "sim/explore/search/schedule.h"
#include "sim/scenario/scenario.h"

struct search;

#define TALLIES_TOLD 64 /* of those, a trace says after each step whether they are broken */

struct tally {
    const char *name;
    const struct check *check;                /* built in, else NULL */
    const struct scenario_property *property; /* the scenario's own, else NULL; its index: */
    int index;
    int64_t holds, broken;      /* executions */
    struct schedule witness[2]; /* shortest: [0] broken, [1] holds */
    bool proved[2];             /* … of all orders, not only of those that were run: minimal.h */
    enum holds expected;
    int line, column; /* of the expectation */
};

void tallies_new(struct search *s); /* of all properties that the scenario is about */

/* A budget or a bound ended it before all was seen. */
bool search_open(const struct search *s);
/* "always", "sometimes", "never"; NULL if that is not known. */
const char *tally_verdict(const struct search *s, const struct tally *t);
/* The same in words, never NULL: else "undecided", or "not always" if it was seen broken. */
const char *tally_words(const struct search *s, const struct tally *t);
/* What was found: over all executions that were run. */
enum holds tally_found(const struct tally *t);
/* Is that the expectation, as far as this search can tell? 1 yes, 0 no, -1 undecided. */
int tally_ok(const struct search *s, const struct tally *t);

#endif
