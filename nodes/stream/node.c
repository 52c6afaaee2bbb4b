#include "nodes/stream/node.h"
#include <assert.h>
#include <string.h>

bool node_is(const struct world *w, const char *role)
{
    assert(w);
    assert(role);
    return strcmp(w->self->role->name, role) == 0;
}
