/* What the loader makes of scenarios: variants, defaults, tasks, orders, aliases. What it refuses
 * is elsewhere. */
#include "sim/engine/order.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

static struct scenario *load(const char *text, int variant)
{
    struct err err = ERR_INIT;
    struct scenario *s = lab_scenario(text, variant, &err);

    UNIT_STR(err.story, "");
    return s;
}

#define HEAD  "{'fsrace': 1, 'name': 't', "
#define ACTOR "'cluster': {'nodes': {'A': {'role': 'actor'}}}, "

static const char minimal[] = HEAD ACTOR "'work': {'A': []}}";

static void test_defaults(void)
{
    struct scenario *s = load(minimal, 0);

    if (!s)
        return;
    UNIT_STR(s->name, "t");
    UNIT_STR(s->variant, "default");
    CU_ASSERT(s->title == NULL);
    UNIT_STR(s->doc, "");
    CU_ASSERT(s->sources[0] == NULL);
    UNIT_INT(s->settings.create, CREATE_NAIVE);
    UNIT_INT(s->settings.lock, LOCK_TWO_LEVEL);
    CU_ASSERT(s->settings.sync.notify && s->settings.sync.load);
    UNIT_INT(s->settings.sync.scan_ms, 1000);
    UNIT_INT(s->settings.net.latency_ms, 1);
    UNIT_INT(s->settings.net.timeout_ms, 3000);
    UNIT_INT(s->settings.net.retries, 2);
    CU_ASSERT(!s->settings.proxy.exists_is_error && s->settings.proxy.request_ids);
    UNIT_INT(s->semantics, STORE_OBJECT);
    UNIT_INT(s->order.kind, ORDER_ALL);
    UNIT_INT(s->order.step_count + s->order.pair_count, 0);
    UNIT_INT(s->property_count + s->expect_count + s->register_count + s->init.count, 0);
    CU_ASSERT(s->has_actors && !s->has_services && !s->has_invariants && !s->watches);
    UNIT_INT(s->nodes[0].threads, 1);
    CU_ASSERT(s->nodes[0].starts_up && s->nodes[0].config == NULL);
    scenario_free(s);
    scenario_free(NULL);
}

static void test_settings(void)
{
    struct scenario *s = load(
        HEAD
        "'title': 'T', 'doc': 'D', 'source': ['a#1', 'b'], 'cluster': {'create': 'push', 'lock': "
        "'none', 'sync': {'notify': false, "
        "'load': false, "
        "'scan_ms': 5, 'gossip_ms': 0}, 'store': {'semantics': 'posix', 'listing': 'strong'}, "
        "'net': {'latency_ms': 2, 'timeout_ms': 30, 'retries': 0}, 'proxy': {'exists': 'error', "
        "'request_ids': false}, "
        "'marker': {'lease_ms': 100, 'poll_ms': 7}, "
        "'nodes': {'q': {'role': 'querier', 'threads': 2, 'starts': 'down'}}}, 'faults': [], "
        "'work': {'q': []}}",
        0);

    if (!s)
        return;
    UNIT_STR(s->title, "T");
    UNIT_STR(s->doc, "D");
    UNIT_STR(s->sources[0], "a#1");
    UNIT_STR(s->sources[1], "b");
    CU_ASSERT(s->sources[2] == NULL);
    UNIT_INT(s->settings.create, CREATE_PUSH);
    UNIT_INT(s->settings.lock, LOCK_NONE);
    CU_ASSERT(!s->settings.sync.notify && !s->settings.sync.load &&
              s->settings.proxy.exists_is_error && !s->settings.proxy.request_ids);
    UNIT_INT(s->settings.sync.scan_ms, 5);
    UNIT_INT(s->settings.net.latency_ms + s->settings.net.timeout_ms + s->settings.net.retries, 32);
    UNIT_INT(s->settings.marker.lease_ms, 100);
    UNIT_INT(s->settings.marker.poll_ms, 7);
    UNIT_INT(s->semantics, STORE_POSIX);
    UNIT_INT(s->nodes[0].threads, 2);
    CU_ASSERT(!s->nodes[0].starts_up && s->has_services && !s->has_actors && !s->watches);
    scenario_free(s);
}

static const char *tasks_of(struct arena *a, const char *text)
{
    struct scenario *s = load(text, 0);
    const char *all = "";

    for (int i = 0; s && i < s->task_count; i++)
        all = arena_printf(a, "%s%s%s", all, *all ? " " : "", s->tasks[i].name);
    scenario_free(s);
    return all;
}

#define THREE                                                                                      \
    "'nodes': {'i1': {'role': 'ingestor'}, 'q1': {'role': 'querier', 'threads': 2}, "              \
    "'A': {'role': 'actor'}}"

