/*
 * runs: the loops over executions, one for each kind of order. Internal to search. Each sets
 * s->end. The script makes the first choices, and is left without a successor.
 */
#ifndef SIM_EXPLORE_SEARCH_RUNS_H
#define SIM_EXPLORE_SEARCH_RUNS_H

#include "sim/explore/search/search.h"
#include "sim/explore/strategy/strategies.h"

/* The runs of a sample from `from` up to `to`, which is not one of them. *over: the budget ended it. */
enum err_code run_sample(struct search *s, struct script_chooser *script, int64_t from, int64_t to,
                         bool *over, struct err *err);

/* Time or executions are used up; tells of progress now and then. */
bool search_over_budget(struct search *s);

/* The execution is over and looked at: the reset, and its turn on the twin, if it is to have one. */
enum err_code search_finish_one(struct search *s, struct err *err);

#endif
