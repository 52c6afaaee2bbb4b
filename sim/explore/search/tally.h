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
    int first[2]; /* 1 + the bound of the first round that showed it so; 0: none (rounds.h) */
    enum holds expected;
    int line, column; /* of the expectation */
};

void tallies_new(struct search *s); /* of all properties that the scenario is about */

/* Something ended it before all was seen. */
bool search_open(const struct search *s);
/* "always", "sometimes", "never"; NULL if that is not known. */
const char *tally_verdict(const struct search *s, const struct tally *t);
/* The same in words, never NULL: else "undecided", or "not always" if it was seen broken. */
const char *tally_words(const struct search *s, const struct tally *t);
/* What was found: over all executions that were run. */
enum holds tally_found(const struct tally *t);
/* Was an execution seen in which it is broken (0), or holds (1)? */
bool tally_seen(const struct tally *t, int kind);
/* Is the verdict known, and what the counts say? Else they are "so far". */
bool tally_counted(const struct search *s, const struct tally *t);
/* No hang was seen, and none can be: nobody waits for anything, or was seen to go on for ever. */
bool tally_given(const struct search *s, const struct tally *t);
/* The most preemptions with which no order is of that kind, broken (0) or not (1): all were tried.
 * -1: that is not known of any number. */
int tally_free_up_to(const struct search *s, const struct tally *t, int kind);
/* Is that the expectation, as far as this search can tell? 1 yes, 0 no, -1 undecided. */
int tally_ok(const struct search *s, const struct tally *t);

#endif
