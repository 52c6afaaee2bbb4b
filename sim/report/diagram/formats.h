/*
 * formats: the ways of drawing one execution, by name: those of text, and those for other tools.
 */
#ifndef SIM_REPORT_DIAGRAM_FORMATS_H
#define SIM_REPORT_DIAGRAM_FORMATS_H

#include "sim/report/text/execution_view.h"

extern const struct format formats[];                                /* ends with a NULL name */
const struct format *find_format(const char *name, struct err *err); /* NULL: there is none */

draw_fn draw_mermaid, draw_plantuml, draw_shiviz, draw_perfetto, draw_jsonl;

#endif
