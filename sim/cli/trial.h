/*
 * trial: a scenario of a few commands, as `fsrace try` makes it: the text that --save writes is the
 * text that is run.
 *
 *     char *path = trial_path(&options->trial);                       // "race.json"
 *     if (trial_text(options, path, &text, &err) == OK)
 *         file = scenario_read(path, text.s, text.len, &err);
 */
#ifndef SIM_CLI_TRIAL_H
#define SIM_CLI_TRIAL_H

#include "sim/cli/cli.h"

/* What the scenario is called: as --save says, else what it would be; what it copies is looked for
 * beside it. The caller frees it. */
char *trial_path(const struct trial *t);
/* Appends the scenario. ERR_INPUT: what was asked for makes none. */
enum err_code trial_text(const struct options *o, const char *path, struct strbuf *out,
                         struct err *err);

#endif
