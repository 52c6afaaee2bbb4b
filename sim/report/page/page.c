#include "sim/report/page/page.h"
#include "nodes/create/create.h"
#include "sim/explore/explain/nearest.h"
#include "sim/explore/search/coalesce.h"
#include "sim/report/page/page_runs.h"
#include "sim/report/page/property_text.h"
#include "sim/report/text/report.h"
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_VERSION 1
#define OUTCOMES_TOLD  200  /* with their counts */
#define OUTCOMES_SHOWN 16   /* with an execution of each … */
#define OUTCOMES_FIRST 3    /* … or that many, once … */
#define STEPS_SHOWN    3000 /* … a page has that many steps of them */

void page_init(struct page *p)
{
    assert(p);
    *p = (struct page){.head = STRBUF_INIT, .variants = STRBUF_INIT, .summary = STRBUF_INIT};
}

void page_release(struct page *p)
{
    assert(p);
    words_release(&p->words);
    strbuf_release(&p->head);
    strbuf_release(&p->variants);
    strbuf_release(&p->summary);
}

/* "name":"text", */
static void text(struct strbuf *out, const char *name, const char *value)
{
    strbuf_printf(out, "\"%s\":", name);
    strbuf_json(out, value ? value : "");
    strbuf_addc(out, ',');
}

/* --- what is shown of a variant --- */

struct shown {
    struct search *search;
    struct nearest *nearest;         /* per tally */
    int *failing, *passing, *nearby; /* per tally: numbers of the reel, -1 */
    struct outcome **outcomes;       /* the most frequent first */
    struct reel reel;
};

