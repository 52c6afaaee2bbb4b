#include "nodes/role/upload.h"
#include "fsstore/store/object.h"
#include "nodes/role/delete.h"
#include "nodes/role/request.h"
#include "nodes/stream/batch.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/wire.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int next_number(struct world *w)
{
    int n;

    world_guard(w);
    n = ++w->self->uploads;
    world_remember(w, "uploads", "one more");
    world_unguard(w);
    return n;
}

static void wake(struct world *w, const struct record *r, int n)
{
    struct msg upload = {.kind = MSG_UPLOAD, .id = (uint64_t)n, .record = *r};

    world_post(w, "upload", &upload);
}

static bool stage_on_disk(struct world *w, const struct known *k, const struct request *req)
{
    const char *prefix = record_prefix(w->arena, &k->record);
    const char *text = batch_text(w->arena, &req->fields, req->events, k->record.incarnation);
    int n = next_number(w);

    if (object_put(w->store, layout_staged(w->arena, w->node, prefix, n), text, strlen(text)) != 0)
        return false;
    wake(w, &k->record, n);
    return true;
}

bool upload_stage(struct world *w, const struct known *k, const struct request *req)
{
    assert(w);
    assert(k);
    assert(req);
    if (w->settings->staging == STAGING_DISK)
        return stage_on_disk(w, k, req);
    if (!writer_append(w, k, req->events, req->count, &req->fields))
        return false;
    wake(w, &k->record, 0);
    return true;
}

/* True: the batch is in the store, or has no place there any more. */
static bool put_batch(struct world *w, const struct record *r, int n, const char *text, size_t len)
{
    const char *key = layout_data(w->arena, record_prefix(w->arena, r), w->node, n);

    if (generation_over(w, r))
        return true;
    if (object_put(w->store, key, text, len) != 0)
        return false;
    if (generation_over(w, r))
        object_delete(w->store, key);
    return true;
}

static void upload_writer(struct world *w, const char *stream)
{
    struct writer batch;
    struct record of;
    const char *text;

    if (!writer_take(w, stream, &of, &batch))
        return;
    text = batch_text(w->arena, &batch.fields, batch.events, of.incarnation);
    put_batch(w, &of, next_number(w), text, strlen(text));
}

static void upload_file(struct world *w, const struct record *r, int n)
{
    const char *staged = layout_staged(w->arena, w->node, record_prefix(w->arena, r), n);
    char *text;
    size_t len;

    if (object_get(w->store, staged, &text, &len) == 0 && put_batch(w, r, n, text, len))
        object_delete(w->store, staged);
}

static void upload_dir(struct world *w, const char *prefix)
{
    const char *dir =
        arena_printf(w->arena, "%s/%s", layout_staging_dir(w->arena, w->node), prefix);
    struct record r = {.generation = layout_generation_of(prefix)};
    struct port_names names;

    snprintf(r.stream, sizeof r.stream, "%s", layout_stream_of(w->arena, prefix));
    if (object_list(w->store, dir, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++)
        upload_file(w, &r, atoi(names.v[i].name));
}

/* What an earlier life of this node has accepted and not uploaded. */
static void resume(struct world *w)
{
    struct port_names names;

    if (object_list(w->store, layout_staging_dir(w->arena, w->node), &names) != 0)
        return;
    for (int i = 0; i < names.count; i++)
        upload_dir(w, names.v[i].name);
}

void upload_run(struct world *w)
{
    assert(w);

    bool on_disk = w->settings->staging == STAGING_DISK;
    struct msg m;

    if (on_disk)
        resume(w);
    for (;;) {
        world_take(w, &m);
        if (on_disk)
            upload_file(w, &m.record, (int)m.id);
        else
            upload_writer(w, m.record.stream);
    }
}
