#include "sim/report/text/table.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static void expect(const struct table *t, enum table_format format, const char *expected)
{
    struct strbuf out = STRBUF_INIT;

    table_print(t, format, &out);
    UNIT_STR(out.s, expected);
    strbuf_release(&out);
}

static void two_schemes(struct table *t)
{
    table_init(t, "cost", "What it costs");
    table_column(t, "", "scheme");
    table_column(t, "alone", "calls");
    table_column(t, "alone", "ms");
    table_word(t, "naive");
    table_number(t, 3);
    table_number(t, 0);
    table_word(t, "proxy");
    table_number(t, 12);
    table_word(t, "never");
}

static void test_text(void)
{
    struct table t;

    two_schemes(&t);
    table_note(&t, "A note.");
    expect(&t, TABLE_TEXT,
           "What it costs\n"
           "A note.\n"
           "\n"
           "        alone\n"
           "scheme  calls     ms\n"
           "naive       3      0\n"
           "proxy      12  never\n");
    table_release(&t);
}

static void test_markdown(void)
{
    struct table t;

    two_schemes(&t);
    expect(&t, TABLE_MARKDOWN,
           "### What it costs\n"
           "\n"
           "| scheme | alone: calls | alone: ms |\n"
           "|---|--:|--:|\n"
           "| naive | 3 | 0 |\n"
           "| proxy | 12 | never |\n");
    table_release(&t);
}

static void test_json(void)
{
    struct table t;

    two_schemes(&t);
    expect(&t, TABLE_JSON,
           "{\"table\": \"cost\", \"title\": \"What it costs\", \"note\": \"\", \"rows\": [\n"
           "    {\"scheme\": \"naive\", \"alone_calls\": 3, \"alone_ms\": 0},\n"
           "    {\"scheme\": \"proxy\", \"alone_calls\": 12, \"alone_ms\": \"never\"}]}");
    table_release(&t);
}

/* A head that is wider than its cells is cut behind its last underscore; a group's name makes room
 * for itself. */
static void test_heads(void)
{
    struct table t;

    table_init(&t, "t", "T");
    table_column(&t, "", "x");
    table_column(&t, "", "no_lost_events");
    table_column(&t, "a wide group", "a_b");
    table_column(&t, "", "z");
    table_word(&t, "1");
    table_word(&t, "always");
    table_word(&t, "2");
    table_word(&t, "3");
    expect(&t, TABLE_TEXT,
           "T\n"
           "\n"
           "             a wide group\n"
           "   no_lost_  a_\n"
           "x  events    b             z\n"
           "1  always    2             3\n");
    table_release(&t);
}

/* What does not fit goes on below, behind the first column again; a group stays together. */
static void test_wide(void)
{
    char line[200], *end;
    struct strbuf out = STRBUF_INIT;
    struct table t;

    table_init(&t, "t", "T");
    table_column(&t, "", "first");
    for (int i = 0; i < 12; i++) {
        snprintf(line, sizeof line, "column %02d", i);
        table_column(&t, i == 6 || i == 7 ? "both" : "", line);
    }
    for (int i = 0; i < 13; i++)
        table_number(&t, i);
    table_print(&t, TABLE_TEXT, &out);
    for (const char *p = out.s; *p; p = end + 1) {
        end = strchr(p, '\n');
        CU_ASSERT_FATAL(end != NULL);
        CU_ASSERT(end - p <= TABLE_WIDTH);
        CU_ASSERT(end == p || end[-1] != ' ');
    }
    CU_ASSERT(strstr(out.s, "column 05\n") != NULL);
    CU_ASSERT(strstr(out.s, "first  column 06  column 07") != NULL);
    strbuf_release(&out);
    table_release(&t);
}

static void test_bar_and_empty(void)
{
    struct table t;

    table_init(&t, "t", "T");
    table_column(&t, "", "a");
    table_column(&t, "", "b");
    expect(&t, TABLE_TEXT, "T\n\na  b\n");
    expect(&t, TABLE_JSON, "{\"table\": \"t\", \"title\": \"T\", \"note\": \"\", \"rows\": []}");
    table_word(&t, "x|y");
    table_word(&t, "");
    expect(&t, TABLE_MARKDOWN, "### T\n\n| a | b |\n|---|---|\n| x\\|y |  |\n");
    table_release(&t);
}

void suite_table(void)
{
    static const struct unit_test tests[] = {
        {"text", test_text}, {"markdown", test_markdown},
        {"json", test_json}, {"heads", test_heads},
        {"wide", test_wide}, {"a bar, and nothing", test_bar_and_empty},
    };

    unit_add("table", tests, UNIT_COUNT(tests));
}
