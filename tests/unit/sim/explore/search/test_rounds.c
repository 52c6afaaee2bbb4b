#include "sim/explore/search/rounds.h"
#include "tests/unit/pieces.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

/* Two look, and put if there is nothing; or create it with O_EXCL. Then they write into one log, so
 * often that there are more orders than anybody waits for. */
#define LOG(who) "{'repeat': 12, 'do': [{'append': 'log', 'data': '" who "'}]}"
#define LOOK(who)                                                                                  \
    "[{'stat': 'k', 'as': 's'}, {'when': {'" who ".s': 'ENOENT'}, 'put': 'k'}, " LOG(who) "]"
#define EXCL(who) "[{'create_excl': 'k', 'as': 's'}, " LOG(who) "]"
#define ONE(word)                                                                                  \
    "'properties': {'one': {'finally': {'at_most': 1, 'of': [{'A.s': '" word "'}, {'B.s': '" word  \
    "'}]}}}"
#define LOOKERS  HEAD ACTORS "'work': {'A': " LOOK("A") ", 'B': " LOOK("B") "}, " ONE("ENOENT")
#define CREATORS HEAD ACTORS "'work': {'A': " EXCL("A") ", 'B': " EXCL("B") "}, " ONE("ok")
#define ALWAYS   ", 'expect': {'one': 'always'}"

static int64_t within(const char *text, int bound)
{
    struct lab l;
    int64_t n = -1;

    if (lab_open(&l, text)) {
        l.scenario->order.within = true;
        l.scenario->order.bound = bound;
        lab_search(&l);
        n = l.search->executions;
    }
    lab_close(&l);
    return n;
}

static bool search_some(struct lab *l, const char *text, int64_t executions)
{
    if (!lab_open_with(l, text, 0, &(struct search_options){.max_executions = executions}))
        return false;
    lab_search(l);
    return true;
}

/* A round that is done has all orders within its bound, and the last one is not done. */
static void test_all_within(void)
{
    struct lab l;

    if (search_some(&l, CREATORS ALWAYS "}", 2000)) {
        const struct search *s = l.search;

        UNIT_INT(s->end, SEARCH_BUDGET);
        UNIT_INT(s->executions, 2000);
        UNIT_INT(s->round_count, 4);
        for (int i = 0; i < s->round_count - 1; i++) {
            CU_ASSERT(s->rounds[i].complete);
            UNIT_INT(s->rounds[i].orders, within(CREATORS "}", i));
        }
        CU_ASSERT(!s->rounds[3].complete && s->rounds[3].orders < within(CREATORS "}", 3));
        UNIT_INT(tally_free_up_to(s, lab_tally(&l, "one"), 0), 2);
        UNIT_INT(tally_free_up_to(s, lab_tally(&l, "one"), 1), -1);
        UNIT_INT(tally_ok(s, lab_tally(&l, "one")), -1);
        UNIT_STR(tally_words(s, lab_tally(&l, "one")), "undecided");
    }
    lab_close(&l);
}

/* What a round has shown is known. */
static void test_found(void)
{
    struct lab l;

    if (search_some(&l, LOOKERS ALWAYS "}", 2000)) {
        const struct tally *t = lab_tally(&l, "one");

        UNIT_INT(t->broken, 0);
        UNIT_STR(tally_words(l.search, t), "sometimes");
        UNIT_INT(tally_ok(l.search, t), 0);
        UNIT_INT(t->first[0], 2);
        CU_ASSERT(t->witness[0].any);
        UNIT_INT(t->witness[0].preemptions, 1);
        UNIT_INT(tally_free_up_to(l.search, t, 0), 0);
        CU_ASSERT(!tally_counted(l.search, t));
    }
    lab_close(&l);
}

/* A search that comes to its end is as if there were none. */
static void test_no_trace(void)
{
    struct lab l;
    static const char text[] =
        HEAD ACTORS "'work': {'A': [{'repeat': 6, 'do': [{'append': 'x', 'data': 'A'}]}],"
                    "         'B': [{'repeat': 6, 'do': [{'append': 'x', 'data': 'B'}]}]}}";

    if (lab_open(&l, text)) {
        lab_search(&l);
        UNIT_INT(l.search->executions, 924);
        CU_ASSERT(l.search->executions > ROUNDS_AFTER);
        UNIT_INT(l.search->end, SEARCH_COMPLETE);
        UNIT_INT(l.search->round_count, 0);
        for (int i = 0; i < l.search->tally_count; i++)
            UNIT_INT(l.search->tallies[i].first[1], 0);
    }
    lab_close(&l);
}

/* An execution that does not come to its end proves nothing of its round. */
static void test_endless(void)
{
    struct lab l;
    static const char text[] = HEAD ACTORS "'work': {'A': [{'stat': 'k', 'as': 's'}, " LOG(
        "A") ", {'if': {'A.s': 'file'}, 'then': "
             "[{'repeat': 1000, 'do': [{'repeat': 100, 'do': [{'put': 'y'}]}]}]}],"
             "         'B': [{'put': 'k'}, " LOG("B") "]}}";

    if (search_some(&l, text, 2000)) {
        UNIT_INT(l.search->bounded, 1); /* in the round */
        UNIT_INT(l.search->round_count, 1);
        UNIT_INT(l.search->rounds[0].orders, 2);
        CU_ASSERT(!l.search->rounds[0].complete);
        UNIT_INT(tally_free_up_to(l.search, lab_tally(&l, "no_deadlock"), 0), -1);
    }
    lab_close(&l);
}

static bool waits(const char *text)
{
    struct err err = ERR_INIT;
    struct scenario *s = lab_scenario(text, 0, &err);
    bool yes = s && s->waits;

    UNIT_STR(err.story, "");
    scenario_free(s);
    return yes;
}

/* Where nobody waits, nobody hangs: that is known without a search. */
static void test_nobody_waits(void)
{
    struct lab l;

    CU_ASSERT(!waits(HEAD ACTORS
                     "'work': {'A': [{'put': 'x'}, {'sleep_ms': 5}], 'B': [{'stat': 'x'}]}}"));
    CU_ASSERT(waits(HEAD ACTORS
                    "'work': {'A': [{'repeat': 2, 'do': [{'watch': '.'}, {'next_event': "
                    "true}]}], 'B': [{'stat': 'x'}]}}"));
    CU_ASSERT(waits(HEAD ACTORS "'work': {'A': [{'put': 'x'}], 'B': [{'stat': 'x'}]}, "
                                "'faults': [{'pause': 'A', 'at': 'store.put*', 'for_ms': 5}]}"));
    if (search_some(&l, CREATORS ALWAYS "}", 1)) {
        UNIT_STR(tally_verdict(l.search, lab_tally(&l, "no_deadlock")), "always");
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "no_deadlock")), 1);
    }
    lab_close(&l);
    if (search_some(&l, CREATORS "}", 1)) /* nothing else is expected: it has to be done */
        UNIT_INT(tally_ok(l.search, lab_tally(&l, "no_deadlock")), -1);
    lab_close(&l);
}

void suite_rounds(void)
{
    static const struct unit_test tests[] = {
        {"a round has all orders within its bound", test_all_within},
        {"what a round shows is known", test_found},
        {"a search that ends shows nothing of them", test_no_trace},
        {"an execution without an end proves nothing", test_endless},
        {"where nobody waits nobody hangs", test_nobody_waits},
    };
    unit_add("rounds", tests, UNIT_COUNT(tests));
}
