#include "nodes/stream/batch.h"
#include "base/json.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *batch_text(struct arena *a, const struct schema *schema, const char *events,
                       const char *incarnation)
{
    assert(a);
    assert(schema);
    assert(events);
    assert(incarnation);
    return arena_printf(a, "{\"schema\":%s,\"events\":\"%s\",\"incarnation\":\"%s\"}",
                        schema_text(a, schema), events, incarnation);
}

static int count_words(const char *s)
{
    int n = *s ? 1 : 0;

    for (; *s; s++)
        n += *s == ' ';
    return n;
}

bool batch_parse(struct arena *a, const char *text, size_t len, struct batch *out)
{
    assert(a);
    assert(text);
    assert(out);

    struct json_doc *doc = json_parse("batch", text, len, NULL);
    struct json root, schema, events, incarnation;
    bool whole = false;

    if (!doc)
        return false;
    root = json_root(doc);
    if (json_get(&root, "schema", &schema) && json_get(&root, "events", &events) &&
        json_str(&events) && json_get(&root, "incarnation", &incarnation) &&
        json_str(&incarnation)) {
        char *inner = json_print(&schema);

        whole = schema_parse(inner, strlen(inner), &out->schema);
        free(inner);
        out->events = arena_strdup(a, json_str(&events));
        out->incarnation = arena_strdup(a, json_str(&incarnation));
        out->count = count_words(out->events);
    }
    json_free(doc);
    return whole;
}
