#include "sim/explore/strategy/strategies.h"
#include <assert.h>

static int pick(struct chooser *self, const struct choice *choice)
{
    struct random_chooser *r = (struct random_chooser *)self;
    uint32_t n = rng_below(&r->rng, (uint32_t)__builtin_popcountll(choice->enabled));
    uint64_t left = choice->enabled;

    while (n-- > 0)
        left &= left - 1;
    return __builtin_ctzll(left);
}

void random_init(struct random_chooser *r)
{
    assert(r);
    r->chooser = (struct chooser){.name = "random", .pick = pick};
}

void random_begin(struct random_chooser *r, uint64_t seed, uint64_t run)
{
    assert(r);
    rng_init(&r->rng, seed, run);
}
