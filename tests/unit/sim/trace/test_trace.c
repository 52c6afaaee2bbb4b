#include "sim/trace/history.h"
#include "sim/trace/trace.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static void add(struct trace *t, const char *task, int64_t ms, enum trace_kind kind, int op,
                const char *object, const char *result)
{
    trace_add(t, &(struct trace_record){.kind = kind,
                                        .ms = ms,
                                        .task = task,
                                        .node = task,
                                        .event = t->count,
                                        .op = op,
                                        .object = object,
                                        .result = result});
}

static void is_story(const struct trace *t, int width, const char *want)
{
    struct strbuf sb = STRBUF_INIT;

    trace_story(t, width, &sb);
    UNIT_STR(sb.s, want);
    strbuf_release(&sb);
}

static void test_format(void)
{
    struct trace t;

    trace_init(&t);
    is_story(&t, 5, "");
    add(&t, "i1", 0, TRACE_STEP, STORE_PUT, "app/x", "ok");
    add(&t, "i1#2", 0, TRACE_RECALL, 0, "app", "unknown");
    add(&t, "a-long-name", 12345, TRACE_STEP, POINT_MARK, "naive.after-look", "");
    add(&t, "i1", 1234567, TRACE_STEP, FS_LIST, "", "(nothing)");
    is_story(&t, 5,
             "[    0] i1    > store.put app/x = ok\n"
             "[    0] i1#2    memory app = unknown\n"
             "[12345] a-long-name > naive.after-look\n"
             "[1234567] i1    > fs.list . = (nothing)\n");
    trace_release(&t);
}

static void test_asides(void)
{
    struct trace t;

    trace_init(&t);
    add(&t, "A", 0, TRACE_REMEMBER, 0, "app", "created");
    add(&t, "A", 0, TRACE_REGISTER, 0, "A.got", "EEXIST");
    add(&t, "A", 0, TRACE_REGISTER, 0, "A.got", "ok");
    add(&t, "A", 0, TRACE_CREATED, 0, "app", "i1-1");
    add(&t, "A", 0, TRACE_ANSWER, 0, "create app", "conflict");
    add(&t, "A", 0, TRACE_BROKE, 0, "one", NULL);
    is_story(&t, 1,
             "[    0] A   memory app <- created\n"
             "[    0] A   A.got <- EEXIST\n"
             "[    0] A   created app, incarnation i1-1\n"
             "[    0] A   answer: conflict\n"
             "[    0] A   -- one does not hold any more\n");
    trace_release(&t);
}

/* The time shown never runs backwards; it is the latest that was seen. */
static void test_time(void)
{
    struct trace t;

    trace_init(&t);
    add(&t, "A", 10, TRACE_ANSWER, 0, "", "x");
    add(&t, "B", 3, TRACE_ANSWER, 0, "", "y");
    add(&t, "B", 9, TRACE_STEP, POINT_RECEIVE, NULL, "");
    add(&t, "A", 11, TRACE_ANSWER, 0, "", "z");
    is_story(&t, 1,
             "[   10] A   answer: x\n[   10] B   answer: y\n[   10] B > net.receive\n"
             "[   11] A   answer: z\n");
    trace_clear(&t);
    add(&t, "B", 3, TRACE_ANSWER, 0, "", "y");
    is_story(&t, 1, "[    3] B   answer: y\n");
    trace_release(&t);
}

/* Causes are given as events and kept as records; what was no step of this trace is left out. */
static void test_causes(void)
{
    const int events[] = {7, 5, 99};
    struct trace t;

    trace_init(&t);
    trace_add(&t, &(struct trace_record){.op = POINT_SEND, .event = 5});
    trace_add(&t, &(struct trace_record){.kind = TRACE_RECALL, .event = 7});
    trace_add(&t, &(struct trace_record){.op = POINT_SEND, .event = 8});
    trace_add(&t, &(struct trace_record){
                      .op = POINT_RECEIVE, .event = 9, .causes = events, .cause_count = 3});
    UNIT_INT(t.v[3].cause_count, 1);
    UNIT_INT(t.v[3].causes[0], 0);
    UNIT_INT(trace_step_of(&t, 8), 2);
    UNIT_INT(trace_step_of(&t, 7), -1);
    UNIT_INT(trace_step_of(&t, 100), -1);
    trace_release(&t);
}

struct counter {
    struct trace_watcher watcher;
    int looks, first, broken_from;
};

static void count(struct trace_watcher *w, struct trace *t, int first)
{
    struct counter *c = (struct counter *)w;

    c->looks++;
    c->first = first;
    for (int i = first; i < t->count; i++)
        t->v[i].broken = i >= c->broken_from ? 2 : 1;
}

static void test_watchers(void)
{
    struct counter c = {.watcher = {.look = count}, .broken_from = 2};
    struct trace t;

    trace_init(&t);
    t.watchers = &c.watcher;
    for (int i = 0; i < 4; i++) {
        add(&t, "A", 0, TRACE_STEP, POINT_MARK, "x", "");
        add(&t, "A", 0, TRACE_RECALL, 0, "x", "y");
        trace_look(&t);
    }
    UNIT_INT(c.looks, 4);
    UNIT_INT(c.first, 6);
    UNIT_INT(trace_broke_at(&t, 1), 2);  /* from there to the end */
    UNIT_INT(trace_broke_at(&t, 0), -1); /* it holds in the end */
    UNIT_INT(trace_broke_at(&t, 2), -1); /* always */
    c.broken_from = 0;
    trace_clear(&t);
    add(&t, "A", 0, TRACE_STEP, POINT_MARK, "x", "");
    trace_look(&t);
    UNIT_INT(trace_broke_at(&t, 1), 0); /* with the first step */
    trace_clear(&t);
    t.broken_before = 2;
    add(&t, "A", 0, TRACE_STEP, POINT_MARK, "x", "");
    trace_look(&t);
    UNIT_INT(trace_broke_at(&t, 1), -1); /* never: there is no first moment */
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
    UNIT_STR(quoted(&a, "a\nb\tc\x7f\x01\0z", 9), "a\\nb\\tc\\x7f\\x01\\x00z");
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
        struct history_life c = {.task = "i1", .record = {.created_at = i}};
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
        {"format", test_format},   {"asides", test_asides},     {"time", test_time},
        {"causes", test_causes},   {"watchers", test_watchers}, {"quote", test_quote},
        {"history", test_history},
    };
    unit_add("trace", tests, UNIT_COUNT(tests));
}
