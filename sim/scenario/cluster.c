/* "cluster": settings and nodes. */
#include "nodes/create/create.h"
#include "nodes/role/config.h"
#include "nodes/role/role.h"
#include "sim/scenario/parse.h"
#include "sim/workload/roles.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX 8

static enum err_code get_bool(const struct json *object, const char *key, bool *out,
                              struct err *err)
{
    struct json j;

    return json_get(object, key, &j) ? json_bool(&j, out, err) : OK;
}

static enum err_code parse_create(struct scenario *s, const struct json *j, struct err *err)
{
    int i = parse_word(j, create_scheme_names, "creation scheme", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.create = (enum create_scheme)i;
    return OK;
}

static enum err_code parse_lock_scope(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"stream", "global", NULL};
    int i = parse_word(j, words, "scope of the lock", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.lock_global = i == 1;
    return OK;
}

static enum err_code parse_push(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"wait", NULL};

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    return get_bool(j, "wait", &s->settings.push.wait, err);
}

/* {"by": "marker"} */
static enum err_code parse_hybrid(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"by", NULL};
    static const char *const words[] = {"marker", "registry", NULL};
    struct json at;
    int i;

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(j, "by", &at))
        return OK;
    i = parse_word(&at, words, "way to decide", err);
    if (i < 0)
        return ERR_INPUT;
    s->settings.hybrid = i == 0 ? CREATE_MARKER : CREATE_REGISTRY;
    return OK;
}

static enum err_code parse_lock(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"none", "memory", "marker", "two-level", NULL};
    int i = parse_word(j, words, "lock", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.lock = (enum lock_level)i;
    return OK;
}

static enum err_code parse_sync(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"notify", "scan_ms", "gossip_ms", "load", NULL};
    if (json_only(j, keys, err) != OK ||
        get_bool(j, "notify", &s->settings.sync.notify, err) != OK ||
        get_bool(j, "load", &s->settings.sync.load, err) != OK ||
        parse_ms(j, "scan_ms", &s->settings.sync.scan_ms, err) != OK)
        return ERR_INPUT;
    return parse_ms(j, "gossip_ms", &s->settings.sync.gossip_ms, err);
}

static enum err_code parse_store(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"semantics", "listing", NULL};
    static const char *const semantics[] = {"object", "posix", NULL};
    static const char *const listings[] = {"strong", "eventual", NULL};
    struct json at;
    int i;

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "semantics", &at)) {
        i = parse_word(&at, semantics, "store semantics", err);
        if (i < 0)
            return ERR_INPUT;
        s->semantics = i == 0 ? STORE_OBJECT : STORE_POSIX;
    }
    if (!json_get(j, "listing", &at))
        return OK;
    i = parse_word(&at, listings, "listing", err);
    if (i < 0)
        return ERR_INPUT;
    return i == 1 ? not_yet(&at, "an eventual listing", err) : OK;
}

static enum err_code parse_net(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"latency_ms", "timeout_ms", "retries", NULL};
    int64_t retries = s->settings.net.retries;
    struct json at;

    if (json_only(j, keys, err) != OK ||
        parse_ms(j, "latency_ms", &s->settings.net.latency_ms, err) != OK ||
        parse_ms(j, "timeout_ms", &s->settings.net.timeout_ms, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "retries", &at) && json_int(&at, 0, 100, &retries, err) != OK)
        return ERR_INPUT;
    s->settings.net.retries = (int)retries;
    return OK;
}

static enum err_code parse_proxy(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"exists", "request_ids", "refuse_self", "metadata", NULL};
    static const char *const words[] = {"success", "error", NULL};
    struct json at;
    int i;

    if (json_only(j, keys, err) != OK ||
        get_bool(j, "request_ids", &s->settings.proxy.request_ids, err) != OK ||
        get_bool(j, "refuse_self", &s->settings.proxy.refuse_self, err) != OK ||
        get_bool(j, "metadata", &s->settings.proxy.metadata, err) != OK)
        return ERR_INPUT;
    if (!json_get(j, "exists", &at))
        return OK;
    i = parse_word(&at, words, "answer for \"exists\"", err);
    s->settings.proxy.exists_is_error = i == 1;
    return i < 0 ? ERR_INPUT : OK;
}

static enum err_code parse_marker(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"lease_ms", "poll_ms", "fenced", "succeed_empty", NULL};
    struct json at;

    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (get_bool(j, "fenced", &s->settings.marker.fenced, err) != OK ||
        get_bool(j, "succeed_empty", &s->settings.marker.succeed_empty, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "lease_ms", &at) &&
        json_int(&at, 1, MS_MAX, &s->settings.marker.lease_ms, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "poll_ms", &at) &&
        json_int(&at, 1, MS_MAX, &s->settings.marker.poll_ms, err) != OK)
        return ERR_INPUT;
    if (s->settings.marker.lease_ms / s->settings.marker.poll_ms > 10000)
        return json_fail(j, err, "lease_ms is more than 10000 times poll_ms");
    return OK;
}

