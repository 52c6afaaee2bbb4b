/*
 * client: one client of one node, which makes its requests one after the other. For an actor, the
 * program itself.
 */
#include "fsstore/store/file.h"
#include "fsstore/store/open_file.h"
#include "nodes/stream/node.h"
#include "sim/workload/client_world.h"
#include "sim/workload/program.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum then { GO_ON, LEAVE_LOOP, STOP };

static enum then run(struct world *w, const struct program *program);

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

static bool see_up(void *ctx, const char *node)
{
    return world_lives(ctx, node);
}

static bool holds(struct world *w, const struct predicate *p)
{
    struct sight sight = {see_register, see_exists, see_content, w, see_up};

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

/* The texts as they are now. false: one would be too long. */
static bool expand(struct world *w, struct act *act)
{
    const char **texts[PARTS] = {&act->path, &act->path2, &act->data};

    for (int i = 0; i < PARTS; i++) {
        if (act->parts[i])
            *texts[i] = template_expand(act->parts[i], see_register, w, w->arena);
        if (act->parts[i] && !*texts[i]) {
            world_wrong(w, "a text with registers in it is too long");
            return false;
        }
    }
    return true;
}

static const char *file_step(struct world *w, const struct act *act)
{
    struct act now = *act;
    const char *data = "ok";
    int rc;

    if (!expand(w, &now))
        return "";
    rc = actor_step(w, &now, &data);
    return rc == 0 ? data : errno_name(rc);
}

/* What is no number counts as 0. */
static const char *value_to_set(struct world *w, const struct act *act)
{
    struct act now = *act;

    if (!expand(w, &now))
        return "";
    if (!act->add)
        return now.data;
    return arena_printf(w->arena, "%lld",
                        (long long)((uint64_t)strtoll(now.data, NULL, 10) + (uint64_t)act->add));
}

static const char *perform(struct world *w, const struct act *act)
{
    int rc;

    switch (act->kind) {
    case ACT_REQUEST:
        return serve(w, &act->request);
    case ACT_RESTART:
        return status_name(world_restart_node(w, (int)act->release));
    case ACT_STOP_NODE:
        world_stop_node(w);
        return "ok";
    case ACT_SLEEP:
        world_sleep(w, act->ms);
        return "ok";
    case ACT_AWAIT_QUIET:
        world_await_quiet(w);
        return "ok";
    case ACT_AWAIT:
        rc = world_await_holds(w, act->test, act->ms);
        return rc == 0 ? "ok" : errno_name(rc);
    case ACT_NOTE:
        world_note(w, act->path);
        return "ok";
    case ACT_SET:
        return value_to_set(w, act);
    default:
        return file_step(w, act);
    }
}

static enum then repeat(struct world *w, const struct act *act)
{
    enum then then = GO_ON;

    for (int64_t i = 0; i < act->times && then == GO_ON; i++)
        then = run(w, &act->then);
    return then == STOP ? STOP : GO_ON;
}

static enum then loop(struct world *w, const struct act *act)
{
    for (int64_t i = 0; holds(w, act->test) == (act->kind == ACT_WHILE); i++) {
        enum then then;

        if (i == act->times && act->gives_up)
            return GO_ON;
        if (i == act->times) {
            world_bound(w, arena_printf(w->arena, "%s: a loop of %lld rounds at most", w->task,
                                        (long long)act->times));
            return STOP;
        }
        then = run(w, &act->then);
        if (then != GO_ON)
            return then == STOP ? STOP : GO_ON;
    }
    return GO_ON;
}

static enum then run_act(struct world *w, const struct act *act)
{
    const char *value;

    if (act->kind == ACT_IF)
        return run(w, holds(w, act->when) ? &act->then : &act->otherwise);
    if (act->when && !holds(w, act->when))
        return GO_ON;
    switch (act->kind) {
    case ACT_STOP:
        return STOP;
    case ACT_BREAK:
        return LEAVE_LOOP;
    case ACT_REPEAT:
        return repeat(w, act);
    case ACT_WHILE:
    case ACT_UNTIL:
        return loop(w, act);
    default:
        value = perform(w, act);
    }
    if (act->as)
        world_set(w, act->as, value);
    return GO_ON;
}

static enum then run(struct world *w, const struct program *program)
{
    enum then then = GO_ON;

    for (int i = 0; i < program->count && then == GO_ON; i++)
        then = run_act(w, &program->v[i]);
    return then;
}

void client_run(struct world *w, const struct program *program)
{
    assert(w);
    assert(program);
    run(w, program);
    fd_close_all(w->store); /* as the kernel does when a process ends, one after the other */
    world_ends(w);
}
