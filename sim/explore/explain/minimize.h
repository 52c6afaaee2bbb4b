/*
 * minimize: the shortest list of steps, as in a scenario's "order", in which a property is broken.
 *
 * It begins with the witness as a script (export.h), and leaves out every step without which the
 * property is broken all the same. A step says what it waits for by a point's text, so it means the
 * same when other steps are put before it.
 */
#ifndef SIM_EXPLORE_EXPLAIN_MINIMIZE_H
#define SIM_EXPLORE_EXPLAIN_MINIMIZE_H

#include "sim/explore/search/search.h"

/* Appends the list, with {"else": "all"} behind it, for the tally's broken witness; *hangs: it leaves somebody
 * waiting. The search's scenario has another order afterwards. */
enum err_code pin_order(struct search *s, const struct tally *t, struct strbuf *out, bool *hangs,
                        struct err *err);

#endif
