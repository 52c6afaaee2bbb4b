/*
 * monotonic_versions: what any one node or client sees of a stream never goes back. Not to an
 * earlier generation or version, and not to an incarnation that it has left for another one.
 */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

/* One look: by a node into what it is told, or by a client at an answer. */
struct look {
    const char *who, *stream, *incarnation;
    int generation, version;
};

static bool same_eyes(const struct look *a, const struct look *b)
{
    return strcmp(a->who, b->who) == 0 && strcmp(a->stream, b->stream) == 0;
}

/* Does v[at] go back behind what the same one saw before? */
static bool goes_back(const struct look *v, int at)
{
    const struct look *now = &v[at];
    bool left = false; /* another incarnation was seen since */

    for (int i = at - 1; i >= 0; i--) {
        bool same = strcmp(v[i].incarnation, now->incarnation) == 0;

        if (!same_eyes(&v[i], now))
            continue;
        if (v[i].generation > now->generation || (same && (left || v[i].version > now->version)))
            return true;
        left |= !same;
    }
    return false;
}

static bool all_forward(const struct look *v, int count, struct strbuf *why)
{
    for (int i = 0; i < count; i++) {
        if (!goes_back(v, i))
            continue;
        if (why)
            strbuf_printf(why, "%s saw %s go back to incarnation %s, version %d", v[i].who,
                          v[i].stream, v[i].incarnation, v[i].version);
        return false;
    }
    return true;
}

bool check_monotonic_versions(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;
    struct look *looks =
        arena_alloc(&c->arena, sizeof *looks * (size_t)(h->view_count + h->request_count + 1));
    int n = 0;

    for (int i = 0; i < h->view_count; i++) {
        const struct history_view *v = &h->views[i];

        looks[n++] = (struct look){v->node, v->stream, v->incarnation, v->generation, v->version};
    }
    if (!all_forward(looks, n, why))
        return false;
    n = 0;
    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];

        if (*r->incarnation)
            looks[n++] =
                (struct look){r->task, r->stream, r->incarnation, r->generation, r->version};
    }
    return all_forward(looks, n, why);
}
