/*
 * coalesce: the same execution with fewer preemptions.
 *
 * Steps that do not depend on each other are put together, task by task: a task goes on until its
 * next step needs one of another task first. What comes out is an order of the same class, so it
 * ends alike; the one with the fewest preemptions over all tasks to begin with is kept. It is the
 * best of these, not the best of all.
 */
#ifndef SIM_EXPLORE_SEARCH_COALESCE_H
#define SIM_EXPLORE_SEARCH_COALESCE_H

#include "sim/explore/search/search.h"

/* Replaces the schedule if a shorter one was found. Runs some executions; the store is reset after
 * each. */
enum err_code shorten(struct search *s, struct schedule *schedule, struct err *err);

#endif
