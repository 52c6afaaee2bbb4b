/*
 * set: numbers that were seen, for counting what is distinct. A zeroed struct is a valid empty set.
 */
#ifndef BASE_SET_H
#define BASE_SET_H

#include <stdbool.h>
#include <stdint.h>

struct set {
    uint64_t *v; /* open addressing; 0: an empty slot */
    int64_t count, cap;
};

bool set_add(struct set *s, uint64_t number); /* false: it was there. 0 and 1 are one number. */
bool set_has(const struct set *s, uint64_t number);
void set_release(struct set *s);

#endif
