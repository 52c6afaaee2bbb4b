#include "sim/explore/explain/minimal.h"
#include "sim/explore/strategy/dpor.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>

static bool shows(struct search *s, const struct tally *t, int kind)
{
    enum end end = s->cluster->end;

    return (end == END_DONE || end == END_DEADLOCK) && search_judge(s, t, NULL) == (kind == 1);
}

/* The shortest with at most so many preemptions, into *best; false: there are too many orders. */
static bool within(struct search *s, const struct tally *t, int kind, int bound,
                   struct schedule *best, struct err *err)
{
    struct schedule one = {.any = false};
    struct script_chooser script;
    struct all_chooser all;
    bool more = true;

    all_init(&all, false);
    all.bound = bound;
    script_init(&script, s->scenario, &all.chooser);
    for (int n = 0; more && n < SHORTEST_TRIES && err->code == OK; n++) {
        script_begin(&script);
        if (cluster_run(s->cluster, &script.chooser, err) != OK)
            break;
        if (shows(s, t, kind)) {
            schedule_note(&one, s->cluster);
            schedule_keep(best, &one);
        }
        more = all_next(&all, s->cluster);
        search_reset(s, err);
    }
    all_release(&all);
    script_release(&script);
    free(one.tasks);
    return !more;
}

enum err_code shortest(struct search *s, struct tally *t, int kind, struct err *err)
{
    assert(s);
    assert(t);
    assert(kind == 0 || kind == 1);

    struct schedule *w = &t->witness[kind], best = {.any = false};

    if (s->end == SEARCH_SCRIPT || !w->any || t->proved[kind])
        return OK;
    for (int bound = 0; bound <= w->preemptions && !best.any; bound++) {
        if (!within(s, t, kind, bound, &best, err))
            break;
        t->proved[kind] = best.any;
    }
    if (t->proved[kind]) {
        w->any = false; /* not to be compared: the best may differ, and be as short */
        schedule_keep(w, &best);
    }
    free(best.tasks);
    return err->code;
}
