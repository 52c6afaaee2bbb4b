/*
 * Samplers: how many runs until a race is hit for the first time, the median over seeds, for the
 * catalogue's races.
 */
#include "bench/bench.h"
#include <stdio.h>
#include <stdlib.h>

#define SEEDS    15
#define RUNS_MAX 3000

static const char *const races[] = {"check-then-put",      "dup-create", "empty-lock-window",
                                    "late-watch",          "lock-order", "lost-update",
                                    "lost-wakeup",         "noop-lock",  "rename-lock",
                                    "stale-lock-takeover", "torn-read",  "delete-vs-create"};

struct hunt {
    struct search *search;
    const struct tally *tally;
    int64_t first; /* the run that broke it, 0: none so far */
};

/* The budget is used up as soon as it is hit. */
static void look(void *ctx, struct cluster *c)
{
    struct hunt *h = ctx;

    (void)c;
    if (h->first || !h->tally->broken)
        return;
    h->first = h->search->executions;
    h->search->options.max_executions = h->first;
}

static const struct tally *a_race(const struct search *s)
{
    for (int i = 0; i < s->tally_count; i++)
        if (s->tallies[i].expected == HOLDS_SOMETIMES)
            return &s->tallies[i];
    return NULL;
}

/* The first run that hits it; RUNS_MAX if none does, 0 if the variant has no race. */
static int64_t hunt(struct session *session, struct scenario *sc, enum sampler sampler,
                    uint64_t seed, struct err *err)
{
    struct hunt h = {.first = 0};
    struct search_options options = {.judged = look, .judged_ctx = &h};
    bool none;

    sc->order = (struct order){.kind = ORDER_SAMPLE,
                               .sampler = sampler,
                               .runs = RUNS_MAX,
                               .seed = seed,
                               .depth = PCT_DEPTH};
    h.search = session_search(session, sc, &options, err);
    if (!h.search)
        return 0;
    h.tally = a_race(h.search);
    none = !h.tally;
    if (!none)
        search_run(h.search, err);
    session_done(session, h.search);
    return none ? 0 : h.first ? h.first : RUNS_MAX;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* A line; false: the variant has no race. */
static bool measure(struct session *session, struct scenario *sc, struct err *err)
{
    int64_t medians[SAMPLE_POS + 1];

    for (int sampler = 0; sampler <= SAMPLE_POS; sampler++) {
        int64_t runs[SEEDS];

        for (int i = 0; i < SEEDS && err->code == OK; i++) {
            runs[i] = hunt(session, sc, (enum sampler)sampler, (uint64_t)i + 1, err);
            if (runs[i] == 0)
                return false;
        }
        if (err->code != OK)
            return true;
        qsort(runs, SEEDS, sizeof *runs, by_number);
        medians[sampler] = runs[SEEDS / 2];
    }
    printf("  %-20s %-22s", sc->name, sc->variant);
    for (int i = 0; i <= SAMPLE_POS; i++)
        printf(" %6lld", (long long)medians[i]);
    putchar('\n');
    return true;
}

static void measure_file(struct session *session, const char *name, struct err *err)
{
    struct strbuf path = STRBUF_INIT;
    struct scenario_file *f;
    bool done = false;

    strbuf_printf(&path, "scenarios/%s.json", name);
    f = scenario_load(path.s, err);
    for (int i = 0; f && i < f->variant_count && !done && err->code == OK; i++) {
        struct scenario *sc = scenario_variant(f, i, err);

        done = sc && sc->order.kind == ORDER_ALL && measure(session, sc, err);
        scenario_free(sc);
    }
    scenario_file_free(f);
    strbuf_release(&path);
}

enum err_code bench_samplers(struct session *session, struct err *err)
{
    printf("\nruns until a race is hit for the first time, median of %d seeds\n  %-43s", SEEDS, "");
    for (int i = 0; i <= SAMPLE_POS; i++)
        printf(" %6s", sampler_names[i]);
    putchar('\n');
    for (size_t i = 0; i < sizeof races / sizeof *races && err->code == OK; i++)
        measure_file(session, races[i], err);
    return err->code;
}
