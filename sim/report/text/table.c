#include "sim/report/text/table.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2 /* blanks between two columns of text */

void table_init(struct table *t, const char *name, const char *title)
{
    assert(t);
    assert(name);
    *t = (struct table){.cells = NULL};
    t->name = arena_strdup(&t->arena, name);
    t->title = arena_visible(&t->arena, title);
}

void table_release(struct table *t)
{
    assert(t);
    free(t->cells);
    arena_release(&t->arena);
}

void table_note(struct table *t, const char *note)
{
    assert(t);

    struct strbuf lines = STRBUF_INIT;

    strbuf_visible_lines(&lines, note);
    t->note = arena_strdup(&t->arena, lines.s);
    strbuf_release(&lines);
}

void table_column(struct table *t, const char *group, const char *head)
{
    assert(group);
    assert(head);
    assert(t->cell_count == 0);
    assert(t->column_count < TABLE_COLUMNS);
    t->columns[t->column_count].group = arena_visible(&t->arena, group);
    t->columns[t->column_count++].head = arena_visible(&t->arena, head);
}

static void add(struct table *t, const char *text, bool number)
{
    t->cells = mem_grow(t->cells, (size_t)t->cell_count + 1, sizeof *t->cells);
    t->cells[t->cell_count++] = (struct table_cell){text, number};
}

void table_word(struct table *t, const char *word)
{
    assert(t);
    assert(word);
    assert(t->column_count > 0);
    add(t, arena_visible(&t->arena, word), false);
}

void table_number(struct table *t, int64_t number)
{
    assert(t);
    assert(t->column_count > 0);
    add(t, arena_printf(&t->arena, "%lld", (long long)number), true);
}

static int rows(const struct table *t)
{
    return t->column_count ? t->cell_count / t->column_count : 0;
}

static const struct table_cell *cell(const struct table *t, int row, int column)
{
    return &t->cells[row * t->column_count + column];
}

/* Does the column stand under the same group as the one before it? */
static bool same_group(const struct table *t, int column)
{
    return column > 0 && *t->columns[column].group &&
           strcmp(t->columns[column].group, t->columns[column - 1].group) == 0;
}

/* --- text --- */

static size_t longer(size_t width, const char *text)
{
    return strlen(text) > width ? strlen(text) : width;
}

struct layout {
    size_t width[TABLE_COLUMNS];
    size_t cut[TABLE_COLUMNS]; /* so much of the head stands on a line of its own */
    bool has_groups;
};

/* A head that is longer than what is below it is cut behind its last underscore: no_lost_ events.
 */
static size_t cut_of(const char *head, size_t width)
{
    const char *last = strrchr(head, '_');

    return last && strlen(head) > width ? (size_t)(last + 1 - head) : 0;
}

static size_t column_width(const struct table *t, int column, size_t *cut)
{
    const char *head = t->columns[column].head;
    size_t width = 0;

    for (int k = 0; k < rows(t); k++)
        width = longer(width, cell(t, k, column)->text);
    *cut = cut_of(head, width);
    width = longer(width, head + *cut);
    return *cut > width ? *cut : width;
}

/* A group's last column is made wide enough for the group's name. */
static void measure(const struct table *t, struct layout *l)
{
    size_t group = 0, *width = l->width;

    *l = (struct layout){.has_groups = false};
    for (int i = 0; i < t->column_count; i++) {
        width[i] = column_width(t, i, &l->cut[i]);
        l->has_groups |= *t->columns[i].group != '\0';
        group = same_group(t, i) ? group + GAP + width[i] : width[i];
        if (i + 1 < t->column_count && same_group(t, i + 1))
            continue;
        if (group < strlen(t->columns[i].group))
            width[i] += strlen(t->columns[i].group) - group;
    }
}

/* The columns from `first` on that fit behind the first one; a group stays together if it can. */
static int last_that_fits(const struct table *t, const size_t *width, int first)
{
    size_t used = width[0];
    int last = first - 1, whole = first - 1;

    for (int i = first; i < t->column_count; i++) {
        used += GAP + width[i];
        if (used > TABLE_WIDTH && i > first)
            break;
        last = i;
        if (i + 1 == t->column_count || !same_group(t, i + 1))
            whole = i;
    }
    return whole >= first ? whole : last;
}

static void end_line(struct strbuf *out)
{
    while (out->len && out->s[out->len - 1] == ' ')
        out->s[--out->len] = '\0';
    strbuf_addc(out, '\n');
}

static void put(struct strbuf *out, const char *text, size_t len, size_t width, bool right)
{
    size_t start = out->len;

    if (right && len < width)
        strbuf_pad(out, start + width - len);
    strbuf_add(out, text, len);
    strbuf_pad(out, start + width);
}

static bool is_right(const struct table *t, int column)
{
    for (int k = 0; k < rows(t); k++)
        if (cell(t, k, column)->number)
            return true;
    return false;
}

/* A block has the first column, and the columns from..to. */
static void group_line(const struct table *t, const struct layout *l, int from, int to,
                       struct strbuf *out)
{
    strbuf_pad(out, out->len + l->width[0]);
    for (int i = from; i <= to; i++) {
        const char *group = t->columns[i].group;
        size_t all = l->width[i];

        while (i < to && same_group(t, i + 1))
            all += GAP + l->width[++i];
        strbuf_pad(out, out->len + GAP);
        put(out, group, strlen(group), all, false);
    }
    end_line(out);
}

