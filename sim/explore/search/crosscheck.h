/*
 * crosscheck: the same executions on a second port, and the same story expected.
 *
 * A search on the model (model.h) is as good as the model. So it may have a twin, a second
 * cluster of the same scenario on the real directory, on which executions are repeated by their
 * picks: each, one in N, or one for each distinct outcome (search_options.twin, .twin_every). Both
 * stories are then compared whole: each step with its result, what the nodes remember, the final
 * store, and what does not hold. Where they differ, one of the two is not what we take it for, and
 * no verdict is worth anything: ERR_DIVERGE, with the two lines.
 */
#ifndef SIM_EXPLORE_SEARCH_CROSSCHECK_H
#define SIM_EXPLORE_SEARCH_CROSSCHECK_H

#include "sim/explore/search/search.h"

/* Runs the picks on both, told. Both stores are as before. */
enum err_code twin_repeat(struct search *s, const struct schedule *picks, struct err *err);
/* One execution of each outcome. So that it takes about as long as the search at most, of a number of
 * them, by hash, where there are more, and one of each kind that was seen of each property. */
#define TWIN_OUTCOMES 200
#define TWIN_SHARE                                                                                 \
    16 /* on top, one for so many executions: on files, one takes about as long as they */
enum err_code twin_repeat_outcomes(struct search *s, struct err *err);

/* The execution is over and looked at: the reset, and its turn on the twin, if it is to have one. */
enum err_code search_finish_one(struct search *s, struct err *err);

#endif
