/* What a page for the browser is made of: texts by number, what changes from step to step, the nearest passing execution, and data
 * that cannot become markup. */
#include "sim/explore/explain/nearest.h"
#include "sim/report/page/page.h"
#include "sim/report/page/property_text.h"
#include "sim/report/page/snapshots.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

#define TWO(a, b)                                                                                  \
    "{'fsrace': 1, 'name': 't', 'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': "      \
    "'actor'}}}, 'work': {'A': [" a "], 'B': [" b "]}"

static void test_words(void)
{
    struct words w = {.count = 0};
    struct strbuf sb = STRBUF_INIT;
    char text[16];

    UNIT_INT(words_number(&w, "a"), 0);
    UNIT_INT(words_number(&w, ""), 1);
    UNIT_INT(words_number(&w, "a"), 0);
    words_json(&w, &sb);
    UNIT_STR(sb.s, "[\"a\",\"\"]");
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "word %d", i);
        UNIT_INT(words_number(&w, text), i + 2);
    }
    UNIT_INT(words_number(&w, "word 7"), 9);
    words_release(&w);
    strbuf_release(&sb);
}

/* "0 file f = x, 2 file f gone": record, kind, name, value. */
static const char *told(struct lab *l, const struct film *f)
{
    const char *all = "";

    for (int i = 0; i < f->count; i++) {
        const struct film_change *c = &f->v[i];

        all = arena_printf(&l->arena, "%s%s%d %s %s %s", all, *all ? ", " : "", c->record,
                           fact_names[c->fact.kind], c->fact.name,
                           c->fact.value ? c->fact.value : "gone");
    }
    return all;
}

static void is_filmed(const char *text, const char *want)
{
    struct film film;
    struct lab l;

    if (lab_open(&l, text)) {
        film_init(&film, l.search->cluster, &l.trace);
        lab_run(&l);
        UNIT_STR(told(&l, &film), want);
        lab_reset(&l);
        l.trace.watchers = NULL;
        film_release(&film);
    }
    lab_close(&l);
}

static void test_film_of_files(void)
{
    is_filmed(
        TWO("{'mkdir': 'd'}, {'write': 'd/f', 'data': 'x\\ny'}, {'write': 'd/f', 'data': 'x\\ny'}, "
            "{'append': 'd/f', 'data': 'z'}, {'unlink': 'd/f'}",
            "{'sleep_ms': 5}") "}",
        "-1 node A up, -1 node B up, 0 dir d , 1 file d/f x\\ny, 3 file d/f x\\nyz, 4 file d/f "
        "gone");
}

static void test_film_of_registers(void)
{
    is_filmed(TWO("{'stat': 'f', 'as': 'got'}", "{'note': 'n'}") "}",
              "-1 node A up, -1 node B up, 1 register A.got ENOENT");
}

static void test_film_of_markers(void)
{
    is_filmed(TWO("{'mkdir': '.markers'}, {'write': '.markers/app.1', 'data': ''}, {'write': "
                  "'.markers/app.1', 'data': '{\\'owner\\': \\'i1\\', \\'incarnation\\': \\'\\', "
                  "\\'fence\\': 1, \\'until_ms\\': 9, \\'done\\': false}'}",
                  "") "}",
              "-1 node A up, -1 node B up, 0 dir .markers , 1 file .markers/app.1 , 1 marker "
              ".markers/app.1 nobody has signed it yet, 2 file .markers/app.1 {\"owner\": \"i1\", "
              "\"incarnation\": \"\", \"fence\": 1, \"until_ms\": 9, \"done\": false}, 2 marker "
              ".markers/app.1 i1 until 9 ms");
}

