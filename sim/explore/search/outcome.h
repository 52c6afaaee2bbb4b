/*
 * outcome: how an execution ended, as a number: what the clients were told, and what is in the
 * store. Orders of one class give one outcome, so nothing in it depends on the order in which
 * independent things happened.
 */
#ifndef SIM_EXPLORE_SEARCH_OUTCOME_H
#define SIM_EXPLORE_SEARCH_OUTCOME_H

#include "sim/explore/search/search.h"

uint64_t outcome_hash(struct cluster *c);
/* Of the set of those seen; it is added if it was not. Valid until the next one. */
struct outcome *outcome_slot(struct search *s, uint64_t hash);
/* To the set of those seen, with the current order. */
void outcome_add(struct search *s, uint64_t hash);

/* The final store as a tree with contents, and the registers, for a reader. */
void outcome_print(struct cluster *c, struct strbuf *out);
/* The files as they are now, in the middle of an execution, too: "lock = B, app/x = (empty)";
 * "nothing" if there are none. No step. */
void outcome_files(struct cluster *c, struct strbuf *out);

#endif
