/*
 * map: numbers for 64-bit hashes. Open addressing; nothing is ever removed.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct map_entry {
    uint64_t key; /* 0: empty */
    int64_t value;
};

struct map { /* zeroed: empty */
    struct map_entry *v;
    int64_t count, cap;
};

int64_t map_get(const struct map *m, uint64_t key);       /* -1: it is not there */
void map_put(struct map *m, uint64_t key, int64_t value); /* not negative; it is not there yet */
void map_release(struct map *m);

#endif
