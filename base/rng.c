#include "base/rng.h"
#include "base/hash.h"
#include <assert.h>

#define GAMMA UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / the golden ratio, odd */

/* The seed is mixed before the stream comes in, so that (1, 2) is not (2, 1). */
void rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
    assert(r);
    r->state = hash_mix(hash_mix(seed + GAMMA) + stream);
}

uint64_t rng_next(struct rng *r)
{
    assert(r);
    r->state += GAMMA;
    return hash_mix(r->state);
}

/* Lemire 2019: the high half of a 32 x 32 bit product; draws that would make low numbers likelier
 * are thrown away. */
uint32_t rng_below(struct rng *r, uint32_t n)
{
    assert(r);
    assert(n > 0);

    uint64_t product = (rng_next(r) >> 32) * n;

    if ((uint32_t)product < n) { /* else it is fair, and needs no division to know that */
        const uint32_t unfair = (0u - n) % n; /* 2^32 mod n */

        while ((uint32_t)product < unfair)
            product = (rng_next(r) >> 32) * n;
    }
    return (uint32_t)(product >> 32);
}
