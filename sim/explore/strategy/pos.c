/*
 * pos: each step that is to come has a random priority, and the highest is made; those that race
 * with it draw anew. So the order of two racing steps is not decided by what was drawn for others,
 * and orders that differ in more than independent steps are hit more evenly than by a random walk.
 * Yuan, Yang, Gu, "Partial order aware concurrency sampling", 2018.
 *
 * What a step that is to come will touch is guessed from its point. A wrong guess makes the sample
 * less even, and nothing wrong.
 */
#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <string.h>

static bool only_looks(int op)
{
    switch (op) {
    case FS_STAT:
    case FS_OPEN:
    case FS_READ:
    case FS_LIST:
    case FS_FSYNC:
    case STORE_GET:
    case STORE_HEAD:
    case STORE_LIST:
    case WATCH_ADD:
        return true;
    default:
        return false;
    }
}

/* Is one in the other's directory, or the same? */
static bool near(const char *a, const char *b)
{
    size_t len = strlen(a);

    return strncmp(a, b, len) == 0 && (b[len] == '\0' || b[len] == '/' || strcmp(a, ".") == 0);
}

static bool touch_one_file(const struct point *a, const struct point *b)
{
    const char *of_a[] = {a->object, a->object2}, *of_b[] = {b->object, b->object2};

    for (int i = 0; i < 4; i++) {
        const char *x = of_a[i / 2], *y = of_b[i % 2];

        if (x && y && (near(x, y) || near(y, x)))
            return true;
    }
    return false;
}

/* Messages and locks: of one name. */
static bool race(const struct point *a, const struct point *b)
{
    bool files = a->op < STEP_OPS && b->op < STEP_OPS;

    if (a->op == WATCH_NEXT || b->op == WATCH_NEXT)
        return files && !only_looks(a->op) && !only_looks(b->op);
    if (files)
        return !(only_looks(a->op) && only_looks(b->op)) && touch_one_file(a, b);
    if (a->op < STEP_OPS || b->op < STEP_OPS)
        return a->op == POINT_FAULT || b->op == POINT_FAULT;
    return !a->object || !b->object || strcmp(a->object, b->object) == 0;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct pos_chooser *p = (struct pos_chooser *)self;
    const struct task *tasks = choice->cluster->tasks;
    int best = -1;

    for (uint64_t left = choice->enabled; left; left &= left - 1) {
        int i = __builtin_ctzll(left);

        if (!(p->drawn >> i & 1))
            p->priority[i] = rng_next(&p->rng);
        p->drawn |= UINT64_C(1) << i;
        if (best < 0 || p->priority[i] > p->priority[best])
            best = i;
    }
    assert(best >= 0); /* a choice has somebody who can go on */
    p->drawn &= ~(UINT64_C(1) << best);
    for (uint64_t left = p->drawn; left; left &= left - 1) {
        int i = __builtin_ctzll(left);

        if (race(&tasks[i].pending, &tasks[best].pending))
            p->drawn &= ~(UINT64_C(1) << i);
    }
    return best;
}

void pos_init(struct pos_chooser *p)
{
    assert(p);
    p->chooser = (struct chooser){.name = "pos", .pick = pick};
}

void pos_begin(struct pos_chooser *p, uint64_t seed, uint64_t run)
{
    assert(p);
    rng_init(&p->rng, seed, run);
    p->drawn = 0;
}
