#include "sim/trace/trace.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TRACE_DATA_MAX 80 /* bytes of a content that are shown */

void trace_init(struct trace *t)
{
    assert(t);
    *t = (struct trace){.v = NULL};
}

void trace_release(struct trace *t)
{
    assert(t);
    free(t->v);
    arena_release(&t->arena);
    trace_init(t);
}

void trace_clear(struct trace *t)
{
    assert(t);
    t->count = t->looked = 0;
    t->broken_before = 0;
    t->latest_ms = 0;
    arena_clear(&t->arena);
}

int trace_step_of(const struct trace *t, int event)
{
    assert(t);
    assert(event >= -1);
    for (int i = t->count - 1; i >= 0 && t->v[i].event >= event; i--)
        if (t->v[i].kind == TRACE_STEP && t->v[i].event == event)
            return i;
    return -1;
}

/* A trace is there to be shown: this is the door for what scenarios and programs put into it. */
static const char *copy(struct trace *t, const char *s)
{
    return s && *s ? arena_visible(&t->arena, s) : "";
}

/* Events become records; those that are none, of the time before the first step, are left out. */
static void add_causes(struct trace *t, struct trace_record *r, const int *events, int count)
{
    int *causes = count ? arena_alloc(&t->arena, sizeof *causes * (size_t)count) : NULL;

    r->cause_count = 0;
    for (int i = 0; i < count; i++) {
        int step = trace_step_of(t, events[i]);

        if (step >= 0)
            causes[r->cause_count++] = step;
    }
    r->causes = causes;
}

void trace_add(struct trace *t, const struct trace_record *given)
{
    assert(t);
    assert(given);
    assert(given->event >= -1);

    struct trace_record *r;

    VEC_ROOM(t->v, t->count, t->cap, 256);
    r = &t->v[t->count];
    *r = *given;
    t->latest_ms = given->ms > t->latest_ms ? given->ms : t->latest_ms;
    r->ms = t->latest_ms;
    r->object = copy(t, given->object);
    r->object2 = copy(t, given->object2);
    r->result = copy(t, given->result);
    add_causes(t, r, given->causes, given->cause_count);
    t->count++;
}

void trace_look(struct trace *t)
{
    assert(t);
    for (struct trace_watcher *w = t->watchers; w; w = w->next)
        w->look(w, t, t->looked);
    t->looked = t->count;
}

int trace_broke_at(const struct trace *t, int tally)
{
    assert(t);
    assert(tally >= 0 && tally < 64);

    int at = t->count;

    while (at > 0 && t->v[at - 1].broken >> tally & 1)
        at--;
    if (at == t->count || (at == 0 && t->broken_before >> tally & 1))
        return -1;
    return at;
}

/* --- as a story --- */

static void aside_words(const struct trace_record *r, struct strbuf *out)
{
    switch (r->kind) {
    case TRACE_STEP:
        break;
    case TRACE_RECALL:
        strbuf_printf(out, "memory %s = %s", r->object, r->result);
        break;
    case TRACE_REMEMBER:
        strbuf_printf(out, "memory %s <- %s", r->object, r->result);
        break;
    case TRACE_REGISTER:
        if (strcmp(r->result, "ok") != 0) /* else the step's own result says so */
            strbuf_printf(out, "%s <- %s", r->object, r->result);
        break;
    case TRACE_CREATED:
        strbuf_printf(out, "created %s, incarnation %s", r->object, r->result);
        break;
    case TRACE_DELETED:
        strbuf_printf(out, "deleted %s, incarnation %s", r->object, r->result);
        break;
    case TRACE_ANSWER:
        strbuf_printf(out, "answer: %s", r->result);
        break;
    case TRACE_LOG:
        strbuf_adds(out, r->object);
        break;
    case TRACE_BROKE:
        strbuf_printf(out, "-- %s does not hold any more", r->object);
        break;
    }
}

void trace_words(const struct trace_record *r, struct strbuf *out)
{
    assert(r);
    assert(out);
    if (r->kind != TRACE_STEP) {
        aside_words(r, out);
        return;
    }
    point_text(&(struct point){r->op, r->object, r->object2}, out);
    if (*r->result)
        strbuf_printf(out, " = %s", r->result);
}

static void story_line(const struct trace_record *r, int width, struct strbuf *words,
                       struct strbuf *out)
{
    strbuf_clear(words);
    trace_words(r, words);
    if (words->len)
        strbuf_printf(out, "[%5lld] %-*s %s %s\n", (long long)r->ms, width, r->task,
                      r->kind == TRACE_STEP ? ">" : " ", words->s);
}

static bool same_record(const struct trace_record *a, const struct trace_record *b)
{
    return a->kind == b->kind && a->fate == b->fate && a->ms == b->ms && a->op == b->op &&
           strcmp(a->task, b->task) == 0 && strcmp(a->object, b->object) == 0 &&
           strcmp(a->object2, b->object2) == 0 && strcmp(a->result, b->result) == 0;
}

bool trace_same(const struct trace *a, const struct trace *b)
{
    assert(a);
    assert(b);
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!same_record(&a->v[i], &b->v[i]))
            return false;
    return true;
}

void trace_story(const struct trace *t, int width, struct strbuf *out)
{
    assert(t);
    assert(out);
    assert(width >= 0);

    struct strbuf words = STRBUF_INIT;

    for (int i = 0; i < t->count; i++)
        story_line(&t->v[i], width, &words, out);
    strbuf_release(&words);
}

int story_differs(const char **a, const char **b)
{
    assert(a);
    assert(b);
    for (int line = 1;; line++) {
        size_t n = strcspn(*a, "\n"), m = strcspn(*b, "\n");

        if (n != m || memcmp(*a, *b, n) != 0 || (*a)[n] != (*b)[m])
            return line;
        *a += n + ((*a)[n] == '\n');
        *b += m + ((*b)[m] == '\n');
        if (!**a && !**b)
            return 0;
    }
}

void trace_quote(struct strbuf *out, const char *data, size_t len)
{
    assert(out);
    trace_quote_most(out, data, len, TRACE_DATA_MAX);
}

void trace_quote_most(struct strbuf *out, const char *data, size_t len, size_t most)
{
    assert(out);

    size_t shown = len < most ? len : most;

    if (!data || len == 0) {
        strbuf_adds(out, "(nothing)");
        return;
    }
    strbuf_visible_bytes(out, data, shown);
    if (shown < len)
        strbuf_printf(out, "... (%zu bytes)", len);
}