/* The clients first, as in the file, then the nodes' own, as the settings want them. */
static void test_tasks(void)
{
    struct arena a = {0};

    UNIT_STR(
        tasks_of(&a, HEAD "'cluster': {" THREE "}, 'work': {'q1': [], 'A#2': [], 'i1#3': []}}"),
        "q1 A#2 i1#3 i1/upload q1/watch q1/scan");
    UNIT_STR(tasks_of(&a, HEAD "'cluster': {'create': 'proxy', 'sync': {'scan_ms': 0}, " THREE
                               "}, 'work': {'A': []}}"),
             "A i1/upload q1/watch q1/rpc1 q1/rpc2");
    UNIT_STR(tasks_of(&a, HEAD "'cluster': {'create': 'push', 'sync': {'notify': false}, " THREE
                               "}, 'work': {'A': []}}"),
             "A i1/upload i1/rpc1 q1/scan");
    arena_release(&a);
}

static void test_config(void)
{
    struct scenario *s =
        load(HEAD "'cluster': {'nodes': {'i1': {'role': 'ingestor', 'config': {'version': 'v4', "
                  "'query_node': {'endpoint': null, 'x': 1}}}, 'q2': {'role': 'querier'}, "
                  "'q1': {'role': 'querier'}}}, 'work': {'i1': []}}",
             0);

    if (!s)
        return;
    UNIT_STR(
        s->nodes[0].config,
        "{\"version\":\"v4\",\"node\":\"i1\",\"query_node\":{\"auth_token\":\"secret\",\"x\":1}}");
    UNIT_STR(s->nodes[2].config,
             "{\"version\":\"v8\",\"node\":\"q1\",\"query_node\":{\"endpoint\":\"q2\","
             "\"auth_token\":\"secret\"}}"); /* the first querier */
    scenario_free(s);
}

/* --- variants ----------------------------------------------------------------------------------
 */

static const char varied[] =
    HEAD "'cluster': {'create': 'marker', 'nodes': {'i1': {'role': 'ingestor'}, 'q1': {'role': "
         "'querier'}}},\n"
         "'work': {'i1': [{'create': 'app', 'as': 'r'}], 'q1': [{'list': true}]},\n"
         "'expect': {'one_creator': 'always', 'converged': 'always'},\n"
         "'variants': {'one': {}, 'two': {'cluster': {'create': 'proxy', 'nodes': {'q1': "
         "{'threads': 3}}},\n"
         " 'expect': {'one_creator': 'sometimes', 'converged': null}}, 'three': {'work': {'q1': "
         "null}}}}";

static void test_variants(void)
{
    struct scenario *one = load(varied, 0), *two = load(varied, 1), *three = load(varied, 2);

    if (one && two && three) {
        UNIT_STR(one->variant, "one");
        UNIT_INT(one->settings.create, CREATE_MARKER);
        UNIT_INT(one->expect_count, 2);
        UNIT_STR(two->variant, "two");
        UNIT_INT(two->settings.create, CREATE_PROXY);
        UNIT_INT(two->nodes[1].threads, 3);
        UNIT_INT(two->expect_count, 1);
        UNIT_INT(two->expects[0].holds, HOLDS_SOMETIMES);
        UNIT_INT(one->expects[0].line, 3);
        UNIT_INT(two->expects[0].line, 5); /* where the variant says it */
        UNIT_INT(two->expects[0].column, 13);
        UNIT_STR(three->tasks[0].name, "i1");
        CU_ASSERT(three->tasks[1].program == NULL);
        CU_ASSERT(one->hash != two->hash);
    }
    scenario_free(one);
    scenario_free(two);
    scenario_free(three);
}

#define VARIED(variants)                                                                           \
    HEAD "'cluster': {'create': 'naive', 'nodes': {'A': {'role': 'actor'}}},\n"                    \
         "'work': {'A': [{'stat': 'x'}]},\n'variants': {" variants "}}"

