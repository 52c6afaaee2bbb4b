/*
 * Every order of the literature's programs: executions, total time, executions a second, and how
 * the time for one execution grows with the program.
 */
#include "bench/bench.h"
#include "bench/literature.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int sizes[5]; /* ends with 0 */
} programs[] = {
    {"readers", {4, 8, 12}},    {"lastzero", {5, 8, 10, 15}},
    {"indexer", {12, 13, 14}},  {"filesystem", {14, 19}},
    {"append5", {2}},           {"append3", {2, 3}},
    {"creators", {3, 4, 5, 6}}, {"marker", {3, 6, 9}},
};

static const struct literature *named(const char *name)
{
    const struct literature *l = literature;

    while (strcmp(l->name, name) != 0)
        l++;
    return l;
}

/* Seconds of one search. */
static double explore(struct session *session, struct scenario *sc, int64_t *executions,
                      struct err *err)
{
    struct search_options options = {.max_executions = 0};
    struct search *s = session_search(session, sc, &options, err);
    double start = bench_now_s(), seconds;

    if (!s)
        return 0;
    search_run(s, err);
    seconds = bench_now_s() - start;
    *executions = s->executions;
    session_done(session, s);
    return seconds;
}

/* Prints a line; the time for one execution. */
static double measure(struct session *session, const struct literature *l, int n, double first,
                      struct err *err)
{
    struct strbuf text = STRBUF_INIT, name = STRBUF_INIT;
    double seconds[ROUNDS], middle;
    struct scenario_file *f;
    struct scenario *sc;
    int64_t executions = 0;

    literature_print(l, n, &text);
    strbuf_printf(&name, "%s-%d.json", l->name, n);
    f = scenario_read(name.s, text.s, text.len, err);
    sc = f ? scenario_variant(f, 0, err) : NULL;
    for (int i = 0; i < ROUNDS && err->code == OK; i++)
        seconds[i] = explore(session, sc, &executions, err);
    scenario_free(sc);
    scenario_file_free(f);
    strbuf_release(&text);
    strbuf_release(&name);
    if (err->code != OK)
        return 0;
    middle = bench_median(seconds);
    printf("  %-11s %2d %10lld of %-10lld %8.3f s %9.0f a second", l->name, n,
           (long long)executions, (long long)l->count(n), middle, (double)executions / middle);
    if (first > 0)
        printf("  %5.2f", middle / (double)executions / first);
    putchar('\n');
    return middle / (double)executions;
}

enum err_code bench_orders(struct session *session, struct err *err)
{
    printf(
        "\nevery order of the literature's programs: executions, of an optimal search's, and the "
        "time of one\nnext to that of the smallest size\n");
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        double first = 0;

        for (const int *n = programs[i].sizes; *n && err->code == OK; n++) {
            double one = measure(session, named(programs[i].name), *n, first, err);

            first = first > 0 ? first : one;
        }
    }
    return err->code;
}
