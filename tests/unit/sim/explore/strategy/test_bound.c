#include "sim/explore/explain/minimal.h"
#include "tests/unit/random_scenario.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

#define BOUND_MAX 3
#define EVERY_MAX 3000

/* Of all orders, those with so many preemptions at most. */
struct within {
    int64_t executions[2][BOUND_MAX + 1]; /* of preemptions, of delays */
};

static void note(void *ctx, struct cluster *c)
{
    struct within *w = ctx;

    for (int bound = c->preemptions; bound <= BOUND_MAX; bound++)
        w->executions[false][bound]++;
    for (int bound = c->delays; bound <= BOUND_MAX; bound++)
        w->executions[true][bound]++;
}

static void check_bound(const char *text, bool delays, int bound, const struct within *w)
{
    struct lab l;

    if (!lab_open(&l, text))
        return;
    l.scenario->order.within = true;
    l.scenario->order.delays = delays;
    l.scenario->order.bound = bound;
    lab_search(&l);
    UNIT_INT(l.search->end, SEARCH_WITHIN);
    UNIT_INT(l.search->executions, w->executions[delays][bound]);
    if (delays && bound == 0) /* whose turn it is leaves no choice */
        UNIT_INT(l.search->executions, 1);
    lab_close(&l);
}

/* Exactly the orders within the bound are tried. */
static void test_orders(void)
{
    static const struct random_kind kinds[] = {
        {.name = "object", .actors = 3, .steps = 2},
        {.name = "timers", .timers = true, .refs = true, .actors = 2, .steps = 3},
        {.name = "watches", .watches = true, .posix = true, .actors = 2, .steps = 2}};
    int whole = 0;

    for (uint64_t seed = 0; seed < 45; seed++) {
        struct strbuf text = STRBUF_INIT;
        struct within w = {{{0}}};
        struct search_options all = {
            .no_reduction = true, .max_executions = EVERY_MAX, .judged = note, .judged_ctx = &w};
        struct lab every;

        random_scenario(&kinds[seed % UNIT_COUNT(kinds)], seed, &text);
        if (lab_open_with(&every, text.s, 0, &all)) {
            lab_search(&every);
            if (every.search->end == SEARCH_COMPLETE) {
                whole++;
                for (int bound = 0; bound <= BOUND_MAX; bound++) {
                    check_bound(text.s, false, bound, &w);
                    check_bound(text.s, true, bound, &w);
                }
            }
        }
        lab_close(&every);
        strbuf_release(&text);
    }
    CU_ASSERT(whole > 20);
}

#define TWO_WRITERS                                                                                \
    "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': "      \
    "'actor'}}},\n'work': {'A': [{'stat': 'x', 'as': 'r'}, {'put': 'x', 'as': 's'}], 'B': "        \
    "[{'stat': 'x', 'as': 'r'}, {'put': 'x', 'as': 's'}]},\n"                                      \
    "'properties': {'seen': {'finally': {'any': [{'A.r': 'file'}, {'B.r': 'file'}]}}},\n"          \
    "'expect': {'seen': 'sometimes', 'no_deadlock': 'always'}"

/* What the bound leaves out may be what is expected: undecided. */
static void test_verdict(void)
{
    struct lab l;

    if (lab_open(&l, TWO_WRITERS ", 'order': {'all': true, 'bound': 0}}")) {
        lab_search(&l);
        UNIT_STR(lab_found(&l, "seen"), "always");
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "seen")), -1);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "no_deadlock")), 1);
    }
    lab_close(&l);
    if (lab_open(&l, TWO_WRITERS ", 'order': {'all': true, 'bound': 1}}")) {
        lab_search(&l);
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "seen")), 1);
    }
    lab_close(&l);
}

/* Of the orders without a deadlock, the one with the fewest preemptions, and then steps. */
struct least {
    int preemptions, steps;
    bool any;
};

static void note_least(void *ctx, struct cluster *c)
{
    struct least *l = ctx;
    struct schedule w = {.any = false};

    schedule_note(&w, c);
    if (c->end == END_DONE && (!l->any || w.preemptions < l->preemptions ||
                               (w.preemptions == l->preemptions && w.steps < l->steps)))
        *l = (struct least){w.preemptions, w.steps, true};
    free(w.tasks);
}

static void check_shortest(const char *text, const struct least *least)
{
    struct tally *t = NULL;
    struct lab l;

    if (!lab_open(&l, text))
        return;
    lab_search(&l);
    for (int i = 0; i < l.search->tally_count; i++)
        if (strcmp(l.search->tallies[i].name, "no_deadlock") == 0)
            t = &l.search->tallies[i];
    UNIT_INT(shortest(l.search, t, 1, &l.err), OK);
    UNIT_INT(t->proved[1], least->any);
    if (least->any) {
        UNIT_INT(t->witness[1].preemptions, least->preemptions);
        UNIT_INT(t->witness[1].steps, least->steps);
    }
    lab_close(&l);
}

/* What is said to be the shortest is. */
static void test_shortest(void)
{
    static const struct random_kind kinds[] = {
        {.name = "watches", .watches = true, .timers = true, .actors = 3, .steps = 2},
        {.name = "refs", .refs = true, .actors = 2, .steps = 3}};

    for (uint64_t seed = 0; seed < 30; seed++) {
        struct strbuf text = STRBUF_INIT;
        struct least least = {.any = false};
        struct search_options all = {.no_reduction = true,
                                     .max_executions = EVERY_MAX,
                                     .judged = note_least,
                                     .judged_ctx = &least};
        struct lab every;

        random_scenario(&kinds[seed % UNIT_COUNT(kinds)], seed, &text);
        if (lab_open_with(&every, text.s, 0, &all)) {
            lab_search(&every);
            if (every.search->end == SEARCH_COMPLETE)
                check_shortest(text.s, &least);
        }
        lab_close(&every);
        strbuf_release(&text);
    }
}

void suite_bound(void)
{
    static const struct unit_test tests[] = {
        {"orders", test_orders},
        {"verdict", test_verdict},
        {"shortest", test_shortest},
    };
    unit_add("bound", tests, UNIT_COUNT(tests));
}
