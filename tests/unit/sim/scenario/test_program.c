/* Nodes that are programs: what the loader makes of them, and what it refuses. */
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

#define HEAD "{'fsrace': 1, 'name': 't', 'cluster': {'store': {'semantics': 'posix'}, 'nodes':\n"
#define ONE  "{'A': {'role': 'program', 'run': ['sh', 'a b']}}}"

static const struct lab_refusal node_refusals[] = {
    {"{'A': {'role': 'program'}}", "2:7: \"run\" is missing: what the program is"},
    {"{'A': {'role': 'program', 'run': 1}}",
     "2:34: expected a list of arguments, or a text for the shell, found a number"},
    {"{'A': {'role': 'program', 'run': []}}", "2:34: expected a program and at most 256 arguments"},
    {"{'A': {'role': 'program', 'run': ['']}}", "2:34: the program's name is empty"},
    {"{'A': {'role': 'program', 'run': ''}}", "2:34: the command is empty"},
    {"{'A': {'role': 'program', 'run': ['x', 2]}}", "2:40: expected a string, found a number"},
    {"{'A': {'role': 'actor', 'run': 'x'}}", "2:25: \"run\" is for the role \"program\""},
    {"{'A': {'role': 'actor', 'env': {}}}", "2:25: \"env\" is for the role \"program\""},
    {"{'A': {'role': 'program', 'run': 'x', 'env': {'1': ''}}}",
     "2:47: variable \"1\": expected letters, digits, '_', no digit first"},
    {"{'A': {'role': 'program', 'run': 'x', 'env': {'A=B': ''}}}",
     "2:47: variable \"A=B\": expected letters, digits, '_', no digit first"},
    {"{'A': {'role': 'program', 'run': 'x', 'env': {'A': 1}}}",
     "2:52: expected a string, found a number"},
    {"{'A': {'role': 'program', 'run': 'x', 'cwd': '..'}}", "2:46: path \"..\" leaves the store"},
    {"{'A': {'role': 'program', 'run': 'x', 'cwd': '/tmp'}}", "2:46: path \"/tmp\" is absolute"},
    {"{'A': {'role': 'program', 'run': 'x', 'clock': 'fast'}}",
     "2:48: unknown clock \"fast\": expected one of \"virtual\", \"real\""},
    {"{'A': {'role': 'program', 'run': 'x', 'mount': {'var': 'x'}}}",
     "2:49: path \"var\" is not absolute: expected \"/var/…\""},
    {"{'A': {'role': 'program', 'run': 'x', 'mount': {'/': 'x'}}}", "2:49: path \"/\" is empty"},
    {"{'A': {'role': 'program', 'run': 'x', 'mount': {'/a/../b': 'x'}}}",
     "2:49: path \"/a/../b\" leaves the store"},
    {"{'A': {'role': 'program', 'run': 'x', 'mount': {'/a': '../x'}}}",
     "2:55: path \"../x\" leaves the store"},
    {"{'A': {'role': 'program', 'run': 'x', 'config': {}}}",
     "2:39: a program has no configuration"},
    {"{'A': {'role': 'program', 'run': 'x', 'rum': 1}}",
     "2:39: unknown key \"rum\" (did you mean \"run\"?)"},
};

static void test_nodes(void)
{
    lab_refused(HEAD, node_refusals, UNIT_COUNT(node_refusals), "}}");
}

static const struct lab_refusal rest_refusals[] = {
    {"'work': {'A': []}", "3:10: \"A\" is a program: its work is what it runs"},
    {"'init': [{'copy': '../x'}]", "3:19: path \"../x\" leaves the store"},
    {"'init': [{'copy': '/etc/passwd'}]", "3:19: path \"/etc/passwd\" is absolute"},
    {"'init': [{'copy': 'x', 'as': 'y'}]", "3:24: unknown key \"as\""},
    {"'init': [{'copy': 'none'}]", "3:19: copy: none: No such file or directory"},
    {"'init': [{'copy': 't.json', 'to': '.'}]",
     "3:19: a file cannot be copied to \".\": say what it is to be called"},
    {"'properties': {'p': {'finally': {'A.exti': 0}}}",
     "3:34: no register \"A.exti\" (did you mean \"A.exit\"?)"},
};

static void test_rest(void)
{
    lab_refused(HEAD ONE ",\n", rest_refusals, UNIT_COUNT(rest_refusals), "}");
    lab_refused("{'fsrace': 1, 'name': 't', 'cluster': {'nodes':\n",
                &(const struct lab_refusal){
                    "{'A': {'role': 'program', 'run': 'x'}}",
                    "2:7: a program makes system calls: it needs \"store\": {\"semantics\": "
                    "\"posix\"}"},
                1, "}}");
}

static struct scenario *scenario(const char *text)
{
    struct err err = ERR_INIT;
    struct scenario *s = lab_scenario(text, 0, &err);

    UNIT_STR(err.story, "");
    return s;
}

static void test_spec(void)
{
    struct scenario *s = scenario(
        HEAD
        "{'A': {'role': 'program', 'run': ['sh', 'a b'], 'env': {'L': 'C'}, 'cwd': 'd', 'input': "
        "'hi', 'clock': 'real', 'mount': {'/var/lock': '.'}},"
        " 'B': {'role': 'program', 'run': 'echo $X'}, 'C': {'role': 'actor'}}},"
        "'work': {'C': []}, 'properties': {'p': {'finally': {'all': [{'A.exit': 0}, {'B.stdout':"
        " ''}, {'B.stderr': ''}]}}}}");
    struct strbuf sb = STRBUF_INIT;

    if (!s)
        return;
    CU_ASSERT(scenario_programs(s, &sb));
    UNIT_STR(sb.s, "  A: L=C sh 'a b', in d, with 2 bytes of input, on the real clock, with . for "
                   "/var/lock\n  B: sh -c 'echo $X'\n");
    UNIT_INT(s->task_count, 3);
    UNIT_STR(s->tasks[0].name, "C");
    UNIT_STR(s->tasks[2].name, "B");
    CU_ASSERT(s->tasks[2].run == s->nodes[1].run);
    UNIT_STR(s->tasks[2].run->exit, "B.exit");
    UNIT_STR(s->tasks[1].run->argv[1], "a b");
    CU_ASSERT(s->tasks[1].run->argv[2] == NULL);
    CU_ASSERT(!s->steady && !s->sure && s->waits && s->one_content);
    strbuf_release(&sb);
    scenario_free(s);
}

static void test_copy(void)
{
    struct scenario *s = scenario(HEAD ONE ", 'init': [{'copy': 't.json', 'to': 'd/x'}, {'copy': "
                                           "'.', 'to': '.'}, {'mkdir': 'e'}]}");

    if (!s)
        return;
    UNIT_INT(s->copy_count, 2);
    UNIT_STR(s->copies[0].path, "d/x");
    UNIT_STR(s->copies[1].path, "t.json");
    CU_ASSERT(strncmp(s->copies[1].data, "{\"fsrace\"", 9) == 0);
    UNIT_INT(s->init.count, 1);
    scenario_free(s);
}

void suite_scenario_program(void)
{
    static const struct unit_test tests[] = {
        {"nodes", test_nodes}, {"rest", test_rest}, {"spec", test_spec}, {"copy", test_copy}};
    unit_add("scenario_program", tests, UNIT_COUNT(tests));
}
