/*
 * report: what was found, for a reader (text) or a program (json).
 */
#ifndef SIM_REPORT_TEXT_REPORT_H
#define SIM_REPORT_TEXT_REPORT_H

#include "sim/explore/search/search.h"
#include "sim/report/text/evidence.h"
#include "sim/report/text/execution_view.h"
#include "sim/report/text/table.h"

/* A headline: executions, outcomes, exhaustive or sampled; and a line per property: how often it
 * holds, and what was expected. Brief: the headline alone, if all is as expected. */
void report_text(const struct search *s, bool brief, struct strbuf *out);
/* For each tally with kinds[i] 0 (broken) or 1 (holds): the order that shows such an execution, in
 * columns, why it is so, its final state, and the command that replays it. Properties that one
 * order shows are told together. kinds[i] < 0: not this one. */
enum err_code report_witnesses(struct search *s, int *kinds, const struct style *style,
                               struct strbuf *out, struct err *err);
/* Under a witness's columns: with which step a property broke, what each node believed, which two
 * steps raced. */
void report_why(const struct picture *p, const struct style *style, struct strbuf *out);
/* How an execution ended, before its reset: registers and store, and each tally's verdict. */
void report_end(struct search *s, char *const why[], struct strbuf *out);
/* One execution told: all of the picture, final state, verdicts. For replay; the execution has been
 * run, and its store is as it ended. */
void report_execution(const struct picture *p, const struct format *format,
                      const struct style *style, struct strbuf *out);
/* One element of the list that --json prints. evidence: of each tally. */
void report_json(const struct search *s, const struct evidence *evidence, struct strbuf *out);

/* Cells of a table: how often a property holds ("always?": not all orders were run), and which
 * orders were run, in one word. */
void report_holds(struct table *t, const struct search *s, const struct tally *tally);
void report_orders(struct table *t, const struct search *s);

const char *search_orders(const struct search *s);  /* "all orders", "sampled", … */
const char *search_grounds(const struct search *s); /* "all orders, nobody slow" */
/* "nobody slow", where somebody waited for time while others could go on; "anybody slow"; "": it does
 * not matter. */
const char *search_time(const struct search *s);
/* Appends where it was run, if not just on the directory: ", on the model; each repeated on the
 * directory" (each outcome). */
void report_backend(const struct search *s, struct strbuf *out);

#endif
