#include "nodes/role/serve.h"
#include "nodes/create/registry_log.h"
#include "nodes/create/schema.h"
#include <assert.h>
#include <string.h>

typedef enum status decide_fn(struct world *w, const struct wanted *want, struct record *out);

/* What was answered, newest first. In the node's arena. */
struct answered {
    struct msg answer;
    const struct answered *before;
};

const struct msg *serve_answered(const struct node *n, int i)
{
    const struct answered *a = n->answered;

    while (a && i-- > 0)
        a = a->before;
    return a ? &a->answer : NULL;
}

static const char *request_name(struct world *w, uint64_t id)
{
    return arena_printf(w->arena, "request %llu", (unsigned long long)id);
}

static bool answered_before(struct world *w, uint64_t id, struct msg *answer)
{
    const struct answered *a;

    world_guard(w);
    for (a = w->self->answered; a && a->answer.id != id; a = a->before)
        ;
    if (a)
        *answer = a->answer;
    world_recall(w, request_name(w, id), a ? status_name(a->answer.status) : "new");
    world_unguard(w);
    return a != NULL;
}

static void remember_answer(struct world *w, const struct msg *answer)
{
    struct answered *a;

    world_guard(w);
    a = arena_alloc(w->self->arena, sizeof *a);
    *a = (struct answered){*answer, w->self->answered};
    w->self->answered = a;
    world_remember(w, request_name(w, answer->id), status_name(answer->status));
    world_unguard(w);
}

static void work_out(struct world *w, const struct msg *request, decide_fn *decide,
                     struct msg *answer)
{
    struct wanted want = {.stream = request->record.stream,
                          .schema = &request->record.schema,
                          .request = request->id,
                          .from = request->from,
                          .known = &request->record};

    answer->status = decide(w, &want, &answer->record);
    if (!w->settings->proxy.request_ids)
        return;
    if (answer->status == ST_EXISTS && answer->record.request == request->id)
        answer->status = ST_CREATED; /* by its first try */
    if (answer->status == ST_CREATED || answer->status == ST_EXISTS)
        remember_answer(w, answer);
}

/* Decides under the stream's lock in memory, if the settings want one. */
static void answer(struct world *w, const struct msg *request, decide_fn *decide)
{
    struct msg answer = {.kind = MSG_ANSWER, .id = request->id, .status = ST_UNAUTHORIZED};

    if (strcmp(request->token, w->self->config.token) == 0) {
        stream_lock(w, request->record.stream);
        if (!answered_before(w, request->id, &answer))
            work_out(w, request, decide, &answer);
        stream_unlock(w, request->record.stream);
    }
    world_answer(w, request, &answer);
}

static enum status proxy_create(struct world *w, const struct wanted *want, struct record *out)
{
    enum status status;
    struct known k;

    status = stream_ensure_locked(w, want, &k);
    if (status == ST_EXISTS && w->settings->proxy.exists_is_error)
        return ST_REJECTED;
    if (status == ST_CREATED || status == ST_EXISTS)
        *out = k.record;
    return status;
}

void proxy_serve(struct world *w, const struct msg *request)
{
    assert(w);
    assert(request);
    answer(w, request, request->kind == MSG_GROW ? schema_decide : proxy_create);
}

/* Where deletion leaves no tombstone, a querier may have deleted what memory has. */
static void forget_if_gone(struct world *w, const char *stream)
{
    struct record r;
    struct known k;

    if (w->settings->delete == DELETE_PLAIN && catalog_find(w, stream, &k) &&
        !stream_find(w, stream, &r))
        catalog_drop(w, stream);
}

static enum status registry_create(struct world *w, const struct wanted *want, struct record *out)
{
    enum status status;
    struct known k;

    forget_if_gone(w, want->stream);
    status = stream_ensure_locked(w, want, &k);
    if (status == ST_CREATED || status == ST_EXISTS)
        *out = k.record;
    return status;
}

static enum status registry_grow_here(struct world *w, const struct wanted *want,
                                      struct record *out)
{
    if (!stream_find(w, want->stream, out))
        return ST_NOT_FOUND;
    if (schema_covers(&out->schema, want->schema))
        return ST_EXISTS;
    if (!schema_merge(&out->schema, want->schema))
        return ST_CONFLICT;
    if (stream_grow(w, out) != 0)
        return ST_REJECTED;
    registry_changed(w, out, want->from);
    return ST_EXISTS;
}

void registry_serve(struct world *w, const struct msg *request)
{
    assert(w);
    assert(request);
    answer(w, request, request->kind == MSG_GROW ? registry_grow_here : registry_create);
}
