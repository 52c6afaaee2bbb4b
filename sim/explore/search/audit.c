#include "sim/explore/search/audit.h"
#include "sim/engine/programs.h"
#include "sim/explore/search/drive.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>

bool audit_wanted(const struct search *s)
{
    return !s->options.no_audit && !s->options.no_reduction && !s->options.control &&
           s->scenario->order.kind == ORDER_ALL && !s->scenario->order.within;
}

static int64_t how_many(const struct search *s)
{
    int64_t least = s->options.on_files ? AUDIT_LEAST / 8 : AUDIT_LEAST;

    return least + s->executions / AUDIT_SHARE;
}

/* The execution has ended: did the search have it? */
static bool is_known(struct search *s)
{
    if (s->cluster->end != END_DONE && s->cluster->end != END_DEADLOCK)
        return true; /* too long to be judged: the search says so of itself */
    if (s->classes.seen.count > 0)
        return set_has(&s->classes.seen, class_of(&s->classes, s->cluster));
    return outcome_slot(s, search_outcome(s))->hash != 0;
}

static enum err_code try_one(struct search *s, struct script_chooser *script, int64_t run,
                             struct err *err)
{
    struct random_chooser random;
    struct pos_chooser pos;

    random_init(&random);
    pos_init(&pos);
    random_begin(&random, s->scenario->hash, (uint64_t)run);
    pos_begin(&pos, s->scenario->hash, (uint64_t)run);
    script_begin(script);
    script->then = run % 2 ? &pos.chooser : &random.chooser;
    if (cluster_run(s->cluster, &script->chooser, err) != OK)
        return err->code;
    script->then = NULL;
    if (!is_known(s) && !programs_doubt(s->cluster)) {
        schedule_note(&s->missed, s->cluster);
        err_set(err, ERR_DIVERGE,
                "the search missed an execution: its proof is none, and that is our fault");
    }
    s->audited++;
    return search_reset(s, err);
}

enum err_code audit_run(struct search *s, struct err *err)
{
    struct script_chooser script;
    int64_t runs = how_many(s);

    assert(s->end == SEARCH_COMPLETE && s->audited == 0);
    script_init(&script, s->scenario, NULL);
    for (int64_t i = 0; i < runs && err->code == OK && !search_over_budget(s); i++)
        try_one(s, &script, i, err);
    script_release(&script);
    return err->code;
}
