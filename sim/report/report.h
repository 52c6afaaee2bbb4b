/*
 * report: what was found, for a reader (text) or a program (json).
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include "sim/explore/search.h"

/* A line per property: how often it holds, what was expected, executions, outcomes, exhaustive or sampled. */
void report_text(const struct search *s, struct strbuf *out);
/* The order that shows a tally's [0] broken or [1] holding execution: trace, final state, and how to replay it. */
enum err_code report_witness(struct search *s, const struct tally *t, int kind, struct strbuf *out, struct err *err);
/* One execution told: trace, final state, verdicts. For replay; the execution has been run with this trace. */
void report_execution(struct search *s, const struct trace *trace, char **why, struct strbuf *out);
/* One element of the list that --json prints. */
void report_json(const struct search *s, struct strbuf *out);

const char *search_end_name(enum search_end end); /* "all orders", "sampled", … */

#endif
