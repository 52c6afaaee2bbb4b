/*
 * verify: write, read back, and believe it.
 *
 * Optimistic: put the base record, look whether it is still ours, and if it is, we are the creator.
 * It is here because people build it. The read proves that nobody had overwritten the record yet,
 * and says nothing of who is about to: two who both looked before either wrote can each read back
 * their own. What is in the store at last is one record, the later one's; but two have been told
 * that they made the stream.
 */
#include "fsstore/store/object.h"
#include "nodes/create/scheme.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <string.h>

static int put_base(struct world *w, const struct record *r)
{
    const char *schema = schema_text(w->arena, &r->schema), *text = record_text(w->arena, r);
    const char *prefix = record_prefix(w->arena, r);
    int rc = object_put(w->store, layout_schema(w->arena, prefix, w->node), schema, strlen(schema));

    if (rc != 0)
        return rc;
    return object_put(w->store, layout_stream_json(w->arena, prefix, NULL), text, strlen(text));
}

enum status create_verify(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    struct record mine, found;

    if (stream_load(w, want->prefix, out))
        return ST_EXISTS;
    stream_new(w, want, &mine);
    if (put_base(w, &mine) != 0)
        return ST_REJECTED;
    world_mark(w, "verify.after-put");
    if (!stream_load(w, want->prefix, &found))
        return ST_UNKNOWN;
    *out = found;
    if (!record_same(&found, &mine))
        return ST_EXISTS; /* overwritten: theirs counts */
    return stream_created(w, out);
}
