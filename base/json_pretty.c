#include "base/json_pretty.h"
#include <assert.h>

static void flat(const struct json *j, struct strbuf *out)
{
    bool object = json_kind(j) == JSON_OBJECT;

    switch (json_kind(j)) {
    case JSON_NULL:
        strbuf_adds(out, "null");
        return;
    case JSON_BOOL:
        strbuf_adds(out, json_true(j) ? "true" : "false");
        return;
    case JSON_NUMBER:
        strbuf_number(out, json_num(j));
        return;
    case JSON_STRING:
        strbuf_json(out, json_str(j));
        return;
    default:
        break;
    }
    strbuf_addc(out, object ? '{' : '[');
    for (struct json it = {0}; json_next(j, &it);) {
        strbuf_adds(out, it.index ? ", " : "");
        if (object) {
            strbuf_json(out, it.key);
            strbuf_adds(out, ": ");
        }
        flat(&it, out);
    }
    strbuf_addc(out, object ? '}' : ']');
}

static size_t line_length(const struct strbuf *out)
{
    size_t n = 0;

    while (n < out->len && out->s[out->len - 1 - n] != '\n')
        n++;
    return n;
}

static void new_line(struct strbuf *out, int indent)
{
    strbuf_addc(out, '\n');
    for (int i = 0; i < indent; i++)
        strbuf_addc(out, ' ');
}

static void print(const struct json *j, int indent, struct strbuf *out);

static void open_up(const struct json *j, int indent, struct strbuf *out)
{
    bool object = json_kind(j) == JSON_OBJECT;

    strbuf_addc(out, object ? '{' : '[');
    for (struct json it = {0}; json_next(j, &it);) {
        strbuf_adds(out, it.index ? "," : "");
        new_line(out, indent + 2);
        if (object) {
            strbuf_json(out, it.key);
            strbuf_adds(out, ": ");
        }
        print(&it, indent + 2, out);
    }
    new_line(out, indent);
    strbuf_addc(out, object ? '}' : ']');
}

static void print(const struct json *j, int indent, struct strbuf *out)
{
    bool whole = !j->up && json_kind(j) == JSON_OBJECT;
    size_t start = out->len;

    flat(j, out);
    if (json_len(j) == 0 || (!whole && line_length(out) + 1 <= JSON_PRETTY_WIDTH)) /* and a comma */
        return;
    strbuf_cut(out, start);
    open_up(j, indent, out);
}

void json_pretty(const struct json *j, struct strbuf *out)
{
    assert(j);
    assert(out);
    print(j, 0, out);
    strbuf_addc(out, '\n');
}
