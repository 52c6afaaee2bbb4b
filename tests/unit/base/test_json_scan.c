#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json_doc *parse(const char *text)
{
    struct err err = ERR_INIT;
    struct json_doc *doc = json_parse("t", text, strlen(text), &err);

    UNIT_STR(err.story, "");
    CU_ASSERT_FATAL(doc != NULL);
    return doc;
}

static void check_wrong_bytes(const char *text, size_t len, const char *story)
{
    struct err err = ERR_INIT;
    struct json_doc *doc = json_parse("t", text, len, &err);

    CU_ASSERT(doc == NULL);
    UNIT_INT(err.code, ERR_INPUT);
    UNIT_STR(err.story, story);
    json_free(doc);
}

static void check_wrong(const char *text, const char *story)
{
    check_wrong_bytes(text, strlen(text), story);
}

static void check_print(const char *text, const char *expected)
{
    struct json_doc *doc = parse(text);
    struct json root = json_root(doc);
    char *printed = json_print(&root);

    UNIT_STR(printed, expected);
    free(printed);
    json_free(doc);
}

static void test_values(void)
{
    check_print("null", "null");
    check_print(" \t\r\n true \n", "true");
    check_print("{ \"b\" : [ ] , \"a\" : { } }", "{\"b\":[],\"a\":{}}");
    check_print("[false,-0.5,\"x\",[1],{\"k\":null}]", "[false,-0.5,\"x\",[1],{\"k\":null}]");
    check_print("{\"\":1,\"A\":2,\"a\":3}", "{\"\":1,\"A\":2,\"a\":3}");
}

static void test_syntax(void)
{
    check_wrong("", "t:1:1: expected a value, found end of file");
    check_wrong("\n \n", "t:3:1: expected a value, found end of file");
    check_wrong("[1,]", "t:1:4: expected a value, found ']'");
    check_wrong("[1 2]", "t:1:4: expected ',' or ']', found '2'");
    check_wrong("[1}", "t:1:3: expected ',' or ']', found '}'");
    check_wrong("{\"a\":1,}", "t:1:8: expected a key in double quotes, found '}'");
    check_wrong("{a:1}", "t:1:2: expected a key in double quotes, found 'a'");
    check_wrong("{\"a\" 1}", "t:1:6: expected ':' behind the key, found '1'");
    check_wrong("{\"a\":1 \"b\":2}", "t:1:8: expected ',' or '}', found '\"'");
    check_wrong("{\"a\":\n  tru}", "t:2:3: expected a value, found 'tru'");
    check_wrong("truex", "t:1:1: expected a value, found 'truex'");
    check_wrong("NaN", "t:1:1: expected a value, found 'NaN'");
    check_wrong("[]\n[]", "t:2:1: expected end of file, found '['");
    check_wrong("{} x", "t:1:4: expected end of file, found 'x'");
    check_wrong("[1, // one\n2]", "t:1:5: expected a value, found '/' (JSON has no comments)");
    check_wrong("['a']", "t:1:2: expected a value, found a single quote (JSON has double quotes)");
    check_wrong("\xef\xbb\xbf{}", "t:1:1: expected a value, found a byte order mark");
    check_wrong_bytes("1\0", 2, "t:1:2: expected end of file, found byte 0x00");
    check_wrong_bytes("[\0]", 3, "t:1:2: expected a value, found byte 0x00");
    check_wrong("[\f1]", "t:1:2: expected a value, found byte 0x0c");
}

static void test_numbers(void)
{
    check_print("[0,-0,1e5,1E+2,25e-1,9007199254740992]", "[0,-0,100000,100,2.5,9007199254740992]");
    check_wrong("01", "t:1:1: number begins with a 0");
    check_wrong("[-01]", "t:1:2: number begins with a 0");
    check_wrong("-", "t:1:2: expected a digit, found end of file");
    check_wrong("-x", "t:1:2: expected a digit, found 'x'");
    check_wrong("1.", "t:1:3: expected a digit behind '.', found end of file");
    check_wrong("[1.]", "t:1:4: expected a digit behind '.', found ']'");
    check_wrong(".5", "t:1:1: expected a value, found '.'");
    check_wrong("+1", "t:1:1: expected a value, found '+'");
    check_wrong("1e", "t:1:3: expected a digit of the exponent, found end of file");
    check_wrong("1e+]", "t:1:4: expected a digit of the exponent, found ']'");
    check_wrong("0x10", "t:1:2: expected end of file, found 'x10'");
    check_wrong("[1e999]", "t:1:2: number 1e999 is too large");
}

/* Every double comes back as it was. */
static void test_exact_numbers(void)
{
    check_print("[9007199254740991,-9007199254740991,9007199254740990]",
                "[9007199254740991,-9007199254740991,9007199254740990]");
    check_print("[0.1,1.1,0.30000000000000004,123456.789]",
                "[0.1,1.1,0.30000000000000004,123456.789]");
    check_print("[1e17,1.7976931348623157e308,5e-324]",
                "[1e+17,1.7976931348623157e+308,4.94065645841247e-324]");
}