/* A place is the variant's where that is to blame, else the base's. */
static void test_variant_places(void)
{
    static const char *const cases[][2] = {
        {VARIED("'a': {}, 'b': {'cluster': {'create': 'x'}}"),
         "t.json:3:51: unknown creation scheme \"x\": expected one of \"naive\", \"proxy\", "
         "\"marker\", \"push\", "
         "\"verify\", \"registry\", \"hybrid\""},
        {VARIED("'b': {'work': {'A': [{'sat': 'x'}]}}"),
         "t.json:3:36: \"sat\" is nothing that an actor can do (did you mean \"stat\"?)"},
        {VARIED("'b': {'cluster': {'nodes': {'A': {'role': 'ingestor'}}}}"),
         "t.json:2:17: \"stat\" is nothing that a node can do"},
        {VARIED("'b': {'work': null}"), "t.json:3:19: \"work\" is missing"},
        {VARIED("'b': {'cluster': {'nodes': {'A': null}}}"),
         "t.json:3:41: expected 1 to 16 nodes, found 0"},
        {VARIED("'b': {'wrk': {}}"), "t.json:3:20: unknown key \"wrk\" (did you mean \"work\"?)"},
        {VARIED("'b': {'variants': {}}"), "t.json:3:20: unknown key \"variants\""},
        {VARIED("'b': {'name': 'u/u'}"), "t.json:3:28: name \"u/u\": expected 1 to 128 visible "
                                         "characters without '/', and no '.' in front"},
    };
    struct arena a = {0};

    for (size_t i = 0; i < UNIT_COUNT(cases); i++)
        UNIT_STR(lab_error(&a, cases[i][0]), cases[i][1]);
    arena_release(&a);
}

/* --- what orders and programs become
 * -------------------------------------------------------------- */

static void test_script(void)
{
    struct scenario *s = load(
        HEAD ACTOR "'work': {'A': [], 'A#2': []}, 'order': [{'run': 'A', 'until': 'fs.stat x#3'},\n"
                   " {'run': 'A#2', 'through': 'fs.* x#y'}, {'run': 'A'}, {'then': {'random': 5, "
                   "'seed': '0x10'}}]}",
        0);

    if (!s)
        return;
    UNIT_INT(s->order.kind, ORDER_SAMPLE);
    UNIT_INT(s->order.runs, 5);
    UNIT_U64(s->order.seed, 16);
    UNIT_INT(s->order.step_count, 3);
    UNIT_STR(s->order.steps[0].point, "fs.stat x");
    UNIT_INT(s->order.steps[0].nth, 3);
    CU_ASSERT(!s->order.steps[0].through && s->order.steps[1].through);
    UNIT_STR(s->order.steps[1].task, "A#2");
    UNIT_STR(s->order.steps[1].point, "fs.* x#y"); /* no number: part of the name */
    UNIT_INT(s->order.steps[1].line, 2);
    UNIT_INT(s->order.steps[1].column, 2);
    CU_ASSERT(s->order.steps[2].point == NULL);
    scenario_free(s);
}

static void test_order_kinds(void)
{
    struct scenario *s =
        load(HEAD ACTOR "'work': {'A': [], 'A#2': []}, 'order': {'before': [['A: fs.stat a: b', "
                        "'A#2: fs.stat x#2']]}}",
             0);
    struct err err = ERR_INIT;

    if (!s)
        return;
    UNIT_INT(s->order.kind, ORDER_ALL);
    UNIT_INT(s->order.pair_count, 1);
    UNIT_STR(s->order.pairs[0].first.point, "fs.stat a: b");
    UNIT_INT(s->order.pairs[0].second.nth, 2);
    UNIT_INT(scenario_order(s, "--order", "[{\"run\": \"A\"}]", &err), OK);
    UNIT_INT(s->order.kind, ORDER_SCRIPT);
    UNIT_INT(s->order.pair_count, 0);
    UNIT_INT(s->order.steps[0].line, 0); /* not in a file */
    UNIT_INT(scenario_order(s, "--order", "{\"random\": 3}", &err), OK);
    UNIT_INT(s->order.kind, ORDER_SAMPLE);
    UNIT_U64(s->order.seed, 1);
    UNIT_INT(scenario_order(s, "--order", "[{\"run\": \"B\"}]", &err), ERR_INPUT);
    UNIT_STR(err.story, "--order:1:10: no task \"B\": there are A, A#2");
    scenario_free(s);
}

/* Paths that are renamed or linked, with one name for all that may be one file. */
static const char *aliases_of(struct arena *a, const char *steps)
{
    const char *text =
        arena_printf(a, HEAD ACTOR "'init': [{'link': ['i', 'j']}], 'work': {'A': [%s]}}", steps);
    struct scenario *s = load(text, 0);
    const char *all = "";

    for (const char **p = s ? s->aliases : NULL; p && *p; p += 2)
        all = arena_printf(a, "%s%s=%s ", all, p[0], p[1]);
    all = arena_printf(a, "%s%s", all, s && s->one_content ? "all" : "");
    scenario_free(s);
    return all;
}

