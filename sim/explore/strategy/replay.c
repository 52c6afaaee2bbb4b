#include "sim/engine/cluster.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>

static int pick(struct chooser *self, const struct choice *choice)
{
    struct given_chooser *g = (struct given_chooser *)self;
    int task;

    if (choice->number >= g->count)
        return choose_fixed(choice);
    task = g->tasks[choice->number];
    if (choice->enabled >> task & 1)
        return task;
    /* The cluster is not ours to change, but an execution that is not a function of its choices is
     * over. */
    cluster_fail(choice->cluster->tasks[0].cluster, ERR_DIVERGE,
                 "not deterministic: %s could go on here before, and now it cannot",
                 choice->cluster->tasks[task].name);
    return CHOOSE_STOP;
}

void given_init(struct given_chooser *g, const uint8_t *tasks, int count)
{
    assert(g);
    assert(count == 0 || tasks);
    assert(count >= 0);
    g->chooser = (struct chooser){.name = "given", .pick = pick};
    g->tasks = tasks;
    g->count = count;
}
