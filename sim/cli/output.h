/*
 * output: what `run` tells while it runs: text, JSON or TAP on stdout, annotations for GitHub beside
 * the text, and a JUnit file at the end.
 *
 *     output_begin(&output, options, &err);
 *     output_open(&output, &used, &err);                  // before anything runs
 *     output_variant(&output, search, seconds, &err);     // after each
 *     status = output_end(&output, &err);                 // err: what stopped it, or OK
 *
 * Where stdout is read by a program, nothing else is written to it.
 */
#ifndef SIM_CLI_OUTPUT_H
#define SIM_CLI_OUTPUT_H

#include "sim/cli/cli.h"

struct output {
    const struct options *options;
    int variants, as_expected, unexpected, undecided, unnamed; /* properties */
    int64_t executions;
    bool brief;    /* the caller's: a variant that is as expected has one line */
    bool repeated; /* some were searched on the model, and their outcomes repeated */
    int tests;     /* of TAP */
    struct strbuf junit;
    struct outfile junit_file;
};

enum err_code output_begin(struct output *out, const struct options *o, struct err *err);
enum err_code output_open(struct output *out, struct used_files *used, struct err *err);
void output_variant(struct output *out, struct search *s, double seconds, struct err *err);
int output_end(struct output *out, struct err *err); /* the exit status; errors are told here */

/* Which of a tally's executions tells most: [0] a broken one, unless none should have held. */
int telling(const struct tally *t);

#endif
