#include "nodes/stream/batch.h"
#include "nodes/stream/stream_meta.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "a:int b:string" */
static struct schema schema_of(const char *text)
{
    struct schema s = {.count = 0};

    while (*text) {
        struct schema one = {.count = 1};
        int used = 0;

        CU_ASSERT(sscanf(text, "%63[^:]:%63[^ ] %n", one.v[0].name, one.v[0].type, &used) == 2);
        CU_ASSERT(schema_merge(&s, &one));
        text += used;
    }
    return s;
}

static const char *merged(struct arena *a, const char *into, const char *from)
{
    struct schema x = schema_of(into), y = schema_of(from);
    bool fits = schema_merge(&x, &y);

    return arena_printf(a, "%s%s", fits ? "" : "no ", schema_text(a, &x));
}

static void test_merge(void)
{
    struct arena a = {0};

    UNIT_STR(merged(&a, "", ""), "{}");
    UNIT_STR(merged(&a, "b:int", "a:int c:bool"), "{\"a\":\"int\",\"b\":\"int\",\"c\":\"bool\"}");
    UNIT_STR(merged(&a, "a:int", "a:int"), "{\"a\":\"int\"}");
    UNIT_STR(merged(&a, "a:int b:int", "0:x a:string"), "no {\"a\":\"int\",\"b\":\"int\"}");
    UNIT_STR(merged(&a, "B:x", "a:x A:x"), "{\"A\":\"x\",\"B\":\"x\",\"a\":\"x\"}");
    arena_release(&a);
}

static void test_merge_bounds(void)
{
    struct schema full = {.count = 0}, one = {.count = 1}, before;

    snprintf(one.v[0].type, sizeof one.v[0].type, "int");
    for (int i = 0; i < SCHEMA_MAX; i++) {
        snprintf(one.v[0].name, sizeof one.v[0].name, "f%d", SCHEMA_MAX - i);
        CU_ASSERT(schema_merge(&full, &one));
    }
    UNIT_INT(full.count, SCHEMA_MAX);
    for (int i = 1; i < SCHEMA_MAX; i++)
        CU_ASSERT(strcmp(full.v[i - 1].name, full.v[i].name) < 0);
    before = full;
    CU_ASSERT(schema_merge(&full, &one)); /* one that it has */
    snprintf(one.v[0].name, sizeof one.v[0].name, "more");
    CU_ASSERT(!schema_merge(&full, &one));
    CU_ASSERT(memcmp(&before, &full, sizeof full) == 0);
}

static void test_covers(void)
{
    struct schema ab = schema_of("a:int b:string"), a = schema_of("a:int");
    struct schema other = schema_of("a:string"), none = schema_of(""), ac = schema_of("a:int c:x");

    CU_ASSERT(schema_covers(&ab, &a) && !schema_covers(&a, &ab));
    CU_ASSERT(schema_covers(&a, &none) && !schema_covers(&none, &a));
    CU_ASSERT(!schema_covers(&ab, &other));
    CU_ASSERT(schema_has(&ab, "b") && !schema_has(&ab, "c") && !schema_has(&none, ""));
    CU_ASSERT(schema_equal(&ab, &ab) && schema_equal(&none, &none));
    CU_ASSERT(!schema_equal(&ab, &ac) && !schema_equal(&ab, &a) && !schema_equal(&a, &other));
}

/* A static schema takes no more fields, and is one after it was written and read, too. */
static void test_static(void)
{
    struct schema ab = schema_of("a:int b:string"), a = schema_of("a:int"), c = schema_of("c:x");
    struct record r = {.stream = "app", .incarnation = "i1-1", .owner = "i1"}, read = r;
    struct arena arena = {0};
    const char *text;

    ab.is_static = true;
    CU_ASSERT(schema_merge(&ab, &a) && !schema_merge(&ab, &c) && ab.count == 2);
    CU_ASSERT(schema_merge(&c, &ab) && !c.is_static);
    r.schema.is_static = true;
    text = record_text(&arena, &r);
    CU_ASSERT(record_parse(text, strlen(text), &read) && read.schema.is_static);
    r.schema.is_static = false;
    text = record_text(&arena, &r);
    CU_ASSERT(record_parse(text, strlen(text), &read) && !read.schema.is_static);
    arena_release(&arena);
}

static const struct record sample = {
    .stream = "app", .created_at = 7, .incarnation = "i1-1", .owner = "i1"};

static void test_text(void)
{
    struct arena a = {0};
    const char *text = record_text(&a, &sample);
    struct record back = {.schema = {.count = 3}};

    UNIT_STR(text,
             "{\"stream\":\"app\",\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}");
    CU_ASSERT(record_parse(text, strlen(text), &back));
    CU_ASSERT(record_same(&back, &sample));
    UNIT_STR(back.stream, "app");
    UNIT_STR(back.owner, "i1");
    UNIT_INT(back.schema.count, 3); /* left alone */
    arena_release(&a);
}

static void test_same(void)
{
    struct record other = sample;

    snprintf(other.owner, sizeof other.owner, "i2"); /* not part of the definition */
    CU_ASSERT(record_same(&sample, &other));
    other.created_at = 8;
    CU_ASSERT(!record_same(&sample, &other));
    other = sample;
    snprintf(other.incarnation, sizeof other.incarnation, "i2-1");
    CU_ASSERT(!record_same(&sample, &other));
}

typedef bool parse_fn(const char *text, size_t len);