/* cJSON reads 63 characters of a number and takes the rest for something else. */
static void test_long_number(void)
{
    struct strbuf text = STRBUF_INIT;
    struct json_doc *doc;

    strbuf_adds(&text, "0.");
    while (text.len < 63)
        strbuf_addc(&text, '1');
    doc = parse(text.s);
    struct json root = json_root(doc);
    CU_ASSERT(json_num(&root) > 0.111 && json_num(&root) < 0.112);
    json_free(doc);
    strbuf_addc(&text, '1');
    check_wrong(text.s, "t:1:1: number of 64 characters, at most 63 are read");
    strbuf_release(&text);
}

static void check_string(const char *text, const char *expected)
{
    struct json_doc *doc = parse(text);
    struct json root = json_root(doc);

    UNIT_STR(json_str(&root), expected);
    json_free(doc);
}

static void test_strings(void)
{
    check_string("\"\"", "");
    check_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    check_string("\"\\u0041\\u00e9\\u20ac\\uFFFF\"", "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf");
    check_string("\"\\ud83d\\uDE00\\ud800\\udc00\"", "\xf0\x9f\x98\x80\xf0\x90\x80\x80");
    check_string("\"\xc3\xa9\x7f\"", "\xc3\xa9\x7f");
}

static void test_wrong_strings(void)
{
    check_wrong("\"ab", "t:1:4: expected '\"', found end of file");
    check_wrong("[\"a\nb\"]", "t:1:4: expected '\"', found end of line (\\n is a line break)");
    check_wrong("\"\t\"", "t:1:2: control character 0x09 in a string (write \\u0009)");
    check_wrong_bytes("\"\0\"", 3, "t:1:2: control character 0x00 in a string (write \\u0000)");
    check_wrong("\"\\x\"", "t:1:2: unknown escape \\x (a backslash is written \\\\)");
    check_wrong("\"\\", "t:1:3: expected an escape behind \\, found end of file");
    check_wrong_bytes("\"\\\0\"", 4, "t:1:3: expected an escape behind \\, found byte 0x00");
    check_wrong("\"\\u12g4\"", "t:1:2: expected four hex digits behind \\u");
    check_wrong("\"\\u12", "t:1:2: expected four hex digits behind \\u");
    check_wrong("\"a\\u0000\"", "t:1:3: \\u0000 in a string: strings end there");
    check_wrong("\"\\ud800\"", "t:1:2: \\ud800 is half of a surrogate pair");
    check_wrong("\"\\ud800x\"", "t:1:2: \\ud800 is half of a surrogate pair");
    check_wrong("\"\\ud800\\ud800\"", "t:1:2: \\ud800 is half of a surrogate pair");
    check_wrong("\"\\ud800\\ue000\"", "t:1:2: \\ud800 is half of a surrogate pair");
    check_wrong("\"\\ud800\\u0041\"", "t:1:2: \\ud800 is half of a surrogate pair");
    check_wrong("\"\\udc00\\ud800\"", "t:1:2: \\udc00 is half of a surrogate pair");
    check_wrong("\"\\ud800\\uzzzz\"", "t:1:8: expected four hex digits behind \\u");
    check_wrong("\"a\xff\"", "t:1:3: byte 0xff is not UTF-8");
    check_wrong("\"\xc3\"", "t:1:2: byte 0xc3 is not UTF-8");
    check_wrong("\"\xed\xa0\x80\"", "t:1:2: byte 0xed is not UTF-8");
}

static void test_duplicates(void)
{
    check_wrong("{\n\"a\":1,\n\"b\":2,\n\"a\":3}", "t:4:1: duplicate key \"a\" (first at line 2)");
    check_wrong("{\"a\":1,\"\\u0061\":2}", "t:1:8: duplicate key \"a\" (first at line 1)");
    check_wrong("{\"\\u00e9\":1,\"\xc3\xa9\":2}",
                "t:1:13: duplicate key \"\xc3\xa9\" (first at line 1)");
    check_wrong("{\"\":1,\"\":2}", "t:1:7: duplicate key \"\" (first at line 1)");
    check_wrong("{\"\\n\":1,\"\\u000a\":2}", "t:1:9: duplicate key \"\\n\" (first at line 1)");
    check_wrong("{\"x\":{\"a\":1,\"a\":2}}", "t:1:13: duplicate key \"a\" (first at line 1)");
    check_wrong("{\"a\":{\"a\":1},\"a\":2}", "t:1:14: duplicate key \"a\" (first at line 1)");
    check_print("[{\"a\":1},{\"a\":{\"a\":2}}]", "[{\"a\":1},{\"a\":{\"a\":2}}]");
}

