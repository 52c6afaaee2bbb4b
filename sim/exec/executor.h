/*
 * executor: one task at a time, or all at once. The only user of threads.
 *
 * A gate has slots; a slot has a stack of its own, which is kept from one body to the next. In a
 * simulation exactly one slot, or the controller, runs at any time: whoever runs hands over to the
 * next by gate_switch(), and goes on when somebody hands over to it.
 *
 *     gate_start(g, slot, body, arg, &err);    // the body will run when the slot is first switched to
 *     gate_switch(g, GATE_CONTROLLER, slot);   // … now; returns when somebody switches to
 *                                              // GATE_CONTROLLER
 *
 * A body calls gate_switch(g, slot, other), and returns whom to hand over to; its slot is then free
 * again.
 *
 * There are three bodies behind this, and nodes notice none of them:
 *   GATE_FIBERS   slots are fibers (fiber.h) of the controller's thread. A hand-over is a call.
 *   GATE_THREADS  each slot has a thread, and a hand-over is a semaphore. 300 times slower, but
 *                 every debugger understands it. The threads and the controller are kept on one
 *                 CPU, since a hand-over across two costs ten times as much again; gate_free() gives
 *                 the controller its CPUs back. Sources: sem_post(3), sched_setaffinity(2).
 *   GATE_OPEN     threads, too: gate_start() lets the body run at once, beside the others, on the
 *                 real clock. Shared state is then touched between gate_enter() and gate_leave(),
 *                 and gate_wait() inside sleeps until gate_notify(). In the other two these do
 *                 nothing: there, the hand-over itself is the lock.
 */
#ifndef SIM_EXEC_EXECUTOR_H
#define SIM_EXEC_EXECUTOR_H

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define GATE_CONTROLLER (-1)
#define GATE_SLOTS      64

enum gate_kind { GATE_FIBERS, GATE_THREADS, GATE_OPEN };

struct gate;

/* Whom to hand over to: a slot or GATE_CONTROLLER. Open, the result is ignored. */
typedef int gate_body_fn(void *arg);

struct gate *gate_new(enum gate_kind kind);
void gate_free(struct gate *g); /* every body has ended; NULL is allowed */
/* ERR_IO: no thread or no stack is to be had. */
enum err_code gate_start(struct gate *g, int slot, gate_body_fn *body, void *arg, struct err *err);
void gate_switch(struct gate *g, int from, int to);

void gate_join(struct gate *g); /* open: waits until every body has ended */
void gate_enter(struct gate *g);
void gate_leave(struct gate *g);
void gate_wait(struct gate *g, int64_t timeout_ms); /* < 0: no time-out */
void gate_notify(struct gate *g);
int64_t gate_now_ms(void); /* the real clock, for open gates */

#endif
