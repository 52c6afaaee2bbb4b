/*
 * no_lost_events: once all is quiet, each event that was accepted is found by a query at every
 * querier that is up; in a cluster without one, in the stream's data objects. Events of a
 * generation that was deleted by tombstone went with it, unless they were sent after the deletion
 * was answered: then they were meant for a stream that is not that one. A plain delete leaves
 * nothing to tell by, and what was accepted before it counts as lost, too.
 */
#include "fsstore/store/object.h"
#include "nodes/stream/batch.h"
#include "nodes/stream/layout.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

/* Is the id one of the blank-separated words? */
static bool has_word(const char *words, const char *id, size_t len)
{
    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == len && strncmp(p, id, len) == 0)
            return true;
    return false;
}

static const char *first_missing(const char *sent, const char *found, size_t *len)
{
    for (const char *p = sent; *p; p += *len, p += *p == ' ') {
        *len = strcspn(p, " ");
        if (!has_word(found, p, *len))
            return p;
    }
    return NULL;
}

/* Was the generation that took the events deleted, while they were sent or after it? */
static bool went_with_it(struct cluster *c, const struct history_request *ingest)
{
    const struct history *h = &c->history;
    struct store s;

    check_store(c, &s);
    if (!check_is_over(&s, ingest->stream, ingest->generation))
        return false;
    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];

        if (r->status == ST_DELETED && strcmp(r->stream, ingest->stream) == 0 &&
            r->generation == ingest->generation)
            return ingest->began < r->ended;
    }
    return true; /* whoever deleted it died before the answer */
}

static const char *stored_events(struct cluster *c, const struct history_request *r)
{
    struct port_names names;
    const char *all = "", *dir;
    struct store s;

    check_store(c, &s);
    dir = layout_data_dir(s.arena, layout_prefix(s.arena, r->stream, r->generation));
    if (object_list(&s, dir, &names) != 0)
        return all;
    for (int i = 0; i < names.count; i++) {
        struct batch batch;
        char *data;
        size_t len;

        if (object_get(&s, arena_printf(s.arena, "%s/%s", dir, names.v[i].name), &data, &len) ==
                0 &&
            batch_parse(s.arena, data, len, &batch))
            all = arena_printf(s.arena, "%s %s", all, batch.events);
    }
    return all;
}

static bool lost(const struct history_request *r, const char *found, const char *where,
                 struct strbuf *why)
{
    size_t len = 0;
    const char *id = first_missing(r->events, found, &len);

    if (id && why)
        strbuf_printf(why, "event %.*s of %s was accepted by %s, and %s does not find it", (int)len,
                      id, r->stream, r->node, where);
    return id != NULL;
}

bool check_no_lost_events(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;
    bool asked = false;

    for (int i = 0; i < h->request_count; i++) {
        const struct history_request *r = &h->requests[i];

        if (r->kind != REQ_INGEST || r->status != ST_ACCEPTED || went_with_it(c, r))
            continue;
        for (int k = 0; k < h->found_count; k++) {
            if (strcmp(h->founds[k].stream, r->stream) != 0)
                continue;
            asked = true;
            if (lost(r, h->founds[k].events, h->founds[k].node, why))
                return false;
        }
        if (!asked && lost(r, stored_events(c, r), "the store", why))
            return false;
    }
    return true;
}
