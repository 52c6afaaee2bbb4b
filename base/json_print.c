/*
 * Printing is ours, since cJSON's is not exact: it prints 9007199254740991 as 9.00719925474099e+15.
 */
#include "base/json.h"
#include "base/strbuf.h"
#include <math.h>
#include <stdlib.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53 */

/* The shortest of 15 to 17 digits that reads back as the same double; integers without an exponent.
 */
static void print_number(struct strbuf *sb, double d)
{
    const size_t start = sb->len;

    if (fabs(d) <= EXACT_MAX && d == (double)(int64_t)d) {
        strbuf_printf(sb, "%.0f", d);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        sb->len = start;
        strbuf_printf(sb, "%.*g", digits, d);
        if (strtod(sb->s + start, NULL) == d)
            break;
    }
}

static void print_value(struct strbuf *sb, const struct json *j);

static void print_children(struct strbuf *sb, const struct json *parent, const char *brackets)
{
    strbuf_addc(sb, brackets[0]);
    for (struct json it = {0}; json_next(parent, &it);) {
        if (it.index > 0)
            strbuf_addc(sb, ',');
        if (it.key) {
            strbuf_json(sb, it.key);
            strbuf_addc(sb, ':');
        }
        print_value(sb, &it);
    }
    strbuf_addc(sb, brackets[1]);
}

static void print_value(struct strbuf *sb, const struct json *j)
{
    switch (json_kind(j)) {
    case JSON_NULL:
        strbuf_adds(sb, "null");
        break;
    case JSON_BOOL:
        strbuf_adds(sb, json_true(j) ? "true" : "false");
        break;
    case JSON_NUMBER:
        print_number(sb, json_num(j));
        break;
    case JSON_STRING:
        strbuf_json(sb, json_str(j));
        break;
    case JSON_ARRAY:
        print_children(sb, j, "[]");
        break;
    case JSON_OBJECT:
        print_children(sb, j, "{}");
        break;
    }
}

char *json_print(const struct json *j)
{
    struct strbuf sb = STRBUF_INIT;

    print_value(&sb, j);
    return strbuf_take(&sb);
}