static int by_count(const void *a, const void *b)
{
    const struct outcome *x = *(const struct outcome *const *)a;
    const struct outcome *y = *(const struct outcome *const *)b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static void sort_outcomes(struct shown *shown)
{
    const struct search *s = shown->search;
    int n = 0;

    shown->outcomes = mem_alloc(sizeof *shown->outcomes * ((size_t)s->outcome_count + 1));
    for (int i = 0; i < s->outcome_cap; i++)
        if (s->outcomes[i].hash)
            shown->outcomes[n++] = &s->outcomes[i];
    if (n > 0)
        qsort(shown->outcomes, (size_t)n, sizeof *shown->outcomes, by_count);
}

static void shown_release(struct shown *shown)
{
    for (int i = 0; i < shown->search->tally_count; i++)
        nearest_release(&shown->nearest[i]);
    free(shown->nearest);
    free(shown->failing);
    free(shown->passing);
    free(shown->nearby);
    free(shown->outcomes);
    reel_release(&shown->reel);
}

static enum err_code choose_outcomes(struct page *p, struct shown *shown, struct err *err)
{
    struct search *s = shown->search;

    for (int i = 0; i < s->outcome_count && i < OUTCOMES_SHOWN; i++) {
        struct schedule *w = &shown->outcomes[i]->witness;

        if (i >= OUTCOMES_FIRST && p->steps > STEPS_SHOWN)
            break;
        if (w->preemptions > 0 && shorten(s, w, err) != OK)
            return err->code;
        reel_add(&shown->reel, w);
        p->steps += w->steps;
    }
    return OK;
}

/* Which executions: of each property a broken one and the nearest that is not, else any that holds;
 * and then one of each outcome. */
static enum err_code choose(struct page *p, struct shown *shown, struct search *s, struct err *err)
{
    size_t n = (size_t)s->tally_count + 1;

    *shown = (struct shown){.search = s};
    shown->nearest = mem_alloc(sizeof *shown->nearest * n);
    shown->failing = mem_alloc(sizeof(int) * n);
    shown->passing = mem_alloc(sizeof(int) * n);
    shown->nearby = mem_alloc(sizeof(int) * n);
    for (int i = 0; i < s->tally_count; i++) {
        struct tally *t = &s->tallies[i];

        shown->failing[i] = reel_add(&shown->reel, &t->witness[0]);
        if (nearest_passing(s, t, &shown->nearest[i], err) != OK)
            return err->code;
        shown->nearby[i] = reel_add(&shown->reel, &shown->nearest[i].passing);
        shown->passing[i] =
            shown->nearby[i] >= 0 ? shown->nearby[i] : reel_add(&shown->reel, &t->witness[1]);
    }
    sort_outcomes(shown);
    return choose_outcomes(p, shown, err);
}

/* --- as JSON --- */

static void verdict(const struct search *s, const struct tally *t, struct strbuf *out)
{
    int ok = tally_ok(s, t);
    struct strbuf known = STRBUF_INIT;

    text(out, "name", t->name);
    text(out, "holds", tally_verdict(s, t) ? tally_verdict(s, t) : "");
    text(out, "expected", t->expected == HOLDS_UNNAMED ? "" : holds_name(t->expected));
    strbuf_printf(out, "\"ok\":%s,\"held\":%lld,\"broken\":%lld",
                  ok < 0 ? "null"
                  : ok   ? "true"
                         : "false",
                  (long long)t->holds, (long long)t->broken);
    bounds_words(s, t, &known);
    if (known.len) {
        strbuf_adds(out, ",\"known\":");
        strbuf_json(out, known.s);
    }
    strbuf_release(&known);
}

static void pair(struct strbuf *out, const char *name, const struct reel *reel, int run,
                 const int *events)
{
    strbuf_printf(out, ",\"%s\":[%d,%d]", name, reel_record(reel, run, events[0]),
                  reel_record(reel, run, events[1]));
}

static void property(const struct shown *shown, int i, struct strbuf *out)
{
    const struct tally *t = &shown->search->tallies[i];
    const struct nearest *near = &shown->nearest[i];
    const struct reel *reel = &shown->reel;
    struct strbuf says = STRBUF_INIT;

    strbuf_adds(out, i ? ",\n{" : "{");
    verdict(shown->search, t, out);
    meaning_of(t, &says);
    strbuf_adds(out, ",\"says\":");
    strbuf_json(out, says.s);
    strbuf_release(&says);
    strbuf_printf(out, ",\"kind\":\"%s\",\"lasting\":%s,\"failing\":%d,\"passing\":%d",
                  t->check                 ? "built-in"
                  : t->property->invariant ? "invariant"
                                           : "finally",
                  t->check && !(t->check->traits & LASTING) ? "false" : "true", shown->failing[i],
                  shown->passing[i]);
    if (shown->failing[i] >= 0 && shown->nearby[i] >= 0) {
        strbuf_printf(out, ",\"common\":%d", reel_record(reel, shown->failing[i], near->common));
        if (near->race[0] >= 0) {
            pair(out, "race", reel, shown->failing[i], near->race);
            pair(out, "passing_race", reel, shown->nearby[i], near->passing_race);
        }
    }
    strbuf_addc(out, '}');
}

static int run_of(const struct reel *r, const struct schedule *schedule)
{
    for (int i = 0; i < r->count; i++)
        if (schedule->any && schedule_same(r->v[i].schedule, schedule))
            return i;
    return -1;
}

static void outcomes(const struct shown *shown, struct strbuf *out)
{
    for (int i = 0; i < shown->search->outcome_count && i < OUTCOMES_TOLD; i++) {
        const struct outcome *o = shown->outcomes[i];

        strbuf_printf(out, "%s[%lld,%d]", i ? "," : "", (long long)o->count,
                      run_of(&shown->reel, &o->witness));
    }
}

static void cluster(const struct scenario *sc, struct strbuf *out)
{
    strbuf_adds(out, "\"nodes\":[");
    for (int i = 0; i < sc->node_count; i++) {
        strbuf_adds(out, i ? "," : "");
        strbuf_addc(out, '[');
        strbuf_json(out, sc->nodes[i].name);
        strbuf_printf(out, ",\"%s\"]", sc->nodes[i].role->name);
    }
    strbuf_adds(out, "],\n\"tasks\":[");
    for (int i = 0; i < sc->task_count; i++) {
        const struct scenario_task *t = &sc->tasks[i];

        strbuf_adds(out, i ? ",[" : "[");
        strbuf_json(out, t->name);
        strbuf_printf(out, ",%d,\"%s\"]", t->node,
                      t->program ? "client"
                      : t->fault ? "fault"
                                 : "background");
    }
    strbuf_adds(out, "],\n");
}

static void facts(const struct search *s, struct strbuf *out)
{
    const struct scenario *sc = s->scenario;
    struct strbuf where = STRBUF_INIT;

    text(out, "name", sc->variant);
    text(out, "doc", sc->doc);
    strbuf_printf(out, "\"hash\":\"%016llx\",", (unsigned long long)sc->hash);
    text(out, "orders", search_grounds(s));
    strbuf_printf(out,
                  "\"exhaustive\":%s,\"executions\":%lld,\"redundant\":%lld,\"undecided\":%lld,",
                  s->end == SEARCH_COMPLETE ? "true" : "false", (long long)s->executions,
                  (long long)s->redundant, (long long)s->bounded);
    if (s->end == SEARCH_SAMPLED)
        strbuf_printf(out, "\"seed\":\"0x%llx\",", (unsigned long long)sc->order.seed);
    report_backend(s, &where);
    text(out, "backend", s->port->calls->name);
    text(out, "where", where.len ? where.s + strlen(", ") : "on the directory");
    strbuf_release(&where);
    text(out, "semantics", sc->semantics == STORE_POSIX ? "posix" : "object");
    strbuf_printf(out, "\"services\":%s,", sc->has_services ? "true" : "false");
    cluster(sc, out);
}

static void summarise(struct page *p, const struct search *s)
{
    struct strbuf *out = &p->summary;

    strbuf_adds(out, p->count ? ",{" : "{");
    text(out, "name", s->scenario->variant);
    text(out, "orders", search_grounds(s));
    strbuf_printf(out, "\"executions\":%lld,\"outcomes\":%d,\"properties\":[",
                  (long long)s->executions, s->outcome_count);
    for (int i = 0; i < s->tally_count; i++) {
        strbuf_adds(out, i ? ",{" : "{");
        verdict(s, &s->tallies[i], out);
        strbuf_addc(out, '}');
    }
    strbuf_adds(out, "]}");
}

static void describe(struct page *p, const struct scenario *sc)
{
    strbuf_addc(&p->head, '{');
    text(&p->head, "name", sc->name);
    text(&p->head, "title", sc->title);
    text(&p->head, "file", sc->file);
    strbuf_adds(&p->head, "\"sources\":[");
    for (int i = 0; sc->sources[i]; i++) {
        strbuf_adds(&p->head, i ? "," : "");
        strbuf_json(&p->head, sc->sources[i]);
    }
    strbuf_adds(&p->head, "]}");
}

static enum err_code variant(struct page *p, struct shown *shown, struct err *err)
{
    struct strbuf *out = &p->variants, runs = STRBUF_INIT;
    enum err_code code = reel_json(&shown->reel, shown->search, &p->words, &runs, err);

    if (code == OK) {
        strbuf_adds(out, p->count ? ",\n{" : "{");
        facts(shown->search, out);
        strbuf_adds(out, "\"properties\":[");
        for (int i = 0; i < shown->search->tally_count; i++)
            property(shown, i, out);
        strbuf_printf(out, "],\n\"outcome_count\":%d,\"outcomes\":[", shown->search->outcome_count);
        outcomes(shown, out);
        strbuf_printf(out, "],\n\"runs\":%s}", runs.s);
    }
    strbuf_release(&runs);
    return code;
}

enum err_code page_add(struct page *p, struct search *s, struct err *err)
{
    assert(p);
    assert(s);

    struct shown shown;
    enum err_code code;

    if (p->count == 0)
        describe(p, s->scenario);
    code = choose(p, &shown, s, err);
    if (code == OK)
        code = variant(p, &shown, err);
    if (code == OK) {
        summarise(p, s);
        p->count++;
    }
    shown_release(&shown);
    return code;
}

/* --- the documents --- */

static void begin(struct strbuf *data)
{
    strbuf_printf(data, "{\"fsrace_report\":%d,\n", REPORT_VERSION);
}

void page_html(const struct page *p, struct strbuf *out)
{
    assert(p);
    assert(out);

    struct strbuf data = STRBUF_INIT;

    begin(&data);
    strbuf_printf(&data, "\"scenario\":%s,\n\"variants\":[%s],\n\"words\":", p->head.s,
                  p->variants.s);
    words_json(&p->words, &data);
    strbuf_adds(&data, "}\n");
    html_page(&data, out);
    strbuf_release(&data);
}

void page_index_add(const struct page *p, const char *file, struct strbuf *rows)
{
    assert(p);
    assert(file);
    assert(rows);
    strbuf_adds(rows, rows->len ? ",\n{" : "{");
    text(rows, "page", file);
    strbuf_printf(rows, "\"scenario\":%s,\"variants\":[%s]}", p->head.s, p->summary.s);
}

void page_index_html(const struct strbuf *rows, struct strbuf *out)
{
    assert(rows);
    assert(out);

    struct strbuf data = STRBUF_INIT;

    begin(&data);
    strbuf_printf(&data, "\"index\":[%s]}\n", rows->s);
    html_page(&data, out);
    strbuf_release(&data);
}
