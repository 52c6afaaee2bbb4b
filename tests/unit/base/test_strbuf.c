#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_empty(void)
{
    struct strbuf sb = STRBUF_INIT;
    char *taken;

    UNIT_STR(sb.s, "");
    strbuf_add(&sb, "", 0);
    strbuf_adds(&sb, "");
    strbuf_printf(&sb, "%s", "");
    strbuf_clear(&sb);
    CU_ASSERT(sb.s == strbuf_empty && sb.len == 0);
    taken = strbuf_take(&sb);
    UNIT_STR(taken, "");
    free(taken);
    strbuf_release(&sb);
    UNIT_INT(strbuf_empty[0], 0);
}

static void test_growth(void)
{
    struct strbuf sb = STRBUF_INIT;

    for (size_t i = 0; i < 10000; i++) {
        strbuf_addc(&sb, (char)('a' + i % 26));
        CU_ASSERT_FATAL(sb.len == i + 1 && sb.s[i + 1] == '\0' && sb.len < sb.cap);
    }
    for (size_t i = 0; i < 10000; i++)
        CU_ASSERT_FATAL(sb.s[i] == (char)('a' + i % 26));
    strbuf_release(&sb);
    CU_ASSERT(sb.s == strbuf_empty && sb.len == 0 && sb.cap == 0);
}

static void test_nul_bytes(void)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_add(&sb, "a\0b", 3);
    strbuf_addc(&sb, '\0');
    strbuf_adds(&sb, "c");
    UNIT_INT((int64_t)sb.len, 5);
    CU_ASSERT(memcmp(sb.s, "a\0b\0c", 6) == 0);
    strbuf_release(&sb);
}

/* Printed text that just fits, and text that just does not. */
static void test_printf(void)
{
    for (int n = 0; n < 200; n++) {
        struct strbuf sb = STRBUF_INIT;
        strbuf_adds(&sb, "12345");
        strbuf_printf(&sb, "%*d|", n, 7);
        UNIT_INT((int64_t)sb.len, 5 + (n > 1 ? n : 1) + 1);
        UNIT_INT((int64_t)strlen(sb.s), (int64_t)sb.len);
        CU_ASSERT(sb.s[sb.len - 2] == '7' && sb.s[sb.len - 1] == '|');
        strbuf_release(&sb);
    }
}

static void test_pad(void)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_adds(&sb, "ab");
    strbuf_pad(&sb, 5);
    strbuf_adds(&sb, "c");
    strbuf_pad(&sb, 3);
    UNIT_STR(sb.s, "ab   c");
    strbuf_release(&sb);
}

static void test_clear_and_take(void)
{
    struct strbuf sb = STRBUF_INIT;
    const char *memory;
    char *taken;

    strbuf_adds(&sb, "abc");
    memory = sb.s;
    strbuf_clear(&sb);
    UNIT_STR(sb.s, "");
    CU_ASSERT(sb.s == memory && sb.len == 0);
    strbuf_adds(&sb, "de");
    taken = strbuf_take(&sb);
    CU_ASSERT(taken == memory);
    UNIT_STR(taken, "de");
    UNIT_STR(sb.s, "");
    free(taken);
}

static void check_json(const char *s, const char *expected)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_json(&sb, s);
    UNIT_STR(sb.s, expected);
    strbuf_release(&sb);
}

