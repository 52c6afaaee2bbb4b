/*
 * pct: each task has a random priority, and whoever has the highest goes on; at depth - 1 random
 * steps the one that goes loses its place to all others. Burckhardt, Kothari, Musuvathi,
 * Nagarakatti, "A randomized scheduler with probabilistic guarantees of finding bugs", 2010.
 */
#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>

static int highest(const struct pct_chooser *p, uint64_t enabled)
{
    int best = __builtin_ctzll(enabled);

    for (uint64_t left = enabled; left; left &= left - 1)
        if (p->priority[__builtin_ctzll(left)] > p->priority[best])
            best = __builtin_ctzll(left);
    return best;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct pct_chooser *p = (struct pct_chooser *)self;
    int task = highest(p, choice->enabled);

    for (int i = 0; i < p->depth - 1; i++)
        if (p->change[i] == choice->number) {
            p->priority[task] = i; /* below all that tasks begin with */
            task = highest(p, choice->enabled);
        }
    return task;
}

void pct_init(struct pct_chooser *p, int depth, int tasks, int steps)
{
    assert(p);
    assert(depth > 0);
    assert(tasks > 0);
    assert(steps > 0);
    *p = (struct pct_chooser){
        .chooser = {.name = "pct", .pick = pick}, .depth = depth, .tasks = tasks, .steps = steps};
}

/* Priorities from `depth` on, all different: the tasks in random order. */
void pct_begin(struct pct_chooser *p, uint64_t seed, uint64_t run)
{
    assert(p);

    struct rng rng;

    rng_init(&rng, seed, run);
    for (int i = 0; i < p->tasks; i++) {
        int at = (int)rng_below(&rng, (uint32_t)i + 1);

        p->priority[i] = p->priority[at];
        p->priority[at] = p->depth + i;
    }
    for (int i = 0; i < p->depth - 1; i++)
        p->change[i] = (int)rng_below(&rng, (uint32_t)p->steps);
}

/* A schedule of the bug's depth is hit if the right task is last in the beginning, and the places
 * of change are the right ones: theorem 1 there. */
double pct_chance(int depth, int tasks, int steps)
{
    assert(depth > 0);
    assert(tasks > 0);
    assert(steps > 0);

    double chance = 1.0 / tasks;

    for (int i = 1; i < depth; i++)
        chance /= steps;
    return chance;
}
