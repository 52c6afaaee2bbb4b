/*
 * gate: one task at a time, or all at once. The only user of pthreads.
 *
 * A gate has slots; a slot has a thread of its own, which is kept from one body to the next. In a
 * simulation exactly one thread runs at any time: whoever runs hands over to the next by
 * gate_switch() and sleeps until somebody hands over to it.
 *
 *     gate_start(g, slot, body, arg);          the body will run when the slot is first switched to
 *     gate_switch(g, GATE_CONTROLLER, slot);   … now; returns when a task switches to
 * GATE_CONTROLLER body: … gate_switch(g, slot, other) …; returns whom to hand over to, and the slot
 * is free again
 *
 * Open (gate_open), gate_start() lets the body run at once, beside the others, on the real clock.
 * Shared state is then touched between gate_enter() and gate_leave(), and gate_wait() inside sleeps
 * until gate_notify(). gate_enter() and the rest do nothing while the gate is closed, where the
 * hand-over itself is the lock.
 *
 * While a gate is closed its threads and the controller are kept on one CPU, since a hand-over
 * across two costs ten times as much; gate_free() gives the controller its CPUs back. Sources:
 * sem_post(3) for the hand-over's memory ordering, sched_setaffinity(2).
 */
#ifndef SIM_GATE_H
#define SIM_GATE_H

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define GATE_CONTROLLER (-1)
#define GATE_SLOTS      64

struct gate;

/* Whom to hand over to: a slot or GATE_CONTROLLER. Open, the result is ignored. */
typedef int gate_body_fn(void *arg);

struct gate *gate_new(bool open);
void gate_free(struct gate *g); /* every body has ended; NULL is allowed */
/* ERR_IO: no thread is to be had. */
enum err_code gate_start(struct gate *g, int slot, gate_body_fn *body, void *arg, struct err *err);
void gate_switch(struct gate *g, int from, int to);

void gate_join(struct gate *g); /* open: waits until every body has ended */
void gate_enter(struct gate *g);
void gate_leave(struct gate *g);
void gate_wait(struct gate *g, int64_t timeout_ms); /* < 0: no time-out */
void gate_notify(struct gate *g);
int64_t gate_now_ms(void); /* the real clock, for open gates */

#endif
