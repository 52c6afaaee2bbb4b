/* Printing is ours, since cJSON's is not exact: strbuf_number(). */
#include "base/json.h"
#include "base/json_merge.h"
#include "base/strbuf.h"
#include <assert.h>
#include <cjson/cJSON.h>

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
        strbuf_number(sb, json_num(j));
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
    assert(j);

    struct strbuf sb = STRBUF_INIT;

    print_value(&sb, j);
    return strbuf_take(&sb);
}

char *json_print_merged(const struct json *target, const struct json *patch)
{
    assert(target);
    assert(patch);

    struct cJSON *merged = json_merge(target->item, NULL, patch->item);
    char *text = json_print(&(struct json){.item = merged});

    cJSON_Delete(merged);
    return text;
}
