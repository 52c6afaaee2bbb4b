#include "nodes/create/create.h"
#include "nodes/create/scheme.h"
#include "nodes/stream/generation.h"
#include "nodes/stream/layout.h"
#include <assert.h>

const char *const create_scheme_names[] = {"naive",  "proxy",    "marker", "push",
                                           "verify", "registry", "hybrid", NULL};

_Static_assert(sizeof create_scheme_names / sizeof *create_scheme_names == CREATE_SCHEMES + 1,
               "a name for each");

typedef enum status create_fn(struct world *w, const struct wanted *want, struct record *out);

/* An ingestor of a release that cannot create takes part as under push, whatever the others do. */
static enum create_scheme scheme_of(const struct world *w)
{
    bool old = node_is(w, "ingestor") && w->self->release < RELEASE_CREATES;

    return old ? CREATE_PUSH : w->settings->create;
}

enum status create_stream(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    static create_fn *const schemes[CREATE_SCHEMES] = {
        [CREATE_NAIVE] = create_naive,   [CREATE_PROXY] = create_proxy,
        [CREATE_MARKER] = create_marker, [CREATE_PUSH] = create_push,
        [CREATE_VERIFY] = create_verify, [CREATE_REGISTRY] = create_registry,
        [CREATE_HYBRID] = create_hybrid};
    enum status status = schemes[scheme_of(w)](w, want, out);

    if (status == ST_CREATED && !node_is(w, "ingestor") && ingestors_are_told(w->settings))
        push_tell(w, out);
    return status;
}

/* What memory has, if its generation still lives. */
static bool is_known(struct world *w, const char *stream, struct known *out)
{
    if (!catalog_find(w, stream, out))
        return false;
    if (!generation_over(w, &out->record))
        return true;
    catalog_end(w, &out->record);
    return false;
}

/* A generation that ended while we made it or adopted it is swept, and the next one is tried. */
static enum status make(struct world *w, const struct wanted *want, struct record *out)
{
    struct wanted here = *want;
    enum status status;
    int generation = 0;

    for (;;) {
        generation = generation_now(w, want->stream, generation);
        here.prefix = layout_prefix(w->arena, want->stream, generation);
        status = create_stream(w, &here, out);
        if (status != ST_EXISTS || !generation_over(w, out))
            return status;
        grave_sweep(w, out);
    }
}

enum status stream_ensure_locked(struct world *w, const struct wanted *want, struct known *out)
{
    assert(w);
    assert(want);
    assert(out);

    enum status status;
    struct record r;

    if (is_known(w, want->stream, out))
        return ST_EXISTS;
    status = make(w, want, &r);
    if (status == ST_CREATED || status == ST_EXISTS)
        catalog_insert(w, &r, out);
    return status;
}

enum status stream_ensure(struct world *w, const struct wanted *want, struct known *out)
{
    assert(w);
    assert(want);
    assert(out);

    enum status status;

    stream_lock(w, want->stream);
    status = stream_ensure_locked(w, want, out);
    stream_unlock(w, want->stream);
    return status;
}
