/*
 * strbuf: a string that grows. Always '\0'-terminated, may hold '\0' bytes.
 *
 *     struct strbuf sb = STRBUF_INIT;
 *     strbuf_printf(&sb, "%s=%d", key, value);
 *     fputs(sb.s, stdout);
 *     strbuf_release(&sb);
 *
 * The buffer owns its bytes; strbuf_take() hands them to the caller, who frees them.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct strbuf {
    char *s; /* never NULL: an empty buffer points to a shared "" */
    size_t len, cap;
};

extern char strbuf_empty[1];
#define STRBUF_INIT                                                                                \
    {                                                                                              \
        .s = strbuf_empty, .len = 0, .cap = 0                                                      \
    }

void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_adds(struct strbuf *sb, const char *s);
void strbuf_addc(struct strbuf *sb, char c);
void strbuf_pad(struct strbuf *sb, size_t column); /* blanks up to that length; at least none */
void strbuf_printf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *sb, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void strbuf_cut(struct strbuf *sb, size_t len); /* to that length, if it is longer */
void strbuf_clear(struct strbuf *sb);           /* length 0, keeps the memory */
void strbuf_release(struct strbuf *sb);         /* frees; the buffer is empty and usable */
char *strbuf_take(struct strbuf *sb);           /* the caller frees; the buffer is empty */

/* Bytes of the UTF-8 character that s[0 … len-1] begins with; 0 if it begins with none. */
size_t utf8_len(const char *s, size_t len);

/* Appends s as a JSON string with its quotes, escaping what JSON wants escaped, and what a terminal would
 * obey (strbuf_visible()); a byte that is not UTF-8 becomes U+FFFD. */
void strbuf_json(struct strbuf *sb, const char *s);

/* … and a number: it reads back as the same double, and integers have no exponent. */
void strbuf_number(struct strbuf *sb, double d);

/* Appends s so that a POSIX shell reads it as one word: bare if it is harmless, else in single
 * quotes. */
void strbuf_shell(struct strbuf *sb, const char *s);

/* For terminals and logs: what they would obey instead of showing it is written out. Control
 * characters, line breaks of Unicode, marks that turn the direction of writing, bytes that are no
 * UTF-8: "\\n", "\\x1b", "\\u2028". */
bool text_is_visible(const char *s);
void strbuf_visible(struct strbuf *sb, const char *s);
const char *arena_visible(struct arena *a, const char *s); /* a copy of it, for that */
void strbuf_visible_bytes(struct strbuf *sb, const char *data, size_t len);
void strbuf_visible_lines(struct strbuf *sb, const char *s); /* … of several lines, which stay */

#endif