static void test_aliases(void)
{
    struct arena a = {0};

    UNIT_STR(aliases_of(&a, ""), "i=i j=i ");
    UNIT_STR(
        aliases_of(
            &a,
            "{'rename': ['a', 'b']}, {'if': {'exists:x': true}, 'else': [{'link': ['b', 'c']}]}"),
        "i=i j=i a=a b=a c=a ");
    UNIT_STR(
        aliases_of(
            &a, "{'rename_noreplace': ['a', 'b']}, {'repeat': 2, 'do': [{'rename': ['j', 'b']}]}"),
        "i=i j=i a=i b=i ");
    UNIT_STR(aliases_of(&a, "{'rename': ['d', 'e']}, {'stat': 'e/x'}"), "i=i j=i d=d e=d all");
    UNIT_STR(aliases_of(&a, "{'rename': ['d', 'e']}, {'stat': 'ex'}"), "i=i j=i d=d e=d ");
    arena_release(&a);
}

static void test_programs(void)
{
    struct scenario *s = load(
        HEAD
        "'cluster': {'nodes': {'A': {'role': 'actor'}, 'i1': {'role': 'ingestor'}}}, 'work': {"
        "'A': [{'list': '.', 'as': 'names'}, {'if': {'A.names': ''}, 'then': [{'stop': true}]}, "
        "{'next_event': true}, {'next_event': true, 'timeout_ms': 0}],"
        "'i1': [{'ingest': 'app', 'events': [{'a': 1, 'b': 'x'}, {'c': 0.5, 'd': true}]}, "
        "{'restart': true},"
        "{'ingest': 'app', 'fields': {'z': 'any'}, 'count': 3}]}, 'properties': {'p': "
        "{'invariant': {'A.names': ''}}}}",
        0);
    const struct act *v;

    if (!s)
        return;
    v = s->tasks[0].program->v;
    UNIT_STR(v[0].path, "");
    UNIT_STR(v[0].as, "A.names");
    UNIT_INT(v[1].then.v[0].kind, ACT_STOP);
    UNIT_INT(v[1].otherwise.count, 0);
    CU_ASSERT(v[2].ms < 0 && v[3].ms == 0);
    v = s->tasks[1].program->v;
    UNIT_INT(v[0].request.count, 2);
    UNIT_INT(v[0].request.fields.count, 4);
    UNIT_STR(v[0].request.fields.v[2].type, "float");
    UNIT_STR(v[0].request.fields.v[3].type, "bool");
    UNIT_INT(v[1].kind, ACT_RESTART);
    UNIT_INT(v[2].request.count, 3);
    CU_ASSERT(s->has_invariants && s->has_actors && s->has_services && s->watches == false);
    UNIT_INT(s->register_count, 1);
    scenario_free(s);
}

/* What only another variant sets is unset, and no register of this one; what none sets is a slip. */
static void test_registers_of_variants(void)
{
    static const char text[] =
        HEAD "'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': 'actor'}}}, "
             "'work': {'A': [{'stat': 'x', 'as': 'a'}], 'B': []}, "
             "'properties': {'p': {'finally': {'any': [{'A.a': '1'}, {'B.b': '1'}]}}}, "
             "'variants': {'v': {}, 'w': {'work': {'A': [], 'B': [{'stat': 'y', 'as': 'b'}]}}}}";

    for (int i = 0; i < 2; i++) {
        struct scenario *s = load(text, i);

        if (!s)
            return;
        UNIT_INT(s->register_count, 1);
        UNIT_INT(s->registers_known, 2);
        UNIT_STR(s->registers[0], i == 0 ? "A.a" : "B.b");
        UNIT_INT(scenario_register(s, "A.a"), i);
        UNIT_INT(scenario_register(s, "A.b"), -1);
        CU_ASSERT(s->registers[2] == NULL);
        scenario_free(s);
    }
}

static void test_holds_names(void)
{
    UNIT_STR(holds_name(HOLDS_ALWAYS), "always");
    UNIT_STR(holds_name(HOLDS_SOMETIMES), "sometimes");
    UNIT_STR(holds_name(HOLDS_NEVER), "never");
    UNIT_STR(holds_name(HOLDS_UNNAMED), "-");
    CU_ASSERT(builtin_property("restarts") && builtin_property("no_such") == NULL);
}

void suite_scenario(void)
{
    static const struct unit_test tests[] = {
        {"defaults", test_defaults},
        {"settings", test_settings},
        {"tasks", test_tasks},
        {"config", test_config},
        {"variants", test_variants},
        {"variant_places", test_variant_places},
        {"script", test_script},
        {"order_kinds", test_order_kinds},
        {"aliases", test_aliases},
        {"programs", test_programs},
        {"registers_of_variants", test_registers_of_variants},
        {"holds_names", test_holds_names},
    };
    unit_add("scenario", tests, UNIT_COUNT(tests));
}
