#include "base/json_scan.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_SMALL  32 /* a power of 2 */
#define WORD_SHOWN  20 /* characters of an unknown word that a message shows */
#define END_OF_TEXT (-1)

/* Where a key was seen. All objects share one table, so that an object costs nothing. */
struct seen_key {
    uint64_t hash;   /* of the decoded key and the object */
    uint32_t object; /* offset of its '{' */
    uint32_t key;    /* offset of its quote; 0: the slot is free */
};

struct scan {
    const char *text;
    size_t len, at;
    int depth;
    struct strbuf key; /* the last key, decoded */

    struct err *err;
    size_t wrong; /* offset of the error */
    struct seen_key *seen, seen_small[KEYS_SMALL];
    size_t seen_count, seen_cap;
    struct json_places *places; /* NULL: nobody asks */
};

static bool scan_value(struct scan *s);

__attribute__((format(printf, 3, 4))) static bool fail(struct scan *s, size_t offset,
                                                       const char *fmt, ...)
{
    char message[ERR_STORY_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof(message), fmt, ap);
    va_end(ap);
    err_set(s->err, ERR_INPUT, "%s", message);
    s->wrong = offset;
    return false;
}

/* The byte at `at`, or END_OF_TEXT. */
static int byte_at(const struct scan *s, size_t at)
{
    return at < s->len ? (unsigned char)s->text[at] : END_OF_TEXT;
}

static int peek(const struct scan *s)
{
    return byte_at(s, s->at);
}

static size_t word_len(const struct scan *s, size_t at)
{
    size_t n = 0;

    while (n < WORD_SHOWN && (isalnum(byte_at(s, at + n)) || byte_at(s, at + n) == '_'))
        n++;
    return n;
}

/* "expected MEANT, found …" */
static bool fail_found(struct scan *s, const char *meant)
{
    const char *here = s->text + s->at;
    int c = peek(s);
    int word = (int)word_len(s, s->at);

    if (c == END_OF_TEXT)
        return fail(s, s->at, "expected %s, found end of file", meant);
    if (s->at == 0 && s->len >= 3 && memcmp(here, "\xef\xbb\xbf", 3) == 0)
        return fail(s, s->at, "expected %s, found a byte order mark", meant);
    if (c == '/' || c == '#')
        return fail(s, s->at, "expected %s, found '%c' (JSON has no comments)", meant, c);
    if (c == '\'')
        return fail(s, s->at, "expected %s, found a single quote (JSON has double quotes)", meant);
    if (word)
        return fail(s, s->at, "expected %s, found '%.*s'", meant, word, here);
    if (c > 0x20 && c < 0x7f)
        return fail(s, s->at, "expected %s, found '%c'", meant, c);
    return fail(s, s->at, "expected %s, found byte 0x%02x", meant, (unsigned)c);
}

static void skip_space(struct scan *s)
{
    int c = peek(s);

    while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        s->at++;
        c = peek(s);
    }
}

/* Up to the next quote or backslash. */
static bool scan_plain(struct scan *s)
{
    while (s->at < s->len) {
        unsigned char c = (unsigned char)s->text[s->at];
        if (c == '"' || c == '\\')
            return true;
        if (c == '\n')
            return fail(s, s->at, "expected '\"', found end of line (\\n is a line break)");
        if (c < 0x20)
            return fail(s, s->at, "control character 0x%02x in a string (write \\u%04x)", c, c);
        size_t n = c < 0x80 ? 1 : utf8_len(s->text + s->at, s->len - s->at);
        if (n == 0)
            return fail(s, s->at, "byte 0x%02x is not UTF-8", c);
        s->at += n;
    }
    return fail_found(s, "'\"'");
}

static void add_utf8(struct strbuf *sb, uint32_t c)
{
    if (c < 0x80) {
        strbuf_addc(sb, (char)c);
    } else if (c < 0x800) {
        strbuf_addc(sb, (char)(0xc0 | (c >> 6)));
    } else if (c < 0x10000) {
        strbuf_addc(sb, (char)(0xe0 | (c >> 12)));
        strbuf_addc(sb, (char)(0x80 | ((c >> 6) & 0x3f)));
    } else {
        strbuf_addc(sb, (char)(0xf0 | (c >> 18)));
        strbuf_addc(sb, (char)(0x80 | ((c >> 12) & 0x3f)));
        strbuf_addc(sb, (char)(0x80 | ((c >> 6) & 0x3f)));
    }
    if (c >= 0x80)
        strbuf_addc(sb, (char)(0x80 | (c & 0x3f)));
}

