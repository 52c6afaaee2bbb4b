/*
 * no_stuck_marker: no marker blocks for ever. A claim that was given free blocks nobody, nor does
 * one that is done where the stream is there; any other may be succeeded once its lease has run
 * out. So it is stuck if somebody waited as long as a lease for the stream, and then gave up without
 * an answer: the next one will wait in vain, too.
 */
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/marker.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

/* A request on the stream that waited for a lease, and was told nothing; NULL: there is none. */
static const struct history_request *gave_up(const struct cluster *c, const char *stream)
{
    const struct history *h = &c->history;

    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];
        int64_t waited_ms = r->ended_ms - r->began_ms;

        if (r->status == ST_UNKNOWN && r->stream && (!stream || strcmp(r->stream, stream) == 0) &&
            waited_ms >= c->scenario->settings.marker.lease_ms)
            return r;
    }
    return NULL;
}

/* "app" of the claims "app" and "app@1", and of the lock "app.lock"; NULL of the lock for all. */
static const char *subject(struct arena *a, const char *claim)
{
    static const char lock[] = ".lock";
    const char *stream = layout_stream_of(a, claim);
    size_t len = stream ? strlen(stream) : 0, end = strlen(lock);

    if (len > end && strcmp(stream + len - end, lock) == 0)
        return arena_memdup(a, stream, len - end);
    return stream;
}

static bool is_there(struct cluster *c, const char *stream)
{
    struct record *v;
    int count = check_definitions(c, &v);

    for (int i = 0; i < count; i++)
        if (strcmp(v[i].stream, stream) == 0)
            return true;
    return false;
}

static bool is_stuck(struct cluster *c, struct store *s, const char *claim, struct strbuf *why)
{
    const char *stream = subject(s->arena, claim);
    const struct history_request *r = gave_up(c, stream);
    struct marker m;

    if (!r || marker_read(s, claim, &m) != 0 || (*m.owner && !m.done && m.until_ms < 0) ||
        (m.done && stream && is_there(c, stream)))
        return false;
    if (why)
        strbuf_printf(why, "%s gave up waiting for %s: claim %d on %s %s%s stands", r->task,
                      r->stream, m.fence, claim, *m.owner ? "by " : "by nobody knows whom",
                      m.owner);
    return true;
}

bool check_no_stuck_marker(struct cluster *c, struct strbuf *why)
{
    assert(c);

    struct port_names names;
    struct store s;

    check_store(c, &s);
    if (object_list(&s, LAYOUT_MARKERS, &names) != 0)
        return true;
    for (int i = 0; i < names.count; i++) {
        const char *dot = strrchr(names.v[i].name, '.');

        if (dot &&
            is_stuck(c, &s, arena_memdup(s.arena, names.v[i].name, (size_t)(dot - names.v[i].name)),
                     why))
            return false;
    }
    return true;
}
