#include "sim/explore/search/rounds.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void rounds_init(struct rounds *r, struct search *s)
{
    assert(r);
    assert(s);
    *r = (struct rounds){.search = s};
    r->tallies = mem_alloc(sizeof *r->tallies * (size_t)(s->tally_count + 1));
}

/* How many orders of a round now. */
static int turns(const struct rounds *r)
{
    const struct search *s = r->search;
    int64_t runs = s->executions + s->redundant;
    bool budget = s->options.max_executions || s->options.max_ms;

    if (s->scenario->has_programs && budget)
        return runs >= ROUNDS_EARLY ? ROUNDS_MANY : 0;
    return runs >= ROUNDS_AFTER && runs % (budget ? ROUNDS_BUDGET : ROUNDS_ONE_IN) == 0;
}

static void begin(struct rounds *r)
{
    VEC_ROOM(r->v, r->count, r->cap, 8);
    r->v[r->count] = (struct round){0, false};
    all_init(&r->all, false);
    r->all.bound = r->count++;
    script_init(&r->script, r->search->scenario, &r->all.chooser);
    r->under_way = true;
}

static void end(struct rounds *r)
{
    all_release(&r->all);
    script_release(&r->script);
    r->under_way = false;
}

/* The execution that has just been run. */
static void look(struct rounds *r)
{
    struct search *s = r->search;

    r->v[r->count - 1].orders++;
    r->unended |= s->cluster->end == END_BOUND;
    schedule_note(&r->current, s->cluster);
    for (int i = 0; i < s->tally_count; i++) {
        struct round_tally *t = &r->tallies[i];
        int kind = search_shows(s, &s->tallies[i]);

        if (kind < 0)
            continue;
        if (!t->first[kind])
            t->first[kind] = r->count;
        schedule_keep(&t->witness[kind], &r->current);
    }
}

/* One more order of the round under way. */
static enum err_code try_one(struct rounds *r, struct err *err)
{
    struct search *s = r->search;
    bool more;

    script_begin(&r->script);
    if (cluster_run(s->cluster, &r->script.chooser, err) != OK)
        return err->code;
    look(r);
    if (s->cluster->err.code != OK) /* the final store could not be looked at */
        return err_set(err, s->cluster->err.code, "%s", s->cluster->err.story);
    more = all_next(&r->all, s->cluster);
    if (!more) {
        r->v[r->count - 1].complete = !r->unended;
        end(r);
    }
    return search_reset(s, err);
}

enum err_code rounds_step(struct rounds *r, struct err *err)
{
    assert(r);
    for (int left = turns(r); left > 0 && !r->unended; left--) {
        if (!r->under_way)
            begin(r);
        if (try_one(r, err) != OK)
            return err->code;
    }
    return OK;
}

void rounds_tell(struct rounds *r)
{
    assert(r);

    struct search *s = r->search;

    free(s->rounds);
    s->rounds = r->v;
    s->round_count = r->count;
    s->bounded += r->unended;
    r->v = NULL;
    for (int i = 0; i < s->tally_count; i++)
        for (int kind = 0; kind < 2; kind++) {
            struct round_tally *t = &r->tallies[i];

            s->tallies[i].first[kind] = t->first[kind];
            if (t->first[kind])
                schedule_keep(&s->tallies[i].witness[kind], &t->witness[kind]);
        }
}

void rounds_release(struct rounds *r)
{
    assert(r);
    if (r->under_way)
        end(r);
    for (int i = 0; i < r->search->tally_count; i++) {
        free(r->tallies[i].witness[0].tasks);
        free(r->tallies[i].witness[1].tasks);
    }
    free(r->tallies);
    free(r->current.tasks);
    free(r->v);
}
