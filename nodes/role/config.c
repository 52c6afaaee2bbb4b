#include "nodes/role/config.h"
#include "base/json.h"
#include "base/strbuf.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *config_default(struct arena *a, const char *node, const char *querier, int release)
{
    assert(a);
    assert(node);
    assert(querier);
    assert(release > 0);
    return arena_printf(a,
                        "{\"version\":\"v%d\",\"node\":\"%s\",\"query_node\":{\"endpoint\":\"%s\","
                        "\"auth_token\":\"%s\"}}",
                        release, node, querier, CONFIG_TOKEN);
}

/* In the newest version's form; a release that has no query_node does not read it. */
const char *config_text(struct arena *a, const struct config *c, int release)
{
    assert(a);
    assert(c);
    assert(release > 0);

    struct strbuf sb = STRBUF_INIT;
    const char *text;

    strbuf_printf(&sb, "{\"version\":\"v%d\",\"deployment_id\":", release);
    strbuf_json(&sb, c->deployment);
    strbuf_adds(&sb, ",\"query_node\":{\"endpoints\":[");
    for (int i = 0; i < c->endpoint_count; i++) {
        strbuf_adds(&sb, i ? "," : "");
        strbuf_json(&sb, c->endpoints[i]);
    }
    strbuf_adds(&sb, "],\"auth_token\":");
    strbuf_json(&sb, c->token);
    strbuf_adds(&sb, "}}");
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

static enum err_code copy_name(const struct json *at, char out[NAME_MAX_BYTES], struct err *err)
{
    const char *text;

    if (json_string(at, &text, err) != OK)
        return ERR_INPUT;
    if (strlen(text) >= NAME_MAX_BYTES)
        return json_fail(at, err, "longer than %d bytes", NAME_MAX_BYTES - 1);
    snprintf(out, NAME_MAX_BYTES, "%s", text);
    return OK;
}

static enum err_code read_name(const struct json *object, const char *key, char out[NAME_MAX_BYTES],
                               struct err *err)
{
    struct json at;

    if (!json_get(object, key, &at))
        return json_fail(object, err, "\"%s\" is missing", key);
    return copy_name(&at, out, err);
}

/* "endpoint": "" is how a node says that it has no querier. */
static enum err_code read_endpoint(const struct json *query_node, struct config *out,
                                   struct err *err)
{
    if (read_name(query_node, "endpoint", out->endpoints[0], err) != OK)
        return ERR_INPUT;
    out->endpoint_count = out->endpoints[0][0] != '\0';
    return OK;
}

static enum err_code read_endpoints(const struct json *query_node, struct config *out,
                                    struct err *err)
{
    struct json list;

    if (!json_get(query_node, "endpoints", &list))
        return read_endpoint(query_node, out, err);
    if (json_want(&list, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(&list) > CONFIG_ENDPOINTS_MAX)
        return json_fail(&list, err, "more than %d endpoints", CONFIG_ENDPOINTS_MAX);
    for (struct json it = {0}; json_next(&list, &it); out->endpoint_count++)
        if (copy_name(&it, out->endpoints[out->endpoint_count], err) != OK)
            return ERR_INPUT;
    return OK;
}

static enum err_code read_config(const struct json *root, struct config *out, struct err *err)
{
    struct json query_node, id;

    if (json_get(root, "deployment_id", &id) && copy_name(&id, out->deployment, err) != OK)
        return ERR_INPUT;
    if (!json_get(root, "query_node", &query_node))
        return json_fail(root, err, "\"query_node\" is missing");
    if (json_want(&query_node, JSON_OBJECT, err) != OK ||
        read_endpoints(&query_node, out, err) != OK)
        return ERR_INPUT;
    return read_name(&query_node, "auth_token", out->token, err);
}

/* Is it a version that the release knows? If so, the rest is read as of the newest. */
static enum err_code as_newest(struct arena *a, const char *name, const char *text, int release,
                               const struct config *own, const char **out, struct err *err)
{
    if (migrate_text(a, name, text, release, own, out, err) != OK)
        return ERR_INPUT;
    return migrate_text(a, name, *out, CONFIG_VERSION_MAX, own, out, err);
}

enum err_code config_parse(struct arena *a, const char *name, const char *text, int release,
                           const struct config *own, struct config *out, struct err *err)
{
    assert(a);
    assert(name);
    assert(text);
    assert(out);
    assert(release > 0);

    struct config config = {.endpoint_count = 0};
    struct json_doc *doc;
    struct json root;
    enum err_code code;

    if (as_newest(a, name, text, release, own, &text, err) != OK)
        return ERR_INPUT;
    doc = json_parse(name, text, strlen(text), err);
    if (!doc)
        return ERR_INPUT;
    root = json_root(doc);
    code = read_config(&root, &config, err);
    json_free(doc);
    if (code == OK)
        *out = config;
    return code;
}
