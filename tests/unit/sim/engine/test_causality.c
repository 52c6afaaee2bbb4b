#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

/* A writer, and one who watches d from the start and reads n events. Under posix. */
#define WATCHED(writer, n)                                                                         \
    "{'fsrace': 1, 'name': 't', 'cluster': {'store': {'semantics': 'posix'}, 'nodes': {'w': "      \
    "{'role': 'actor'}, 'r': {'role': 'actor'}}}, 'init': [ {'mkdir': 'd'} ], 'work': {'w': "      \
    "[" writer "], 'r': [ {'watch': 'd'}, {'repeat': " n                                           \
    ", 'do': [ {'next_event': true, 'timeout_ms': 5} ]} ]}, 'order': [ {'run': 'r', 'through': "   \
    "'watch.add *'}, {'run': 'w'} ]}"

static const struct trace_record *find(const struct trace *t, int op, int nth)
{
    for (int i = 0; i < t->count; i++)
        if (t->v[i].kind == TRACE_STEP && t->v[i].op == op && nth-- == 0)
            return &t->v[i];
    return NULL;
}

/* The step that the n-th watch.next is said to come from, "fs.create d/a"; "" if from none. */
static const char *came_from(struct lab *l, int nth)
{
    const struct trace_record *r = find(&l->trace, WATCH_NEXT, nth);
    struct strbuf text = STRBUF_INIT;
    const char *words;

    if (!r || r->cause_count != 1)
        return r ? "" : "(no such event)";
    trace_words(&l->trace.v[r->causes[0]], &text);
    words = arena_strdup(&l->arena, text.s);
    strbuf_release(&text);
    return words;
}

/* What the kernel tells in two events is of two steps: the creation, and the close. */
static void test_create_and_close(void)
{
    struct lab l;

    if (lab_runs(&l, WATCHED("{'create_excl': 'd/a', 'data': 'x'}, {'create_excl': 'd/b'}", "4"),
                 END_DONE)) {
        UNIT_STR(came_from(&l, 0), "fs.create_excl d/a = ok");
        UNIT_STR(came_from(&l, 1), "fs.close d/a = ok");
        UNIT_STR(came_from(&l, 2), "fs.create_excl d/b = ok");
        UNIT_STR(came_from(&l, 3), "fs.close d/b = ok");
    }
    lab_close(&l);
}

/* The same name again is another step. */
static void test_again(void)
{
    struct lab l;

    if (lab_runs(
            &l,
            WATCHED("{'mkdir': 'd/x'}, {'rmdir': 'd/x'}, {'mkdir': 'd/x'}, {'mkdir': 'd/y'}", "5"),
            END_DONE)) {
        const struct trace_record *third;

        UNIT_STR(came_from(&l, 0), "fs.mkdir d/x = ok");
        UNIT_STR(came_from(&l, 1), "fs.rmdir d/x = ok");
        third = find(&l.trace, WATCH_NEXT, 2);
        CU_ASSERT_PTR_NOT_NULL_FATAL(third);
        UNIT_INT(third->cause_count, 1);
        CU_ASSERT_PTR_EQUAL(&l.trace.v[third->causes[0]], find(&l.trace, FS_MKDIR, 1));
        UNIT_STR(came_from(&l, 3), "fs.mkdir d/y = ok");
        UNIT_STR(came_from(&l, 4), ""); /* timed out */
    }
    lab_close(&l);
}

/* A step that failed caused nothing. */
static void test_failed(void)
{
    struct lab l;

    if (lab_runs(&l, WATCHED("{'rmdir': 'd/x'}, {'unlink': 'd/x'}, {'mkdir': 'd/x'}", "1"),
                 END_DONE))
        UNIT_STR(came_from(&l, 0), "fs.mkdir d/x = ok");
    lab_close(&l);
}

/* A message's receiver names its sender, and what was lost has no receiver. */
static void test_messages(void)
{
    struct lab l;

    if (lab_runs(&l,
                 "{'fsrace': 1, 'name': 't', 'cluster': {'create': 'proxy', 'sync': {'notify': "
                 "false, 'scan_ms': 0}, 'nodes': {'i1': {'role': 'ingestor'}, 'q1': {'role': "
                 "'querier'}}}, 'work': {'i1': [ {'create': 'app'} ]}, 'faults': [ {'drop': "
                 "'create', 'from': 'i1', 'to': 'q1'} ]}",
                 END_DONE)) {
        const struct trace_record *lost = find(&l.trace, POINT_SEND, 0),
                                  *sent = find(&l.trace, POINT_SEND, 1),
                                  *got = find(&l.trace, POINT_RECEIVE, 0),
                                  *answer = find(&l.trace, POINT_AWAIT, 1);

        CU_ASSERT_FATAL(lost && sent && got && answer);
        UNIT_INT(lost->fate, FATE_LOST);
        UNIT_INT(sent->fate, FATE_PLAIN);
        UNIT_INT(got->cause_count, 1);
        CU_ASSERT_PTR_EQUAL(&l.trace.v[got->causes[0]], sent);
        CU_ASSERT_PTR_EQUAL(&l.trace.v[answer->causes[0]], find(&l.trace, POINT_ANSWER, 0));
        UNIT_INT(find(&l.trace, POINT_AWAIT, 0)->cause_count, 0); /* timed out */
    }
    lab_close(&l);
}

void suite_causality(void)
{
    static const struct unit_test tests[] = {
        {"create and close", test_create_and_close},
        {"again", test_again},
        {"failed", test_failed},
        {"messages", test_messages},
    };
    unit_add("causality", tests, UNIT_COUNT(tests));
}
