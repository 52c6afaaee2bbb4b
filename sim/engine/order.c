#include "sim/engine/order.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static bool is_next(const struct order_end *end, int seen, const struct task *t)
{
    return strcmp(end->task, t->name) == 0 && seen + 1 == end->nth &&
           point_matches(&t->pending, end->point);
}

void order_clear(struct cluster *c)
{
    assert(c);
    memset(c->first_seen, 0, sizeof c->first_seen);
    memset(c->second_seen, 0, sizeof c->second_seen);
}

bool order_holds_back(const struct cluster *c, const struct task *t)
{
    assert(c);
    assert(t);

    const struct order *o = &c->scenario->order;

    for (int i = 0; i < o->pair_count; i++)
        if (c->first_seen[i] < o->pairs[i].first.nth &&
            is_next(&o->pairs[i].second, c->second_seen[i], t))
            return true;
    return false;
}

static void count(const struct order_end *end, int *seen, const struct task *t)
{
    if (strcmp(end->task, t->name) == 0 && point_matches(&t->pending, end->point))
        ++*seen;
}

void order_picked(struct cluster *c, const struct task *t)
{
    assert(c);
    assert(t);

    const struct order *o = &c->scenario->order;

    for (int i = 0; i < o->pair_count; i++) {
        count(&o->pairs[i].first, &c->first_seen[i], t);
        count(&o->pairs[i].second, &c->second_seen[i], t);
    }
}

void order_touch(struct cluster *c, struct task *t)
{
    assert(c);
    assert(t);

    const struct order *o = &c->scenario->order;

    for (int i = 0; i < o->pair_count; i++) {
        uint64_t thing = thing_num(THING_ORDER, (uint64_t)i);

        if (is_next(&o->pairs[i].first, c->first_seen[i] - 1, t))
            task_touch(t, thing, TOUCH_WRITE, TOUCH_ENABLES);
        if (is_next(&o->pairs[i].second, c->second_seen[i] - 1, t))
            task_touch(t, thing, TOUCH_WRITE, TOUCH_NEEDS);
    }
}

static bool is_at(const struct order_end *end, const struct task *t, const struct point *p)
{
    return strcmp(end->task, t->name) == 0 && point_matches(p, end->point);
}

void order_may_touch(const struct task *t, const struct point *p, struct footprint *out)
{
    assert(t);
    assert(p);
    assert(out);

    const struct order *o = &t->cluster->scenario->order;

    for (int i = 0; i < o->pair_count; i++)
        if (is_at(&o->pairs[i].first, t, p) || is_at(&o->pairs[i].second, t, p))
            footprint_add(out, thing_num(THING_ORDER, (uint64_t)i), TOUCH_WRITE);
}

static void never_came(struct cluster *c, const struct order_pair *pair,
                       const struct order_end *end)
{
    cluster_fail(c, ERR_INPUT, "%s:%d:%d: the order cannot be followed: %s never came to \"%s\"",
                 c->scenario->file, pair->line, pair->column, end->task, end->point);
}

void order_check(struct cluster *c)
{
    assert(c);

    const struct order *o = &c->scenario->order;

    for (int i = 0; i < o->pair_count; i++) {
        if (c->first_seen[i] < o->pairs[i].first.nth)
            never_came(c, &o->pairs[i], &o->pairs[i].first);
        else if (c->second_seen[i] < o->pairs[i].second.nth)
            never_came(c, &o->pairs[i], &o->pairs[i].second);
    }
}
