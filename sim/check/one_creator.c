/* one_creator: between two deletions of a stream, at most one creation of it succeeds. */
#include "sim/check/check.h"
#include "sim/cluster.h"
#include <string.h>

static int deletions(const struct history *h, const char *stream)
{
    int n = 0;

    for (int i = 0; i < h->request_count; i++)
        if (h->requests[i].status == ST_DELETED && strcmp(h->requests[i].stream, stream) == 0)
            n++;
    return n;
}

static bool holds(struct cluster *c, struct strbuf *why)
{
    const struct history *h = &c->history;

    for (int i = 0; i < h->creation_count; i++) {
        const struct history_creation *last = &h->creations[i], *first = NULL;
        int n = 0;

        for (int k = 0; k <= i; k++) {
            if (strcmp(h->creations[k].record.stream, last->record.stream) != 0)
                continue;
            first = n++ ? first : &h->creations[k];
        }
        if (n <= 1 + deletions(h, last->record.stream))
            continue;
        if (why)
            strbuf_printf(why, "%s and %s both created %s, as incarnations %s and %s", first->task,
                          last->task, last->record.stream, first->record.incarnation,
                          last->record.incarnation);
        return false;
    }
    return true;
}

const struct check check_one_creator = {"one_creator", true, false, false, holds, true};
