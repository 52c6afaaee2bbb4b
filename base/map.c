#include "base/map.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>

static uint64_t key_of(uint64_t key)
{
    return key ? key : 1;
}

/* Where the key is, or goes. Keys are hashes already: their low bits are as good as any. */
static struct map_entry *slot(struct map_entry *v, int64_t cap, uint64_t key)
{
    uint64_t i = key, mask = (uint64_t)(cap - 1);

    while (v[i & mask].key && v[i & mask].key != key)
        i++;
    return &v[i & mask];
}

static void grow(struct map *m)
{
    int64_t cap = m->cap ? 2 * m->cap : 64;
    struct map_entry *v = mem_alloc(sizeof *v * (size_t)cap);

    for (int64_t i = 0; i < m->cap; i++)
        if (m->v[i].key)
            *slot(v, cap, m->v[i].key) = m->v[i];
    free(m->v);
    m->v = v;
    m->cap = cap;
}

int64_t map_get(const struct map *m, uint64_t key)
{
    const struct map_entry *e = m->cap ? slot(m->v, m->cap, key_of(key)) : NULL;

    return e && e->key ? e->value : -1;
}

void map_put(struct map *m, uint64_t key, int64_t value)
{
    assert(m && value >= 0);
    assert(map_get(m, key) < 0);
    if (2 * m->count >= m->cap)
        grow(m);
    *slot(m->v, m->cap, key_of(key)) = (struct map_entry){key_of(key), value};
    m->count++;
}

void map_release(struct map *m)
{
    free(m->v);
    *m = (struct map){.count = 0};
}