static bool parse_record(const char *text, size_t len)
{
    struct record r = sample;
    bool whole = record_parse(text, len, &r);

    CU_ASSERT(whole || memcmp(&r, &sample, sizeof r) == 0); /* untouched if it is refused */
    return whole;
}

static bool parse_schema(const char *text, size_t len)
{
    struct schema s = {.count = -1};
    bool whole = schema_parse(text, len, &s);

    CU_ASSERT(whole || s.count == -1);
    return whole;
}

static bool parse_batch(const char *text, size_t len)
{
    struct arena a = {0};
    struct batch b;
    bool whole = batch_parse(&a, text, len, &b);

    arena_release(&a);
    return whole;
}

/* What a reader finds of a text of which only the first bytes are there, or whose end is zeroes, or
 * the old text. Only the whole text is accepted. In memory of just that size, so that a read behind
 * its end is seen. */
static void check_torn(const char *text, parse_fn *parse)
{
    size_t len = strlen(text);

    CU_ASSERT(parse(text, len));
    for (size_t cut = 0; cut < len; cut++) {
        char *torn = mem_grow(NULL, cut ? cut : 1, 1);
        char *zeroes = mem_alloc(len);

        memcpy(torn, text, cut);
        memcpy(zeroes, text, cut);
        CU_ASSERT(!parse(torn, cut));
        CU_ASSERT(!parse(zeroes, len));
        free(torn);
        free(zeroes);
    }
}

static void test_torn(void)
{
    struct arena a = {0};
    struct schema s = schema_of("a:int b:string");

    check_torn(record_text(&a, &sample), parse_record);
    check_torn(schema_text(&a, &s), parse_schema);
    check_torn(batch_text(&a, &s, "i1.1 i1.2", "i1-1"), parse_batch);
    arena_release(&a);
}

static void check_refused(const char *const *texts, parse_fn *parse)
{
    for (; *texts; texts++)
        if (parse(*texts, strlen(*texts)))
            UNIT_STR(*texts, "refused");
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123" /* 64 */

static void test_refused(void)
{
    static const char *const records[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"stream\":\"app\",\"created_at\":7,\"incarnation\":\"i1-1\"}",
        "{\"stream\":\"app\",\"created_at\":7,\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":7,\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"created_at\":\"7\",\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"created_at\":-1,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"created_at\":0.5,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":\"" LONG "\",\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"created_at\":7,\"incarnation\":\"" LONG "\",\"owner\":\"i1\"}",
        "{\"stream\":\"app\",\"created_at\":7,\"incarnation\":\"i1-1\",\"owner\":\"" LONG "\"}",
        NULL};
    static const char *const schemas[] = {
        "",
        "null",
        "[]",
        "{\"a\":1}",
        "{\"a\":\"int\",\"b\":null}",
        "{\"a\":\"int\",\"a\":\"int\"}",
        "{\"" LONG "\":\"int\"}",
        "{\"a\":\"" LONG "\"}",
        "{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\","
        "\"g\":\"\",\"h\":\"\",\"i\":\"\",\"j\":\"\",\"k\":\"\",\"l\":\"\","
        "\"m\":\"\",\"n\":\"\",\"o\":\"\",\"p\":\"\",\"q\":\"\"}",
        NULL};

    check_refused(records, parse_record);
    check_refused(schemas, parse_schema);
}

/* --- batches -------------------------------------------------------------------------------- */

static void test_batch(void)
{
    struct arena a = {0};
    struct schema s = schema_of("a:int");
    const char *text = batch_text(&a, &s, "i1.1 i1.2", "i1-1");
    struct batch b;

    UNIT_STR(text, "{\"schema\":{\"a\":\"int\"},\"events\":\"i1.1 i1.2\","
                   "\"incarnation\":\"i1-1\"}");
    CU_ASSERT(batch_parse(&a, text, strlen(text), &b));
    CU_ASSERT(schema_equal(&b.schema, &s));
    UNIT_STR(b.events, "i1.1 i1.2");
    UNIT_INT(b.count, 2);
    UNIT_STR(b.incarnation, "i1-1");
    text = batch_text(&a, &s, "", "i1-1");
    CU_ASSERT(batch_parse(&a, text, strlen(text), &b));
    UNIT_INT(b.count, 0);
    text = batch_text(&a, &s, "i1.1", "i1-1");
    CU_ASSERT(batch_parse(&a, text, strlen(text), &b));
    UNIT_INT(b.count, 1);
    arena_release(&a);
}

static void test_batch_refused(void)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"schema\":{\"a\":\"int\"}}",
        "{\"events\":\"i1.1\",\"incarnation\":\"i1-1\"}",
        "{\"schema\":{\"a\":\"int\"},\"events\":\"i1.1\"}",
        "{\"schema\":[],\"events\":\"i1.1\",\"incarnation\":\"i1-1\"}",
        "{\"schema\":{\"a\":1},\"events\":\"i1.1\",\"incarnation\":\"i1-1\"}",
        "{\"schema\":{\"a\":\"int\"},\"events\":1,\"incarnation\":\"i1-1\"}",
        NULL};

    check_refused(texts, parse_batch);
}

void suite_stream_meta(void)
{
    static const struct unit_test tests[] = {
        {"merge", test_merge},   {"merge_bounds", test_merge_bounds},
        {"covers", test_covers}, {"static", test_static},
        {"text", test_text},     {"same", test_same},
        {"torn", test_torn},     {"refused", test_refused},
        {"batch", test_batch},   {"batch_refused", test_batch_refused},
    };
    unit_add("stream_meta", tests, UNIT_COUNT(tests));
}