/* More keys than the scanner's first table holds; then each of some again. */
static void test_many_keys(void)
{
    for (int again = -1; again < 1000; again += 37) {
        struct strbuf text = STRBUF_INIT;
        struct err err = ERR_INIT;
        strbuf_addc(&text, '{');
        for (int i = 0; i < 1000; i++)
            strbuf_printf(&text, "\"k%d\":%d,\n", i, i);
        strbuf_printf(&text, "\"k%d\":0}", again);
        struct json_doc *doc = json_parse("t", text.s, text.len, &err);
        CU_ASSERT((doc != NULL) == (again < 0));
        CU_ASSERT(again < 0 || strncmp(err.story, "t:1001:1: duplicate key \"k", 26) == 0);
        json_free(doc);
        strbuf_release(&text);
    }
}

static void nest(struct strbuf *text, int levels)
{
    strbuf_clear(text);
    for (int i = 0; i < levels; i++)
        strbuf_adds(text, i % 2 ? "{\"a\":" : "[");
    strbuf_addc(text, '1');
    for (int i = levels - 1; i >= 0; i--)
        strbuf_addc(text, i % 2 ? '}' : ']');
}

static void test_depth(void)
{
    struct strbuf text = STRBUF_INIT;

    nest(&text, JSON_MAX_DEPTH);
    json_free(parse(text.s));
    nest(&text, JSON_MAX_DEPTH + 1);
    check_wrong(text.s, "t:1:193: nested deeper than 64 levels");
    strbuf_clear(&text);
    for (int i = 0; i < 100000; i++)
        strbuf_addc(&text, '[');
    check_wrong(text.s, "t:1:65: nested deeper than 64 levels");
    strbuf_clear(&text);
    for (int i = 0; i <= JSON_MAX_DEPTH; i++) /* side by side is not deep */
        strbuf_adds(&text, i ? ",[]" : "[[]");
    strbuf_addc(&text, ']');
    check_print(text.s, text.s);
    strbuf_release(&text);
}

static void test_size(void)
{
    char *text = mem_grow(NULL, JSON_MAX_BYTES + 1, 1);
    struct err err = ERR_INIT;
    struct json_doc *doc;

    memset(text, ' ', JSON_MAX_BYTES + 1);
    text[0] = '1';
    doc = json_parse("t", text, JSON_MAX_BYTES, &err);
    CU_ASSERT(doc != NULL);
    json_free(doc);
    check_wrong_bytes(text, JSON_MAX_BYTES + 1, "t:1:1: more than 16777216 bytes");
    free(text);
}

static const char sample[] =
    "{\n  \"name\": \"a\\u00e9\\ud83d\\ude00\\n\", \"n\": [1, -2.5e+3, 0],\n"
    "  \"t\": true, \"f\": false, \"z\": null,\n  \"o\": {\"\xc3\xa9\": {}}\n}";

/* Cut anywhere, it is one error with a place, and no byte behind the cut is read. */
static void test_truncated(void)
{
    for (size_t len = 0; len < sizeof(sample) - 1; len++) {
        char *cut = mem_grow(NULL, len + 1, 1); /* its own memory, for the sanitizer */
        struct err err = ERR_INIT;
        int line, column, end = 0;
        memcpy(cut, sample, len);
        struct json_doc *doc = json_parse("t", cut, len, &err);
        CU_ASSERT(doc == NULL && err.code == ERR_INPUT);
        CU_ASSERT(sscanf(err.story, "t:%d:%d: %n", &line, &column, &end) == 2);
        CU_ASSERT(end > 0 && err.story[end] != '\0' && !strchr(err.story, '\n'));
        free(cut);
    }
    json_free(parse(sample));
}

/* Any byte anywhere: a document or an error, never both or neither. */
static void test_changed_bytes(void)
{
    for (size_t at = 0; at < sizeof(sample) - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof(sample)];
            struct err err = ERR_INIT;
            memcpy(text, sample, sizeof(sample));
            text[at] = (char)byte;
            struct json_doc *doc = json_parse("t", text, sizeof(sample) - 1, &err);
            CU_ASSERT((doc != NULL) == (err.code == OK));
            json_free(doc);
        }
    }
}

void suite_json_scan(void)
{
    static const struct unit_test tests[] = {
        {"values", test_values},
        {"syntax", test_syntax},
        {"numbers", test_numbers},
        {"exact numbers", test_exact_numbers},
        {"long number", test_long_number},
        {"strings", test_strings},
        {"wrong strings", test_wrong_strings},
        {"duplicate keys", test_duplicates},
        {"many keys", test_many_keys},
        {"depth", test_depth},
        {"size", test_size},
        {"truncated", test_truncated},
        {"changed bytes", test_changed_bytes},
    };
    unit_add("json_scan", tests, UNIT_COUNT(tests));
}
