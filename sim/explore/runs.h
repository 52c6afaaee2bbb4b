/*
 * runs: the loops over executions, one for each kind of order. Internal to search. Each sets
 * s->end. The script makes the first choices, and is left without a successor.
 */
#ifndef SIM_EXPLORE_RUNS_H
#define SIM_EXPLORE_RUNS_H

#include "sim/explore/choosers.h"
#include "sim/explore/search.h"

enum err_code run_sample(struct search *s, struct script_chooser *script, struct err *err);

/* Time or executions are used up; tells of progress now and then. */
bool search_over_budget(struct search *s, int64_t start_ms);

#endif
