/*
 * rng: numbers from a seed, the same on every machine. splitmix64 (Steele, Lea, Flood 2014): one
 * word of state, every seed is good, and seed + run number gives an independent stream.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n); /* uniform in 0 … n-1, without bias; n > 0 */

#endif
