/*
 * Executions a second in memory, on one core: of the scenario's sample, and of all its orders, again
 * and again, since there are few.
 */
#include "bench/bench.h"
#include "sim/explore/strategy/dpor.h"
#include <stdio.h>

#define EXPLORATIONS 4000

static double sample(struct search *s, struct err *err)
{
    double start = bench_now_s();

    search_run(s, err);
    return (double)s->executions / (bench_now_s() - start);
}

static void explore_once(struct search *s, struct err *err)
{
    struct all_chooser all;
    bool more = true;

    all_init(&all, true);
    while (more && search_execute(s, &all.chooser, err) == OK) {
        more = all_next(&all, s->cluster);
        if (search_reset(s, err) != OK)
            break;
    }
    all_release(&all);
}

static double explore(struct search *s, struct err *err)
{
    double start = bench_now_s();

    for (int i = 0; i < EXPLORATIONS && err->code == OK; i++)
        explore_once(s, err);
    return (double)s->executions / (bench_now_s() - start);
}

/* The median of ROUNDS searches. */
static double measure(struct session *session, struct scenario *sc,
                      double (*rate)(struct search *s, struct err *err), struct err *err)
{
    struct search_options options = {.max_executions = 0};
    double rates[ROUNDS] = {0};

    for (int i = 0; i < ROUNDS && err->code == OK; i++) {
        struct search *s = session_search(session, sc, &options, err);

        if (s)
            rates[i] = rate(s, err);
        session_done(session, s);
    }
    return bench_median(rates);
}

enum err_code bench_model(struct session *session, struct scenario *sc, struct err *err)
{
    int64_t runs = sc->order.runs;

    sc->order.runs = 50 * runs; /* what is long enough on the directory is not here */
    printf("the same in memory, on one core\n");
    printf("  sampled                          %8.0f executions a second\n",
           measure(session, sc, sample, err));
    printf("  explored                         %8.0f executions a second\n",
           measure(session, sc, explore, err));
    sc->order.runs = runs;
    return err->code;
}
