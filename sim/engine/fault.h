/*
 * fault: crashes, pauses, cuts, messages that go astray, calls that fail, queues that overflow.
 *
 * A fault that says where ("at") happens when a task of its node is about to do that point; the
 * task is held there until it has. A fault "anywhere" is a task of its own, which exploration may
 * let go at any time, or never: it is enabled as long as somebody else is, and what it changes (a
 * node being up, a queue, the next message) is in its footprint, so it is tried at each place where
 * that makes a difference and at no other.
 */
#ifndef SIM_ENGINE_FAULT_H
#define SIM_ENGINE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct fault;
struct footprint;
struct point;
struct task;
struct store;
struct port_event;

enum delivery { DELIVER, LOST, TWICE, LATE };

void fault_clear(struct cluster *c);    /* an execution begins */
int fault_run(struct task *t);          /* the body of a fault's task; returns when it is over */
bool fault_ready(const struct task *t); /* its time may be now */
bool fault_holds(const struct cluster *c,
                 const struct task *t); /* the task waits for a fault at its point, or is paused */
void fault_reached(struct cluster *c, struct task *t); /* the task has come to its pending point */
void fault_picked(struct cluster *c,
                  const struct task *t); /* its pending point is done next: the last of c->events */
uint64_t
fault_thing(const struct cluster *c,
            const struct task
                *t); /* what a fault that has not happened would change; 0: nothing that others
                                                change, too */
/* What faults may add to the footprint of a task's step at this point: footprint_may(). */
void fault_may_touch(const struct task *t, const struct point *p, struct footprint *out);

/* Is the task's next step a fault that only lies in wait for a message or a call? */
bool fault_lies_in_wait(const struct task *t);
/* Nobody can go on, and faults that may come anywhere are let be: whether they struck was looked at. */
void fault_let_be(const struct cluster *c, struct footprint *f);
/* Which steps of faults may have kept the task from its step, or the host from letting them be. */
void fault_left(const struct cluster *c, const struct task *t, struct footprint *f);

/* Is the task held at the point of the fault, which could strike next? */
bool fault_is_due(const struct task *fault, const struct task *t);

/* What becomes of a message that the task sends to a node; LATE: *late is the task that delivers
 * it. */
enum delivery fault_message(struct task *t, int to, int kind, struct task **late);
const struct fault *fault_step(struct task *t); /* that strikes the step that begins; NULL: none */
/* The first fault with a place of its own to which no execution has come so far; NULL if there is
 * none. */
const struct fault *fault_never(const struct cluster *c);
int64_t fault_skew(const struct cluster *c, int node);

#endif
