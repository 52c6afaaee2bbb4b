#include "fsstore/port/linux_journal.h"
#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a: most entries differ in it, so that a search seldom has to look at a path. */
static uint32_t hash_path(const char *path, size_t len)
{
    uint32_t h = UINT32_C(2166136261);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)path[i]) * UINT32_C(16777619);
    return h;
}

/* The last entry before `end` with that path, or -1. What is looked for was mostly made lately. */
static int find_before(const struct journal *j, const char *path, int end)
{
    size_t len = strlen(path);
    uint32_t hash = hash_path(path, len);
    for (int i = end - 1; i >= 0; i--) {
        const struct journal_entry *e = &j->v[i];
        if (e->hash == hash && e->len == len && memcmp(j->pool + e->at, path, len) == 0)
            return i;
    }
    return -1;
}

static int find(const struct journal *j, const char *path)
{
    return find_before(j, path, j->count);
}

static void append(struct journal *j, const char *path, uint8_t kind, bool alias)
{
    size_t len = strlen(path);
    assert(len > 0 && len < PORT_PATH_MAX);
    VEC_ROOM(j->v, j->count, j->cap, 64);
    if (j->used + len + 1 > j->pool_cap) {
        j->pool_cap = 2 * j->pool_cap + 4096;
        j->pool = mem_grow(j->pool, j->pool_cap, 1);
    }
    memcpy(j->pool + j->used, path, len + 1);
    j->v[j->count++] = (struct journal_entry){.at = (uint32_t)j->used,
                                              .hash = hash_path(path, len),
                                              .len = (uint16_t)len,
                                              .kind = kind,
                                              .alias = alias};
    j->used += len + 1;
}

/* The order is kept; the path's bytes are given back by the next reset. */
static void drop(struct journal *j, int index)
{
    assert(index >= j->marked && index < j->count);
    size_t behind = (size_t)(j->count - index - 1);
    memmove(&j->v[index], &j->v[index + 1], behind * sizeof *j->v);
    j->count--;
}

void journal_made(struct journal *j, const char *path, enum port_kind kind)
{
    assert(j);
    assert(path);
    assert(kind == PORT_FILE || kind == PORT_DIR);
    if (j->dirty)
        return;
    int i = find(j, path);
    if (i < 0)
        append(j, path, (uint8_t)kind, false);
    else if (i < j->marked || j->v[i].alias)
        j->dirty = true;
}

void journal_linked(struct journal *j, const char *from, const char *to)
{
    assert(j);
    assert(from);
    assert(to);
    if (j->dirty)
        return;
    int i = find(j, from);
    if (i < 0) {
        j->dirty = true;
        return;
    }
    j->linked = true;
    append(j, to, PORT_FILE, i < j->marked || j->v[i].alias);
}

void journal_renamed(struct journal *j, const char *from, const char *to)
{
    assert(j);
    assert(from);
    assert(to);
    if (j->dirty || strcmp(from, to) == 0)
        return;
    int target = find(j, to);
    /* A rename between two links to one file does nothing, so with links about we know too little.
     */
    if (target >= 0 && (target < j->marked || j->linked)) {
        j->dirty = true;
        return;
    }
    if (target >= 0)
        drop(j, target);
    int i = find(j, from);
    if (i < j->marked) { /* not found, too */
        j->dirty = true;
        return;
    }
    struct journal_entry moved = j->v[i];
    if (moved.kind == PORT_DIR) /* what is in it has new names that we do not know */
        j->walk = true;
    drop(j, i);
    append(j, to, moved.kind,
           moved.alias); /* at the end: the new parent may be younger than the file */
}

void journal_removed(struct journal *j, const char *path)
{
    assert(j);
    assert(path);
    if (j->dirty)
        return;
    int i = find(j, path);
    if (i < j->marked)
        j->dirty = true;
    else
        drop(j, i);
}

void journal_mark(struct journal *j)
{
    assert(j);
    j->marked = j->count;
    j->pool_marked = j->used;
}

void journal_rewind(struct journal *j)
{
    assert(j);
    assert(!j->dirty && j->marked <= j->count);
    j->count = j->marked;
    j->used = j->pool_marked;
    j->walk = j->linked = false;
}

void journal_clear(struct journal *j)
{
    assert(j);
    j->count = j->marked = 0;
    j->used = j->pool_marked = 0;
    j->dirty = j->walk = j->linked = false;
}

void journal_release(struct journal *j)
{
    assert(j);
    free(j->v);
    free(j->pool);
    *j = (struct journal){0};
}

bool journal_is_marked(const struct journal *j, const char *path)
{
    assert(j);
    assert(path);
    return find_before(j, path, j->marked) >= 0;
}

const char *journal_path(const struct journal *j, int index)
{
    assert(j);
    assert(index >= 0 && index < j->count);
    return j->pool + j->v[index].at;
}
