/*
 * hybrid: who has created a stream is decided at once, what its fields are in time.
 *
 * Marker or registry, as settings.hybrid says, decides on the definition: incarnation, creator,
 * time. It is asked for a stream without fields. They go to this node's own schema object, as later
 * ones do, and reach the others as those do. So no creation waits for a schema, and none is refused
 * for one; and two nodes may take one field for two types, and find out later. A static schema is
 * part of the definition.
 */
#include "nodes/create/scheme.h"
#include <assert.h>

enum status create_hybrid(struct world *w, const struct wanted *want, struct record *out)
{
    assert(w);
    assert(want);
    assert(out);

    const struct schema none = {.count = 0};
    struct wanted bare = *want;
    enum status status;

    if (!want->schema->is_static)
        bare.schema = &none;
    status = w->settings->hybrid == CREATE_REGISTRY ? create_registry(w, &bare, out)
                                                    : create_marker(w, &bare, out);
    if ((status != ST_CREATED && status != ST_EXISTS) || want->schema->is_static ||
        schema_covers(&out->schema, want->schema))
        return status;
    if (!schema_merge(&out->schema, want->schema))
        return ST_CONFLICT;
    return stream_grow(w, out) == 0 ? status : ST_REJECTED;
}
