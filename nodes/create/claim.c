#include "nodes/create/claim.h"
#include <assert.h>
#include <errno.h>

int claim_try(struct world *w, const char *name, struct patience *p, struct marker *m)
{
    assert(w);
    assert(name);
    assert(p);
    assert(m);

    int64_t lease_ms = w->settings->marker.lease_ms, now_ms = world_in(w, 0);
    bool watched = p->fence > 0 && world_passed(w, p->dead_ms);
    const struct marker seen = {.name = name, .fence = p->fence};
    int rc = watched && w->settings->marker.succeed_empty
                 ? marker_supersede(w->store, &seen, w->node, "", now_ms, lease_ms, m)
                 : marker_claim(w->store, name, w->node, "", now_ms, lease_ms, m);

    if (rc == 0)
        world_expect(w, m->until_ms + 1);
    if (rc == -EEXIST && !*m->owner && m->fence != p->fence) {
        p->fence = m->fence;
        p->dead_ms = world_in(w, lease_ms);
    }
    return rc;
}

bool claim_wait(struct world *w, struct patience *p)
{
    assert(w);
    assert(p);

    const struct settings *s = w->settings;

    if (p->over)
        return false;
    if (!p->waits)
        p->over_ms = world_in(w, s->marker.lease_ms + s->marker.poll_ms);
    p->waits = true;
    world_poll(w, s->marker.poll_ms);
    p->over = world_passed(w, p->over_ms);
    return true;
}
