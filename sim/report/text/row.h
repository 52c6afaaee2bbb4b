/*
 * row: a line of text that is put together from left to right and knows how wide it is, in
 * characters; colour takes no room.
 *
 *     struct row row = {.out = &sb, .colour = style->colour};
 *     row_put(&row, "create_excl lock", 20, ROW_PLAIN);
 *     row_to(&row, 24, ' ');
 *     row_end(&row);
 */
#ifndef SIM_REPORT_TEXT_ROW_H
#define SIM_REPORT_TEXT_ROW_H

#include "base/strbuf.h"
#include <stdbool.h>

enum row_ink { ROW_PLAIN, ROW_DIM, ROW_BOLD, ROW_WARN, ROW_ALARM };

struct row {
    struct strbuf *out;
    int at; /* characters so far */
    bool colour;
};

int row_width(const char *text); /* characters of a UTF-8 text */
/* Appends the text, cut to `room` characters: of a call's object the end is kept, "put ..i1.json",
 * of all else the beginning. */
void row_put(struct row *row, const char *text, int room, enum row_ink ink);
void row_put_call(struct row *row, const char *text, int room, enum row_ink ink);
void row_to(struct row *row, int column, char fill); /* fills up to there */
void row_end(struct row *row);                       /* no blanks at its end */

#endif