/* The upper line of the heads (row -2), the lower one (row -1), or a row. */
static void line(const struct table *t, const struct layout *l, int row, int from, int to,
                 struct strbuf *out)
{
    for (int i = 0; i <= to; i = i ? i + 1 : from) {
        const char *head = t->columns[i].head;
        const char *text = row == -2 ? head : row == -1 ? head + l->cut[i] : cell(t, row, i)->text;

        strbuf_pad(out, out->len + (i ? GAP : 0));
        put(out, text, row == -2 ? l->cut[i] : strlen(text), l->width[i], is_right(t, i));
    }
    end_line(out);
}

static void block(const struct table *t, const struct layout *l, int from, int to,
                  struct strbuf *out)
{
    bool has_cuts = l->cut[0] > 0;

    for (int i = from; i <= to; i++)
        has_cuts |= l->cut[i] > 0;
    if (l->has_groups)
        group_line(t, l, from, to, out);
    for (int k = has_cuts ? -2 : -1; k < rows(t); k++)
        line(t, l, k, from, to, out);
}

static void text(const struct table *t, struct strbuf *out)
{
    struct layout l;

    measure(t, &l);
    strbuf_printf(out, "%s\n", t->title);
    if (t->note)
        strbuf_printf(out, "%s\n", t->note);
    for (int first = 1; first < t->column_count;) {
        int last = last_that_fits(t, l.width, first);

        strbuf_addc(out, '\n');
        block(t, &l, first, last, out);
        first = last + 1;
    }
}

/* --- Markdown --- */

/* A bar would end the cell, and "<" begin HTML. */
static void put_escaped(struct strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            strbuf_addc(out, '\\');
        if (*text == '<')
            strbuf_adds(out, "&lt;");
        else
            strbuf_addc(out, *text);
    }
}

static void markdown(const struct table *t, struct strbuf *out)
{
    strbuf_adds(out, "### ");
    put_escaped(out, t->title);
    strbuf_addc(out, '\n');
    if (t->note) {
        strbuf_addc(out, '\n');
        put_escaped(out, t->note);
        strbuf_addc(out, '\n');
    }
    strbuf_adds(out, "\n|");
    for (int i = 0; i < t->column_count; i++)
        strbuf_printf(out, " %s%s%s |", t->columns[i].group, *t->columns[i].group ? ": " : "",
                      t->columns[i].head);
    strbuf_adds(out, "\n|");
    for (int i = 0; i < t->column_count; i++)
        strbuf_adds(out, is_right(t, i) ? "--:|" : "---|");
    for (int k = 0; k < rows(t); k++) {
        strbuf_adds(out, "\n|");
        for (int i = 0; i < t->column_count; i++) {
            strbuf_addc(out, ' ');
            put_escaped(out, cell(t, k, i)->text);
            strbuf_adds(out, " |");
        }
    }
    strbuf_addc(out, '\n');
}

/* --- JSON --- */

/* "alone", "ms" → "alone_ms": letters, digits, underscores. */
static void key(const struct table *t, int column, struct strbuf *out)
{
    const char *group = t->columns[column].group;
    struct strbuf name = STRBUF_INIT;

    strbuf_printf(&name, "%s%s%s", group, *group ? "_" : "", t->columns[column].head);
    for (char *p = name.s; *p; p++)
        *p = isalnum((unsigned char)*p) ? *p : '_';
    strbuf_json(out, name.s);
    strbuf_release(&name);
}

static void json_row(const struct table *t, int row, struct strbuf *out)
{
    strbuf_addc(out, '{');
    for (int i = 0; i < t->column_count; i++) {
        strbuf_adds(out, i ? ", " : "");
        key(t, i, out);
        strbuf_adds(out, ": ");
        if (cell(t, row, i)->number)
            strbuf_adds(out, cell(t, row, i)->text);
        else
            strbuf_json(out, cell(t, row, i)->text);
    }
    strbuf_addc(out, '}');
}

static void json(const struct table *t, struct strbuf *out)
{
    strbuf_adds(out, "{\"table\": ");
    strbuf_json(out, t->name);
    strbuf_adds(out, ", \"title\": ");
    strbuf_json(out, t->title);
    strbuf_adds(out, ", \"note\": ");
    strbuf_json(out, t->note ? t->note : "");
    strbuf_adds(out, ", \"rows\": [");
    for (int k = 0; k < rows(t); k++) {
        strbuf_adds(out, k ? ",\n    " : "\n    ");
        json_row(t, k, out);
    }
    strbuf_adds(out, "]}");
}

void table_print(const struct table *t, enum table_format format, struct strbuf *out)
{
    assert(t);
    assert(out);
    assert(t->column_count > 0);
    assert(t->cell_count % t->column_count == 0);
    switch (format) {
    case TABLE_TEXT:
        text(t, out);
        break;
    case TABLE_MARKDOWN:
        markdown(t, out);
        break;
    case TABLE_JSON:
        json(t, out);
        break;
    }
}
