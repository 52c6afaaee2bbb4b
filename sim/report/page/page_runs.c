#include "sim/report/page/page_runs.h"
#include "sim/explore/explain/export.h"
#include "sim/report/page/snapshots.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int reel_add(struct reel *r, const struct schedule *schedule)
{
    assert(r);
    assert(schedule);
    if (!schedule->any)
        return -1;
    for (int i = 0; i < r->count; i++)
        if (schedule_same(r->v[i].schedule, schedule))
            return i;
    if (r->count == REEL_MAX)
        return -1;
    r->v[r->count] = (struct reel_run){.schedule = schedule};
    return r->count++;
}

int reel_record(const struct reel *r, int run, int event)
{
    assert(r);
    assert(run >= 0);

    const struct reel_run *one = &r->v[run];

    return one->first[event < one->events ? event : one->events];
}

void reel_release(struct reel *r)
{
    assert(r);
    for (int i = 0; i < r->count; i++)
        free(r->v[i].first);
}

/* --- one of them --- */

static int task_number(const struct scenario *sc, const char *name)
{
    for (int i = 0; i < sc->task_count; i++)
        if (strcmp(sc->tasks[i].name, name) == 0)
            return i;
    return -1;
}

static void numbers(struct strbuf *out, const char *name, const int *v, int count)
{
    strbuf_printf(out, "\"%s\":[", name);
    for (int i = 0; i < count; i++)
        strbuf_printf(out, "%s%d", i ? "," : "", v[i]);
    strbuf_addc(out, ']');
}

/* What few records have: a fate, causes, other properties broken than after the record before. */
static void rest(const struct trace_record *r, uint64_t broken_before, struct strbuf *out)
{
    static const char *const fates[] = {"", "lost", "twice", "late", "failed", "fault"};
    const char *between = ",{";
    int broken[TALLIES_TOLD], count = 0;

    if (r->fate != FATE_PLAIN) {
        strbuf_printf(out, "%s\"fate\":\"%s\"", between, fates[r->fate]);
        between = ",";
    }
    if (r->cause_count) {
        strbuf_adds(out, between);
        numbers(out, "from", r->causes, r->cause_count);
        between = ",";
    }
    if (r->broken != broken_before) {
        for (int i = 0; i < TALLIES_TOLD; i++)
            if (r->broken >> i & 1)
                broken[count++] = i;
        strbuf_adds(out, between);
        numbers(out, "broken", broken, count);
        between = ",";
    }
    strbuf_adds(out, between[1] ? "" : "}");
}

/* ",17": a call of its own each, for numbers are given in the order of the calls. */
static void word(struct words *words, const char *text, struct strbuf *out)
{
    strbuf_printf(out, ",%d", words_number(words, text));
}

static void record(const struct trace *t, int i, const struct scenario *sc, struct words *words,
                   struct strbuf *out)
{
    const struct trace_record *r = &t->v[i];
    struct strbuf point = STRBUF_INIT;

    if (r->kind == TRACE_STEP)
        point_text(&(struct point){r->op, r->object, r->object2}, &point);
    else
        strbuf_adds(&point, r->object);
    strbuf_printf(out, "%s[%d,%d,%lld", i ? ",\n" : "", (int)r->kind, task_number(sc, r->task),
                  (long long)r->ms);
    word(words, point.s, out);
    word(words, r->result, out);
    rest(r, i ? t->v[i - 1].broken : 0, out);
    strbuf_addc(out, ']');
    strbuf_release(&point);
}

static void changes(const struct film *f, struct words *words, struct strbuf *out)
{
    strbuf_addc(out, '[');
    for (int i = 0; i < f->count; i++) {
        const struct film_change *c = &f->v[i];
        bool same = i > 0 && f->v[i - 1].record == c->record;

        if (!same)
            strbuf_printf(out, "%s[%d", i ? "],\n" : "", c->record);
        strbuf_printf(out, ",%d", (int)c->fact.kind);
        word(words, c->fact.name, out);
        if (c->fact.value)
            word(words, c->fact.value, out);
        else
            strbuf_adds(out, ",-1");
    }
    strbuf_adds(out, f->count ? "]]" : "]");
}

static void note_events(struct reel_run *run, const struct trace *t, int events)
{
    int next = t->count;

    run->events = events;
    run->first = mem_alloc(sizeof *run->first * (size_t)(events + 1));
    run->first[events] = t->count;
    for (int e = events - 1, i = t->count; e >= 0; e--) {
        while (i > 0 && t->v[i - 1].event >= e)
            next = --i;
        run->first[e] = next;
    }
}

static void tell(struct search *s, const struct trace *t, const struct film *film, char **why,
                 struct words *words, struct strbuf *out)
{
    static const char *const ends[] = {[END_DONE] = "done",
                                       [END_DEADLOCK] = "deadlock",
                                       [END_BOUND] = "bound",
                                       [END_CUT] = "cut",
                                       [END_FAILED] = "failed"};

    strbuf_printf(out, "{\"end\":\"%s\",\"preemptions\":%d,\"why\":[", ends[s->cluster->end],
                  s->cluster->preemptions);
    for (int i = 0; i < s->tally_count; i++)
        strbuf_printf(out, "%s%d", i ? "," : "", words_number(words, why[i]));
    strbuf_adds(out, "],\n\"records\":[");
    for (int i = 0; i < t->count; i++)
        record(t, i, s->scenario, words, out);
    strbuf_adds(out, "],\n\"changes\":");
    changes(film, words, out);
}

static enum err_code shoot(struct reel_run *run, struct search *s, struct words *words,
                           struct strbuf *out, struct err *err)
{
    char **why = mem_alloc(sizeof *why * (size_t)(s->tally_count + 1));
    struct strbuf command = STRBUF_INIT;
    struct trace trace;
    struct film film;
    enum err_code code;

    trace_init(&trace);
    film_init(&film, s->cluster, &trace);
    code = search_replay(s, run->schedule, &trace, why, err);
    if (code == OK) {
        tell(s, &trace, &film, why, words, out);
        note_events(run, &trace, s->cluster->event_count);
        code = search_reset(s, err);
    }
    if (code == OK)
        code = record_command(s, run->schedule, &command, err);
    strbuf_printf(out, ",\n\"replay\":%d}", words_number(words, command.s));
    for (int i = 0; i < s->tally_count; i++)
        free(why[i]);
    free(why);
    strbuf_release(&command);
    film_release(&film);
    trace_release(&trace);
    return code;
}

enum err_code reel_json(struct reel *r, struct search *s, struct words *words, struct strbuf *out,
                        struct err *err)
{
    assert(r);
    assert(s);
    assert(words);
    assert(out);
    strbuf_addc(out, '[');
    for (int i = 0; i < r->count; i++) {
        strbuf_adds(out, i ? ",\n" : "");
        if (shoot(&r->v[i], s, words, out, err) != OK)
            return err->code;
    }
    strbuf_addc(out, ']');
    return OK;
}