static enum err_code parse_delete(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"plain", "tombstone", NULL};
    int i = parse_word(j, words, "way to delete", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.delete = (enum delete_scheme)i;
    return OK;
}

static enum err_code parse_staging(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"memory", "disk", NULL};
    int i = parse_word(j, words, "staging", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.staging = (enum staging)i;
    return OK;
}

static enum err_code parse_schema(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const words[] = {"own", "versioned", NULL};
    int i = parse_word(j, words, "kind of schema", err);

    if (i < 0)
        return ERR_INPUT;
    s->settings.schema = (enum schema_scheme)i;
    return OK;
}

/* --- nodes --- */

static enum err_code parse_role(const struct json *j, struct scenario_node *n, struct err *err)
{
    static const char *const words[] = {"ingestor", "querier", "actor",
                                        "registry", "program", NULL};
    int i = parse_word(j, words, "role", err);

    if (i < 0)
        return ERR_INPUT;
    n->role = role_find(words[i]);
    return OK;
}

static enum err_code parse_node(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"role",  "threads", "config", "release", "starts",
                                       "run",   "env",     "cwd",    "input",   "clock",
                                       "mount", "clients", NULL};
    static const char *const starts[] = {"up", "down", NULL};
    struct scenario_node *n = &s->nodes[s->node_count];
    int64_t threads = 1, release = CONFIG_VERSION_MAX;
    struct json at;

    if (!name_ok(j->key, 32, false))
        return json_fail_key(j, err, "node \"%s\": expected at most 32 letters, digits, '_', '-'",
                             j->key);
    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK)
        return ERR_INPUT;
    n->name = arena_strdup(&s->arena, j->key);
    if (!json_get(j, "role", &at))
        return json_fail(j, err, "\"role\" is missing");
    if (parse_role(&at, n, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "threads", &at) && json_int(&at, 1, THREADS_MAX, &threads, err) != OK)
        return ERR_INPUT;
    n->threads = (int)threads;
    n->starts_up = true;
    if (json_get(j, "starts", &at)) {
        int i = parse_word(&at, starts, "start", err);

        if (i < 0)
            return ERR_INPUT;
        n->starts_up = i == 0;
    }
    if (json_get(j, "release", &at) && json_int(&at, 1, CONFIG_VERSION_MAX, &release, err) != OK)
        return ERR_INPUT;
    n->release = (int)release;
    if (parse_run(s, j, n, err) != OK)
        return ERR_INPUT;
    n->clients = 1;
    if (json_get(j, "clients", &at) && n->role != &role_actor)
        return json_fail_key(&at, err, "only actors have \"clients\" with one program");
    if (json_get(j, "clients", &at) && json_int(&at, 1, SCENARIO_NODES_MAX, &n->clients, err) != OK)
        return ERR_INPUT;
    s->settings.old_ingestors |= n->role == &role_ingestor && n->release < RELEASE_CREATES;
    s->has_actors |= !n->role->serves;
    s->has_services |= n->role->serves;
    s->node_count++;
    return OK;
}

