#include "base/strbuf.h"
#include "base/mem.h"
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53 */

char strbuf_empty[1] = "";

/* Room for `more` bytes and the '\0' behind them. */
static void reserve(struct strbuf *sb, size_t more)
{
    size_t want = sb->len + more + 1, cap = sb->cap ? sb->cap : 32;

    if (want <= more || want > SIZE_MAX / 2)
        want = cap = SIZE_MAX; /* mem_grow says what there is to say */
    if (want <= sb->cap)
        return;
    while (cap < want)
        cap *= 2;
    sb->s = mem_grow(sb->cap ? sb->s : NULL, cap, 1);
    sb->cap = cap;
}

void strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
    if (len == 0)
        return;
    assert(data);
    reserve(sb, len);
    memcpy(sb->s + sb->len, data, len);
    sb->len += len;
    sb->s[sb->len] = '\0';
}

void strbuf_adds(struct strbuf *sb, const char *s)
{
    assert(s);
    strbuf_add(sb, s, strlen(s));
}

void strbuf_addc(struct strbuf *sb, char c)
{
    strbuf_add(sb, &c, 1);
}

void strbuf_pad(struct strbuf *sb, size_t column)
{
    assert(sb);
    while (sb->len < column)
        strbuf_addc(sb, ' ');
}

void strbuf_vprintf(struct strbuf *sb, const char *fmt, va_list ap)
{
    assert(sb);
    assert(fmt);

    va_list again;
    size_t room = sb->cap ? sb->cap - sb->len : 0;
    int len;

    va_copy(again, ap);
    len = vsnprintf(room ? sb->s + sb->len : NULL, room, fmt, ap);
    if (len < 0)
        len = 0; /* nothing that we can print: add nothing */
    if ((size_t)len >= room && len > 0) {
        reserve(sb, (size_t)len);
        vsnprintf(sb->s + sb->len, (size_t)len + 1, fmt, again);
    }
    va_end(again);
    sb->len += (size_t)len;
    if (sb->cap)
        sb->s[sb->len] = '\0';
}

void strbuf_printf(struct strbuf *sb, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(sb, fmt, ap);
    va_end(ap);
}

void strbuf_cut(struct strbuf *sb, size_t len)
{
    assert(sb);
    if (len < sb->len) {
        sb->len = len;
        sb->s[len] = '\0';
    }
}

void strbuf_clear(struct strbuf *sb)
{
    sb->len = 0;
    if (sb->cap)
        sb->s[0] = '\0';
}

void strbuf_release(struct strbuf *sb)
{
    assert(sb);
    if (sb->cap)
        free(sb->s);
    *sb = (struct strbuf)STRBUF_INIT;
}

char *strbuf_take(struct strbuf *sb)
{
    assert(sb);
    assert(sb->cap > 0 || sb->len == 0);

    char *s = sb->cap ? sb->s : mem_alloc(1);

    *sb = (struct strbuf)STRBUF_INIT;
    return s;
}

/* Bytes of the sequence that this byte begins; 0 if it begins none. */
static size_t utf8_lead(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4) /* c0, c1: overlong; f5 …: beyond U+10FFFF */
        return 0;
    return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

size_t utf8_len(const char *s, size_t len)
{
    assert(s);

    const unsigned char *u = (const unsigned char *)s;
    size_t n = len ? utf8_lead(u[0]) : 0;

    if (n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xf0 && u[1] < 0x90))
        return 0; /* overlong */
    if ((u[0] == 0xed && u[1] > 0x9f) || (u[0] == 0xf4 && u[1] > 0x8f))
        return 0; /* surrogates; beyond U+10FFFF */
    return n;
}

/* The code point of n bytes of UTF-8. */
static unsigned code_point(const char *s, size_t n)
{
    unsigned code = (unsigned char)s[0] & (n == 1 ? 0x7fU : 0xffU >> (n + 1));

    for (size_t i = 1; i < n; i++)
        code = code << 6 | ((unsigned char)s[i] & 0x3fU);
    return code;
}

