/*
 * sequence: an execution as a sequence diagram, in the words of whichever tool draws it. What is an
 * arrow and what a note is decided here once; a dialect says how they are written.
 */
#ifndef SIM_REPORT_DIAGRAM_SEQUENCE_H
#define SIM_REPORT_DIAGRAM_SEQUENCE_H

#include "sim/report/diagram/formats.h"

enum arrow { ARROW_CALL, ARROW_MESSAGE, ARROW_LOST, ARROW_EVENT };

#define LANE_STORE (-1)

struct dialect {
    void (*begin)(const struct picture *p, const struct lanes *l, struct strbuf *out);
    void (*arrow)(enum arrow kind, int from, int to, const char *text, struct strbuf *out);
    void (*note)(int lane, const char *text, struct strbuf *out);
    void (*band)(const struct lanes *l, const char *text, struct strbuf *out); /* over all */
    void (*race)(bool begins, struct strbuf *out); /* around a step that raced */
    void (*end)(struct strbuf *out);
};

void sequence_draw(const struct picture *p, const struct dialect *d, struct strbuf *out);

/* Appends the text; characters that are not known to be harmless as `code` (a printf format for
 * their number) has it. UTF-8 beyond ASCII is harmless. */
void sequence_escape(struct strbuf *out, const char *text, void (*code)(struct strbuf *, int));

#endif
