/* What the loader refuses, and the words and places with which it does: the file, the cluster,
 * orders, expectations. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static const struct lab_refusal file_refusals[] = {
    {"", "1:1: expected a value, found end of file"},
    {"{", "1:2: expected a key in double quotes, found end of file"},
    {"[]", "1:1: expected an object, found an array"},
    {"null", "1:1: expected an object, found null"},
    {"{'a': 1} x", "1:10: expected end of file, found 'x'"},
    {"{'fsrace': 1, 'fsrace': 1}", "1:15: duplicate key \"fsrace\" (first at line 1)"},
    {"{}", "1:1: \"fsrace\": 1 is missing: the version of the format"},
    {"{'fsrace': 2}", "1:12: expected an integer from 1 to 1, found 2"},
    {"{'fsrace': '1'}", "1:12: expected an integer, found a string"},
    {"{'fsrace': 1}", "1:1: \"name\" is missing"},
    {"{'fsrace': 1, 'name': 1}", "1:23: expected a string, found a number"},
    {"{'fsrace': 1, 'name': 'u'}", "1:1: \"cluster\" is missing"},
    {"{'fsrace': 1, 'name': '../u'}",
     "1:23: name \"../u\": expected 1 to 128 visible characters without '/', and no '.' in front"},
    {"{'fsrace': 1, 'name': 't'}", "1:1: \"cluster\" is missing"},
    {"{'fsrace': 1, 'name': 't', 'cluster': {}}", "1:39: \"nodes\" is missing"},
    {"{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}}}}",
     "1:1: \"work\" is missing"},
    {"{'fsrace': 1, 'name': 't', 'work': {}}", "1:1: \"cluster\" is missing"},
    {"{'fsrace': 1, 'nmae': 't'}", "1:15: unknown key \"nmae\" (did you mean \"name\"?)"},
    {"{'fsrace': 1, 'foo': 't'}", "1:15: unknown key \"foo\""},
    {"{'fsrace': 1, 'name': 't', 'variants': []}", "1:40: expected an object, found an array"},
    {"{'fsrace': 1, 'name': 't', 'variants': {}}",
     "1:40: expected at least one variant, or no \"variants\" at all"},
    {"{'variants': {'a b': {}}}", "1:15: variant \"a b\": expected letters, digits, '_', '-', '.'"},
    {"{'variants': {'.x': {}}}", "1:15: variant \".x\": expected letters, digits, '_', '-', '.'"},
    {"{'variants': {'a': 1}}", "1:20: expected an object, found a number"},
};

static const struct lab_refusal rest_refusals[] = {
    {"'title': 1", "2:10: expected a string, found a number"},
    {"'doc': []", "2:8: expected a string, found an array"},
    {"'source': 'x'", "2:11: expected an array, found a string"},
    {"'source': ['x', 1]", "2:17: expected a string, found a number"},
    {"'faults': {}", "2:11: expected an array, found an object"},
    {"'faults': [{}]", "2:12: \"{}\" is no fault"},
    {"'init': {}", "2:9: expected an array, found an object"},
    {"'init': [{'sleep_ms': 1}]", "2:10: init has plain file steps only"},
    {"'init': [{'next_event': true}]", "2:10: init has plain file steps only"},
    {"'init': [{'watch': '.'}]", "2:10: init has plain file steps only"},
    {"'init': [{'mkdir': 'd', 'when': {'exists:x': true}}]",
     "2:10: init has plain file steps only"},
    {"'init': [{'mkdir': 'd', 'as': 'r'}]", "2:25: \"as\": init has no registers"},
    {"'init': [{'if': {'exists:x': true}}]", "2:10: init has plain file steps only"},
    {"'init': [{'mkdri': 'd'}]",
     "2:11: \"mkdri\" is nothing that an actor can do (did you mean \"mkdir\"?)"},
};

static const struct lab_refusal cluster_refusals[] = {
    {"[]", "2:1: expected an object, found an array"},
    {"{'nodes': {}}", "2:11: expected 1 to 16 nodes, found 0"},
    {"{'nodes': []}", "2:11: expected an object, found an array"},
    {"{'node': {}}", "2:2: unknown key \"node\" (did you mean \"nodes\"?)"},
    {"{'create': 'naive'}", "2:1: \"nodes\" is missing"},
    {"{'create': 'niave', 'nodes': {A}}",
     "2:12: unknown creation scheme \"niave\" (did you mean \"naive\"?)"},
    {"{'create': 'x', 'nodes': {A}}",
     "2:12: unknown creation scheme \"x\": expected one of \"naive\", \"proxy\", \"marker\", "
     "\"push\", \"verify\", \"registry\", \"hybrid\""},
    {"{'create': 1, 'nodes': {A}}", "2:12: expected a string, found a number"},
    {"{'create': 'registry', 'nodes': {A}}",
     "2:1: nobody decides: no node has the role \"registry\""},
    {"{'create': 'hybrid', 'hybrid': {'by': 'registry'}, 'nodes': {A}}",
     "2:1: nobody decides: no node has the role \"registry\""},
    {"{'create': 'registry', 'nodes': {'r': {'role': 'registry'}, 's': {'role': 'registry'}}}",
     "2:1: \"registry\" is missing: there are several"},
    {"{'registry': 'A', 'nodes': {A}}", "2:14: \"A\" is no node with the role \"registry\""},
    {"{'hybrid': {'by': 'makrer'}, 'nodes': {A}}",
     "2:19: unknown way to decide \"makrer\" (did you mean \"marker\"?)"},
    {"{'lock': 'two_level', 'nodes': {A}}",
     "2:10: unknown lock \"two_level\" (did you mean \"two-level\"?)"},
    {"{'lock': 'spin', 'nodes': {A}}", "2:10: unknown lock \"spin\": expected one of \"none\", "
                                       "\"memory\", \"marker\", \"two-level\""},
    {"{'sync': 1, 'nodes': {A}}", "2:10: expected an object, found a number"},
    {"{'sync': {'notfy': true}, 'nodes': {A}}",
     "2:11: unknown key \"notfy\" (did you mean \"notify\"?)"},
    {"{'sync': {'notify': 1}, 'nodes': {A}}", "2:21: expected true or false, found a number"},
    {"{'sync': {'load': 'x'}, 'nodes': {A}}", "2:19: expected true or false, found a string"},
    {"{'sync': {'scan_ms': -1}, 'nodes': {A}}",
     "2:22: expected an integer from 0 to 1000000000, found -1"},
    {"{'sync': {'scan_ms': 1.5}, 'nodes': {A}}", "2:22: expected an integer, found 1.5"},
    {"{'sync': {'scan_ms': 1000000001}, 'nodes': {A}}",
     "2:22: expected an integer from 0 to 1000000000, found 1000000001"},
    {"{'sync': {'gossip_ms': -5}, 'nodes': {A}}",
     "2:24: expected an integer from 0 to 1000000000, found -5"},
    {"{'sync': {'gossip_ms': true}, 'nodes': {A}}",
     "2:24: expected an integer, found true or false"},
    {"{'store': {'semantic': 'posix'}, 'nodes': {A}}",
     "2:12: unknown key \"semantic\" (did you mean \"semantics\"?)"},
    {"{'store': {'semantics': 'posxi'}, 'nodes': {A}}",
     "2:25: unknown store semantics \"posxi\" (did you mean \"posix\"?)"},
    {"{'store': {'listing': 'weak'}, 'nodes': {A}}",
     "2:23: unknown listing \"weak\": expected one of \"strong\", \"eventual\""},
    {"{'store': {'listing': 'eventual'}, 'nodes': {A}}",
     "2:23: an eventual listing is part of the format, but this release cannot run it yet"},
    {"{'net': {'retry': 1}, 'nodes': {A}}", "2:10: unknown key \"retry\""},
    {"{'net': {'latency_ms': '1'}, 'nodes': {A}}", "2:24: expected an integer, found a string"},
    {"{'net': {'timeout_ms': -5}, 'nodes': {A}}",
     "2:24: expected an integer from 0 to 1000000000, found -5"},
    {"{'net': {'retries': 101}, 'nodes': {A}}",
     "2:21: expected an integer from 0 to 100, found 101"},
    {"{'proxy': {'exist': 'error'}, 'nodes': {A}}",
     "2:12: unknown key \"exist\" (did you mean \"exists\"?)"},
    {"{'proxy': {'exists': 'eror'}, 'nodes': {A}}",
     "2:22: unknown answer for \"exists\" \"eror\" (did you mean \"error\"?)"},
    {"{'marker': {'lease': 1}, 'nodes': {A}}", "2:13: unknown key \"lease\""},
    {"{'marker': {'lease_ms': 0}, 'nodes': {A}}",
     "2:25: expected an integer from 1 to 1000000000, found 0"},
    {"{'marker': {'poll_ms': 0}, 'nodes': {A}}",
     "2:24: expected an integer from 1 to 1000000000, found 0"},
    {"{'marker': {'lease_ms': 1000000, 'poll_ms': 1}, 'nodes': {A}}",
     "2:12: lease_ms is more than 10000 times poll_ms"},
    {"{'nodes': {'A': 1}}", "2:17: expected an object, found a number"},
    {"{'nodes': {'A': {}}}", "2:17: \"role\" is missing"},
    {"{'nodes': {'A': {'role': 'actr'}}}", "2:26: unknown role \"actr\" (did you mean \"actor\"?)"},
    {"{'nodes': {'A': {'role': 'king'}}}", "2:26: unknown role \"king\": expected one of "
                                           "\"ingestor\", \"querier\", \"actor\", \"registry\", "
                                           "\"program\""},
    {"{'nodes': {'A': {'rol': 'actor'}}}", "2:18: unknown key \"rol\" (did you mean \"role\"?)"},
    {"{'nodes': {'A b': {'role': 'actor'}}}",
     "2:12: node \"A b\": expected at most 32 letters, digits, '_', '-'"},
    {"{'nodes': {'': {'role': 'actor'}}}",
     "2:12: node \"\": expected at most 32 letters, digits, '_', '-'"},
    {"{'nodes': {'.A': {'role': 'actor'}}}",
     "2:12: node \".A\": expected at most 32 letters, digits, '_', '-'"},
    {"{'nodes': {'123456789012345678901234567890123': {'role': 'actor'}}}",
     "2:12: node \"123456789012345678901234567890123\": expected at most 32 letters, digits, '_', "
     "'-'"},
    {"{'nodes': {'A': {'role': 'querier', 'threads': 0}}}",
     "2:48: expected an integer from 1 to 8, found 0"},
    {"{'nodes': {'A': {'role': 'querier', 'threads': 9}}}",
     "2:48: expected an integer from 1 to 8, found 9"},
    {"{'nodes': {'A': {'role': 'querier', 'starts': 'on'}}}",
     "2:47: unknown start \"on\": expected one of \"up\", \"down\""},
    {"{'nodes': {'A': {'role': 'querier', 'release': '1'}}}",
     "2:48: expected an integer, found a string"},
    {"{'nodes': {'A': {'role': 'querier', 'release': 9}}}",
     "2:48: expected an integer from 1 to 8, found 9"},
    {"{'nodes': {A}, 'deployment': true}", "2:51: expected an object, found true or false"},
    {"{'nodes': {A}, 'deployment': {'now': true}}",
     "2:52: unknown key \"now\" (did you mean \"new\"?)"},
    {"{'nodes': {A}, 'deployment': {'decide': 'publsh'}}",
     "2:62: unknown way to decide \"publsh\" (did you mean \"publish\"?)"},
    {"{'nodes': {A}, 'deployment': {'new': true, 'file': {}}}",
     "2:65: \"file\" beside \"new\": a new deployment has none"},
    {"{'nodes': {'A': {'role': 'actor', 'config': {}}}}", "2:35: an actor has no configuration"},
    {"{'nodes': {'A': {'role': 'ingestor', 'config': []}}}",
     "2:48: expected an object, found an array"},
};

static const struct lab_refusal order_refusals[] = {
    {"1", "2:1: expected an object, found a number"},
    {"'al'", "2:1: unknown order \"al\" (did you mean \"all\"?)"},
    {"'random'", "2:1: unknown order \"random\": expected one of \"all\""},
    {"{}", "2:1: expected \"all\", {\"all\": true}, {\"random\" | \"pct\" | \"pos\": RUNS}, "
           "{\"before\": […]} or a "
           "list of steps"},
    {"{'randm': 1}", "2:2: unknown key \"randm\" (did you mean \"random\"?)"},
    {"{'random': 0}", "2:12: expected an integer from 1 to 1000000000, found 0"},
    {"{'random': 1, 'seed': 1}", "2:23: expected a string, found a number"},
    {"{'random': 1, 'seed': 'x'}", "2:23: seed \"x\": expected a number like \"0x1\""},
    {"{'random': 1, 'seed': '-1'}", "2:23: seed \"-1\": expected a number like \"0x1\""},
    {"{'random': 1, 'seed': ''}", "2:23: seed \"\": expected a number like \"0x1\""},
    {"{'random': 1, 'seed': '0x10000000000000000'}",
     "2:23: seed \"0x10000000000000000\": expected a number like \"0x1\""},
    {"{'pct': 5, 'pos': 5}", "2:12: \"pos\" beside \"pct\": one of them"},
    {"{'all': false}", "2:9: expected true"},
    {"{'all': true, 'bound': -1}", "2:24: expected an integer from 0 to 1000, found -1"},
    {"{'all': true, 'bound': 1, 'delays': 1}", "2:27: \"delays\" beside \"bound\": one of them"},
    {"{'before': {}}", "2:12: expected an array, found an object"},
    {"{'before': [1]}", "2:13: expected an array, found a number"},
    {"{'before': [['A: fs.stat x']]}", "2:13: expected [\"TASK: POINT\", \"TASK: POINT\"]"},
    {"{'before': [[1, 2]]}", "2:14: expected a string, found a number"},
    {"{'before': [['A fs.stat x', 'A: fs.stat y']]}",
     "2:14: \"A fs.stat x\": expected \"TASK: POINT\""},
    {"{'before': [['B: fs.stat x', 'A: fs.stat y']]}",
     "2:14: no task \"B\": there are A, i1/upload"},
    {"{'before': [['A: fs.stat x', 'A: fs.sat y']]}",
     "2:30: no point is called \"fs.sat y\" (did you mean \"fs.stat …\"?)"},
    {"{'before': [['A: fs.stat x#0', 'A: fs.stat y']]}",
     "2:14: \"fs.stat x#0\": times are counted from #1"},
    {"[1]", "2:2: expected an object, found a number"},
    {"[{}]",
     "2:2: expected {\"run\": TASK}, with \"until\" or \"through\" a point, or {\"then\": …} last"},
    {"[{'until': 'fs.stat x'}]",
     "2:2: expected {\"run\": TASK}, with \"until\" or \"through\" a point, or {\"then\": …} last"},
    {"[{'run': 1}]", "2:10: expected a string, found a number"},
    {"[{'run': 'B'}]", "2:10: no task \"B\": there are A, i1/upload"},
    {"[{'run': 'i2'}]", "2:10: no task \"i2\": there are A, i1/upload"},
    {"[{'run': 'i1/uplaod'}]", "2:10: no task \"i1/uplaod\" (did you mean \"i1/upload\"?)"},
    {"[{'run': 'A', 'until': 1}]", "2:24: expected a string, found a number"},
    {"[{'run': 'A', 'until': 'fs.sat x'}]",
     "2:24: no point is called \"fs.sat x\" (did you mean \"fs.stat …\"?)"},
    {"[{'run': 'A', 'until': 'foo'}]", "2:24: no point is called \"foo\""},
    {"[{'run': 'A', 'until': 'fs.stat x#0'}]", "2:24: \"fs.stat x#0\": times are counted from #1"},
    {"[{'run': 'A', 'until': 'fs.stat x', 'through': 'fs.stat x'}]",
     "2:15: \"until\" beside \"through\": one of them"},
    {"[{'run': 'A', 'untl': 'fs.stat x'}]", "2:15: unknown key \"untl\" (did you mean \"until\"?)"},
    {"[{'then': 'all'}, {'run': 'A'}]", "2:2: {\"then\": …} comes last"},
    {"[{'then': 'all', 'run': 'A'}]", "2:18: unknown key \"run\""},
    {"[{'then': 'some'}]", "2:11: unknown order \"some\": expected one of \"all\""},
    {"[{'then': []}]", "2:11: expected \"all\" or a sample, found another list"},
};

static const struct lab_refusal expect_refusals[] = {
    {"'properties': []", "2:15: expected an object, found an array"},
    {"'properties': {'a b': {'finally': {'all': []}}}",
     "2:16: property \"a b\": expected letters, digits, '_', '-'"},
    {"'properties': {'no_deadlock': {'finally': {'all': []}}}",
     "2:16: property \"no_deadlock\" is built in"},
    {"'properties': {'p': 1}", "2:21: expected an object, found a number"},
    {"'properties': {'p': {}}", "2:21: expected \"finally\", \"invariant\" or \"inside\""},
    {"'properties': {'p': {'finaly': {'all': []}}}",
     "2:22: unknown key \"finaly\" (did you mean \"finally\"?)"},
    {"'properties': {'p': {'finally': {'all': []}, 'invariant': {'all': []}}}",
     "2:21: \"finally\", \"invariant\", \"inside\": one of them"},
    {"'properties': {'p': {'finally': {'A.x': 1}}}",
     "2:34: no register \"A.x\": expected NODE.NAME of an \"as\", exists:PATH, content:PATH, "
     "json:PATH#/pointer, or all, any, not, at_most, at_least, exactly"},
    {"'properties': {'p': {'invariant': {}}}",
     "2:35: expected an object with one member, found 0 members"},
    {"'expect': []", "2:11: expected an object, found an array"},
    {"'expect': {'one_craetor': 'always'}",
     "2:12: no property \"one_craetor\" (did you mean \"one_creator\"?)"},
    {"'expect': {'foo': 'always'}", "2:12: no property \"foo\", built in or in \"properties\""},
    {"'expect': {'no_deadlock': 'alwys'}",
     "2:27: unknown expectation \"alwys\" (did you mean \"always\"?)"},
    {"'expect': {'no_deadlock': true}", "2:27: expected a string, found true or false"},
    {"'expect': {'no_deadlock': 'often'}",
     "2:27: unknown expectation \"often\": expected one of \"always\", \"sometimes\", \"never\""},
    {"'expect': {'linearizable': 'always'}",
     "2:12: property \"linearizable\" is about ingestors and queriers: there are none"},
    {"'expect': {'monotonic_versions': 'always'}",
     "2:12: property \"monotonic_versions\" is about ingestors and queriers: there are none"},
    {"'expect': {'one_creator': 'always'}",
     "2:12: property \"one_creator\" is about ingestors and queriers: there are none"},
    {"'properties': {'mine': {'finally': {'all': []}}}, 'expect': {'mien': 'always'}",
     "2:62: no property \"mien\" (did you mean \"mine\"?)"},
};

static void test_file(void)
{
    lab_refused("", file_refusals, UNIT_COUNT(file_refusals), "");
}

static void test_rest(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}}}, "
                "'work': {'A': []},\n",
                rest_refusals, UNIT_COUNT(rest_refusals), "}");
}

static void test_cluster(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'work': {'A': []}, 'cluster':\n", cluster_refusals,
                UNIT_COUNT(cluster_refusals), "}");
}

static void test_order(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'i1': "
                "{'role': 'ingestor'}}}, 'work': {'A': []}, 'order':\n",
                order_refusals, UNIT_COUNT(order_refusals), "}");
}

static void test_expect(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}}}, "
                "'work': {'A': []},\n",
                expect_refusals, UNIT_COUNT(expect_refusals), "}");
}

/* --- more than there may be ---------------------------------------------------------------------
 */

