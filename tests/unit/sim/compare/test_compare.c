#include "nodes/create/create.h"
#include "sim/compare/figures.h"
#include "sim/compare/work.h"
#include "sim/explore/search/search.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

/* --- the work --- */

/* Every scheme is a variant of it, and can be loaded; releases it. */
static void expect_loads(struct work *w)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_read(w->name, w->text.s, w->text.len, &err);

    UNIT_STR(err.story, "");
    CU_ASSERT_FATAL(f != NULL);
    UNIT_INT(f->variant_count, work_contestants());
    for (int i = 0; i < work_contestants(); i++) {
        struct scenario *s = scenario_variant(f, i, &err);

        UNIT_STR(err.story, "");
        CU_ASSERT_FATAL(s != NULL);
        UNIT_STR(s->variant, work_contestant(i).name);
        UNIT_INT(s->settings.create, work_contestant(i).scheme);
        scenario_free(s);
    }
    scenario_file_free(f);
    work_release(w);
}

static void test_work_loads(void)
{
    struct work w;

    work_race(&w, "two", 2, "[]");
    expect_loads(&w);
    work_race(&w, "race", 1, "[ {\"crash\": \"i1\", \"anywhere\": true} ]");
    UNIT_STR(w.name, "race");
    expect_loads(&w);
    for (int at_querier = 0; at_querier < 2; at_querier++) {
        work_creation(&w, 8, at_querier);
        UNIT_STR(w.name, at_querier ? "creation-8-at-querier" : "creation-8");
        expect_loads(&w);
        work_recovery(&w, "q1", at_querier ? 10 : -1, at_querier);
        expect_loads(&w);
        work_misconfigured(&w, "query_node/auth_token", at_querier);
        CU_ASSERT(strstr(w.text.s, "{\"query_node\": {\"auth_token\": \"wrong\"}}") != NULL);
        expect_loads(&w);
    }
    work_without(&w, "i2");
    UNIT_STR(w.name, "without-i2");
    expect_loads(&w);
}

/* The scenario's own scheme and variants make room; steps of an order, too. */
static void test_work_of_file(void)
{
    static const char text[] =
        "{\"fsrace\": 1, \"name\": \"mine\", \"cluster\": {\"create\": \"verify\", \"nodes\": "
        "{\"i1\": "
        "{\"role\": \"ingestor\"}}}, \"work\": {\"i1\": [ {\"create\": \"app\", \"as\": \"r\"} ]}, "
        "\"order\": [ {\"run\": \"i1\", \"until\": \"store.put *\"} ], "
        "\"variants\": {\"one\": {}, \"two\": {\"cluster\": {\"lock\": \"none\"}}}}";
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_read("mine.json", text, strlen(text), &err), *mine;
    struct scenario *s = f ? scenario_variant(f, 1, &err) : NULL;
    struct work w;

    UNIT_STR(err.story, "");
    CU_ASSERT_FATAL(s != NULL);
    work_of_file(&w, f, 1, s);
    scenario_free(s);
    UNIT_STR(w.name, "mine");
    mine = scenario_read("mine.json", w.text.s, w.text.len, &err);
    s = mine ? scenario_variant(mine, scenario_variant_index(mine, "marker", &err), &err) : NULL;
    CU_ASSERT_FATAL(s != NULL);
    UNIT_INT(s->settings.create, CREATE_MARKER);
    UNIT_INT(s->settings.lock, LOCK_NONE);
    UNIT_INT(s->order.kind, ORDER_ALL);
    UNIT_INT(s->order.step_count, 0);
    scenario_free(s);
    scenario_file_free(mine);
    expect_loads(&w);
    scenario_file_free(f);
}

/* --- the figures --- */

struct measured {
    int messages, store_calls;
    int64_t answered_ms, accepted_ms;
    char told[32];
};

/* All orders of the work under one scheme; releases it. */
static struct measured measure(struct work *w, const char *contestant, const char *name)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_read(w->name, w->text.s, w->text.len, &err);
    struct scenario *s =
        f ? scenario_variant(f, scenario_variant_index(f, contestant, &err), &err) : NULL;
    struct port *port = s ? port_linux_open(fix_parent(), &err) : NULL;
    struct gate *gate = gate_new(false);
    struct figures figures;
    struct search_options options = {.judged = figures_add, .judged_ctx = &figures};
    struct search *search = port ? search_new(s, port, gate, &options, &err) : NULL;
    struct measured m;

    CU_ASSERT_FATAL(search != NULL);
    figures_init(&figures, s);
    search_run(search, &err);
    UNIT_STR(err.story, "");
    UNIT_INT(figures.executions, search->executions);
    m = (struct measured){figures.messages, figures.store_calls, figures.answered_ms,
                          figures.accepted_ms, ""};
    strncpy(m.told, figures_register(&figures, name), sizeof m.told - 1);
    figures_release(&figures);
    search_free(search);
    gate_free(gate);
    port_free(port);
    scenario_free(s);
    scenario_file_free(f);
    work_release(w);
    return m;
}

/* LIST, PUT schema, PUT stream.json: three calls and no message. */
static void test_alone(void)
{
    struct work w;
    struct measured m;

    work_creation(&w, 1, false);
    m = measure(&w, "naive", "i1.r");
    UNIT_INT(m.messages, 0);
    UNIT_INT(m.store_calls, 3);
    UNIT_INT(m.answered_ms, 0);
    UNIT_INT(m.accepted_ms, -1); /* there is no i2 */
    UNIT_STR(m.told, "created");
}

/* A request and an answer, a millisecond each. */
static void test_messages(void)
{
    struct work w;
    struct measured m;

    work_creation(&w, 1, false);
    m = measure(&w, "proxy", "i1.r");
    UNIT_INT(m.messages, 2);
    UNIT_INT(m.answered_ms, 2);
    UNIT_STR(m.told, "created");
}

/* Two at once: it depends on the order who is told what. */
static void test_varies(void)
{
    struct work w;

    work_creation(&w, 2, false);
    UNIT_STR(measure(&w, "naive", "i1.r").told, FIGURES_VARIES);
    work_creation(&w, 1, false);
    UNIT_STR(measure(&w, "naive", "i1.none").told, "");
}

/* A holder that is dead for good blocks the others for its lease, and no longer. */
static void test_recovery(void)
{
    struct work w;

    work_recovery(&w, "i1", -1, false);
    UNIT_INT(measure(&w, "marker", "i2.r").accepted_ms, SCENARIO_LEASE_MS);
    work_recovery(&w, "i1", -1, false);
    UNIT_INT(measure(&w, "push", "i2.r").accepted_ms, -1); /* nobody makes the stream */
}

void suite_compare(void)
{
    static const struct unit_test tests[] = {
        {"the work loads under every scheme", test_work_loads},
        {"the work of a file", test_work_of_file},
        {"a creation alone", test_alone},
        {"messages", test_messages},
        {"answers that vary", test_varies},
        {"recovery", test_recovery},
    };

    unit_add("compare", tests, UNIT_COUNT(tests));
}
