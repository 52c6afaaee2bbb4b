#include "nodes/create/ask.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

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
    assert(w);
    assert(nodes);
    assert(want);
    assert(out);
    assert(count >= 0);

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
