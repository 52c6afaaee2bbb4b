/*
 * causality: which steps an inotify event came from, for the arrows of a trace.
 *
 * The kernel queues events in the order of the steps that cause them and does not say whose they
 * are. So for each event that a task takes: the first step, from the one that caused the event
 * before it, that put something into this queue and named the event's path.
 */
#include "sim/engine/cluster.h"
#include "sim/trace/trace.h"
#include <assert.h>
#include <string.h>

static bool is_or_is_above(const char *path, size_t len, const char *named)
{
    return strncmp(path, named, len) == 0 && (named[len] == '\0' || named[len] == '/');
}

static bool begins(const char *words, const char *with)
{
    return strncmp(words, with, strlen(with)) == 0;
}

/* Can a step of this kind cause such an event? Under posix, the end of a write is a call of its own. */
static bool fits(const struct cluster *c, int op, const char *words)
{
    bool gone = begins(words, "DELETE") || begins(words, "MOVED_FROM");
    bool written = begins(words, "CLOSE_WRITE");

    switch (op) {
    case FS_RENAME:
    case FS_RENAME_NOREPLACE:
        return !written;
    case FS_UNLINK:
    case FS_RMDIR:
    case STORE_DELETE:
        return gone;
    case FS_CLOSE:
        return written;
    default:
        return !gone && !(written && c->scenario->semantics == STORE_POSIX);
    }
}

static bool caused(const struct cluster *c, int event, const struct queue *q, const char *words,
                   size_t len)
{
    const char *blank = memchr(words, ' ', len);
    const char *path = blank ? blank + 1 : words + len;
    size_t path_len = len - (size_t)(path - words);
    int step =
        footprint_writes(&c->events[event].footprint, q->in) ? trace_step_of(c->trace, event) : -1;
    const struct trace_record *r = step >= 0 ? &c->trace->v[step] : NULL;

    return r && fits(c, r->op, words) &&
           (is_or_is_above(path, path_len, r->object) ||
            is_or_is_above(path, path_len, r->object2));
}

void cause_note(struct task *t, const char *events)
{
    assert(t);
    assert(events);

    struct cluster *c = t->cluster;
    struct queue *q = &c->nodes[t->node].queue;

    while (*events) {
        const char *comma = strstr(events, ", ");
        size_t len = comma ? (size_t)(comma - events) : strlen(events);
        int event = q->told;

        while (event < t->event && !caused(c, event, q, events, len))
            event++;
        if (event < t->event) {
            task_caused(t, event);
            q->told = event;
        }
        events += len + (comma ? 2 : 0);
    }
}
