#include "nodes/create/claim.h"
#include <assert.h>
#include <errno.h>

int claim_try(struct world *w, const char *name, struct patience *p, struct marker *m)
{
    assert(w);
    assert(name);
    assert(p);
    assert(m);

    int64_t lease_ms = w->settings->marker.lease_ms, now_ms = world_now(w);
    bool watched = p->fence > 0 && now_ms - p->since_ms >= lease_ms;
    const struct marker seen = {.name = name, .fence = p->fence};
    int rc = watched && w->settings->marker.succeed_empty
                 ? marker_supersede(w->store, &seen, w->node, "", now_ms, lease_ms, m)
                 : marker_claim(w->store, name, w->node, "", now_ms, lease_ms, m);

    if (rc == -EEXIST && !*m->owner && m->fence != p->fence)
        *p = (struct patience){m->fence, now_ms};
    return rc;
}
