#include "sim/explore/search/progress.h"
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#define EVERY_MS 100

void progress_begin(struct progress *p, const struct scenario *sc,
                    const struct search_options *options)
{
    assert(p);
    assert(sc);
    assert(options);
    *p = (struct progress){.scenario = sc, .options = options, .start_ms = gate_now_ms()};
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Of the work, how much is done at most; 0: nobody knows. */
static double share(const struct progress *p, int64_t executions, int64_t ms)
{
    const struct search_options *o = p->options;
    double done = 0;

    if (p->scenario->order.kind == ORDER_SAMPLE && p->scenario->order.runs)
        done = (double)executions / (double)p->scenario->order.runs;
    if (o->max_executions && (double)executions / (double)o->max_executions > done)
        done = (double)executions / (double)o->max_executions;
    if (o->max_ms && (double)ms / (double)o->max_ms > done)
        done = (double)ms / (double)o->max_ms;
    return least(done, 1);
}

void progress_words(const struct progress *p, int64_t executions, int64_t now_ms,
                    struct strbuf *out)
{
    assert(p);
    assert(out);
    assert(executions >= 0);

    int64_t ms = now_ms - p->start_ms;
    double done = share(p, executions, ms);

    strbuf_printf(out, "%s, %s: %lld executions", p->scenario->name, p->scenario->variant,
                  (long long)executions);
    if (ms > 0)
        strbuf_printf(out, ", %lld/s", (long long)(executions * 1000 / ms));
    if (done > 0)
        strbuf_printf(out, ", %.0f%%, %.0f s left%s", 100 * done,
                      (double)ms * (1 - done) / done / 1000,
                      p->options->max_executions || p->options->max_ms ? " at most" : "");
    if (done <= 0 && p->known > 0)
        strbuf_printf(out, ", %.1f%% of what is known so far, %.0f s left or more", 100 * p->known,
                      (double)ms * (1 - p->known) / p->known / 1000);
}

void progress_show(void *progress, int64_t executions)
{
    assert(progress);
    assert(executions >= 0);

    struct progress *p = progress;
    struct strbuf text = STRBUF_INIT;
    int64_t now = gate_now_ms();

    if (executions == 0 || now - p->shown_ms < EVERY_MS || !isatty(STDERR_FILENO))
        return;
    p->shown_ms = now;
    p->shown = true;
    progress_words(p, executions, now, &text);
    fprintf(stderr, "\r%s\033[K", text.s);
    strbuf_release(&text);
}

void progress_end(struct progress *p)
{
    assert(p);
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
