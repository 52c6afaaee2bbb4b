/* Texts with registers in them: sim/workload/template.h. */
#include "sim/workload/template.h"
#include "tests/unit/unit.h"
#include <string.h>

static const char *const registers[] = {"A.r", "A.long", "B.none", NULL};

static const char *value(void *ctx, const char *reg)
{
    const char *text = ctx;

    return strcmp(reg, "B.none") == 0 ? NULL : text;
}

static void check(const char *text, char *of_r, const char *expected)
{
    struct arena a = {0};
    const char *wrong = NULL, *got;
    struct template *t = template_parse(text, registers, "A", &a, &wrong);

    CU_ASSERT_FATAL(t != NULL);
    got = template_expand(t, value, of_r, &a);
    UNIT_STR(got, expected);
    if (t->plain)
        UNIT_STR(t->plain, expected);
    else
        CU_ASSERT(strstr(text, "${") != NULL);
    arena_release(&a);
}

static void test_texts(void)
{
    char v[] = "v", reference[] = "${A.r}";

    check("", v, "");
    check("plain", v, "plain");
    check("${A.r}", v, "v");
    check("a${A.r}b${A.r}", v, "avbv");
    check("[${B.none}]", v, "[]");
    check("$$", v, "$");
    check("$${A.r}", v, "${A.r}");
    check("$$${A.r}$", v, "$v$");
    check("5 $ and $a", v, "5 $ and $a");
    check("${self}.${self.r}", v, "A.v");
    check("x${self}", v, "xA");
    check("${A.r}", reference, "${A.r}"); /* what is filled in is not looked at again */
}

static void check_wrong(const char *text, const char *self, const char *expected)
{
    struct arena a = {0};
    const char *wrong = NULL;

    CU_ASSERT(template_parse(text, registers, self, &a, &wrong) == NULL);
    UNIT_STR(wrong, expected);
    arena_release(&a);
}

static void test_wrong(void)
{
    check_wrong("${A.x}", "A", "A.x");
    check_wrong("a ${A.r", "A", "A.r");
    check_wrong("${}", "A", "");
    check_wrong("${self}", NULL, "self");
    check_wrong("${self.x}", "A", "self.x");
}

static void test_length(void)
{
    struct arena a = {0};
    char *long_one = arena_alloc(&a, TEMPLATE_MAX + 1);
    const char *wrong;

    memset(long_one, 'x', TEMPLATE_MAX);
    CU_ASSERT(template_expand(template_parse("${A.r}", registers, NULL, &a, &wrong), value,
                              long_one, &a) != NULL);
    CU_ASSERT(template_expand(template_parse("${A.r}y", registers, NULL, &a, &wrong), value,
                              long_one, &a) == NULL);
    arena_release(&a);
}

void suite_template(void)
{
    static const struct unit_test tests[] = {
        {"texts", test_texts}, {"wrong ones", test_wrong}, {"length", test_length}};

    unit_add("template", tests, UNIT_COUNT(tests));
}
