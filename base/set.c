#include "base/set.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>

/* The numbers are hashes already: their low bits are as good as any. */
static bool insert(uint64_t *v, int64_t cap, uint64_t number)
{
    for (uint64_t i = number;; i++) {
        uint64_t *slot = &v[i & (uint64_t)(cap - 1)];

        if (*slot == number)
            return false;
        if (*slot == 0) {
            *slot = number;
            return true;
        }
    }
}

static void grow(struct set *s)
{
    int64_t cap = s->cap ? 2 * s->cap : 64;
    uint64_t *v = mem_alloc(sizeof *v * (size_t)cap);

    for (int64_t i = 0; i < s->cap; i++)
        if (s->v[i])
            insert(v, cap, s->v[i]);
    free(s->v);
    s->v = v;
    s->cap = cap;
}

bool set_add(struct set *s, uint64_t number)
{
    assert(s);
    assert(s->count <= s->cap);

    bool added;

    if (2 * s->count >= s->cap)
        grow(s);
    added = insert(s->v, s->cap, number ? number : 1);
    s->count += added;
    return added;
}

bool set_has(const struct set *s, uint64_t number)
{
    uint64_t wanted = number ? number : 1;

    for (uint64_t i = wanted; s->cap; i++) {
        uint64_t there = s->v[i & (uint64_t)(s->cap - 1)];

        if (there == wanted || there == 0)
            return there == wanted;
    }
    return false;
}

void set_release(struct set *s)
{
    assert(s);
    free(s->v);
    *s = (struct set){.count = 0};
}
