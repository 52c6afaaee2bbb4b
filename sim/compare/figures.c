#include "sim/compare/figures.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void figures_init(struct figures *f, const struct scenario *s)
{
    assert(f);
    assert(s);
    *f = (struct figures){.scenario = s};
    f->values = mem_alloc(sizeof *f->values * (size_t)(s->register_count + 1));
}

void figures_release(struct figures *f)
{
    assert(f);
    arena_release(&f->arena);
    free(f->values);
}

static void add_values(struct figures *f, const struct cluster *c)
{
    for (int i = 0; i < f->scenario->register_count; i++) {
        const char *value = c->registers[i] ? c->registers[i] : "";

        if (!f->values[i])
            f->values[i] = arena_strdup(&f->arena, value);
        else if (strcmp(f->values[i], value) != 0)
            f->values[i] = FIGURES_VARIES;
    }
}

static int64_t longest_answer(const struct history *h)
{
    int64_t ms = 0;

    for (int i = 0; i < h->request_count; i++)
        if (h->requests[i].ended_ms - h->requests[i].began_ms > ms)
            ms = h->requests[i].ended_ms - h->requests[i].began_ms;
    return ms;
}

/* Its first success; -1 if there is none. */
static int64_t accepted_at(const struct history *h, const char *task)
{
    for (int i = 0; i < h->request_count; i++)
        if (strcmp(h->requests[i].task, task) == 0 && h->requests[i].status == ST_ACCEPTED)
            return h->requests[i].ended_ms;
    return -1;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void figures_add(void *figures, struct cluster *c)
{
    assert(figures);
    assert(c);

    struct figures *f = figures;
    int64_t accepted_ms = accepted_at(&c->history, "i2");

    f->executions++;
    f->messages = (int)most(f->messages, history_messages(&c->history));
    f->store_calls = (int)most(f->store_calls, history_store_calls(&c->history));
    f->creations = (int)most(f->creations, c->history.creation_count);
    f->answered_ms = most(f->answered_ms, longest_answer(&c->history));
    if (f->accepted_ms >= 0)
        f->accepted_ms = accepted_ms < 0 ? -1 : most(f->accepted_ms, accepted_ms);
    add_values(f, c);
}

const char *figures_register(const struct figures *f, const char *name)
{
    assert(f);
    assert(name);
    for (int i = 0; i < f->scenario->register_count; i++)
        if (strcmp(f->scenario->registers[i], name) == 0)
            return f->values[i] ? f->values[i] : "";
    return "";
}
