/* list: a line a step, as it is in tests and in mail. Nothing is cut. */
#include "sim/report/text/execution_view.h"
#include <assert.h>

void draw_list(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);
    (void)style;
    trace_story(&p->trace, report_task_width(p->search->scenario), out);
}
