/*
 * audit: after "all orders", some more at random, to see that none was missed.
 *
 * Half of them pick any task, half go by priorities of steps (pos). The class of each has to be one
 * that the search had; where classes were not kept (a divided search, or more than AUDIT_CLASSES_MAX)
 * its outcome has to be. It costs as many executions as AUDIT_SHARE of those of the search, and a few
 * for the smallest. What it cannot see are faults of the model, or of a footprint in which the search
 * and the class of an execution agree: docs/trust.md.
 */
#ifndef SIM_EXPLORE_SEARCH_AUDIT_H
#define SIM_EXPLORE_SEARCH_AUDIT_H

#include "sim/explore/search/search.h"

#define AUDIT_CLASSES_MAX 4000000 /* 8 to 16 bytes each */
#define AUDIT_SHARE       32      /* one in so many */
#define AUDIT_LEAST       64      /* in memory; on files, an eighth of that */

/* Is a search that tries all orders to be audited, and are its classes to be kept for that? */
bool audit_wanted(const struct search *s);

/* After a complete search, with its executions counted: s->audited says how many were tried. An
 * execution that was missed: ERR_DIVERGE, and s->missed has it. */
enum err_code audit_run(struct search *s, struct err *err);

#endif
