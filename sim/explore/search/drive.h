/*
 * drive: the loops over executions, one for each kind of order. Internal to search. Each sets
 * s->end. The script makes the first choices, and is left without a successor.
 */
#ifndef SIM_EXPLORE_SEARCH_DRIVE_H
#define SIM_EXPLORE_SEARCH_DRIVE_H

#include "sim/explore/search/search.h"
#include "sim/explore/strategy/strategies.h"

/* The runs of a sample from `from` up to `to`, which is not one of them. *over: the budget ended it. */
enum err_code run_sample(struct search *s, struct script_chooser *script, int64_t from, int64_t to,
                         bool *over, struct err *err);

/* All orders, by the control (control.h). ERR_INPUT: not of such a scenario, not on such a port. */
enum err_code run_control(struct search *s, struct script_chooser *script, struct err *err);

/* Time or executions are used up; tells of progress now and then. */
bool search_over_budget(struct search *s);

#endif
