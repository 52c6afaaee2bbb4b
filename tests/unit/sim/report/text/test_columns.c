#include "sim/report/text/execution_view.h"
#include "sim/report/text/row.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

/* --- row --- */

static const char *put(struct arena *a, const char *text, int room, bool call)
{
    struct strbuf sb = STRBUF_INIT;
    struct row row = {.out = &sb};
    const char *got;

    (call ? row_put_call : row_put)(&row, text, room, ROW_ALARM);
    UNIT_INT(row.at, row_width(sb.s));
    CU_ASSERT(row.at <= room);
    got = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return got;
}

static void test_cut(void)
{
    struct arena a = {0};

    UNIT_STR(put(&a, "create", 6, false), "create");
    UNIT_STR(put(&a, "create", 5, false), "cre..");
    UNIT_STR(put(&a, "create", 2, false), "..");
    UNIT_STR(put(&a, "create", 1, false), ".");
    UNIT_STR(put(&a, "create", 0, false), "");
    UNIT_STR(put(&a, "", 5, false), "");
    UNIT_STR(put(&a, "h\xc3\xa9\xc3\xa9\xc3\xa9", 4, false), "h\xc3\xa9\xc3\xa9\xc3\xa9");
    UNIT_STR(put(&a, "h\xc3\xa9\xc3\xa9\xc3\xa9", 3, false), "h..");
    UNIT_STR(put(&a, "put app/.stream/x.json", 22, true), "put app/.stream/x.json");
    UNIT_STR(put(&a, "put app/.stream/x.json", 12, true), "put ..x.json");
    UNIT_STR(put(&a, "put_if_absent app/x", 14, true), "put_if_absen..");
    UNIT_STR(put(&a, "clock.quiet", 8, true), "clock...");
    UNIT_STR(put(&a, "a\033[31mb", 20, false), "a?[31mb");
    arena_release(&a);
}

static void test_row(void)
{
    struct strbuf sb = STRBUF_INIT;
    struct row row = {.out = &sb, .colour = true};

    row_put(&row, "ab", 9, ROW_ALARM);
    row_to(&row, 5, '-');
    row_to(&row, 3, '-');
    row_put(&row, "c", 9, ROW_PLAIN);
    row_to(&row, 20, ' ');
    row_end(&row);
    UNIT_STR(sb.s, "\033[1;31mab\033[0m---c\n");
    UNIT_INT(row.at, 0);
    strbuf_release(&sb);
}

/* --- columns --- */

static int widest_line(const char *text)
{
    int widest = 0;

    while (*text) {
        size_t len = strcspn(text, "\n");
        char line[400];

        snprintf(line, sizeof line, "%.*s", (int)len, text);
        widest = row_width(line) > widest ? row_width(line) : widest;
        text += len + (text[len] == '\n');
    }
    return widest;
}

/* `nodes` actors with `clients` clients each, that all make a long name. */
static const char *cluster_text(struct arena *a, int nodes, int clients)
{
    const char *who = "", *work = "";

    for (int i = 0; i < nodes; i++) {
        who = arena_printf(a, "%s%s'n%d': {'role': 'actor'}", who, i ? ", " : "", i);
        for (int k = 1; k <= clients; k++)
            work = arena_printf(
                a, "%s%s'n%d%s': [ {'create_excl': 'a/rather/long/name', 'as': 'got'} ]", work,
                *work ? ", " : "", i, k > 1 ? arena_printf(a, "#%d", k) : "");
    }
    return arena_printf(a,
                        "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {%s}}, 'init': [ "
                        "{'mkdir': 'a'}, {'mkdir': 'a/rather'}, {'mkdir': 'a/rather/long'} ], "
                        "'work': {%s}}",
                        who, work);
}

static const char *drawn(struct arena *a, int nodes, int clients, int width)
{
    const char *got = "";
    struct lab l;

    if (lab_open(&l, cluster_text(a, nodes, clients))) {
        struct style style = {.width = width};
        struct strbuf out = STRBUF_INIT;
        struct picture p;

        picture_init(&p, l.search);
        UNIT_INT(search_replay(l.search, &(struct schedule){.count = 0}, &p.trace, NULL, &l.err),
                 OK);
        picture_end(&p);
        draw_columns(&p, &style, &out);
        got = arena_strdup(a, out.s);
        strbuf_release(&out);
        picture_release(&p);
        lab_reset(&l);
    }
    lab_close(&l);
    return got;
}

/* The wider, the more is told; never wider than there is room. */
static void test_width(void)
{
    struct arena a = {0};

    for (int width = 40; width <= 200; width += 7)
        CU_ASSERT(widest_line(drawn(&a, 3, 1, width)) <= width);
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn(&a, 2, 1, 200), "create_excl a/rather/long/name"));
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn(&a, 2, 1, 60), "create_excl ..ng/name"));
    arena_release(&a);
}

static void test_many_tasks(void)
{
    const char *text;
    struct arena a = {0};

    text = drawn(&a, 2, 3, 60);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "   ms   n0"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "n0#2:")); /* by node: the task is named where it goes on */
    text = drawn(&a, 12, 1, 60);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "[    0] n0  > fs.create_excl")); /* a list */
    CU_ASSERT(widest_line(text) <= 60);
    arena_release(&a);
}

void suite_columns(void)
{
    static const struct unit_test tests[] = {
        {"cut", test_cut},
        {"row", test_row},
        {"width", test_width},
        {"many tasks", test_many_tasks},
    };
    unit_add("columns", tests, UNIT_COUNT(tests));
}
