#include "bench/literature.h"
#include "sim/explore/search/search.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static const struct literature *named(const char *name)
{
    for (int i = 0; i < literature_count; i++)
        if (strcmp(literature[i].name, name) == 0)
            return &literature[i];
    return NULL;
}

static void check_search(struct scenario *sc, int64_t executions)
{
    struct search_options options = {.max_executions = 0};
    struct err err = ERR_INIT;
    struct port *port = port_linux_open(fix_parent(), &err);
    struct gate *gate = gate_new(GATE_FIBERS);
    struct search *s = port ? search_new(sc, port, gate, &options, &err) : NULL;

    CU_ASSERT_FATAL(s != NULL);
    search_run(s, &err);
    UNIT_STR(err.story, "");
    UNIT_INT(s->end, SEARCH_COMPLETE);
    UNIT_INT(s->executions, executions);
    UNIT_INT(s->redundant, 0);
    search_free(s);
    gate_free(gate);
    port_free(port);
}

static void check(const char *name, int n, int64_t executions)
{
    const struct literature *l = named(name);
    struct strbuf text = STRBUF_INIT, file = STRBUF_INIT;
    struct err err = ERR_INIT;
    struct scenario_file *f;
    struct scenario *sc;

    CU_ASSERT_FATAL(l != NULL);
    UNIT_INT(l->count(n), executions);
    literature_print(l, n, &text);
    strbuf_printf(&file, "%s-%d.json", name, n);
    f = scenario_read(file.s, text.s, text.len, &err);
    sc = f ? scenario_variant(f, 0, &err) : NULL;
    UNIT_STR(err.story, "");
    if (sc)
        check_search(sc, executions);
    scenario_free(sc);
    scenario_file_free(f);
    strbuf_release(&text);
    strbuf_release(&file);
}

static void test_readers(void)
{
    check("readers", 1, 2);
    check("readers", 8, 256);
}

static void test_lastzero(void)
{
    check("lastzero", 2, 5);
    check("lastzero", 5, 64);
    check("lastzero", 8, 704);
}

static void test_indexer(void)
{
    check("indexer", 11, 1);
    check("indexer", 12, 8);
    check("indexer", 13, 64);
}

static void test_filesystem(void)
{
    check("filesystem", 13, 1);
    check("filesystem", 14, 2);
    check("filesystem", 16, 8);
    check("filesystem", 18, 32);
    check("filesystem", 19, 64);
}

static void test_appenders(void)
{
    check("append5", 2, 252);
    check("append3", 3, 1680);
}

static void test_creators(void)
{
    check("creators", 2, 4);
    check("creators", 3, 21);
    check("creators", 4, 148);
    check("creators", 5, 1305);
}

static void test_marker(void)
{
    check("marker", 2, 4);
    check("marker", 3, 12);
    check("marker", 6, 192);
}

void suite_literature(void)
{
    static const struct unit_test tests[] = {
        {"readers", test_readers},       {"lastzero", test_lastzero},   {"indexer", test_indexer},
        {"filesystem", test_filesystem}, {"appenders", test_appenders}, {"creators", test_creators},
        {"marker", test_marker},
    };
    unit_add("literature", tests, UNIT_COUNT(tests));
}
