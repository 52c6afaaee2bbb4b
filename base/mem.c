#include "base/mem.h"
#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_NO_MEMORY 3 /* the machine's failure */
#define BLOCK_SIZE     ((size_t)16 << 10)

struct arena_block {
    struct arena_block *next;
    size_t size; /* of data */
    alignas(max_align_t) unsigned char data[];
};

static void (*at_exhaustion)(void);

void mem_at_exhaustion(void (*fn)(void))
{
    at_exhaustion = fn;
}

/* No atexit(), and no buffer of stdio: both may want memory, and a child would write its parent's. */
static _Noreturn void out_of_memory(void)
{
    static const char story[] = "fsrace: out of memory\n";

    ssize_t told = write(STDERR_FILENO, story, sizeof story - 1);

    (void)told; /* there is no other place to say it */
    if (at_exhaustion)
        at_exhaustion();
    _exit(EXIT_NO_MEMORY);
}

void *mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    size_t total;
    void *p;

    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory();
    p = realloc(old, total ? total : 1); /* realloc to 0 would free */
    if (!p)
        out_of_memory();
    return p;
}

char *mem_strdup(const char *s)
{
    assert(s);

    size_t len = strlen(s) + 1;

    return memcpy(mem_grow(NULL, len, 1), s, len);
}

/* Unlinks the first block behind `b` that has room for size bytes: blocks of an earlier life. */
static struct arena_block *take_later(struct arena_block *b, size_t size)
{
    for (struct arena_block **link = &b->next; *link; link = &(*link)->next) {
        struct arena_block *found = *link;
        if (found->size >= size) {
            *link = found->next;
            return found;
        }
    }
    return NULL;
}

static struct arena_block *new_block(size_t size)
{
    struct arena_block *b;
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE, total;

    if (__builtin_add_overflow(room, sizeof(*b), &total))
        out_of_memory();
    b = mem_grow(NULL, total, 1);
    b->next = NULL;
    b->size = room;
    return b;
}

/* Makes a block with room for size bytes the current one. What is left of the last one is lost
 * until clear. */
static void next_block(struct arena *a, size_t size)
{
    struct arena_block *b = a->current ? take_later(a->current, size) : NULL;

    if (!b)
        b = new_block(size);
    if (a->current) {
        b->next = a->current->next;
        a->current->next = b;
    } else {
        a->first = b;
    }
    a->current = b;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    assert(a);

    const size_t align = alignof(max_align_t);
    size_t whole;
    void *p;

    if (__builtin_add_overflow(size ? size : 1, align - 1, &whole))
        out_of_memory();
    whole -= whole % align;
    if (!a->current || a->current->size - a->used < whole)
        next_block(a, whole);
    p = a->current->data + a->used;
    a->used += whole;
    return memset(p, 0, size); /* here, since blocks are used again */
}

char *arena_memdup(struct arena *a, const void *data, size_t len)
{
    assert(data || len == 0);

    char *p = arena_alloc(a, len + 1);

    if (len)
        memcpy(p, data, len);
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    assert(s);
    return arena_memdup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    assert(fmt);

    va_list ap;
    char *p;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0) /* only a result beyond INT_MAX can do that here */
        out_of_memory();
    p = arena_alloc(a, (size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return p;
}

char *arena_path(struct arena *a, const char *dir, const char *name)
{
    assert(a);
    assert(dir);
    assert(name);

    size_t dir_len = strlen(dir), slash = dir_len > 0, len = strlen(name);
    char *p = arena_alloc(a, dir_len + slash + len + 1);

    memcpy(p, dir, dir_len);
    if (slash)
        p[dir_len] = '/';
    memcpy(p + dir_len + slash, name, len);
    return p;
}

void arena_clear(struct arena *a)
{
    assert(a);
    a->current = a->first;
    a->used = 0;
}

void arena_release(struct arena *a)
{
    assert(a);

    struct arena_block *b = a->first;

    while (b) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
    *a = (struct arena){0};
}
