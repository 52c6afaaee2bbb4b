#include "nodes/role/deployment.h"
#include "fsstore/store/object.h"
#include "nodes/create/endpoint.h"
#include "nodes/role/config.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/node.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int get(struct world *w, const char *path, const char **text)
{
    char *data;
    size_t len;
    int rc = object_get(w->store, path, &data, &len);

    if (rc == 0)
        *text = data;
    return rc;
}

static int put(struct world *w, const char *path, const char *text)
{
    return object_put(w->store, path, text, strlen(text));
}

static int parse(struct world *w, const char *path, const char *text, const struct config *own,
                 struct config *out)
{
    struct err err = ERR_INIT;

    if (config_parse(w->arena, path, text, w->self->release, own, out, &err) == OK)
        return 0;
    world_log(w, arena_printf(w->arena, "does not start: %s", err.story));
    return -EINVAL;
}

/* Makes the object, or finds that another was faster: then *text is the other's. */
static int agree(struct world *w, const char *path, const char **text)
{
    size_t len = strlen(*text);
    int rc = w->settings->deployment.decide == DECIDE_EXCLUSIVE
                 ? object_put_if_absent(w->store, path, *text, len)
                 : object_publish(w->store, path, *text, len);

    return rc == -EEXIST ? get(w, path, text) : rc;
}

/* --- the node's own disk --- */

/* "" if it has not joined any. */
static int joined(struct world *w, const char **id)
{
    int rc = get(w, layout_joined(w->arena, w->node), id);

    if (rc == -ENOENT)
        *id = "";
    return rc == -ENOENT ? 0 : rc;
}

/* The id is the node's from now on; unless it had another one before. */
static int belong_to(struct world *w, const char *id)
{
    const char *before;
    int rc = joined(w, &before);

    if (rc != 0 || strcmp(before, id) == 0)
        return rc;
    if (!*before)
        return put(w, layout_joined(w->arena, w->node), id);
    world_log(w, arena_printf(w->arena,
                              "does not start: the store is of deployment %s, and this node has "
                              "data of deployment %s",
                              id, before));
    return -ESTALE;
}

/* --- the deployment's file --- */

static int founding_id(struct world *w, struct config *own)
{
    const char *before;
    int rc = joined(w, &before);

    if (rc == 0)
        snprintf(own->deployment, sizeof own->deployment, "%s",
                 *before ? before
                         : arena_printf(w->arena, "%s-%lld", w->node, (long long)world_now(w)));
    return rc;
}

/* There is no file: *text is what is in it from now on. */
static int found(struct world *w, struct config *own, const char **text)
{
    int rc = founding_id(w, own);

    if (rc != 0)
        return rc;
    *text = config_text(w->arena, own, w->self->release);
    if (w->settings->deployment.decide != DECIDE_PUT)
        return agree(w, LAYOUT_DEPLOYMENT, text);
    rc = belong_to(w, own->deployment);
    return rc == 0 && node_is(w, "querier") ? put(w, LAYOUT_DEPLOYMENT, *text) : rc;
}

/* Brings the file to this release's version, if it is older. Each version is decided by itself, so
 * that releases that are not of one age agree on those that both know. */
static int migrate(struct world *w, const struct config *own, const char **text)
{
    int version = migrate_version(*text), rc = 0;
    const char *newer = *text;

    if (version == 0)
        return 0; /* what is wrong with it is said by who reads it */
    while (rc == 0 && version++ < w->self->release) {
        if (migrate_text(w->arena, LAYOUT_DEPLOYMENT, newer, version, own, &newer, NULL) != OK)
            return 0;
        if (w->settings->deployment.decide != DECIDE_PUT)
            rc = agree(w, layout_migrated(w->arena, version), &newer);
    }
    if (rc != 0 || newer == *text)
        return rc;
    *text = newer;
    return put(w, LAYOUT_DEPLOYMENT, newer);
}

/* What others may know of this node; put if it is not there already. */
static int put_record(struct world *w)
{
    const struct config *c = &w->self->config;
    const char *role = w->self->role->name;
    const char *path = layout_node_record(w->arena, role, w->node), *before = "";
    const char *text =
        arena_printf(w->arena,
                     "{\"version\":\"v%d\",\"node_id\":\"%s\",\"node_type\":\"%s\","
                     "\"deployment_id\":\"%s\",\"querier\":\"%s\"}",
                     w->self->release, w->node, role, c->deployment, config_endpoint(c, 0));
    int rc = get(w, path, &before);

    if (rc != 0 && rc != -ENOENT)
        return rc;
    return strcmp(before, text) == 0 ? 0 : put(w, path, text);
}

static int join(struct world *w, struct config *own)
{
    const char *text;
    int rc = get(w, LAYOUT_DEPLOYMENT, &text);

    if (rc == -ENOENT)
        rc = found(w, own, &text);
    if (rc == 0 && node_is(w, "querier"))
        rc = migrate(w, own, &text);
    if (rc == 0)
        rc = parse(w, LAYOUT_DEPLOYMENT, text, own, &w->self->config);
    if (rc == 0)
        rc = belong_to(w, w->self->config.deployment);
    return rc == 0 ? put_record(w) : rc;
}

/* An ingestor that calls itself waits for itself, or is told that it is no querier. */
static int check_endpoints(struct world *w)
{
    const struct config *c = &w->self->config;

    if (!node_is(w, "ingestor") || !w->settings->proxy.refuse_self)
        return 0;
    for (int i = 0; i < c->endpoint_count; i++) {
        if (!endpoint_is_self(w->arena, c->endpoints[i], w->node))
            continue;
        world_log(w, arena_printf(w->arena,
                                  "does not start: query_node names \"%s\", which is this node "
                                  "itself: expected the address by which it reaches a querier",
                                  c->endpoints[i]));
        return -EINVAL;
    }
    return 0;
}

int deployment_join(struct world *w)
{
    assert(w);

    const char *path = layout_config(w->arena, w->node), *text;
    int rc = get(w, path, &text);

    if (rc == 0)
        rc = parse(w, path, text, NULL, &w->self->config);
    if (rc == 0 && w->settings->deployment.kept) {
        struct config own = w->self->config;

        rc = join(w, &own);
    }
    return rc == 0 ? check_endpoints(w) : rc;
}