static void test_film_of_nodes(void)
{
    is_filmed("{'fsrace': 1, 'name': 't', 'cluster': {'sync': {'notify': false, 'scan_ms': 0}, "
              "'nodes': {'i1': {'role': 'ingestor'}}}, 'work': {'i1': [{'create': 'app'}, {'stop': "
              "true}]}}",
              "-1 node i1 up, 2 lock i1 app i1, 6 dir app , 6 dir app/.stream , 6 file "
              "app/.stream/.ingestor.i1.schema {}, 10 file app/.stream/.ingestor.i1.stream.json "
              "{\"stream\":\"app\",\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}, 10 "
              "knows i1 app i1-1, created 7 ms, 12 lock i1 app gone, 13 node i1 down, 13 knows i1 "
              "app gone");
}

/* A look is no step: the same scenario, filmed and not, is told alike. */
static void test_film_leaves_no_trace(void)
{
    const char *text =
        "{'fsrace': 1, 'name': 't', 'cluster': {'store': {'semantics': 'posix'}, 'nodes': {'A': "
        "{'role': 'actor'}, 'B': {'role': 'actor'}}}, 'work': {'A': [{'watch': '.'}, "
        "{'next_event': true, 'as': 'e'}, {'next_event': true, 'as': 'e'}], 'B': [{'write': "
        "'f', 'data': 'x'}]}, 'order': [{'run': 'A', 'until': 'watch.next'}]}";
    struct film film;
    const char *plain;
    struct lab l;

    if (lab_open(&l, text)) {
        lab_run(&l);
        plain = lab_trace(&l);
        UNIT_STR(lab_why(&l, "no_torn_read"), "");
        lab_reset(&l);
        trace_clear(&l.trace);
        film_init(&film, l.search->cluster, &l.trace);
        lab_run(&l);
        UNIT_STR(lab_trace(&l), plain);
        UNIT_STR(lab_why(&l, "no_torn_read"), "");
        lab_reset(&l);
        l.trace.watchers = NULL;
        film_release(&film);
    }
    lab_close(&l);
}

/* --- nearest --- */

static void is_nearest(const char *text, bool any, int common, int first, int second)
{
    struct nearest n;
    struct lab l;

    if (lab_open(&l, text)) {
        lab_search(&l);
        UNIT_INT(nearest_passing(l.search, lab_tally(&l, "p"), &n, &l.err), OK);
        UNIT_INT(n.passing.any, any);
        UNIT_INT(n.common, common);
        UNIT_INT(n.race[0], first);
        UNIT_INT(n.race[1], second);
        nearest_release(&n);
    }
    lab_close(&l);
}

/* Events: A's note, A's stat, B's write. The other way round, A finds it. */
static void test_nearest(void)
{
    is_nearest(TWO("{'note': 'n'}, {'stat': 'f', 'as': 'got'}",
                   "{'write': 'f', 'data': 'x'}") ", 'properties': "
                                                  "{'p': {'finally': {'A.got': 'file'}}}}",
               true, 1, 1, 2);
}

static void test_nearest_that_is_none(void)
{
    is_nearest(TWO("{'stat': 'f', 'as': 'got'}",
                   "{'note': 'n'}") ", 'properties': {'p': {'finally': {'A.got': "
                                    "'file'}}}}",
               false, 0, -1, -1);
    is_nearest(TWO("{'stat': 'f', 'as': 'got'}",
                   "{'write': 'f'}") ", 'properties': {'p': {'finally': {'A.got': "
                                     "'file'}}}, 'order': [{'run': 'A'}]}",
               false, 0, -1, -1);
}

/* The writer has to wait for two steps of the watcher, not for one. */
static void test_nearest_goes_on(void)
{
    is_nearest(
        TWO("{'mkdir': 'd'}, {'write': 'd/f', 'data': 'x'}",
            "{'watch': '.'}, {'next_event': true}, {'watch': 'd'}, "
            "{'next_event': true, 'timeout_ms': 10, 'as': 'e'}") ", 'order': [{'run': 'B', "
                                                                 "'through': 'watch.add .'}, "
                                                                 "{'then': 'all'}], 'properties': "
                                                                 "{'p': {'finally': {'B.e': "
                                                                 "'CREATE d/f'}}}}",
        true, 2, 2, 4);
}

