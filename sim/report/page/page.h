/*
 * page: what was found in one scenario, as one HTML file that needs nothing else: no network, no
 * server. Its data is a JSON document (docs/report-format.md) in the file; sim/report/page/ draws it.
 *
 *     struct page page = {0};
 *     // … search_run(search) with options.outcome_witnesses …
 *     page_add(&page, search, &err);             // for each variant of the scenario
 *     page_html(&page, &out);
 *     page_release(&page);
 *
 * An index is a page with a row for each of several pages.
 */
#ifndef SIM_REPORT_PAGE_PAGE_H
#define SIM_REPORT_PAGE_PAGE_H

#include "sim/explore/search/search.h"
#include "sim/report/page/intern.h"

struct page {
    struct words words;
    struct strbuf head;     /* of the scenario, JSON */
    struct strbuf variants; /* elements of a list */
    struct strbuf summary;  /* the same, for an index */
    int count;              /* of variants */
    int steps;              /* of executions that show outcomes */
};

void page_init(struct page *p);
/* Replays the executions that are shown; the search's own numbers do not change. */
enum err_code page_add(struct page *p, struct search *s, struct err *err);
void page_html(const struct page *p, struct strbuf *out);
void page_release(struct page *p);

/* An index's rows: page_index_add() for each page, with its file's name as seen from the index. */
void page_index_add(const struct page *p, const char *file, struct strbuf *rows);
void page_index_html(const struct strbuf *rows, struct strbuf *out);

/* The HTML file with this data document (html.c). */
void html_page(const struct strbuf *data, struct strbuf *out);

#endif