/* The four digits of the \u at s->at. */
static bool scan_hex(struct scan *s, uint32_t *unit)
{
    *unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int c = byte_at(s, s->at + i);
        if (!isxdigit(c))
            return fail(s, s->at, "expected four hex digits behind \\u");
        *unit = *unit * 16 + (uint32_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
    }
    s->at += 6;
    return true;
}

static bool scan_unicode(struct scan *s, struct strbuf *out)
{
    const size_t start = s->at;
    uint32_t c, low = 0;

    if (!scan_hex(s, &c))
        return false;
    if (c == 0)
        return fail(s, start, "\\u0000 in a string: strings end there");
    if (c >= 0xd800 && c < 0xdc00 && byte_at(s, s->at) == '\\' && byte_at(s, s->at + 1) == 'u') {
        if (!scan_hex(s, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c >= 0xd800 && c < 0xe000)
        return fail(s, start, "\\u%04x is half of a surrogate pair", c);
    if (out)
        add_utf8(out, c);
    return true;
}

/* From the backslash; out may be NULL. */
static bool scan_escape(struct scan *s, struct strbuf *out)
{
    static const char letters[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    int c = byte_at(s, s->at + 1);
    const char *known = c > 0 ? strchr(letters, c) : NULL;

    if (c == 'u')
        return scan_unicode(s, out);
    if (known) {
        if (out)
            strbuf_addc(out, meaning[known - letters]);
        s->at += 2;
        return true;
    }
    if (c > 0x20 && c < 0x7f)
        return fail(s, s->at, "unknown escape \\%c (a backslash is written \\\\)", c);
    s->at++;
    return fail_found(s, "an escape behind \\");
}

/* From the opening quote; decodes to *out, which may be NULL. */
static bool scan_string(struct scan *s, struct strbuf *out)
{
    s->at++;
    for (;;) {
        size_t start = s->at;
        if (!scan_plain(s))
            return false;
        if (out)
            strbuf_add(out, s->text + start, s->at - start);
        if (s->text[s->at] == '"')
            break;
        if (!scan_escape(s, out))
            return false;
    }
    s->at++;
    return true;
}

static bool scan_digits(struct scan *s, const char *meant)
{
    if (!isdigit(peek(s)))
        return fail_found(s, meant);
    while (isdigit(peek(s)))
        s->at++;
    return true;
}

/* cJSON would read the first 63 characters of it, and infinity where it is too large. */
static bool check_number(struct scan *s, size_t start, bool has_exponent)
{
    size_t len = s->at - start;
    char copy[JSON_MAX_NUMBER + 1];

    if (len > JSON_MAX_NUMBER)
        return fail(s, start, "number of %zu characters, at most %d are read", len,
                    JSON_MAX_NUMBER);
    if (!has_exponent) /* 63 digits are no problem */
        return true;
    memcpy(copy, s->text + start, len);
    copy[len] = '\0';
    if (isinf(strtod(copy, NULL)))
        return fail(s, start, "number %s is too large", copy);
    return true;
}

static bool scan_number(struct scan *s)
{
    const size_t start = s->at;
    bool has_exponent = false;

    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0' && isdigit(byte_at(s, s->at + 1)))
        return fail(s, start, "number begins with a 0");
    if (!scan_digits(s, "a digit"))
        return false;
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s, "a digit behind '.'"))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        has_exponent = true;
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (!scan_digits(s, "a digit of the exponent"))
            return false;
    }
    return check_number(s, start, has_exponent);
}

static bool scan_word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = strlen(words[i]);
        if (word_len(s, s->at) == n && memcmp(s->text + s->at, words[i], n) == 0) {
            s->at += n;
            return true;
        }
    }
    return fail_found(s, "a value");
}

/* Does the key that was last scanned stand at that offset, too? */
static bool is_key_at(const struct scan *s, uint32_t key)
{
    struct scan other = {.text = s->text, .len = s->len, .at = key};
    struct strbuf decoded = STRBUF_INIT;
    bool same;

    scan_string(&other, &decoded);
    same = strcmp(decoded.s, s->key.s) == 0;
    strbuf_release(&decoded);
    return same;
}

/* The slot of the last key if it was seen before in this object, or the free one where it belongs.
 */
static struct seen_key *seen_slot(const struct scan *s, uint64_t hash, uint32_t object)
{
    const size_t mask = s->seen_cap - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct seen_key *slot = &s->seen[i];
        bool alike = slot->hash == hash && slot->object == object;
        if (!slot->key || (alike && is_key_at(s, slot->key)))
            return slot;
    }
}

