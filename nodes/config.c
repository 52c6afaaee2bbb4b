#include "nodes/config.h"
#include "base/json.h"
#include <stdio.h>
#include <string.h>

const char *config_default(struct arena *a, const char *node, const char *querier)
{
    return arena_printf(a,
                        "{\"version\":\"%s\",\"node\":\"%s\",\"query_node\":{\"endpoint\":\"%s\","
                        "\"auth_token\":\"%s\"}}",
                        CONFIG_VERSION, node, querier, CONFIG_TOKEN);
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
    char version[NAME_MAX_BYTES];
    struct json query_node;

    if (json_want(root, JSON_OBJECT, err) != OK || read_name(root, "version", version, err) != OK)
        return ERR_INPUT;
    if (strcmp(version, CONFIG_VERSION) != 0)
        return json_fail(root, err, "version \"%s\": this release reads \"%s\"", version,
                         CONFIG_VERSION);
    if (!json_get(root, "query_node", &query_node))
        return json_fail(root, err, "\"query_node\" is missing");
    if (json_want(&query_node, JSON_OBJECT, err) != OK ||
        read_endpoints(&query_node, out, err) != OK)
        return ERR_INPUT;
    return read_name(&query_node, "auth_token", out->token, err);
}

enum err_code config_parse(const char *name, const char *text, size_t len, struct config *out,
                           struct err *err)
{
    struct json_doc *doc = json_parse(name, text, len, err);
    struct config config = {.endpoint_count = 0};
    struct json root;
    enum err_code code;

    if (!doc)
        return ERR_INPUT;
    root = json_root(doc);
    code = read_config(&root, &config, err);
    json_free(doc);
    if (code == OK)
        *out = config;
    return code;
}

const char *config_endpoint(const struct config *c, int i)
{
    return i < c->endpoint_count ? c->endpoints[i] : "";
}
