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

/* A new branch beside `root`, behind all others. */
void wakeup_append(struct wakeup_pool *p, int root, const struct wakeup_step *steps, int count);

/* Inserts the steps, which the branch at `node` can begin, below it. `steps` is scratch. */
void wakeup_insert_below(struct wakeup_pool *p, int node, struct wakeup_step *steps, int count);

/* The first step of this task; -1: none. */
int wakeup_find(const struct wakeup_step *steps, int count, int task);

/* Could the n-th step come first in the sequence: is none before it in its past? */
bool wakeup_initial(const struct wakeup_step *steps, int n);

#endif
