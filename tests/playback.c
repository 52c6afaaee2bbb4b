#include "tests/playback.h"
#include "base/hash.h"
#include "sim/explore/search/outcome.h"
#include <stdlib.h>
#include <string.h>

/* Asks another chooser, or follows picks, and writes down what there was to choose from. */
struct recorder {
    struct chooser chooser;
    struct chooser *inner; /* NULL: the picks */
    const uint8_t *picks;
    int count, lost;
    struct playback *out;
};

static uint64_t hash_point(const struct point *p)
{
    uint64_t h = hash_u64(HASH_INIT, (uint64_t)p->op);

    return hash_str(hash_str(h, p->object ? p->object : ""), p->object2 ? p->object2 : "");
}

static struct recorded_step *step_slot(struct playback *r, int n)
{
    if (n >= r->cap) {
        r->cap = 2 * n + 64;
        r->steps = mem_grow(r->steps, (size_t)r->cap, sizeof *r->steps);
    }
    return &r->steps[n];
}

static int follow(struct recorder *r, const struct choice *choice)
{
    int n = choice->number;

    if (n < r->count && choice->enabled >> r->picks[n] & 1)
        return r->picks[n];
    r->lost = n;
    return CHOOSE_STOP;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct recorder *r = (struct recorder *)self;
    int task = r->inner ? r->inner->pick(r->inner, choice) : follow(r, choice);
    struct recorded_step *step;

    if (task == CHOOSE_STOP)
        return task;
    step = step_slot(r->out, choice->number);
    step->task = task;
    step->op = choice->cluster->tasks[task].pending.op;
    step->text = hash_point(&choice->cluster->tasks[task].pending);
    step->enabled = choice->enabled;
    step->barrier = choice->barrier || task == choice->end; /* letting all be needs all */
    return task;
}

static void over(struct chooser *self, const struct cluster *c)
{
    struct recorder *r = (struct recorder *)self;

    if (r->inner && r->inner->over)
        r->inner->over(r->inner, c);
}

static void judge(struct search *s, struct playback *out)
{
    for (int i = 0; i < s->tally_count && i < TALLIES_TOLD; i++)
        out->broken |= (uint64_t)!search_judge(s, &s->tallies[i], NULL) << i;
    out->outcome = outcome_hash(s->cluster);
}

static enum err_code record(struct search *s, struct recorder *r, struct err *err)
{
    struct cluster *c = s->cluster;
    struct playback *out = r->out;

    r->chooser = (struct chooser){"recorder", pick, over};
    if (cluster_run(c, &r->chooser, err) != OK)
        return err->code;
    out->count = c->event_count;
    out->end = c->end;
    out->broken = out->outcome = 0;
    for (int i = 0; i < c->event_count; i++) {
        footprint_copy(&out->steps[i].footprint, &c->events[i].footprint);
        out->steps[i].in_wait = c->events[i].in_wait;
    }
    if (playback_whole(out))
        judge(s, out);
    return search_reset(s, err);
}

enum err_code record_choices(struct search *s, struct chooser *chooser, struct playback *out,
                             struct err *err)
{
    struct recorder r = {.inner = chooser, .lost = -1, .out = out};

    return record(s, &r, err);
}

enum err_code record_picks(struct search *s, const uint8_t *picks, int count, struct playback *out,
                           int *lost, struct err *err)
{
    struct recorder r = {.picks = picks, .count = count, .lost = -1, .out = out};
    enum err_code code = record(s, &r, err);

    *lost = r.lost;
    return code;
}

bool playback_whole(const struct playback *r)
{
    return r->end == END_DONE || r->end == END_DEADLOCK;
}

void playback_release(struct playback *r)
{
    free(r->steps);
    *r = (struct playback){.steps = NULL};
}
