#include "sim/trace.h"

#define TRACE_DATA_MAX 80 /* bytes of a content that are shown */

void trace_init(struct trace *t, int task_width)
{
    *t = (struct trace){.text = STRBUF_INIT, .task_width = task_width};
}

void trace_release(struct trace *t)
{
    strbuf_release(&t->text);
}

void trace_clear(struct trace *t)
{
    strbuf_clear(&t->text);
    t->latest_ms = 0;
}

static void head(struct trace *t, int64_t ms, const char *task)
{
    if (ms > t->latest_ms)
        t->latest_ms = ms;
    strbuf_printf(&t->text, "[%5lld] %-*s ", (long long)t->latest_ms, t->task_width, task);
}

void trace_event(struct trace *t, int64_t ms, const char *task, const struct point *p,
                 const char *result)
{
    head(t, ms, task);
    strbuf_adds(&t->text, "> ");
    point_text(p, &t->text);
    if (*result)
        strbuf_printf(&t->text, " = %s", result);
    strbuf_addc(&t->text, '\n');
}

void trace_aside(struct trace *t, int64_t ms, const char *task, const char *text)
{
    head(t, ms, task);
    strbuf_printf(&t->text, "  %s\n", text);
}

void trace_quote(struct strbuf *out, const char *data, size_t len)
{
    size_t shown = len < TRACE_DATA_MAX ? len : TRACE_DATA_MAX;

    if (!data || len == 0) {
        strbuf_adds(out, "(nothing)");
        return;
    }
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '\n')
            strbuf_adds(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            strbuf_printf(out, "\\x%02x", c);
        else
            strbuf_addc(out, (char)c);
    }
    if (shown < len)
        strbuf_printf(out, "... (%zu bytes)", len);
}
