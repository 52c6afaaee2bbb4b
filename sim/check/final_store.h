/*
 * final_store: what is in the store when an execution is over, for checks. No look at it is a step.
 */
#ifndef SIM_CHECK_FINAL_STORE_H
#define SIM_CHECK_FINAL_STORE_H

#include <stdbool.h>

struct cluster;
struct record;
struct store;

/* A way into the store that is no step. */
void check_store(struct cluster *c, struct store *out);
/* Has this generation of the stream a tombstone (nodes/stream/generation.h)? */
bool check_is_over(struct store *s, const char *stream, int generation);
/* All definitions in the store, one for each *.stream.json, without those of generations that are
 * over. Memory is the cluster's, for this execution. */
int check_definitions(struct cluster *c, struct record **out);

#endif
