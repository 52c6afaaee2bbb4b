/*
 * before: what the processes of a tree do outside of the store has one order of many, since one at a time runs. Where they
 * write to the same thing, that order is seen: then it has to be the only one that there is. A birth and a wait for an end
 * are what make it so; what is told through a pipe is not followed.
 */
#include "base/hash.h"
#include "sim/program/inner.h"
#include <string.h>

/* Who of p's forebears, itself included, has this parent? NULL: none. */
static const struct process *heir_of(const struct tree *t, const struct process *p, int parent)
{
    while (p && p->parent != parent)
        p = p->parent < 0 ? NULL : &t->v[p->parent];
    return p;
}

/* Does all that p does from now on come after what that process did at that moment? */
static bool is_before(const struct tree *t, int process, int64_t when, const struct process *p)
{
    while (process != p->birth) {
        const struct process *heir = heir_of(t, p, process);

        if (heir)
            return when < heir->born_at;
        if (!t->v[process].reaped)
            return false;
        when = t->v[process].reaped_at;
        process = t->v[process].parent;
    }
    return true;
}

static struct writer *find(struct tree *t, uint64_t thing)
{
    for (int i = 0; i < t->writer_count; i++)
        if (t->writers[i].thing == thing)
            return &t->writers[i];
    return NULL;
}

void before_uses(struct tree *t, const struct process *p, const char *what, bool writes)
{
    uint64_t thing = hash_str(HASH_INIT, what);
    struct writer *w = find(t, thing);

    if (w && !is_before(t, w->process, w->at, p))
        tree_doubts(t, "its processes write to one thing in any order, and one order is tried");
    if (!writes)
        return;
    if (!w && t->writer_count == TREE_WRITERS_MAX) {
        tree_doubts(t, "its processes write to more things than are told apart");
        return;
    }
    if (!w)
        w = &t->writers[t->writer_count++];
    *w = (struct writer){thing, p->birth, t->changes};
}
