#include "sim/explore/search/classes.h"
#include "base/hash.h"
#include <stdlib.h>

/* Does the earlier event, that far back, belong into the later one's hash by itself? What was before a
 * barrier does as a whole; but not a fault that lies in wait: that time passed makes no difference to
 * it, so it is compared with all. */
static bool counts(const struct event *earlier, const struct event *later, bool before_barrier)
{
    if (before_barrier && !earlier->in_wait && !later->in_wait)
        return false;
    return earlier->task == later->task ||
           (!footprint_apart(&earlier->footprint, &later->footprint) &&
            footprint_dependent(&earlier->footprint, &later->footprint));
}

/* A fault that lies in wait, and that nobody comes upon, makes no difference. */
static bool is_for_nothing(const struct cluster *c, int i)
{
    const struct event *e = &c->events[i];

    for (int k = i + 1; e->in_wait && k < c->event_count; k++)
        if (c->events[k].task != e->task &&
            footprint_dependent(&c->events[k].footprint, &e->footprint))
            return false;
    return e->in_wait;
}

/* Hashes of events are added up, so each is spread over all bits first. */
static uint64_t hash_event(const struct cluster *c, const uint64_t *hashes, int i, int floor,
                           uint64_t before)
{
    const struct event *e = &c->events[i];
    int last = c->scenario->fault_count ? 0 : floor, nth = 0;
    uint64_t sum = 0, h;

    for (int k = i - 1; k >= last; k--) {
        nth += c->events[k].task == e->task;
        if (counts(&c->events[k], e, k < floor))
            sum += hashes[k];
    }
    h = hash_mix((e->in_wait ? 0 : before) + ((uint64_t)e->task << 32) + (uint64_t)nth);
    return hash_mix(h + sum);
}

uint64_t class_of(struct classes *k, const struct cluster *c)
{
    uint64_t sum = HASH_INIT, in_wait = 0, before = HASH_INIT; /* not 0, which mixes to 0 */
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
        k->hashes[i] = is_for_nothing(c, i) ? 0 : hash_event(c, k->hashes, i, floor, before);
        *(c->events[i].in_wait ? &in_wait : &sum) += k->hashes[i];
    }
    return hash_mix(sum + hash_mix(in_wait));
}

void classes_release(struct classes *k)
{
    set_release(&k->seen);
    free(k->hashes);
}
