/*
 * jsonl: a line of JSON a record, after one about the whole:
 *
 *     {"fsrace_trace":1,"scenario":"x","variant":"default","properties":["one_owner"]}
 *     {"record":0,"kind":"step","ms":0,"task":"A","node":"A","point":"fs.create_excl lock",
 *      "op":"fs.create_excl","object":"lock","result":"ok","causes":[],"broken":[]}
 *
 * "causes" are records whose message or inotify event this one took, "broken" the properties known
 * to be broken after it; "object2", "fate" and "raced" are there where they say something.
 */
#include "sim/report/diagram/formats.h"
#include <assert.h>
#include <string.h>

static const char *const kinds[] = {
    [TRACE_STEP] = "step",         [TRACE_RECALL] = "recall",   [TRACE_REMEMBER] = "remember",
    [TRACE_REGISTER] = "register", [TRACE_CREATED] = "created", [TRACE_ANSWER] = "answer",
    [TRACE_BROKE] = "broke"};

static const char *const fates[] = {
    [FATE_PLAIN] = "",    [FATE_LOST] = "lost",     [FATE_TWICE] = "twice",
    [FATE_LATE] = "late", [FATE_FAILED] = "failed", [FATE_IS_FAULT] = "fault"};

static void word(const char *key, const char *value, struct strbuf *out)
{
    strbuf_printf(out, ",\"%s\":", key);
    strbuf_json(out, value);
}

static void optional(const char *key, const char *value, struct strbuf *out)
{
    if (*value)
        word(key, value, out);
}

static void head(const struct picture *p, struct strbuf *out)
{
    const struct search *s = p->search;

    strbuf_adds(out, "{\"fsrace_trace\":1");
    word("scenario", s->scenario->name, out);
    word("variant", s->scenario->variant, out);
    strbuf_adds(out, ",\"properties\":[");
    for (int i = 0; i < s->tally_count; i++) {
        strbuf_adds(out, i ? "," : "");
        strbuf_json(out, s->tallies[i].name);
    }
    strbuf_adds(out, "]}\n");
}

static void lists(const struct picture *p, const struct trace_record *r, struct strbuf *out)
{
    const char *between = "";

    strbuf_adds(out, ",\"causes\":[");
    for (int i = 0; i < r->cause_count; i++)
        strbuf_printf(out, "%s%d", i ? "," : "", r->causes[i]);
    strbuf_adds(out, "],\"broken\":[");
    for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++) {
        if (!(r->broken >> i & 1))
            continue;
        strbuf_adds(out, between);
        strbuf_json(out, p->search->tallies[i].name);
        between = ",";
    }
    strbuf_addc(out, ']');
}

/* "op" is "client" for all requests; the point's text has it all, as scripts name it. */
static void point(const struct trace_record *r, struct strbuf *out)
{
    struct strbuf text = STRBUF_INIT;
    size_t len = strlen(point_op_name(r->op));

    point_text(&(struct point){r->op, r->object, r->object2}, &text);
    word("point", text.s, out);
    strbuf_clear(&text);
    strbuf_adds(&text, point_op_name(r->op));
    if (text.s[len - 1] == '.')
        strbuf_cut(&text, len - 1);
    word("op", text.s, out);
    strbuf_release(&text);
}

static void record(const struct picture *p, int i, struct strbuf *out)
{
    const struct trace_record *r = &p->trace.v[i];

    strbuf_printf(out, "{\"record\":%d", i);
    word("kind", kinds[r->kind], out);
    strbuf_printf(out, ",\"ms\":%lld", (long long)r->ms);
    word("task", r->task, out);
    word("node", r->node, out);
    if (r->kind == TRACE_STEP)
        point(r, out);
    word("object", r->object, out);
    optional("object2", r->object2, out);
    word("result", r->result, out);
    optional("fate", fates[r->fate], out);
    if (i == p->raced[0] || i == p->raced[1])
        strbuf_adds(out, ",\"raced\":true");
    lists(p, r, out);
    strbuf_adds(out, "}\n");
}

void draw_jsonl(const struct picture *p, const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(out);
    (void)style;
    head(p, out);
    for (int i = 0; i < p->trace.count; i++)
        record(p, i, out);
}