static bool is_obeyed(unsigned code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
           code == 0x200e || code == 0x200f || (code >= 0x2066 && code <= 0x2069);
}

bool text_is_visible(const char *s)
{
    size_t len = strlen(s), n;

    for (size_t i = 0; i < len; i += n) {
        n = utf8_len(s + i, len - i);
        if (n == 0 || is_obeyed(code_point(s + i, n)))
            return false;
    }
    return true;
}

static void write_out(struct strbuf *sb, unsigned code)
{
    if (code == '\n')
        strbuf_adds(sb, "\\n");
    else if (code == '\t')
        strbuf_adds(sb, "\\t");
    else
        strbuf_printf(sb, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
}

static void add_visible(struct strbuf *sb, const char *s, size_t len, bool lines)
{
    size_t n;

    for (size_t i = 0; i < len; i += n ? n : 1) {
        n = utf8_len(s + i, len - i);
        if (n == 0)
            strbuf_printf(sb, "\\x%02x", (unsigned)(unsigned char)s[i]);
        else if (is_obeyed(code_point(s + i, n)) && !(lines && s[i] == '\n'))
            write_out(sb, code_point(s + i, n));
        else
            strbuf_add(sb, s + i, n);
    }
}

void strbuf_visible(struct strbuf *sb, const char *s)
{
    assert(sb);
    assert(s);
    add_visible(sb, s, strlen(s), false);
}

const char *arena_visible(struct arena *a, const char *s)
{
    assert(a);
    assert(s);

    struct strbuf visible = STRBUF_INIT;
    const char *copy = s;

    if (!text_is_visible(s)) {
        strbuf_visible(&visible, s);
        copy = visible.s;
    }
    copy = arena_strdup(a, copy);
    strbuf_release(&visible);
    return copy;
}

void strbuf_visible_bytes(struct strbuf *sb, const char *data, size_t len)
{
    assert(sb);
    assert(data);
    add_visible(sb, data, len, false);
}

void strbuf_visible_lines(struct strbuf *sb, const char *s)
{
    assert(sb);
    assert(s);
    add_visible(sb, s, strlen(s), true);
}

/* The letter behind the backslash for what has a short escape, else 0. */
static char short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

void strbuf_json(struct strbuf *sb, const char *s)
{
    assert(sb);
    assert(s);

    size_t len = strlen(s);

    strbuf_addc(sb, '"');
    for (size_t i = 0; i < len;) {
        size_t n = utf8_len(s + i, len - i);
        char letter = short_escape(s[i]);
        if (letter)
            strbuf_add(sb, (char[]){'\\', letter}, 2);
        else if (n == 0) /* a name may be any bytes, JSON may not */
            strbuf_adds(sb, "\\ufffd");
        else if (is_obeyed(code_point(s + i, n))) /* all of those have four digits */
            strbuf_printf(sb, "\\u%04x", code_point(s + i, n));
        else
            strbuf_add(sb, s + i, n);
        i += n ? n : 1;
    }
    strbuf_addc(sb, '"');
}

static bool is_shell_safe(const char *s)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789_@%+=:,./-";

    return *s && s[strspn(s, safe)] == '\0';
}

void strbuf_shell(struct strbuf *sb, const char *s)
{
    assert(sb);
    assert(s);
    if (is_shell_safe(s)) {
        strbuf_adds(sb, s);
        return;
    }
    strbuf_addc(sb, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            strbuf_adds(sb, "'\\''"); /* leave the quotes, one escaped, enter again */
        else
            strbuf_addc(sb, *s);
    }
    strbuf_addc(sb, '\'');
}

/* The shortest of 15 to 17 digits that reads back as the same double; integers without an exponent.
 */
void strbuf_number(struct strbuf *sb, double d)
{
    assert(sb);

    const size_t start = sb->len;

    if (fabs(d) <= EXACT_MAX && d == (double)(int64_t)d) {
        strbuf_printf(sb, "%.0f", d);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        sb->len = start;
        strbuf_printf(sb, "%.*g", digits, d);
        if (strtod(sb->s + start, NULL) == d)
            break;
    }
}
