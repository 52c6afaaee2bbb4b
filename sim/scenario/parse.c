#include "sim/scenario/parse.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include <assert.h>
#include <ctype.h>
#include <string.h>

bool name_ok(const char *name, size_t max, bool dots)
{
    assert(name);
    assert(max > 0);

    size_t len = strlen(name);

    if (len == 0 || len > max || name[0] == '.')
        return false;
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-' && !(dots && *p == '.'))
            return false;
    return true;
}

int parse_word(const struct json *j, const char *const words[], const char *what, struct err *err)
{
    assert(j);
    assert(words);
    assert(what);

    struct strbuf all = STRBUF_INIT;
    const char *word, *near;

    if (json_string(j, &word, err) != OK)
        return -1;
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    for (int i = 0; words[i]; i++)
        strbuf_printf(&all, "%s\"%s\"", i ? ", " : "", words[i]);
    near = near_word(word, words);
    if (near)
        json_fail(j, err, "unknown %s \"%s\" (did you mean \"%s\"?)", what, word, near);
    else
        json_fail(j, err, "unknown %s \"%s\": expected one of %s", what, word, all.s);
    strbuf_release(&all);
    return -1;
}

enum err_code not_yet(const struct json *j, const char *what, struct err *err)
{
    assert(j);
    assert(what);
    return json_fail(j, err, "%s is part of the format, but this release cannot run it yet", what);
}

enum err_code parse_ms(const struct json *object, const char *key, int64_t *out, struct err *err)
{
    assert(object);
    assert(key);
    assert(out);

    struct json j;

    return json_get(object, key, &j) ? json_int(&j, 0, MS_MAX, out, err) : OK;
}

int scenario_node_index(const struct scenario *s, const char *name)
{
    assert(s);
    assert(name);
    for (int i = 0; i < s->node_count; i++)
        if (strcmp(s->nodes[i].name, name) == 0)
            return i;
    return -1;
}