/* n parts, each with a number from 2 for %, and commas between. */
static const char *many(struct arena *a, const char *before, int n, const char *part,
                        const char *after)
{
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    strbuf_adds(&sb, before);
    for (int i = 1; i <= n; i++) {
        strbuf_adds(&sb, i > 1 ? ", " : "");
        for (const char *p = part; *p; p++) {
            if (*p == '%')
                strbuf_printf(&sb, "%d", i + 1);
            else
                strbuf_addc(&sb, *p);
        }
    }
    strbuf_adds(&sb, after);
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

#define HEAD "{'fsrace': 1, 'name': 't', "
#define A    "'cluster': {'nodes': {'A': {'role': 'actor'}}}, "

/* What there may be, and one more. */
static void check_limit(const char *before, int n, const char *part, const char *after,
                        const char *error)
{
    struct arena a = {0};

    UNIT_STR(lab_error(&a, many(&a, before, n, part, after)), "");
    UNIT_STR(lab_error(&a, many(&a, before, n + 1, part, after)), error);
    arena_release(&a);
}

static void test_limits(void)
{
    check_limit(HEAD "'work': {'n2': []}, 'cluster': {'nodes':\n{", SCENARIO_NODES_MAX,
                "'n%': {'role': 'actor'}", "}}}", "t.json:2:1: expected 1 to 16 nodes, found 17");
    check_limit(HEAD A "'work': {'A': []}, 'order': {'before':\n[", ORDER_PAIRS_MAX,
                "['A: start', 'A: start']", "]}}", "t.json:2:1: more than 32 pairs");
    check_limit(HEAD A "'work': {'A': []}, 'properties':\n{", 32, "'p%': {'finally': {'all': []}}",
                "}}", "t.json:2:1: more than 32 properties");
    check_limit(
        HEAD
        "'cluster': {'nodes': {'q': {'role': 'querier', 'threads': 8}, 'i': {'role': 'ingestor'}}, "
        "'create': 'proxy'}, 'work':\n{'i': [], 'q': [], ",
        SCENARIO_TASKS_MAX - 13, "'q#%': []", "}}",
        "t.json:2:1: more than 60 tasks: clients and the nodes' own");
    check_limit(
        HEAD "'cluster': {'nodes': {'i': {'role': 'ingestor'}}}, 'work': {'i': [{'create': 's', "
             "'schema':\n{",
        SCHEMA_MAX, "'f%': 'int'", "}}]}}",
        "t.json:2:225: field \"f18\": it has another type before, or there are more than 16");
    check_limit(HEAD "'cluster': {'nodes': {'i': {'role': 'ingestor'}}}, 'work': {'i': [{'ingest': "
                     "'s', 'events':\n[",
                50, "{}", "]}]}}", "t.json:2:1: expected 1 to 50 events, found 51");
}

/* A name that is one too long. */
static void test_long_names(void)
{
    struct arena a = {0};
    char name[300];

    memset(name, 'x', sizeof name);
    for (int ok = 1; ok >= 0; ok--) {
        UNIT_STR(
            lab_error(
                &a,
                arena_printf(
                    &a,
                    HEAD "'cluster': {'nodes': {'%.*s': {'role': 'actor'}}}, 'work': {'%.*s': []}}",
                    33 - ok, name, 33 - ok, name)),
            ok ? ""
               : arena_printf(
                     &a,
                     "t.json:1:50: node \"%.33s\": expected at most 32 letters, digits, '_', '-'",
                     name));
        UNIT_STR(
            lab_error(&a, arena_printf(&a, HEAD A "'work': {'A': [{'stat':\n'%.*s'}]}}",
                                       PORT_PATH_MAX - ok, name)),
            ok ? ""
               : arena_printf(&a, "t.json:2:1: path \"%.256s\" is longer than 255 bytes", name));
        UNIT_STR(
            lab_error(&a, arena_printf(&a, HEAD A "'work': {'A': [{'stat': 'x', 'as':\n'%.*s'}]}}",
                                       65 - ok, name)),
            ok ? ""
               : arena_printf(&a,
                              "t.json:2:1: register \"%.65s\": expected letters, digits, '_', '-'",
                              name));
    }
    arena_release(&a);
}

/* The file that is not there, and the one that is called otherwise. */
static void test_no_file(void)
{
    struct err err = ERR_INIT;

    CU_ASSERT(scenario_load("no/such.json", &err) == NULL);
    UNIT_INT(err.code, ERR_IO);
    UNIT_STR(err.story, "no/such.json: No such file or directory");
}

void suite_scenario_refused(void)
{
    static const struct unit_test tests[] = {
        {"file", test_file},
        {"rest", test_rest},
        {"cluster", test_cluster},
        {"order", test_order},
        {"expect", test_expect},
        {"limits", test_limits},
        {"long_names", test_long_names},
        {"no_file", test_no_file},
    };
    unit_add("scenario_refused", tests, UNIT_COUNT(tests));
}