/* A crash before the last step would do, and is nearer; but another order does as well. */
static void test_nearest_spares_faults(void)
{
    is_nearest(TWO("{'stat': 'f', 'as': 'got'}, {'note': 'n'}, {'put': 'g', 'data': 'x'}",
                   "{'write': 'f', 'data': 'x'}") ", 'faults': [{'crash': 'A', 'anywhere': true}], "
                                                  "'properties': {'p': {'finally': "
                                                  "{'not': {'all': [{'A.got': 'ENOENT'}, "
                                                  "{'exists:g': true}]}}}}}",
               true, 0, 0, 3);
}

/* --- what a property says --- */

static void is_said(const char *kind, const char *predicate, const char *want)
{
    struct strbuf says = STRBUF_INIT;
    struct arena a = {.used = 0};
    struct lab l;

    if (lab_open(&l, arena_printf(&a, "%s, 'properties': {'p': {'%s': %s}}}",
                                  TWO("{'stat': 'f', 'as': 'got'}", "{'stat': 'f', 'as': 'got'}"),
                                  kind, predicate))) {
        meaning_of(lab_tally(&l, "p"), &says);
        UNIT_STR(says.s, want);
    }
    lab_close(&l);
    strbuf_release(&says);
    arena_release(&a);
}

static void test_meaning(void)
{
    struct strbuf says = STRBUF_INIT;

    is_said("finally", "{'at_most': 1, 'of': [{'A.got': 'file'}, {'B.got': {'ne': 'file'}}]}",
            "at the end: at most 1 of (A.got = file, B.got is not file)");
    is_said("invariant", "{'all': [{'exists:f': true}, {'not': {'exists:d/g': false}}]}",
            "after every step: f is there and not (d/g is not there)");
    is_said("finally", "{'any': [{'content:f': ''}, {'json:f#/a/b': {'ge': 2}}]}",
            "at the end: (content:f = (nothing) or json:f#/a/b >= 2)");
    for (int i = 0; checks[i].name; i++) {
        strbuf_clear(&says);
        meaning_of(&(struct tally){.name = checks[i].name, .check = &checks[i]}, &says);
        CU_ASSERT(says.len > 0);
    }
    strbuf_release(&says);
}

/* --- the file --- */

static void test_data_is_no_markup(void)
{
    struct strbuf data = STRBUF_INIT, html = STRBUF_INIT;
    const char *json;

    strbuf_adds(&data, "\"</script><!-- & \xe2\x80\xa8\xe2\x80\xa9 @DATA@ \xe2\x82\xac\"");
    html_page(&data, &html);
    json = strstr(html.s, "id=\"data\">");
    CU_ASSERT_FATAL(json != NULL);
    CU_ASSERT(strncmp(json + 10,
                      "\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 @DATA@ "
                      "\xe2\x82\xac\"</script>",
                      strlen("\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 @DATA@ "
                             "\xe2\x82\xac\"</script>")) == 0);
    UNIT_INT((int64_t)strlen(html.s), (int64_t)html.len);
    strbuf_release(&data);
    strbuf_release(&html);
}

void suite_page(void)
{
    static const struct unit_test tests[] = {
        {"words", test_words},
        {"film: files", test_film_of_files},
        {"film: registers", test_film_of_registers},
        {"film: markers", test_film_of_markers},
        {"film: nodes", test_film_of_nodes},
        {"film: leaves no trace", test_film_leaves_no_trace},
        {"nearest", test_nearest},
        {"nearest: none", test_nearest_that_is_none},
        {"nearest: goes on", test_nearest_goes_on},
        {"nearest: spares faults", test_nearest_spares_faults},
        {"meaning", test_meaning},
        {"data is no markup", test_data_is_no_markup},
    };

    unit_add("page", tests, UNIT_COUNT(tests));
}
