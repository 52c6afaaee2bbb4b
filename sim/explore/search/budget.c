#include "sim/explore/search/drive.h"
#include "sim/explore/strategy/dpor.h"
#include <assert.h>

#define PROGRESS_EVERY 256

bool search_over_budget(struct search *s)
{
    assert(s);

    const struct search_options *o = &s->options;
    int64_t runs = s->executions + s->redundant;

    if (o->share && s->all && runs % PROGRESS_EVERY == 0)
        *o->share = all_share(s->all);
    if (o->progress && runs % PROGRESS_EVERY == 0)
        o->progress(o->progress_ctx, s->executions);
    if (o->max_executions && (o->spent ? *o->spent : s->executions) >= o->max_executions)
        return true;
    if (o->control && o->max_executions && runs >= o->max_executions)
        return true;
    return o->max_ms && gate_now_ms() - s->start_ms >= o->max_ms;
}
