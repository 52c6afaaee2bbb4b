#include "nodes/role/migrate.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "nodes/role/config.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What a step changes, as a JSON Merge Patch without braces; in the arena. */
typedef const char *step_fn(struct arena *a, const struct json *old, const struct config *own);

static const char *quoted(struct arena *a, const char *text)
{
    struct strbuf sb = STRBUF_INIT;
    const char *copy;

    strbuf_json(&sb, text);
    copy = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return copy;
}

/* The member's text; `otherwise` if it has none. */
static const char *text_of(const struct json *object, const char *key, const char *otherwise)
{
    struct json at;
    const char *text = json_get(object, key, &at) ? json_str(&at) : NULL;

    return text ? text : otherwise;
}

static const char *to_v2(struct arena *a, const struct json *old, const struct config *own)
{
    (void)own;
    return arena_printf(a, "\"user\":null,\"users\":[%s]",
                        quoted(a, text_of(old, "user", "admin")));
}

static const char *to_v3(struct arena *a, const struct json *old, const struct config *own)
{
    (void)old;
    (void)own;
    return arena_strdup(a, "\"roles\":{}");
}

static const char *to_v4(struct arena *a, const struct json *old, const struct config *own)
{
    (void)own;
    return arena_printf(a, "\"server_mode\":%s", quoted(a, text_of(old, "mode", "distributed")));
}

/* What is there already was put there by whoever prepared the file. */
static const char *to_v5(struct arena *a, const struct json *old, const struct config *own)
{
    struct json at;

    if (json_get(old, "query_node", &at))
        return "";
    return arena_printf(a, "\"query_node\":{\"endpoint\":%s,\"auth_token\":%s}",
                        quoted(a, own ? config_endpoint(own, 0) : ""),
                        quoted(a, own ? own->token : ""));
}

static const char *to_v6(struct arena *a, const struct json *old, const struct config *own)
{
    const char *endpoint;
    struct json at;

    (void)own;
    if (!json_get(old, "query_node", &at))
        return "";
    endpoint = text_of(&at, "endpoint", NULL);
    if (!endpoint)
        return "";
    return arena_printf(a, "\"query_node\":{\"endpoint\":null,\"endpoints\":[%s]}",
                        *endpoint ? quoted(a, endpoint) : "");
}

static const char *to_v7(struct arena *a, const struct json *old, const struct config *own)
{
    (void)old;
    (void)own;
    return arena_strdup(a, "\"streams\":null");
}

static const char *to_v8(struct arena *a, const struct json *old, const struct config *own)
{
    (void)old;
    (void)own;
    return arena_strdup(a, "\"default_role\":\"\"");
}

/* By the version they lead to. */
static step_fn *const steps[CONFIG_VERSION_MAX + 1] = {NULL,  NULL,  to_v2, to_v3, to_v4,
                                                       to_v5, to_v6, to_v7, to_v8};

/* "v1" to "v99"; else 0. */
static int version_number(const char *version)
{
    size_t digits = strspn(version + (*version == 'v'), "0123456789");

    if (*version != 'v' || digits == 0 || digits > 2 || version[1 + digits] || version[1] == '0')
        return 0;
    return atoi(version + 1);
}

static enum err_code version_of(const struct json *root, int to, int *out, struct err *err)
{
    const char *text;
    struct json at;

    if (json_want(root, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (!json_get(root, "version", &at))
        return json_fail(root, err, "\"version\" is missing");
    if (json_string(&at, &text, err) != OK)
        return ERR_INPUT;
    *out = version_number(text);
    if (*out == 0)
        return json_fail(&at, err, "version \"%s\": expected \"v1\" to \"v%d\"", text, to);
    if (*out > to)
        return json_fail(&at, err,
                         "version \"%s\" is of a newer release: this one reads up to \"v%d\"", text,
                         to);
    return OK;
}

/* One step: the document a version later. */
static const char *step_to(struct arena *a, int version, const struct json *old,
                           const struct config *own)
{
    const char *change, *text, *out;
    struct json_doc *doc;
    struct json patch;
    char *merged;

    assert(version >= 0 && version < (int)(sizeof steps / sizeof *steps));
    assert(steps[version]);
    change = steps[version](a, old, own);
    text = arena_printf(a, "{\"version\":\"v%d\"%s%s}", version, *change ? "," : "", change);
    doc = json_parse("step", text, strlen(text), NULL);
    patch = json_root(doc);
    merged = json_print_merged(old, &patch);
    out = arena_strdup(a, merged);
    free(merged);
    json_free(doc);
    return out;
}

enum err_code migrate_text(struct arena *a, const char *name, const char *text, int to,
                           const struct config *own, const char **out, struct err *err)
{
    assert(a);
    assert(name);
    assert(text);
    assert(out);
    assert(to > 0);
    for (;;) {
        struct json_doc *doc = json_parse(name, text, strlen(text), err);
        struct json root;
        enum err_code code;
        int version = 0;

        if (!doc)
            return ERR_INPUT;
        root = json_root(doc);
        code = version_of(&root, to, &version, err);
        if (code == OK && version < to)
            text = step_to(a, version + 1, &root, own);
        json_free(doc);
        if (code != OK)
            return code;
        if (version == to) {
            *out = text;
            return OK;
        }
    }
}

int migrate_version(const char *text)
{
    assert(text);

    struct json_doc *doc = json_parse("version", text, strlen(text), NULL);
    struct json root;
    int version;

    if (!doc)
        return 0;
    root = json_root(doc);
    version = version_number(text_of(&root, "version", ""));
    json_free(doc);
    return version;
}
