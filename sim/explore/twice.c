#include "sim/explore/twice.h"
#include "sim/explore/choosers.h"
#include <stdlib.h>
#include <string.h>

static enum err_code run_traced(struct cluster *c, struct chooser *chooser, struct strbuf *story,
                                struct err *err)
{
    struct trace trace;

    trace_init(&trace);
    c->trace = &trace;
    cluster_run(c, chooser, err);
    c->trace = NULL;
    trace_story(&trace, 0, story);
    trace_release(&trace);
    return err->code;
}

/* The first line that differs, of each. */
static enum err_code differ(const char *first, const char *second, struct err *err)
{
    int line = 1;

    for (;; line++) {
        size_t n = strcspn(first, "\n"), m = strcspn(second, "\n");

        if (n != m || memcmp(first, second, n) != 0)
            return err_set(err, ERR_DIVERGE,
                           "not deterministic: line %d of the trace is \"%.*s\", and with the same "
                           "choices once more it is \"%.*s\"",
                           line, (int)n, first, (int)m, second);
        if (!first[n])
            return OK;
        first += n + 1;
        second += m + (second[m] == '\n');
    }
}

static uint8_t *picks(const struct cluster *c)
{
    uint8_t *tasks = mem_alloc((size_t)c->event_count + 1);

    for (int i = 0; i < c->event_count; i++)
        tasks[i] = (uint8_t)c->events[i].task;
    return tasks;
}

static enum err_code run_again(struct cluster *c, const char *story, enum end end, struct err *err)
{
    struct strbuf again = STRBUF_INIT;
    struct given_chooser given;
    int count = c->event_count;
    uint8_t *tasks = picks(c);

    given_init(&given, tasks, count);
    if (cluster_reset(c, err) == OK && run_traced(c, &given.chooser, &again, err) == OK &&
        differ(story, again.s, err) == OK && (c->end != end || c->event_count != count))
        err_set(err, ERR_DIVERGE, "not deterministic: the same choices led to another end");
    free(tasks);
    strbuf_release(&again);
    return err->code;
}

enum err_code cluster_run_twice(struct cluster *c, struct chooser *chooser, struct err *err)
{
    struct strbuf story = STRBUF_INIT;

    if (run_traced(c, chooser, &story, err) == OK && c->end != END_CUT)
        run_again(c, story.s, c->end, err);
    strbuf_release(&story);
    return err->code;
}
