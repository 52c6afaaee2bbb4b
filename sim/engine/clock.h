/*
 * clock: how time passes, and who may be slow. A deadline permits; it never obliges.
 *
 * "time": "patient". Time passes only when nobody can go on: scheduler.c.
 *
 * "time": "free". Anybody may be slow for any length. Where nobody compares times, no clock is kept: a sleep is nothing, and
 * a wait with a time-out may end at any point; what it then finds there, or does not, is an order like any other. So a
 * time-out depends on what it waits for and on nothing else. A task has a clock of its own all the same, by which its sleeps
 * are counted and what it makes is stamped: it depends on what the task has seen, on nothing else.
 *
 * Where times are compared (a lease that is stored, "cut" from and to) or counted ({"free": n}), one clock is kept, c->base_ms.
 *   - It moves when a sleep or a time-out ends whose deadline it has not come to: that step writes the clock. There is no need
 *     to make the clock come to the deadline first: who is late for a while, is late by all of it.
 *   - It moves when the task "clock" makes a step, which may come at any point: to the next moment at which a comparison
 *     changes, or just past it (clock_expect() names those), and writes the clock.
 *   - What begins a wait with a deadline, stamps, or compares, updates the clock, which commutes with its like: it depends on
 *     the steps that move the clock, and on those only.
 * So an order of steps in which somebody is slow is one in which the clock moves between two steps of his. Moments between two
 * of those named are left out: where a comparison is with sums of different lengths, such a moment could matter. A search with
 * a clock that is kept says so.
 *   {"free": n}: so often may the clock move while somebody could go on. From then on time is patient.
 *
 * A fault may make a node slow for as long as it takes ("slow", "pause") where time is patient. Then each passing of time is a
 * step of the task "clock", which can be made when nobody else can go on but who is slow. It depends on all there is. It is to
 * the steps of who is prompt as a lock is to its releases: they make it possible. With those of who is slow it races, also where
 * a prompt step came between (TOUCH_CONTENDS): it could have gone before them.
 *
 * Why the reduction (dpor.h) leaves nothing out. All of the above are steps with footprints, and no time is kept beside them, so
 * its argument holds as it is, but for one thing: it wants to know of each step that could have been made and was taken away
 * (struct unmade). There are two kinds here. A step that moves the clock beyond a moment, or for the last time that is
 * allowed, takes from the task "clock" the step to that moment; and who waited for time and gets what he waited for takes from it
 * the reason to let time pass. Both are noted when it happens (schedule_missed()), with the event that did it as the last
 * before which the step could have come. That a stamp between the two hides the race otherwise is what tests/reduction/
 * time-cut.json and slow-answer.json are about.
 *   Checked: tests/control.c and tests/clusters.c (same classes), tests/swap.c (independent steps change places), both on generated
 * scenarios with all of this; tests/reference/ knows free time, slow nodes and pauses, but no clock that is kept.
 *
 * Polls. A task that comes round for ever (a scan, gossip), or until a time has passed (a wait for a lock's holder), would do so
 * without end. It is held back where it would only do again what it did: nothing it read or compared since its last poll was
 * written, and it wrote nothing itself. By the next write to what it read it goes on. If it did write, and that changed nothing it
 * reads (gossip), it is held back, too; but that is a bound (c->held_back), and the verdict says so.
 */
#ifndef SIM_ENGINE_CLOCK_H
#define SIM_ENGINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct footprint;
struct point;
struct task;

void clock_clear(struct cluster *c); /* before an execution */
int clock_run(struct task *t);       /* the task "clock" */

/* Where a fault makes somebody slow: is there one among those tasks that time waits for? */
bool clock_waits_for(const struct cluster *c, uint64_t enabled);
/* A step begins: does time wait for it? What keeps time from passing. */
void clock_mind(struct task *t);
uint64_t clock_contended(void);

bool clock_permits(const struct cluster *c); /* deadlines may come now, whoever could go on */
bool clock_ready(const struct cluster *c);   /* the clock has a moment to go to */

/* A wait of so many ms begins: its deadline. */
int64_t clock_begin(struct task *t, int64_t ms);
/* The wait has ended, and by its deadline. */
void clock_came(struct task *t, int64_t deadline);
/* The task asks what time it is, without what its node's clock is off. */
int64_t clock_read(struct task *t);
/* Comparisons with that moment change there and just past it. By the clock that is kept. */
void clock_expect(struct cluster *c, int64_t ms);

/* A wait with a deadline has ended, however. What is to be said of one that is left waiting. */
void clock_waited(struct task *t);
void clock_killed(const struct task *t, int by); /* the event that takes its node down */
void clock_left(const struct task *t, struct footprint *f);

/* Polls: has the task something to see? It goes on from one. It does not poll any more. */
bool poll_ready(const struct task *t);
void poll_end(struct task *t);
void poll_forget(struct task *t);
void poll_forget_node(struct cluster *c, int node); /* its memory is gone */
/* It remembers something: is that new to its node? If not, it has only read. */
bool poll_learns(struct task *t, uint64_t thing, const char *key, const char *what);
void polls_look(struct cluster *c); /* a step has been made */

/* The most that a step at that point may touch of all this. */
void clock_may_touch(const struct task *t, const struct point *p, struct footprint *out);

#endif
