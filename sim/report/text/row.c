#include "sim/report/text/row.h"
#include <assert.h>
#include <string.h>

static const char *const inks[] = {
    [ROW_PLAIN] = "", [ROW_DIM] = "2", [ROW_BOLD] = "1", [ROW_WARN] = "33", [ROW_ALARM] = "1;31"};

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

int row_width(const char *text)
{
    assert(text);

    int n = 0;

    for (; *text; text++)
        n += begins_character(*text);
    return n;
}

/* Bytes of the first n characters. */
static size_t head(const char *text, int n)
{
    const char *s = text;

    while (*s && (n > 0 || !begins_character(*s)))
        n -= begins_character(*s++) ? 1 : 0;
    return (size_t)(s - text);
}

/* What would move the cursor or ring the bell is shown as "?". */
static void put(struct row *row, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        strbuf_addc(row->out, c < 0x20 || c == 0x7f ? '?' : text[i]);
        row->at += begins_character(text[i]);
    }
}

static void begin(struct row *row, enum row_ink ink)
{
    if (row->colour && ink != ROW_PLAIN)
        strbuf_printf(row->out, "\033[%sm", inks[ink]);
}

static void end(struct row *row, enum row_ink ink)
{
    if (row->colour && ink != ROW_PLAIN)
        strbuf_adds(row->out, "\033[0m");
}

void row_put(struct row *row, const char *text, int room, enum row_ink ink)
{
    assert(row);
    assert(text);
    assert(room >= 0);
    if (!*text || room <= 0)
        return;
    begin(row, ink);
    if (row_width(text) <= room) {
        put(row, text, strlen(text));
    } else {
        put(row, text, head(text, room > 2 ? room - 2 : 0));
        put(row, "..", room > 2 ? 2 : (size_t)room);
    }
    end(row, ink);
}

void row_put_call(struct row *row, const char *text, int room, enum row_ink ink)
{
    assert(row);
    assert(text);
    assert(room >= 0);

    const char *object = strchr(text, ' ');
    int over = row_width(text) - room, verb;

    if (over <= 0 || !object) {
        row_put(row, text, room, ink);
        return;
    }
    object++;
    verb = row_width(text) - row_width(object);
    if (verb + 6 > room) { /* nothing worth telling is left of the object */
        row_put(row, text, room, ink);
        return;
    }
    begin(row, ink);
    put(row, text, (size_t)(object - text));
    put(row, "..", 2);
    object += head(object, over + 2);
    put(row, object, strlen(object));
    end(row, ink);
}

void row_to(struct row *row, int column, char fill)
{
    assert(row);
    assert(column >= 0);
    for (; row->at < column; row->at++)
        strbuf_addc(row->out, fill);
}

void row_end(struct row *row)
{
    assert(row);
    while (row->out->len && row->out->s[row->out->len - 1] == ' ')
        strbuf_cut(row->out, row->out->len - 1);
    strbuf_addc(row->out, '\n');
    row->at = 0;
}
