/*
 * mem: allocation that does not fail, and an arena that forgets all at once.
 *
 * mem_* end the program (exit status 3, one line on stderr) when memory runs out: there is nothing
 * sensible that a simulator could do instead, and no caller has to check. Before that they call what
 * mem_at_exhaustion() was given, to remove what lies outside the process.
 *
 * An arena serves one life (an execution, a node from start to crash): allocate at will,
 * arena_clear() to begin the next life in the same memory, arena_release() to give it back. A task
 * that is unwound in the middle of a call leaves nothing behind because all it had was in an arena.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size); /* zeroed; free() it */
void *mem_grow(void *old, size_t count,
               size_t size); /* realloc to count * size bytes; the new part is not zeroed */
char *mem_strdup(const char *s);
void mem_at_exhaustion(void (*fn)(void)); /* needs no memory; NULL: nothing to do */

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    size_t used; /* bytes used of current */
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);
char *arena_memdup(struct arena *a, const void *data, size_t len); /* with a '\0' behind it */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "dir/name"; the name alone if dir is "". */
char *arena_path(struct arena *a, const char *dir, const char *name);
void arena_clear(struct arena *a);   /* keeps the blocks for the next life */
void arena_release(struct arena *a); /* a zeroed struct is a valid empty arena */

#endif
