/*
 * verdict: what was found of a variant, for programs that count tests. A test is an expectation of
 * the scenario, or that it does not hang.
 *
 *     report_junit(search, number, seconds, witness, &suites);    // for each variant
 *     report_junit_end(suites.s, &file);                          // around them
 *
 * No function fails; `witness` is what report_witnesses() wrote, "" if nothing is wrong.
 */
#ifndef SIM_REPORT_TEXT_VERDICT_H
#define SIM_REPORT_TEXT_VERDICT_H

#include "sim/explore/search/search.h"
#include "sim/report/text/evidence.h"

/* "expected always, found sometimes: it held in 4 of 12 executions (all orders)" */
void verdict_words(const struct search *s, const struct tally *t, struct strbuf *out);
/* Appends what is known of it though the search was ended before its end, if anything: "no order with
 * at most 2 preemptions breaks it (all 4812 tried); 3: begun". */
void bounds_words(const struct search *s, const struct tally *t, struct strbuf *out);
int expectation_count(const struct search *s);

/* A <testsuite>, by the schema that CI systems have in common (tests/junit.xsd). */
void report_junit(const struct search *s, int number, double seconds, const char *witness,
                  struct strbuf *out);
void report_junit_end(const char *suites, struct strbuf *out);

/* Test lines, from *number on, which is moved; https://testanything.org. The plan is the end. */
void report_tap(const struct search *s, const char *witness, int *number, struct strbuf *out);
void report_tap_end(int number, const struct err *err, struct strbuf *out);

/* Workflow commands, an annotation for each expectation that was not met, at its line. */
void report_github(const struct search *s, const struct evidence *evidence, struct strbuf *out);
/* … and for an error, at the line that its story begins with. */
void report_github_error(const struct err *err, struct strbuf *out);

#endif
