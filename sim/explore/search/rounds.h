/*
 * rounds: all orders without a preemption, then all with one at most, with two, and so on, beside a
 * search of all orders that takes long. What such a search was ended in the middle of is then a proof
 * all the same: of the orders within the last bound that was done.
 *
 *     struct rounds r;
 *     rounds_init(&r, s);
 *     // … after each execution of the search, and its reset: rounds_step(&r, &err) …
 *     if (ended) // before its end
 *         rounds_tell(&r);
 *     rounds_release(&r);
 *
 * A round is not reduced: the order that stands for a class may have more preemptions than another
 * one of it. When its turn is goes by the number of executions, not by time, so that nothing hangs on
 * how fast the machine is. Until rounds_tell() nothing of the search is changed: one that comes to its
 * end counts, and shows, what it would have without.
 */
#ifndef SIM_EXPLORE_SEARCH_ROUNDS_H
#define SIM_EXPLORE_SEARCH_ROUNDS_H

#include "sim/explore/search/search.h"
#include "sim/explore/strategy/dpor.h"
#include "sim/explore/strategy/strategies.h"

#define ROUNDS_AFTER  256 /* executions of the search, before the first round begins */
#define ROUNDS_ONE_IN 16  /* … and then one of a round for so many of the search */
#define ROUNDS_BUDGET 4   /* … where a budget may end it */
#define ROUNDS_EARLY  32  /* of programs, which are slow and have many calls: when they begin, */
#define ROUNDS_MANY   3   /* … and so many of a round for each one of the search */

/* What the rounds showed of a tally; as there: broken, holds. */
struct round_tally {
    int first[2];
    struct schedule witness[2];
};

struct rounds {
    struct search *search;
    struct round *v; /* the last one is under way, or complete */
    int count, cap;
    bool under_way;
    bool unended; /* an execution reached POINTS_MAX: there is no proof in it, or in any after it */
    struct all_chooser all; /* of the round under way */
    struct script_chooser script;
    struct round_tally *tallies; /* as many as the search's */
    struct schedule current;
};

void rounds_init(struct rounds *r, struct search *s);
enum err_code rounds_step(struct rounds *r, struct err *err); /* if it is their turn */
void rounds_tell(struct rounds *r); /* the search and its tallies get to know */
void rounds_release(struct rounds *r);

#endif
