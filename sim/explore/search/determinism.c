#include "sim/explore/search/determinism.h"
#include "sim/engine/programs.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum err_code run_traced(struct cluster *c, struct chooser *chooser, struct trace *trace,
                                struct err *err)
{
    c->trace = trace;
    cluster_run(c, chooser, err);
    c->trace = NULL;
    return err->code;
}

static uint8_t *picks(const struct cluster *c)
{
    uint8_t *tasks = mem_alloc((size_t)c->event_count + 1);

    for (int i = 0; i < c->event_count; i++)
        tasks[i] = (uint8_t)c->events[i].task;
    return tasks;
}

static enum err_code compare(const struct trace *first, const struct trace *second, struct err *err)
{
    struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
    const char *one, *other;
    int line;

    if (trace_same(first, second))
        return OK;
    trace_story(first, 0, &a);
    trace_story(second, 0, &b);
    one = a.s;
    other = b.s;
    line = story_differs(&one, &other);
    if (line)
        err_set(
            err, ERR_DIVERGE,
            "not deterministic: line %d of the trace is \"%.*s\", and with the same choices once "
            "more it is \"%.*s\"",
            line, (int)strcspn(one, "\n"), one, (int)strcspn(other, "\n"), other);
    strbuf_release(&a);
    strbuf_release(&b);
    return err->code;
}

static enum err_code run_again(struct cluster *c, const struct trace *first, enum end end,
                               struct err *err)
{
    struct given_chooser given;
    struct trace again;
    int count = c->event_count;
    uint8_t *tasks = picks(c);

    trace_init(&again);
    given_init(&given, tasks, count);
    programs_afresh(c);
    if (cluster_reset(c, err) == OK && run_traced(c, &given.chooser, &again, err) == OK &&
        compare(first, &again, err) == OK && (c->end != end || c->event_count != count))
        err_set(err, ERR_DIVERGE, "not deterministic: the same choices led to another end");
    free(tasks);
    trace_release(&again);
    return err->code;
}

enum err_code cluster_run_twice(struct cluster *c, struct chooser *chooser, struct err *err)
{
    assert(c);
    assert(chooser);

    struct trace first;

    trace_init(&first);
    if (run_traced(c, chooser, &first, err) == OK && c->end != END_CUT)
        run_again(c, &first, c->end, err);
    trace_release(&first);
    return err->code;
}
