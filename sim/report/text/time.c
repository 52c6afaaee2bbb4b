/*
 * time: what a verdict takes for granted of who is slow.
 */
#include "sim/report/text/report.h"
#include <assert.h>
#include <string.h>

/* Whom a fault makes slow: "A, B". */
static const char *slow_nodes(struct scenario *s)
{
    const char *names = "";
    uint64_t told = 0;

    for (int i = 0; i < s->fault_count; i++) {
        const struct fault *f = &s->faults[i];

        if ((f->kind != FAULT_PAUSE && f->kind != FAULT_SLOW) || told >> f->node & 1)
            continue;
        told |= UINT64_C(1) << f->node;
        names =
            arena_printf(&s->arena, "%s%s%s", names, *names ? ", " : "", s->nodes[f->node].name);
    }
    return names;
}

static const char *free_words(struct scenario *s)
{
    const char *steps = s->time.kept && s->time.at_most < 0 ? ", time in steps" : "";

    if (s->time.at_most < 0)
        return arena_printf(&s->arena, "anybody slow%s", steps);
    return arena_printf(&s->arena, "anybody slow, until time has passed %lld time%s",
                        (long long)s->time.at_most, s->time.at_most == 1 ? "" : "s");
}

const char *search_time(const struct search *s)
{
    assert(s);

    struct scenario *sc = s->scenario;

    if (sc->time.free)
        return free_words(sc);
    if (!s->hurried || s->end == SEARCH_SCRIPT)
        return "";
    if (sc->time.slow)
        return arena_printf(&sc->arena, "nobody slow but %s", slow_nodes(sc));
    return "nobody slow";
}
