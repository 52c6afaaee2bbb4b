/*
 * power: the fault "power_loss". Everything goes down at once, and what was not on the disk may be
 * gone.
 *
 * Two tasks belong to it. The first is the loss itself, which comes at a point or anywhere, and takes
 * all nodes down. Then it asks the disk (fsstore/port/disk.h) change by change what had reached it, and
 * who goes on answers: the first task that it was lost, the second that it was kept. So what
 * survives is a matter of order like everything else, and all that may survive is tried. Nobody
 * else goes on until all is answered and the store is what was on the disk.
 */
#ifndef SIM_ENGINE_POWER_H
#define SIM_ENGINE_POWER_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct task;

void power_begin(struct cluster *c);       /* an execution's set-up is over: all is on the disk */
void power_end(struct cluster *c);         /* it is over */
bool power_may_fail(const struct task *t); /* the second task is there to answer */
void power_fail(struct task *t);           /* the loss */
void power_settle(struct task *t);         /* answers, for ever; does not return */
uint64_t power_thing(void);     /* what every step touches, since power may be lost before it */
uint64_t power_contended(void); /* the next answer */

#endif
