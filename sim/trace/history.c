#include "sim/trace/history.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void history_clear(struct history *h)
{
    assert(h);
    h->clock = 0;
    h->request_count = h->creation_count = h->deletion_count = h->asked_count = h->view_count =
        h->access_count = h->info_count = h->found_count = 0;
    h->written_count = h->read_count = 0;
    memset(h->steps, 0, sizeof h->steps);
}

void history_release(struct history *h)
{
    assert(h);
    free(h->requests);
    free(h->creations);
    free(h->deletions);
    free(h->asked);
    free(h->views);
    free(h->accesses);
    free(h->infos);
    free(h->founds);
    free(h->written);
    free(h->read);
    *h = (struct history){.requests = NULL};
}

/* Room for one more element of v. */
#define APPEND(v, count, cap, value)                                                               \
    do {                                                                                           \
        if ((count) == (cap)) {                                                                    \
            (cap) = (cap) ? 2 * (cap) : 16;                                                        \
            (v) = mem_grow((v), (size_t)(cap), sizeof *(v));                                       \
        }                                                                                          \
        (v)[(count)++] = (value);                                                                  \
    } while (0)

void history_request(struct history *h, const struct history_request *r)
{
    assert(h);
    assert(r);
    APPEND(h->requests, h->request_count, h->request_cap, *r);
    h->requests[h->request_count - 1].ended = h->clock++;
}

void history_creation(struct history *h, const struct history_life *r)
{
    assert(h);
    assert(r);
    APPEND(h->creations, h->creation_count, h->creation_cap, *r);
}

void history_deletion(struct history *h, const struct history_life *r)
{
    assert(h);
    assert(r);
    APPEND(h->deletions, h->deletion_count, h->deletion_cap, *r);
}

void history_asked(struct history *h, const struct history_asked *r)
{
    assert(h);
    assert(r);
    APPEND(h->asked, h->asked_count, h->asked_cap, *r);
}

void history_view(struct history *h, const struct history_view *v)
{
    assert(h);
    assert(v);
    APPEND(h->views, h->view_count, h->view_cap, *v);
}

void history_access(struct history *h, const struct history_access *a)
{
    assert(h);
    assert(a);
    APPEND(h->accesses, h->access_count, h->access_cap, *a);
}

void history_info(struct history *h, const struct history_info *r)
{
    assert(h);
    assert(r);
    APPEND(h->infos, h->info_count, h->info_cap, *r);
}

void history_found(struct history *h, const struct history_found *r)
{
    assert(h);
    assert(r);
    APPEND(h->founds, h->found_count, h->found_cap, *r);
}

void history_written(struct history *h, uint64_t path, uint64_t value)
{
    assert(h);

    struct history_value v = {path, value};

    APPEND(h->written, h->written_count, h->written_cap, v);
}

void history_read(struct history *h, uint64_t path, uint64_t value)
{
    assert(h);

    struct history_value v = {path, value};

    APPEND(h->read, h->read_count, h->read_cap, v);
}

int history_messages(const struct history *h)
{
    assert(h);
    return h->steps[POINT_SEND] + h->steps[POINT_ANSWER];
}

int history_store_calls(const struct history *h)
{
    assert(h);

    int calls = 0;

    for (int op = 0; op < WATCH_ADD; op++)
        calls += h->steps[op];
    return calls;
}
