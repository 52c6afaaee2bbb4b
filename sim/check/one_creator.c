/* one_creator: between two deletions of a stream, at most one creation of it succeeds. */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

/* A deletion that found the stream allows for one more creation. By tombstone it ends a generation
 * instead, and creations are counted for each. */
static int allowed(const struct cluster *c, const struct record *r)
{
    const struct history *h = &c->history;
    int n = 1;

    if (c->scenario->settings.delete == DELETE_TOMBSTONE)
        return n;
    for (int i = 0; i < h->request_count; i++)
        if (h->requests[i].status == ST_DELETED && strcmp(h->requests[i].stream, r->stream) == 0)
            n++;
    return n;
}

static bool same_generation(const struct record *a, const struct record *b)
{
    return strcmp(a->stream, b->stream) == 0 && a->generation == b->generation;
}

bool check_one_creator(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;

    for (int i = 0; i < h->creation_count; i++) {
        const struct history_life *last = &h->creations[i], *first = NULL;
        int n = 0;

        for (int k = 0; k <= i; k++) {
            if (!same_generation(&h->creations[k].record, &last->record))
                continue;
            first = n++ ? first : &h->creations[k];
        }
        if (n <= allowed(c, &last->record))
            continue;
        if (why)
            strbuf_printf(why, "%s and %s both created %s, as incarnations %s and %s", first->task,
                          last->task, last->record.stream, first->record.incarnation,
                          last->record.incarnation);
        return false;
    }
    return true;
}
