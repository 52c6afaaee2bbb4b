/*
 * table: rows of words and figures, for a terminal, for a document, for a program.
 *
 *     struct table t;
 *     table_init(&t, "cost", "What a creation costs");
 *     table_column(&t, "", "scheme");
 *     table_column(&t, "alone", "calls");
 *     table_word(&t, "naive");            // cells, row by row
 *     table_number(&t, 3);
 *     table_print(&t, TABLE_TEXT, &out);
 *     table_release(&t);
 *
 * Columns that follow each other and share a group stand under its name. Text keeps to
 * TABLE_WIDTH columns: what does not fit goes on below, behind the first column once more. Words
 * are plain ASCII; the table keeps copies.
 */
#ifndef SIM_REPORT_TEXT_TABLE_H
#define SIM_REPORT_TEXT_TABLE_H

#include "base/mem.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

#define TABLE_WIDTH   80
#define TABLE_COLUMNS 64

enum table_format { TABLE_TEXT, TABLE_MARKDOWN, TABLE_JSON };

struct table_cell {
    const char *text;
    bool number;
};

struct table {
    struct arena arena;
    const char *name;  /* for programs */
    const char *title; /* one line */
    const char *note;  /* below the title: what was run; NULL if there is nothing to say */
    struct {
        const char *group, *head;
    } columns[TABLE_COLUMNS];
    struct table_cell *cells; /* column_count to a row */
    int column_count, cell_count;
};

void table_init(struct table *t, const char *name, const char *title);
void table_release(struct table *t);
void table_note(struct table *t, const char *note);
void table_column(struct table *t, const char *group, const char *head); /* before any cell */
void table_word(struct table *t, const char *word);
void table_number(struct table *t, int64_t number);

/* JSON: an object {"table", "title", "note", "rows": [{COLUMN: value}]}, without a newline. */
void table_print(const struct table *t, enum table_format format, struct strbuf *out);

#endif
