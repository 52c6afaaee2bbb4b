#include "sim/history.h"
#include "sim/trace.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static void test_format(void)
{
    struct trace t;

    trace_init(&t, 5);
    UNIT_STR(t.text.s, "");
    trace_event(&t, 0, "i1", &(struct point){STORE_PUT, "app/x", NULL}, "ok");
    trace_aside(&t, 0, "i1#2", "memory app = unknown");
    trace_event(&t, 12345, "a-long-name", &(struct point){POINT_MARK, "naive.after-look", NULL},
                "");
    trace_event(&t, 1234567, "i1", &(struct point){FS_LIST, "", NULL}, "(nothing)");
    UNIT_STR(t.text.s, "[    0] i1    > store.put app/x = ok\n"
                       "[    0] i1#2    memory app = unknown\n"
                       "[12345] a-long-name > naive.after-look\n"
                       "[1234567] i1    > fs.list . = (nothing)\n");
    trace_release(&t);
}

/* The time shown never runs backwards; it is the latest that was seen. */
static void test_time(void)
{
    struct trace t;

    trace_init(&t, 1);
    trace_aside(&t, 10, "A", "x");
    trace_aside(&t, 3, "B", "y");
    trace_event(&t, 9, "B", &(struct point){POINT_RECEIVE, NULL, NULL}, "");
    trace_aside(&t, 11, "A", "z");
    UNIT_STR(t.text.s, "[   10] A   x\n[   10] B   y\n[   10] B > net.receive\n[   11] A   z\n");
    trace_clear(&t);
    trace_aside(&t, 3, "B", "y");
    UNIT_STR(t.text.s, "[    3] B   y\n");
    trace_release(&t);
}

static const char *quoted(struct arena *a, const char *data, size_t len)
{
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    trace_quote(&sb, data, len);
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

static void test_quote(void)
{
    struct arena a = {0};
    char many[200];

    UNIT_STR(quoted(&a, NULL, 0), "(nothing)");
    UNIT_STR(quoted(&a, NULL, 3), "(nothing)");
    UNIT_STR(quoted(&a, "x", 0), "(nothing)");
    UNIT_STR(quoted(&a, "{\"a\": 1}", 8), "{\"a\": 1}");
    UNIT_STR(quoted(&a, "a\nb\tc\x7f\x01\0z", 9), "a\\nb\\x09c\\x7f\\x01\\x00z");
    UNIT_STR(quoted(&a, "h\xc3\xa9", 3), "h\xc3\xa9");
    memset(many, 'x', sizeof many);
    UNIT_U64(strlen(quoted(&a, many, 80)), 80);
    UNIT_STR(quoted(&a, many, 81) + 80, "... (81 bytes)");
    UNIT_STR(quoted(&a, many, 200) + 80, "... (200 bytes)");
    arena_release(&a);
}

/* --- history -----------------------------------------------------------------------------------
 */

static void fill(struct history *h, int n)
{
    for (int i = 0; i < n; i++) {
        struct history_request r = {.task = "i1", .rows = i};
        struct history_creation c = {.task = "i1", .record = {.created_at = i}};
        struct history_info info = {.node = "q1", .count = i};
        struct history_found f = {.node = "q1", .stream = "app"};

        history_request(h, &r);
        history_creation(h, &c);
        history_info(h, &info);
        history_found(h, &f);
        history_written(h, 1, (uint64_t)i);
        history_read(h, 2, (uint64_t)i);
    }
}

static void check(const struct history *h, int n)
{
    UNIT_INT(h->request_count, n);
    UNIT_INT(h->creation_count, n);
    UNIT_INT(h->info_count, n);
    UNIT_INT(h->found_count, n);
    UNIT_INT(h->written_count, n);
    UNIT_INT(h->read_count, n);
    for (int i = 0; i < n; i++) {
        UNIT_INT(h->requests[i].rows, i);
        UNIT_INT(h->creations[i].record.created_at, i);
        UNIT_INT(h->infos[i].count, i);
        UNIT_STR(h->founds[i].stream, "app");
        UNIT_U64(h->written[i].value, (uint64_t)i);
        UNIT_U64(h->read[i].path, 2);
    }
}

static void test_history(void)
{
    struct history h = {.requests = NULL};

    check(&h, 0);
    fill(&h, 1);
    check(&h, 1);
    history_clear(&h);
    check(&h, 0);
    fill(&h, 100);
    check(&h, 100);
    history_clear(&h);
    fill(&h, 17);
    check(&h, 17);
    history_release(&h);
    check(&h, 0);
    fill(&h, 2);
    check(&h, 2);
    history_release(&h);
}

void suite_trace(void)
{
    static const struct unit_test tests[] = {
        {"format", test_format},
        {"time", test_time},
        {"quote", test_quote},
        {"history", test_history},
    };
    unit_add("trace", tests, UNIT_COUNT(tests));
}
