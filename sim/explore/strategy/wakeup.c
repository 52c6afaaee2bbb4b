#include "sim/explore/strategy/wakeup.h"
#include "base/mem.h"
#include <stdlib.h>

int wakeup_new(struct wakeup_pool *p, int task, const struct footprint *f)
{
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
    p->v[node].unsure = false;
    if (f)
        footprint_copy(&p->v[node].footprint, f);
    else
        footprint_clear(&p->v[node].footprint);
    return node;
}

void wakeup_drop(struct wakeup_pool *p, int node)
{
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
    free(p->v);
    *p = (struct wakeup_pool){NULL, 0, 0, 0};
}

static int find_task(const struct wakeup_step *steps, int count, int task)
{
    for (int i = 0; i < count; i++)
        if (steps[i].task == task)
            return i;
    return -1;
}

/* Does any step before steps[n] have to come before it? */
static bool is_initial(const struct wakeup_step *steps, int n)
{
    for (int i = 0; i < n; i++)
        if (steps[n].clock[steps[i].task] > steps[i].at)
            return false;
    return true;
}

bool wakeup_first(const struct wakeup_step *steps, int count, int task)
{
    int n = find_task(steps, count, task);

    return n >= 0 && is_initial(steps, n);
}

bool wakeup_weakly_first(const struct wakeup_step *steps, int count, int task,
                         const struct footprint *f)
{
    int n = find_task(steps, count, task);

    if (n >= 0)
        return is_initial(steps, n);
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

static void append(struct wakeup_pool *p, int *link, const struct wakeup_step *steps, int count,
                   int parent)
{
    int last = *link, node;

    while (last && p->v[last].sibling)
        last = p->v[last].sibling;
    for (int i = 0; i < count; i++) {
        node = wakeup_new(p, steps[i].task, steps[i].footprint); /* may move the pool */
        p->v[node].unsure = steps[count - 1].footprint->everything;
        if (i > 0)
            p->v[parent].child = node;
        else if (last)
            p->v[last].sibling = node;
        else if (parent)
            p->v[parent].child = node;
        else
            *link = node;
        parent = node;
    }
}

bool wakeup_insert(struct wakeup_pool *p, int *root, struct wakeup_step *steps, int count)
{
    int parent = 0, first = *root;

    for (;;) {
        int node = first, n;

        while (node && !wakeup_weakly_first(steps, count, p->v[node].task, &p->v[node].footprint))
            node = p->v[node].sibling;
        if (!node)
            break;
        n = find_task(steps, count, p->v[node].task);
        if (n >= 0)
            remove_step(steps, &count, n);
        if (count == 0 || !p->v[node].child)
            return false; /* the tree leads there: at its leaf, the search goes on by itself */
        parent = node;
        first = p->v[node].child;
    }
    if (parent)
        append(p, &first, steps, count, parent);
    else
        append(p, root, steps, count, 0);
    return true;
}
