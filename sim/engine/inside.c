#include "sim/engine/inside.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static const struct inside *of(const struct cluster *c, int property)
{
    return c->scenario->properties[property].inside;
}

static uint64_t thing(int property)
{
    return thing_num(THING_INSIDE, (uint64_t)property);
}

/* The bit of who makes the task's steps. */
static uint64_t self(const struct task *t)
{
    const struct scenario *s = t->cluster->scenario;
    int i = t->index;

    if (t->node >= 0 && s->nodes[t->node].run)
        for (i = 0; t->cluster->tasks[i].node != t->node;)
            i++;
    return UINT64_C(1) << i;
}

void inside_clear(struct cluster *c)
{
    assert(c);
    memset(c->inside, 0, sizeof c->inside);
}

void inside_done(struct task *t, int rc)
{
    assert(t);

    struct cluster *c = t->cluster;

    for (int i = 0; c->scenario->has_inside && i < c->scenario->property_count; i++) {
        const struct inside *p = of(c, i);
        bool leaves = p && point_matches(&t->pending, p->to);
        bool enters = p && rc >= 0 && point_matches(&t->pending, p->from);

        if (!leaves && !enters)
            continue;
        task_touch(t, thing(i), TOUCH_WRITE, TOUCH_RACES);
        if (leaves)
            c->inside[i] &= ~self(t);
        if (enters)
            c->inside[i] |= self(t);
        c->ever_inside |= (uint64_t)enters << i;
    }
}

void inside_gone(struct cluster *c, int node, struct task *by)
{
    assert(c);
    assert(by);

    uint64_t of_node = 0;

    if (!c->scenario->has_inside)
        return;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].node == node && c->tasks[i].kind != TASK_FAULT)
            of_node |= UINT64_C(1) << i;
    for (int i = 0; i < c->scenario->property_count; i++) {
        if (!(c->inside[i] & of_node))
            continue;
        task_touch(by, thing(i), TOUCH_WRITE, TOUCH_RACES);
        c->inside[i] &= ~of_node;
    }
}

uint64_t inside_never(const struct cluster *c)
{
    assert(c);

    uint64_t never = 0;

    for (int i = 0; i < c->scenario->property_count; i++)
        never |= (uint64_t)(of(c, i) && !(c->ever_inside >> i & 1)) << i;
    return never;
}

bool inside_holds(const struct cluster *c, int property)
{
    assert(c);
    assert(of(c, property));
    return __builtin_popcountll(c->inside[property]) <= of(c, property)->at_most;
}

void inside_may_touch(const struct task *t, const struct point *p, struct footprint *out)
{
    assert(t);
    assert(p);
    assert(out);

    const struct cluster *c = t->cluster;

    for (int i = 0; c->scenario->has_inside && i < c->scenario->property_count; i++)
        if (of(c, i) && (point_matches(p, of(c, i)->from) || point_matches(p, of(c, i)->to)))
            footprint_add(out, thing(i), TOUCH_WRITE);
}
