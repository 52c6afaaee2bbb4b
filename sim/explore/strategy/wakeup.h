/*
 * wakeup: wakeup trees, the orders that still have to be tried from a choice.
 *
 * A tree's node is a task's next step, with its footprint; a path from the root is the beginning of
 * an order. Children are in the order in which they will be tried. A sequence is inserted so that
 * an order that the tree already leads to, up to swapping independent steps, is not there twice.
 * Following a tree to its leaf and going on from there in any way runs into no order that was tried
 * before: that is what makes the search optimal (Abdulla et al. 2014, section 5).
 *
 * Nodes live in a pool and are named by index, 0 for none.
 */
#ifndef SIM_EXPLORE_STRATEGY_WAKEUP_H
#define SIM_EXPLORE_STRATEGY_WAKEUP_H

#include "sim/trace/footprint.h"

/* A step of a sequence to insert, as it happened in some execution. */
/* When a step was made, as others know it: per task, index + 1 of its last step that happened
 * before. 16 bits are enough for POINTS_MAX, and of one width, so that joining two is a few
 * instructions. */
#define CLOCK_TASKS 64
typedef int16_t wakeup_clock[CLOCK_TASKS];

struct wakeup_step {
    int task;
    int at; /* its index there */
    const struct footprint *footprint;
    const int16_t *clock; /* its wakeup_clock */
};

struct wakeup_node {
    int task;
    int child, sibling;
    bool unsure; /* inserted for an order whose last step may turn out to touch less */
    struct footprint footprint;
};

struct wakeup_pool {
    struct wakeup_node *v;
    int count, cap, free;
};

int wakeup_new(struct wakeup_pool *p, int task,
               const struct footprint *f); /* f NULL: not known yet */
void wakeup_drop(struct wakeup_pool *p,
                 int node); /* with its children and siblings; 0 is allowed */
void wakeup_release(struct wakeup_pool *p);

/* Inserts the steps into the tree whose first root is *root. False: it was there already. `steps`
 * is scratch. */
bool wakeup_insert(struct wakeup_pool *p, int *root, struct wakeup_step *steps, int count);

/* Does the sequence have a step of this task, and could it come first? */
bool wakeup_first(const struct wakeup_step *steps, int count, int task);

/* Could this task's step (its footprint) come first in the sequence, or does it commute with all of
 * it? */
bool wakeup_weakly_first(const struct wakeup_step *steps, int count, int task,
                         const struct footprint *f);

#endif
