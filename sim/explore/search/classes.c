#include "sim/explore/search/classes.h"
#include "base/hash.h"
#include <stdlib.h>

/* Hashes of events are added up, so each is spread over all bits first. */
static uint64_t hash_event(const struct cluster *c, const uint64_t *hashes, int i, int floor,
                           uint64_t before)
{
    const struct event *e = &c->events[i];
    uint64_t sum = 0, h;
    int nth = 0;

    for (int k = i - 1; k >= floor; k--) {
        const struct event *f = &c->events[k];
        bool same = f->task == e->task;

        nth += same;
        if (same || (!footprint_apart(&f->footprint, &e->footprint) &&
                     footprint_dependent(&f->footprint, &e->footprint)))
            sum += hashes[k];
    }
    h = hash_mix(before + ((uint64_t)e->task << 32) + (uint64_t)nth);
    return hash_mix(h + sum);
}

void classes_add(struct classes *k, const struct cluster *c)
{
    uint64_t sum = HASH_INIT, before = HASH_INIT; /* not 0, which mixes to 0 */
    int floor = 0;

    if (k->cap < c->event_count) {
        k->cap = 2 * c->event_count;
        k->hashes = mem_grow(k->hashes, (size_t)k->cap, sizeof *k->hashes);
    }
    for (int i = 0; i < c->event_count; i++) {
        if (c->events[i].barrier) { /* all before happened before all after */
            before = sum;
            floor = i;
        }
        k->hashes[i] = hash_event(c, k->hashes, i, floor, before);
        sum += k->hashes[i];
    }
    set_add(&k->seen, hash_mix(sum));
}

void classes_release(struct classes *k)
{
    set_release(&k->seen);
    free(k->hashes);
}
