#include "sim/report/diagram/formats.h"
#include "base/suggest.h"
#include <assert.h>
#include <string.h>

const struct format formats[] = {
    {"columns", draw_columns, "a column a task and one for the store; what replay shows"},
    {"list", draw_list, "a line a step"},
    {"mermaid", draw_mermaid, "a sequence diagram for Mermaid"},
    {"plantuml", draw_plantuml, "a sequence diagram for PlantUML"},
    {"shiviz", draw_shiviz, "a log with vector clocks for ShiViz"},
    {"perfetto", draw_perfetto, "trace events for ui.perfetto.dev and chrome://tracing"},
    {"jsonl", draw_jsonl, "a JSON object a record"},
    {NULL, NULL, NULL},
};

const struct format *find_format(const char *name, struct err *err)
{
    assert(name);

    const char *names[sizeof formats / sizeof *formats], *near;
    int n = 0;

    for (; formats[n].name; n++) {
        if (strcmp(formats[n].name, name) == 0)
            return &formats[n];
        names[n] = formats[n].name;
    }
    names[n] = NULL;
    near = near_word(name, names);
    err_set(err, ERR_INPUT, "no format \"%s\"%s%s%s", name, near ? ": did you mean \"" : "",
            near ? near : "", near ? "\"?" : "");
    return NULL;
}
