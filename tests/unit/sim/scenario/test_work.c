/* What the loader refuses, and the words and places with which it does: what clients do. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"

static const struct lab_refusal work_refusals[] = {
    {"[]", "2:1: expected an object, found an array"},
    {"{}", "2:1: expected the requests of at least one client"},
    {"{'B': []}", "2:2: no node \"B\" in \"cluster\""},
    {"{'i2': []}", "2:2: no node \"i2\" in \"cluster\" (did you mean \"i1\"?)"},
    {"{'A#1': []}", "2:2: \"A#1\": further clients of a node are \"A#2\", \"A#3\""},
    {"{'A#09': []}", "2:2: \"A#09\": further clients of a node are \"A#2\", \"A#3\""},
    {"{'A#x': []}", "2:2: \"A#x\": further clients of a node are \"A#2\", \"A#3\""},
    {"{'A#': []}", "2:2: \"A#\": further clients of a node are \"A#2\", \"A#3\""},
    {"{'A#100': []}", "2:2: \"A#100\": further clients of a node are \"A#2\", \"A#3\""},
    {"{'A': {}}", "2:7: expected an array, found an object"},
    {"{'A': [1]}", "2:8: expected an object, found a number"},
    {"{'A': [{}]}", "2:8: \"{}\" is nothing that an actor can do"},
    {"{'A': [{'raed': 'x'}]}",
     "2:9: \"raed\" is nothing that an actor can do (did you mean \"read\"?)"},
    {"{'A': [{'ingest': 'app'}]}", "2:9: \"ingest\" is nothing that an actor can do"},
    {"{'A': [{'frobnicate': 1}]}", "2:9: \"frobnicate\" is nothing that an actor can do"},
    {"{'i1': [{'read': 'x'}]}", "2:10: \"read\" is nothing that a node can do"},
    {"{'i1': [{'qery': 'app'}]}",
     "2:10: \"qery\" is nothing that a node can do (did you mean \"query\"?)"},
};

static const struct lab_refusal step_refusals[] = {
    {"{'read': 'x', 'write': 'x'}", "2:15: \"write\" beside \"read\": a step does one thing"},
    {"{'read': 'x', 'data': 'x'}", "2:15: unknown key \"data\""},
    {"{'read': 'x', 'sa': 'r'}", "2:15: unknown key \"sa\" (did you mean \"as\"?)"},
    {"{'read': 1}", "2:10: expected a string, found a number"},
    {"{'read': ''}", "2:10: path \"\" is empty"},
    {"{'read': '/x'}", "2:10: path \"/x\" is absolute"},
    {"{'read': '../x'}", "2:10: path \"../x\" leaves the store"},
    {"{'read': 'a/../../x'}", "2:10: path \"a/../../x\" leaves the store"},
    {"{'read': 'a/./x'}", "2:10: path \"a/./x\" has a part \".\""},
    {"{'read': 'a//x'}", "2:10: path \"a//x\" has an empty part"},
    {"{'read': 'x/'}", "2:10: path \"x/\" ends in '/'"},
    {"{'read': '.'}", "2:10: path \".\" has a part \".\""},
    {"{'read': '.tmp/x'}",
     "2:10: path \".tmp/x\" is in \".tmp\", which is reserved for half-made objects"},
    {"{'write': '.tmp'}",
     "2:11: path \".tmp\" is in \".tmp\", which is reserved for half-made objects"},
    {"{'mkdir': '.'}", "2:11: path \".\" has a part \".\""},
    {"{'list': '..'}", "2:10: path \"..\" leaves the store"},
    {"{'rename': 'x'}", "2:12: expected an array, found a string"},
    {"{'rename': ['x']}", "2:12: expected [FROM, TO], found 1 elements"},
    {"{'rename': ['x', 'y', 'z']}", "2:12: expected [FROM, TO], found 3 elements"},
    {"{'rename': ['x', 1]}", "2:18: expected a string, found a number"},
    {"{'rename': ['x', '/y']}", "2:18: path \"/y\" is absolute"},
    {"{'link': ['.', 'y']}", "2:11: path \".\" has a part \".\""},
    {"{'write': 'x', 'data': 1}", "2:24: expected a string, found a number"},
    {"{'next_event': false}", "2:16: expected true, found false"},
    {"{'next_event': 1}", "2:16: expected true or false, found a number"},
    {"{'next_event': true, 'timeout_ms': -1}",
     "2:36: expected an integer from 0 to 1000000000, found -1"},
    {"{'stop': 1}", "2:10: expected true or false, found a number"},
    {"{'sleep_ms': -1}", "2:14: expected an integer from 0 to 1000000000, found -1"},
    {"{'sleep_ms': 1e10}", "2:14: expected an integer from 0 to 1000000000, found 10000000000"},
    {"{'await': 'quite'}", "2:11: unknown thing to await \"quite\" (did you mean \"quiet\"?)"},
    {"{'await': true}", "2:11: expected a string, found true or false"},
    {"{'note': 1}", "2:10: expected a string, found a number"},
    {"{'if': 1}", "2:8: expected an object, found a number"},
    {"{'if': {'A.r': 1}}",
     "2:9: no register \"A.r\": expected NODE.NAME of an \"as\", exists:PATH, content:PATH, "
     "json:PATH#/pointer, or all, any, not, at_most, at_least, exactly"},
    {"{'if': {'exists:x': true}, 'than': []}",
     "2:28: unknown key \"than\" (did you mean \"then\"?)"},
    {"{'if': {'exists:x': true}, 'then': {}}", "2:36: expected an array, found an object"},
    {"{'if': {'exists:x': true}, 'then': [], 'else': [{}]}",
     "2:49: \"{}\" is nothing that an actor can do"},
    {"{'repeat': 1001, 'do': []}", "2:12: expected an integer from 0 to 1000, found 1001"},
    {"{'repeat': 1, 'do': [{'read': 1}]}", "2:31: expected a string, found a number"},
    {"{'read': 'x', 'when': {'exists:/x': true}}", "2:24: path \"/x\" is absolute"},
    {"{'read': 'x', 'when': []}", "2:23: expected an object, found an array"},
    {"{'read': 'x', 'as': 1}", "2:21: expected a string, found a number"},
    {"{'read': 'x', 'as': ''}", "2:21: register \"\": expected letters, digits, '_', '-'"},
    {"{'read': 'x', 'as': 'a.b'}", "2:21: register \"a.b\": expected letters, digits, '_', '-'"},
    {"{'read': 'x', 'as': 'r', 'when': {'A.q': 1}}",
     "2:35: no register \"A.q\" (did you mean \"A.r\"?)"},
    {"{'if': {'exists:x': true}, 'when': {'exists:x': true}, 'then': []}",
     "2:28: unknown key \"when\" (did you mean \"then\"?)"},
    {"{'if': {'exists:x': true}, 'as': 'r'}", "2:28: unknown key \"as\""},
    {"{'repeat': 1, 'do': [], 'as': 'r'}", "2:25: unknown key \"as\""},
    {"{'stop': true, 'as': 'r'}", "2:16: unknown key \"as\""},
};

static const struct lab_refusal request_refusals[] = {
    {"{'create': 1}", "2:12: expected a string, found a number"},
    {"{'create': ''}", "2:12: stream \"\": expected at most 40 letters, digits, '_', '-', '.'"},
    {"{'create': 'a/b'}",
     "2:12: stream \"a/b\": expected at most 40 letters, digits, '_', '-', '.'"},
    {"{'create': '.app'}",
     "2:12: stream \".app\": expected at most 40 letters, digits, '_', '-', '.'"},
    {"{'create': '12345678901234567890123456789012345678901'}",
     "2:12: stream \"12345678901234567890123456789012345678901\": expected at most 40 letters, "
     "digits, '_', '-', '.'"},
    {"{'create': 'app', 'schema': []}", "2:29: expected an object, found an array"},
    {"{'create': 'app', 'schema': {'a': 1}}", "2:35: expected a string, found a number"},
    {"{'create': 'app', 'schema': {'a b': 'int'}}",
     "2:37: field \"a b\": \"int\": expected letters, digits, '_', '-', '.'"},
    {"{'create': 'app', 'static': 1}", "2:29: expected true or false, found a number"},
    {"{'create': 'app', 'static': true}",
     "2:19: \"static\" without \"schema\": it is the schema that is"},
    {"{'create': 'app', 'fields': {}}", "2:19: unknown key \"fields\""},
    {"{'ingest': 'app', 'count': 0}", "2:28: expected an integer from 1 to 50, found 0"},
    {"{'ingest': 'app', 'count': 51}", "2:28: expected an integer from 1 to 50, found 51"},
    {"{'ingest': 'app', 'events': []}", "2:29: expected 1 to 50 events, found 0"},
    {"{'ingest': 'app', 'events': [1]}", "2:30: expected an object, found a number"},
    {"{'ingest': 'app', 'events': [{'a': null}]}",
     "2:36: expected a string, a number, true or false"},
    {"{'ingest': 'app', 'events': [{'a': 1}, {'a': 'x'}]}",
     "2:46: field \"a\": it has another type before, or there are more than 16"},
    {"{'ingest': 'app', 'events': [{}], 'count': 1}",
     "2:35: \"count\" beside \"events\": the events say it all"},
    {"{'ingest': 'app', 'events': [{}], 'fields': {}}",
     "2:35: \"fields\" beside \"events\": the events say it all"},
    {"{'query': 'app', 'fields': [1]}", "2:29: expected a string, found a number"},
    {"{'query': 'app', 'fields': 'a'}", "2:28: expected an object, found a string"},
    {"{'query': 'app', 'count': 1}", "2:18: unknown key \"count\""},
    {"{'delete': 'app', 'static': true}", "2:19: unknown key \"static\""},
    {"{'list': 'app'}", "2:10: expected true or false, found a string"},
    {"{'list': false}", "2:10: expected true, found false"},
    {"{'restart': 1}", "2:13: expected true or false, found a number"},
    {"{'stop': false}", "2:10: expected true, found false"},
    {"{'create': 'a', 'query': 'a'}", "2:17: \"query\" beside \"create\": a step does one thing"},
};

static void test_work(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'i1': "
                "{'role': 'ingestor'}}}, 'work':\n",
                work_refusals, UNIT_COUNT(work_refusals), "}");
}

static void test_step(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}}}, "
                "'work': {'A': [\n",
                step_refusals, UNIT_COUNT(step_refusals), "]}}");
}

static void test_request(void)
{
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'i1': {'role': 'ingestor'}}}, "
                "'work': {'i1': [\n",
                request_refusals, UNIT_COUNT(request_refusals), "]}}");
}

void suite_scenario_work(void)
{
    static const struct unit_test tests[] = {
        {"work", test_work},
        {"step", test_step},
        {"request", test_request},
    };
    unit_add("scenario_work", tests, UNIT_COUNT(tests));
}
