/*
 * evidence: for programs, what a reader is told in columns: of a property that is not as expected, the
 * shortest order that shows it, its story, and the command that replays it.
 */
#ifndef SIM_REPORT_TEXT_EVIDENCE_H
#define SIM_REPORT_TEXT_EVIDENCE_H

#include "sim/explore/search/search.h"

struct evidence { /* of a tally; NULL: there is none */
    char *replay; /* a command line */
    char *order;  /* JSON, as "order" has it */
    char *story;  /* a line a step, "[    0] A > fs.stat lock = ENOENT" */
    bool holds;   /* it shows the property held, where it never should */
};

/* For each tally: of what is not as expected. The caller's memory, by evidence_free(). NULL and err. */
struct evidence *evidence_gather(struct search *s, struct err *err);
void evidence_free(struct evidence *e, int count); /* NULL is allowed */

#endif
