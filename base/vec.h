/*
 * vec: arrays that grow, and the struct around a member.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/mem.h"
#include <stddef.h>

/* Room for one more in the array v: count of cap are used; `first` the first time. v is a lvalue. */
#define VEC_ROOM(v, count, cap, first)                                                             \
    do {                                                                                           \
        if ((count) == (cap)) {                                                                    \
            (cap) = (cap) ? 2 * (cap) : (first);                                                   \
            (v) = mem_grow((v), (size_t)(cap), sizeof *(v));                                       \
        }                                                                                          \
    } while (0)

/* The struct of that type whose `member` is at pointer. Not for const pointers. */
#define CONTAINER_OF(pointer, type, member)                                                        \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
