/*
 * order: {"before": …}, points that the scenario has put in order. The later one is held back until
 * the earlier one has been done, whatever the chooser is.
 */
#ifndef SIM_ENGINE_ORDER_H
#define SIM_ENGINE_ORDER_H

#include <stdbool.h>

struct cluster;
struct footprint;
struct point;
struct task;

void order_clear(struct cluster *c); /* an execution begins */
bool order_holds_back(const struct cluster *c,
                      const struct task *t);                /* its pending point has to wait */
void order_picked(struct cluster *c, const struct task *t); /* its pending point is done next */
void order_touch(struct cluster *c, struct task *t);        /* the event has begun: its footprint */
/* … whatever it adds for the task's step at that point: footprint_may(). */
void order_may_touch(const struct task *t, const struct point *p, struct footprint *out);
/* The execution is over: an ERR_INPUT in the cluster if a point has never come. */
void order_check(struct cluster *c);

#endif
