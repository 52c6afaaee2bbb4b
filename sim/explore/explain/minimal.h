/*
 * minimal: the order with the fewest preemptions, and of those the fewest steps, in which a property
 * is broken or holds; proved, not only found.
 *
 * All orders without a preemption are tried, then all with one, and so on, until one shows it. That
 * is a proof as long as there are not more orders than anybody waits for.
 */
#ifndef SIM_EXPLORE_EXPLAIN_MINIMAL_H
#define SIM_EXPLORE_EXPLAIN_MINIMAL_H

#include "sim/explore/search/search.h"

#define SHORTEST_TRIES 3000 /* executions with so many preemptions at most */

/* Replaces the witness by the shortest order, and sets t->proved. If there are too many orders to
 * tell, both stay as they are. kind: 0 broken, 1 holds. */
enum err_code shortest(struct search *s, struct tally *t, int kind, struct err *err);

#endif
