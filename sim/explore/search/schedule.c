#include "sim/explore/search/schedule.h"
#include "base/mem.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

void schedule_note(struct schedule *out, const struct cluster *c)
{
    assert(out);
    assert(c);

    uint64_t started = 0;

    out->count = 0;
    out->preemptions = c->preemptions;
    out->steps = c->event_count;
    out->any = true;
    if (out->cap < c->event_count) {
        out->cap = 2 * c->event_count;
        out->tasks = mem_grow(out->tasks, (size_t)out->cap, 1);
    }
    for (int i = 0; i < c->event_count; i++) {
        uint64_t b = UINT64_C(1) << c->events[i].task;

        out->tasks[out->count++] = (uint8_t)c->events[i].task;
        out->steps -= !(started & b); /* its start */
        started |= b;
    }
}

static bool shorter(const struct schedule *a, const struct schedule *b)
{
    if (!b->any || a->preemptions != b->preemptions)
        return !b->any || a->preemptions < b->preemptions;
    return a->steps < b->steps;
}

bool schedule_same(const struct schedule *a, const struct schedule *b)
{
    assert(a);
    assert(b);
    return a->count == b->count && memcmp(a->tasks, b->tasks, (size_t)a->count) == 0;
}

void schedule_keep(struct schedule *kept, const struct schedule *current)
{
    assert(kept);
    assert(current);
    if (!shorter(current, kept))
        return;
    if (kept->cap < current->count) {
        kept->cap = current->count;
        kept->tasks = mem_grow(kept->tasks, (size_t)kept->cap, 1);
    }
    if (current->count > 0)
        memcpy(kept->tasks, current->tasks, (size_t)current->count);
    kept->count = current->count;
    kept->preemptions = current->preemptions;
    kept->steps = current->steps;
    kept->any = true;
}
