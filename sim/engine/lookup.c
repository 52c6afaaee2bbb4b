#include "base/vec.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

struct task *task_of(struct world *w)
{
    return CONTAINER_OF(w, struct task, world);
}

int node_index(const struct cluster *c, const char *name)
{
    assert(c);
    assert(name);
    for (int i = 0; i < c->scenario->node_count; i++)
        if (strcmp(c->scenario->nodes[i].name, name) == 0)
            return i;
    return -1;
}

struct task *task_named(struct cluster *c, const char *name)
{
    assert(c);
    assert(name);
    for (int i = 0; i < c->task_count; i++)
        if (strcmp(c->tasks[i].name, name) == 0)
            return &c->tasks[i];
    return NULL;
}

bool node_lives(const struct cluster *c, int node)
{
    assert(c);
    assert(node >= 0 && node < c->scenario->node_count);
    for (int i = 0; i < c->task_count && c->nodes[node].up; i++)
        if (c->tasks[i].node == node && c->tasks[i].alive && !c->tasks[i].ended &&
            c->tasks[i].kind == TASK_CLIENT)
            return true;
    return false;
}
