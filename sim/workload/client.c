/*
 * client: one client of one node, which makes its requests one after the other. For an actor, the
 * program itself.
 */
#include "fsstore/store/file.h"
#include "nodes/stream/node.h"
#include "sim/workload/client_world.h"
#include "sim/workload/program.h"
#include <assert.h>
#include <string.h>

static bool run(struct world *w, const struct program *program); /* false: stop */

static const char *see_register(void *ctx, const char *name)
{
    return world_get(ctx, name);
}

static bool see_exists(void *ctx, const char *path)
{
    struct world *w = ctx;
    enum port_kind kind;

    return fs_stat(w->store, path, &kind) == 0;
}

static const char *see_content(void *ctx, const char *path, size_t *len)
{
    struct world *w = ctx;
    char *data;

    return file_read(w->store, path, &data, len) == 0 ? data : NULL;
}

static bool holds(struct world *w, const struct predicate *p)
{
    struct sight sight = {see_register, see_exists, see_content, w};

    return predicate_holds(p, &sight);
}

static const char *response_text(struct world *w, const struct request *req,
                                 const struct response *res)
{
    if (res->status != ST_OK)
        return status_name(res->status);
    if (req->kind == REQ_QUERY)
        return arena_printf(w->arena, "%d", res->rows);
    return res->names ? res->names : "ok";
}

static const char *serve(struct world *w, const struct request *req)
{
    struct response res = {.status = ST_UNKNOWN};

    world_serve(w, req, &res);
    return response_text(w, req, &res);
}

static const char *perform(struct world *w, const struct act *act)
{
    const char *data = "ok";
    int rc;

    switch (act->kind) {
    case ACT_REQUEST:
        return serve(w, &act->request);
    case ACT_RESTART:
        return status_name(world_restart_node(w, (int)act->release));
    case ACT_STOP_NODE:
        world_stop_node(w);
        return data;
    case ACT_SLEEP:
        world_sleep(w, act->ms);
        return data;
    case ACT_AWAIT_QUIET:
        world_await_quiet(w);
        return data;
    case ACT_AWAIT:
        rc = world_await_holds(w, act->until, act->ms);
        return rc == 0 ? data : errno_name(rc);
    case ACT_NOTE:
        world_note(w, act->path);
        return data;
    default:
        rc = actor_step(w, act, &data);
        return rc == 0 ? data : errno_name(rc);
    }
}

static bool run_act(struct world *w, const struct act *act)
{
    const char *value;

    if (act->kind == ACT_IF)
        return run(w, holds(w, act->when) ? &act->then : &act->otherwise);
    if (act->when && !holds(w, act->when))
        return true;
    if (act->kind == ACT_STOP)
        return false;
    if (act->kind == ACT_REPEAT) {
        for (int64_t i = 0; i < act->times; i++)
            if (!run(w, &act->then))
                return false;
        return true;
    }
    value = perform(w, act);
    if (act->as)
        world_set(w, act->as, value);
    return true;
}

static bool run(struct world *w, const struct program *program)
{
    for (int i = 0; i < program->count; i++)
        if (!run_act(w, &program->v[i]))
            return false;
    return true;
}

void client_run(struct world *w, const struct program *program)
{
    assert(w);
    assert(program);
    run(w, program);
}