/* The node's .parseable.json: what every node has, with the scenario's patch over it. */
static enum err_code make_config(struct scenario *s, struct scenario_node *n, const char *querier,
                                 const struct json *patch, struct err *err)
{
    const char *text = config_default(&s->arena, n->name, querier, n->release);
    struct json_doc *doc;
    struct json root;
    char *printed;

    n->config = text;
    if (!patch)
        return OK;
    if (json_want(patch, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    doc = json_parse("config", text, strlen(text), err);
    if (!doc)
        return ERR_INPUT;
    root = json_root(doc);
    printed = json_print_merged(&root, patch);
    n->config = arena_strdup(&s->arena, printed);
    free(printed);
    json_free(doc);
    return OK;
}

static const char *first_querier(const struct scenario *s)
{
    for (int i = 0; i < s->node_count; i++)
        if (s->nodes[i].role == &role_querier)
            return s->nodes[i].name;
    return "";
}

static enum err_code make_configs(struct scenario *s, const struct json *nodes, struct err *err)
{
    const char *querier = first_querier(s);

    for (int i = 0; i < s->node_count; i++) {
        struct json node, config;
        bool has;

        json_at(nodes, i, &node);
        has = json_get(&node, "config", &config);
        if (!s->nodes[i].role->serves) {
            if (has)
                return json_fail_key(&config, err, "%s has no configuration",
                                     s->nodes[i].run ? "a program" : "an actor");
            continue;
        }
        if (make_config(s, &s->nodes[i], querier, has ? &config : NULL, err) != OK)
            return ERR_INPUT;
    }
    return OK;
}

static enum err_code parse_nodes(struct scenario *s, const struct json *j, struct err *err)
{
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (json_len(j) == 0 || json_len(j) > SCENARIO_NODES_MAX)
        return json_fail(j, err, "expected 1 to %d nodes, found %d", SCENARIO_NODES_MAX,
                         json_len(j));
    for (struct json it = {0}; json_next(j, &it);)
        if (parse_node(s, &it, err) != OK)
            return ERR_INPUT;
    return make_configs(s, j, err);
}

/* What has come of it so far, as the oldest release left it. */
static const char *running_deployment(struct scenario *s)
{
    struct config c = {.deployment = SCENARIO_DEPLOYMENT, .token = CONFIG_TOKEN};
    int oldest = CONFIG_VERSION_MAX;

    snprintf(c.endpoints[0], sizeof c.endpoints[0], "%s", first_querier(s));
    c.endpoint_count = c.endpoints[0][0] != '\0';
    for (int i = 0; i < s->node_count; i++)
        oldest = s->nodes[i].release < oldest ? s->nodes[i].release : oldest;
    return config_text(&s->arena, &c, oldest);
}

/* "deployment": {} runs already; {"new": true} does not; "file" is what it has left in the store.
 */
static enum err_code parse_deployment(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"new", "file", "decide", NULL};
    static const char *const decisions[] = {"put", "exclusive", "publish", NULL};
    bool is_new = false;
    struct json at;
    char *text;
    int i;

    s->settings.deployment.kept = true;
    if (json_only(j, keys, err) != OK || get_bool(j, "new", &is_new, err) != OK)
        return ERR_INPUT;
    if (json_get(j, "decide", &at)) {
        i = parse_word(&at, decisions, "way to decide", err);
        if (i < 0)
            return ERR_INPUT;
        s->settings.deployment.decide = (enum decide)i;
    }
    if (!json_get(j, "file", &at)) {
        s->deployment = is_new ? NULL : running_deployment(s);
        return OK;
    }
    if (is_new)
        return json_fail_key(&at, err, "\"file\" beside \"new\": a new deployment has none");
    text = json_print(&at);
    s->deployment = arena_strdup(&s->arena, text);
    free(text);
    return OK;
}

/* "registry": NAME, or the only one that there is. */
static enum err_code find_registry(struct scenario *s, const struct json *cluster, struct err *err)
{
    struct json at;
    const char *name = NULL;
    int n = 0;

    if (json_get(cluster, "registry", &at) && json_string(&at, &name, err) != OK)
        return ERR_INPUT;
    for (int i = 0; i < s->node_count; i++) {
        if (s->nodes[i].role != &role_registry || (name && strcmp(name, s->nodes[i].name) != 0))
            continue;
        s->settings.registry = s->nodes[i].name;
        n++;
    }
    if (name && n == 0)
        return json_fail(&at, err, "\"%s\" is no node with the role \"registry\"", name);
    if (!has_registry(&s->settings) || n == 1)
        return OK;
    return json_fail(cluster, err,
                     n == 0 ? "nobody decides: no node has the role \"registry\""
                            : "\"registry\" is missing: there are several");
}

enum err_code parse_cluster(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);

    static const char *const keys[] = {"create",   "lock",       "sync",   "store",      "net",
                                       "proxy",    "marker",     "delete", "staging",    "schema",
                                       "nodes",    "deployment", "hybrid", "lock_scope", "push",
                                       "registry", NULL};
    static enum err_code (*const parts[])(struct scenario *, const struct json *, struct err *) = {
        parse_create, parse_lock,       parse_sync,   parse_store,      parse_net,
        parse_proxy,  parse_marker,     parse_delete, parse_staging,    parse_schema,
        parse_nodes,  parse_deployment, parse_hybrid, parse_lock_scope, parse_push};
    struct json at;

    s->settings.hybrid = CREATE_MARKER;
    s->settings.lock = LOCK_TWO_LEVEL;
    s->settings.sync.notify = s->settings.sync.load = true;
    s->settings.sync.scan_ms = SCENARIO_SCAN_MS;
    s->settings.net.latency_ms = SCENARIO_LATENCY_MS;
    s->settings.net.timeout_ms = SCENARIO_TIMEOUT_MS;
    s->settings.net.retries = SCENARIO_RETRIES;
    s->settings.proxy.request_ids = s->settings.proxy.refuse_self = s->settings.proxy.metadata =
        true;
    s->settings.marker.fenced = s->settings.marker.succeed_empty = true;
    s->settings.deployment.decide = DECIDE_PUBLISH;
    s->settings.marker.lease_ms = SCENARIO_LEASE_MS;
    s->settings.marker.poll_ms = SCENARIO_POLL_MS;
    if (json_want(j, JSON_OBJECT, err) != OK || json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(j, "nodes", &at))
        return json_fail(j, err, "\"nodes\" is missing");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (json_get(j, keys[i], &at) && parts[i](s, &at, err) != OK)
            return ERR_INPUT;
    if (find_registry(s, j, err) != OK)
        return ERR_INPUT;
    for (int i = 0; i < s->node_count; i++)
        s->watches |= s->nodes[i].role == &role_querier && s->settings.sync.notify;
    return OK;
}