static void test_json(void)
{
    check_json("", "\"\"");
    check_json("a/b", "\"a/b\"");
    check_json("a\"b\\c", "\"a\\\"b\\\\c\"");
    check_json("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    check_json("\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"");
    check_json("\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    check_json("a\xff\xc3", "\"a\\ufffd\\ufffd\"");
    check_json("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
}

static void check_utf8(const char *s, size_t expected)
{
    if (utf8_len(s, strlen(s)) != expected)
        printf("utf8_len(\"%s\") is %zu\n", s, utf8_len(s, strlen(s)));
    CU_ASSERT(utf8_len(s, strlen(s)) == expected);
}

static void test_utf8(void)
{
    check_utf8("", 0);
    check_utf8("ab", 1);
    check_utf8("\xc2\x80", 2);
    check_utf8("\xdf\xbfx", 2);
    check_utf8("\xe0\xa0\x80", 3);
    check_utf8("\xed\x9f\xbf", 3);
    check_utf8("\xee\x80\x80", 3);
    check_utf8("\xf0\x90\x80\x80", 4);
    check_utf8("\xf4\x8f\xbf\xbf", 4);
    check_utf8("\x80", 0);
    check_utf8("\xc1\xbf", 0);         /* overlong */
    check_utf8("\xe0\x9f\xbf", 0);     /* overlong */
    check_utf8("\xf0\x8f\xbf\xbf", 0); /* overlong */
    check_utf8("\xed\xa0\x80", 0);     /* surrogate */
    check_utf8("\xf4\x90\x80\x80", 0); /* beyond U+10FFFF */
    check_utf8("\xf5\x80\x80\x80", 0);
    check_utf8("\xe2\x82", 0);
    check_utf8("\xe2\x82x", 0);
    UNIT_INT((int64_t)utf8_len("\xc3\xa9", 1), 0);
}

static void check_shell(const char *s, const char *expected)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_shell(&sb, s);
    UNIT_STR(sb.s, expected);
    strbuf_release(&sb);
}

static void test_shell(void)
{
    check_shell("", "''");
    check_shell("--seed=42", "--seed=42");
    check_shell("a/b.json:3,@%+_-", "a/b.json:3,@%+_-");
    check_shell("a b", "'a b'");
    check_shell("it's", "'it'\\''s'");
    check_shell("'", "''\\'''");
    check_shell("$(x)", "'$(x)'");
    check_shell("~", "'~'");
    check_shell("a\nb", "'a\nb'");
    check_shell("\xc3\xa9", "'\xc3\xa9'");
}

/* The shell gives back every byte of what it was given. */
static void test_shell_for_real(void)
{
    struct strbuf command = STRBUF_INIT;
    char bytes[256], back[300];
    size_t got = 0;
    FILE *p;

    for (int i = 1; i < 256; i++)
        bytes[i - 1] = (char)i;
    bytes[255] = '\0';
    strbuf_adds(&command, "LC_ALL=C printf %s ");
    strbuf_shell(&command, bytes);
    p = popen(command.s, "r");
    CU_ASSERT_FATAL(p != NULL);
    got = fread(back, 1, sizeof(back), p);
    UNIT_INT(pclose(p), 0);
    CU_ASSERT(got == 255 && memcmp(bytes, back, 255) == 0);
    strbuf_release(&command);
}

static void visible(const char *text, const char *seen)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_visible(&sb, text);
    UNIT_STR(sb.s, seen);
    CU_ASSERT(text_is_visible(text) == (strcmp(text, seen) == 0));
    CU_ASSERT(text_is_visible(sb.s));
    strbuf_release(&sb);
}

/* What a terminal or a log would obey. */
static void test_visible(void)
{
    visible("", "");
    visible("a b \\ \"\xc3\xa4\xe2\x82\xac\"", "a b \\ \"\xc3\xa4\xe2\x82\xac\"");
    visible("a\n::error::b\tc\r", "a\\n::error::b\\tc\\x0d");
    visible("\x1b[2J\x7f", "\\x1b[2J\\x7f");
    visible("\xc2\x9b\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6", "\\x9b\\u2028\\u202e\\u2066");
    visible("\xff\xc3", "\\xff\\xc3");
}

void suite_strbuf(void)
{
    static const struct unit_test tests[] = {
        {"empty", test_empty},
        {"growth", test_growth},
        {"nul bytes", test_nul_bytes},
        {"printf", test_printf},
        {"pad", test_pad},
        {"clear and take", test_clear_and_take},
        {"json", test_json},
        {"utf8", test_utf8},
        {"visible", test_visible},
        {"shell", test_shell},
        {"shell for real", test_shell_for_real},
    };
    unit_add("strbuf", tests, UNIT_COUNT(tests));
}
