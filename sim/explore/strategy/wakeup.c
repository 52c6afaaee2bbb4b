#include "sim/explore/strategy/wakeup.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>

int wakeup_new(struct wakeup_pool *p, int task, const struct footprint *f)
{
    assert(p);
    assert(task >= 0 && task < 64); /* a bit each */

    int node = p->free;

    if (node) {
        p->free = p->v[node].sibling;
    } else {
        if (p->count == p->cap) {
            p->cap = p->cap ? 2 * p->cap : 64;
            p->v = mem_grow(p->v, (size_t)p->cap, sizeof *p->v);
        }
        if (p->count == 0)
            p->count = 1; /* 0 is none */
        node = p->count++;
    }
    p->v[node].task = task;
    p->v[node].child = p->v[node].sibling = 0;
    if (f)
        footprint_copy(&p->v[node].footprint, f);
    else
        footprint_clear(&p->v[node].footprint);
    return node;
}

void wakeup_drop(struct wakeup_pool *p, int node)
{
    assert(p);
    assert(node >= 0);
    while (node) {
        int next = p->v[node].sibling;

        wakeup_drop(p, p->v[node].child);
        p->v[node].sibling = p->free;
        p->free = node;
        node = next;
    }
}

void wakeup_release(struct wakeup_pool *p)
{
    assert(p);
    free(p->v);
    *p = (struct wakeup_pool){NULL, 0, 0, 0};
}

int wakeup_find(const struct wakeup_step *steps, int count, int task)
{
    assert(steps);
    assert(count >= 0);
    assert(task >= 0 && task < 64); /* a bit each */
    for (int i = 0; i < count; i++)
        if (steps[i].task == task)
            return i;
    return -1;
}

/* Does any step before steps[n] have to come before it? */
bool wakeup_initial(const struct wakeup_step *steps, int n)
{
    assert(steps);
    assert(n >= 0);
    for (int i = 0; i < n; i++)
        if (steps[n].clock[steps[i].task] > steps[i].at)
            return false;
    return true;
}

static bool weakly_first(const struct wakeup_step *steps, int count, int task,
                         const struct footprint *f)
{
    int n = wakeup_find(steps, count, task);

    if (n >= 0)
        return wakeup_initial(steps, n);
    for (int i = 0; i < count; i++)
        if (footprint_dependent(f, steps[i].footprint))
            return false;
    return true;
}

static void remove_step(struct wakeup_step *steps, int *count, int n)
{
    for (int i = n + 1; i < *count; i++)
        steps[i - 1] = steps[i];
    --*count;
}

/* The steps, each below the one before it. */
static int chain(struct wakeup_pool *p, const struct wakeup_step *steps, int count)
{
    int top = 0, above = 0;

    for (int i = 0; i < count; i++) {
        int node = wakeup_new(p, steps[i].task, steps[i].footprint); /* may move the pool */

        if (above)
            p->v[above].child = node;
        else
            top = node;
        above = node;
    }
    return top;
}

void wakeup_append(struct wakeup_pool *p, int root, const struct wakeup_step *steps, int count)
{
    assert(p);
    assert(steps);
    assert(root >= 0);
    assert(count >= 0);

    int node = chain(p, steps, count);

    while (p->v[root].sibling)
        root = p->v[root].sibling;
    p->v[root].sibling = node;
}

void wakeup_insert_below(struct wakeup_pool *p, int node, struct wakeup_step *steps, int count)
{
    assert(p);
    assert(steps);
    assert(node >= 0);
    assert(count >= 0);
    while (node) {
        int n = wakeup_find(steps, count, p->v[node].task), child = p->v[node].child;

        if (n >= 0)
            remove_step(steps, &count, n);
        if (count == 0 || !child)
            return; /* the tree leads there: at its leaf, the search goes on by itself */
        for (node = child; node; node = p->v[node].sibling)
            if (weakly_first(steps, count, p->v[node].task, &p->v[node].footprint))
                break;
        if (!node)
            wakeup_append(p, child, steps, count);
    }
}
