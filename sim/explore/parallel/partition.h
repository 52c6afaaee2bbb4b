/*
 * partition: a search divided into parts that can be run apart, by several processes or machines.
 *
 * A sample is divided into ranges of runs. For all orders, the upper part of the search's tree is
 * kept here: choices (struct stem) with what was tried and what is to be tried at each. It grows by
 * executions through the least deep branch that is left, until there are enough branches; each
 * branch that is left is a part, and is searched on its own (dpor.h, below `fixed` levels). Which
 * branches there are depends on the scenario alone, so everybody who divides it gets the same.
 *
 * A race found in a part may ask for an order that begins otherwise above the part. Mostly another
 * branch leads there already; if not, the part *owes* that execution's picks, and when all parts are
 * done parts_pay() runs what is owed once more and adds the branches, which are the parts of another
 * round. A branch promises all orders that begin so and with none of the branches to its left, no
 * matter when it is run. So every class is run once, as in the undivided search, and the counts are
 * the same.
 *
 *     parts_begin(&p, search, PARTS_MIN, &err);       // executions, counted in the search
 *     while (parts_round(&p, search, &err) > 0) {
 *         for (int i = 0; i < p.count; i++)           // here or elsewhere
 *             parts_run(&p, i, search, &owed, &over, &err);
 *         parts_pay(&p, search, &owed.v[0], &err);    // for each that is owed, in any order
 *     }
 *     parts_release(&p);
 */
#ifndef SIM_EXPLORE_PARALLEL_PARTITION_H
#define SIM_EXPLORE_PARALLEL_PARTITION_H

#include "sim/explore/search/search.h"
#include "sim/explore/strategy/dpor.h"

#define PARTS_MIN       64
#define PARTS_FIRST_MAX 2000 /* executions to find them */

/* One way to go on from a choice. */
struct branch {
    int task;
    int child;  /* the choice behind it; -1: none that is kept */
    int wakeup; /* in the pool: what its search is to begin with are this one's children; 0: none */
    bool left;  /* to be tried */
    bool known; /* the footprint is that of its step */
    struct footprint footprint;
};

/* A choice of the tree's upper part. */
struct stem {
    int parent, by; /* the choice before it, and the branch there; -1: the first */
    int depth;
    uint64_t enabled;
    struct sleeper *sleep; /* from the choices above */
    int sleep_count;
    struct branch *branches; /* in the order in which they were found */
    int branch_count, branch_cap;
};

struct part {
    int stem, branch;         /* all orders */
    int64_t run_from, run_to; /* a sample */
};

struct parts {
    struct stem *stems;
    int stem_count, stem_cap;
    struct wakeup_pool pool;
    int first; /* choices that a script makes */
    struct part *v;
    int count, cap; /* of this round */
    bool sampled;
    int least;
};

/* A list of picks that are owed; each is the caller's to free. */
struct owed {
    struct schedule *v;
    int count, cap;
};

void owed_add(struct owed *o, const struct cluster *c); /* the execution that c->events has */
void owed_release(struct owed *o);

/* least: so many parts at least, if the search has them; PARTS_MIN. */
enum err_code parts_begin(struct parts *p, struct search *s, int least, struct err *err);
/* The parts of the next round, p->v[0 … count-1]; 0: all is done. */
int parts_round(struct parts *p, struct search *s, struct err *err);
/* One of them. *over: the budget ended it before its time. */
enum err_code parts_run(const struct parts *p, int i, struct search *s, struct owed *owed,
                        bool *over, struct err *err);
enum err_code parts_pay(struct parts *p, struct search *s, const struct schedule *picks,
                        struct err *err);
void parts_release(struct parts *p);

#endif
