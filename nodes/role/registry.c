/*
 * registry: keeps the streams of a cluster (create_registry.c).
 *
 * All it has is in the store. At its start it reads its log, and logs what it had decided and not
 * logged any more; then it tells its subscribers, for whom a notification may have been lost with
 * it.
 */
#include "fsstore/store/object.h"
#include "nodes/create/create.h"
#include "nodes/create/registry_log.h"
#include "nodes/role/deployment.h"
#include "nodes/role/request.h"
#include "nodes/role/role.h"
#include "nodes/role/serve.h"
#include "nodes/stream/layout.h"

static bool is_logged(struct world *w, const struct record *r)
{
    struct known k;

    return catalog_find(w, r->stream, &k) && record_same(&k.record, r);
}

static int log_the_rest(struct world *w)
{
    struct port_names names;
    struct record r;
    int rc = object_list(w->store, "", &names);

    for (int i = 0; i < names.count && rc == 0; i++) {
        const char *stream = layout_stream_of(w->arena, names.v[i].name);

        if (!stream || !stream_find(w, stream, &r) || is_logged(w, &r))
            continue;
        rc = registry_append(w, &r);
        catalog_learn(w, &r);
    }
    return rc;
}

static int start(struct world *w)
{
    int rc = deployment_join(w);

    if (rc != 0)
        return rc;
    registry_catch_up(w, REGISTRY_NEWEST);
    rc = log_the_rest(w);
    if (rc == 0)
        registry_tell(w, NULL);
    return rc;
}

static void rpc_run(struct world *w)
{
    struct msg m;

    for (;;) {
        world_receive(w, &m);
        if (m.kind == MSG_CREATE || m.kind == MSG_GROW)
            registry_serve(w, &m);
    }
}

static const struct role_task tasks[] = {{"rpc", rpc_run, NULL}, {NULL, NULL, NULL}};

const struct role role_registry = {"registry", start, request_serve, tasks, true};
