/*
 * programs: nodes that are programs of this machine. Each has a task, which takes its program from one call on the store to
 * the next; each call is a point and a transition, with a footprint, as an actor's is.
 *
 * The same choices have to give the same calls and results. That is checked wherever two executions, one after the other,
 * begin with the same picks: a program that does otherwise is not deterministic, and what was seen of it is a sample.
 */
#ifndef SIM_ENGINE_PROGRAMS_H
#define SIM_ENGINE_PROGRAMS_H

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct footprint;
struct point;
struct task;
struct tree_call;
struct tree_result;

/* For the life of the cluster. ERR_INPUT: the store is no directory. */
enum err_code programs_new(struct cluster *c, struct err *err);
void programs_free(struct cluster *c);

int program_run(struct task *t);          /* the body of a program's task */
bool program_ready(const struct task *t); /* the lock that it waits for is free */
void program_killed(struct cluster *c, int node, struct task *by); /* its node goes down */
void programs_end(struct cluster *c);    /* the execution is over: none is left */
void programs_afresh(struct cluster *c); /* in the next one, each begins by an exec */
/* Why what was seen is no proof; NULL: nothing is known against it. Lives as long as the cluster. */
const char *programs_doubt(const struct cluster *c);

void programs_doubts(struct cluster *c, const char *why);

/* program_footprint.c: what a call touched, from what came of it; and the most that it may. */
void program_footprint(struct task *t, const struct tree_call *call,
                       const struct tree_result *result);
void program_footprint_may(struct task *t, const struct point *p, struct footprint *out);
uint64_t program_lock_thing(void);
void program_locks_freed(struct task *by);

#endif
