/*
 * inside: {"inside": {"from": POINT, "to": POINT, "at_most": n}}, how many are between two points.
 *
 * Who has done a step at `from`, which did not fail, is inside until it does one at `to`, whatever
 * comes of that, or its node goes down: the dead are not inside. A client counts as itself, a
 * program with all its children as one.
 *
 * All that moves the automaton of a property writes one thing of that property, so that orders in
 * which it moves otherwise are different classes: what a search says of it is exact.
 */
#ifndef SIM_ENGINE_INSIDE_H
#define SIM_ENGINE_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct footprint;
struct point;
struct task;

void inside_clear(struct cluster *c); /* an execution begins */
/* The task's step at its pending point is done; rc < 0: it failed. */
void inside_done(struct task *t, int rc);
/* The node's process is gone, by that task's step: a crash, or a program's end. */
void inside_gone(struct cluster *c, int node, struct task *by);
uint64_t inside_never(const struct cluster *c); /* properties of what nobody ever was inside */
bool inside_holds(const struct cluster *c, int property);
/* Whatever inside_done() touches for the task's step at that point: footprint_may(). */
void inside_may_touch(const struct task *t, const struct point *p, struct footprint *out);

#endif