static void seen_grow(struct scan *s)
{
    struct seen_key *old = s->seen;
    const size_t old_cap = s->seen_cap, mask = old_cap * 2 - 1;

    s->seen_cap = old_cap * 2;
    s->seen = mem_alloc(s->seen_cap * sizeof(*s->seen));
    for (size_t i = 0; i < old_cap; i++) {
        size_t to = old[i].hash & mask;
        while (s->seen[to].key)
            to = (to + 1) & mask;
        s->seen[to] = old[i]; /* a free one may be copied */
    }
    if (old != s->seen_small)
        free(old);
}

static bool fail_duplicate(struct scan *s, size_t first, size_t key)
{
    struct strbuf quoted = STRBUF_INIT;
    int line, column;

    json_scan_place(s->text, first, &line, &column);
    strbuf_json(&quoted, s->key.s);
    fail(s, key, "duplicate key %s (first at line %d)", quoted.s, line);
    strbuf_release(&quoted);
    return false;
}

/* The last key, which is that object's, must be new there. */
static bool check_key(struct scan *s, size_t object, size_t key)
{
    uint64_t hash = hash_bytes(HASH_INIT, s->key.s, s->key.len);
    struct seen_key *slot;

    if (s->seen_count * 2 >= s->seen_cap)
        seen_grow(s);
    hash = hash_mix(hash_u64(hash, object));
    slot = seen_slot(s, hash, (uint32_t)object);
    if (slot->key)
        return fail_duplicate(s, slot->key, key);
    *slot = (struct seen_key){hash, (uint32_t)object, (uint32_t)key};
    s->seen_count++;
    return true;
}

/* KEY : VALUE */
static bool scan_member(struct scan *s, size_t object)
{
    const size_t key = s->at;

    if (peek(s) != '"')
        return fail_found(s, "a key in double quotes");
    strbuf_clear(&s->key);
    if (!scan_string(s, &s->key) || !check_key(s, object, key))
        return false;
    skip_space(s);
    if (peek(s) != ':')
        return fail_found(s, "':' behind the key");
    s->at++;
    skip_space(s);
    return scan_value(s);
}

/* An array or an object, from its bracket. */
static bool scan_container(struct scan *s)
{
    const size_t start = s->at;
    const bool object = s->text[start] == '{';
    const char close = object ? '}' : ']';

    if (s->depth == JSON_MAX_DEPTH)
        return fail(s, start, "nested deeper than %d levels", JSON_MAX_DEPTH);
    s->depth++;
    s->at++;
    skip_space(s);
    for (bool first = true; !first || peek(s) != close; first = false) {
        if (!(object ? scan_member(s, start) : scan_value(s)))
            return false;
        skip_space(s);
        if (peek(s) == close)
            break;
        if (peek(s) != ',')
            return fail_found(s, object ? "',' or '}'" : "',' or ']'");
        s->at++;
        skip_space(s);
    }
    s->at++;
    s->depth--;
    return true;
}

static void add_place(struct json_places *p, size_t at)
{
    VEC_ROOM(p->v, p->count, p->cap, 64);
    p->v[p->count++] = (int)at;
}

static bool scan_value(struct scan *s)
{
    int c = peek(s);

    if (s->places)
        add_place(s->places, s->at);
    if (c == '{' || c == '[')
        return scan_container(s);
    if (c == '"')
        return scan_string(s, NULL);
    if (c == '-' || isdigit(c))
        return scan_number(s);
    return scan_word(s);
}

enum err_code json_scan_check(const char *text, size_t len, struct json_places *places,
                              size_t *offset, struct err *err)
{
    assert(text);
    assert(offset);

    struct scan s = {.text = text, .len = len, .key = STRBUF_INIT, .err = err, .places = places};
    bool ok;

    s.seen = s.seen_small;
    s.seen_cap = KEYS_SMALL;
    skip_space(&s);
    ok = scan_value(&s);
    skip_space(&s);
    if (ok && s.at < len)
        ok = fail_found(&s, "end of file");
    if (!ok)
        *offset = s.wrong;
    if (s.seen != s.seen_small)
        free(s.seen);
    strbuf_release(&s.key);
    return ok ? OK : ERR_INPUT;
}

size_t json_scan_key(const char *text, size_t value)
{
    assert(text);
    assert(value >= 4); /* {"": */

    size_t at = value - 1;

    while (text[at] != ':')
        at--;
    while (text[at] != '"')
        at--;
    do
        at--;
    while (text[at] != '"' || text[at - 1] == '\\'); /* before a key stands no backslash */
    return at;
}

void json_scan_place(const char *text, size_t offset, int *line, int *column)
{
    assert(text);
    assert(line);
    assert(column);
    *line = *column = 1;
    for (size_t i = 0; i < offset; i++) {
        ++*column;
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        }
    }
}
