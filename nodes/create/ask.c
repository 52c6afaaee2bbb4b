#include "nodes/create/ask.h"
#include <stdio.h>
#include <string.h>

/* --- the one that asks --- */

static bool try_one(struct world *w, const char *node, const struct msg *request,
                    enum status *status, struct record *out)
{
    struct msg answer;

    for (int i = 0; i <= w->settings->net.retries; i++) {
        if (world_send(w, node, request) != 0)
            continue;
        *status = ST_UNKNOWN;
        if (world_await_answer(w, request->id, w->settings->net.timeout_ms, &answer) != 0)
            continue;
        if (answer.status == ST_CREATED || answer.status == ST_EXISTS || answer.status == ST_STALE)
            *out = answer.record;
        *status = answer.status;
        return true;
    }
    return false;
}

enum status ask(struct world *w, enum msg_kind kind, const char *const nodes[], int count,
                const struct wanted *want, struct record *out)
{
    struct msg request = {.kind = kind, .id = world_request_id(w)};
    enum status status = ST_REJECTED; /* until something was sent, nothing can have happened */

    snprintf(request.token, sizeof request.token, "%s", w->self->config.token);
    snprintf(request.record.stream, sizeof request.record.stream, "%s", want->stream);
    request.record.schema = *want->schema;
    if (want->known) {
        request.record.generation = want->known->generation;
        request.record.version = want->known->version;
    }
    for (int i = 0; i < count; i++)
        if (try_one(w, nodes[i], &request, &status, out))
            break;
    return status;
}

/* --- the one that is asked --- */

/* What was answered, newest first. In the node's arena. */
struct answered {
    struct msg answer;
    const struct answered *before;
};

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

void answer(struct world *w, const struct msg *request, decide_fn *decide)
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
