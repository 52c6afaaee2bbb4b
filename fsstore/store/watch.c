#include "fsstore/store/watch.h"

#include "base/strbuf.h"
#include "fsstore/store/object.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int watch_add(struct store *s, int queue, const char *path)
{
    assert(s);
    assert(path);

    struct step step = {.op = WATCH_ADD, .path = path, .queue = queue};
    if (queue < 0)
        return queue; /* there was none to be had */
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->watch_add(s->port, queue, path), NULL, 0);
}

/* "CREATE app, MOVED_TO app/x" */
static const char *tell(struct store *s, const struct port_event *events, int count)
{
    if (!s->hooks)
        return NULL;
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < count; i++) {
        strbuf_adds(&sb, i > 0 ? ", " : "");
        strbuf_adds(&sb, port_event_name(events[i].kind));
        if (events[i].path[0]) {
            strbuf_addc(&sb, ' ');
            strbuf_adds(&sb, events[i].path);
        }
    }
    const char *told = arena_memdup(s->arena, sb.s, sb.len);
    strbuf_release(&sb);
    return told;
}

int watch_next(struct store *s, int queue, int max, struct port_event *out)
{
    assert(s);
    assert(out);
    assert(max > 0);

    struct step step = {.op = WATCH_NEXT, .path = "", .queue = queue};
    if (queue < 0)
        return queue;
    store_step_begin(s, &step);
    int n = s->port->calls->watch_read(s->port, queue, max, out);
    const char *told = n > 0 ? tell(s, out, n) : NULL;
    return store_step_end(s, &step, n, told, told ? strlen(told) : 0);
}

/* A write gives CREATE and CLOSE_WRITE, mostly at once; that makes one change. */
static void add_change(struct store *s, struct watch_changes *c, const char *path, bool gone)
{
    if (c->count > 0 && c->v[c->count - 1].gone == gone &&
        strcmp(c->v[c->count - 1].path, path) == 0)
        return;
    if (c->count == c->cap) {
        int cap = c->cap ? 2 * c->cap : 16;
        struct watch_change *v = arena_alloc(s->arena, (size_t)cap * sizeof *v);
        if (c->count > 0)
            memcpy(v, c->v, (size_t)c->count * sizeof *v);
        c->v = v;
        c->cap = cap;
    }
    c->v[c->count++] = (struct watch_change){.path = arena_strdup(s->arena, path), .gone = gone};
}

static int follow(struct watch_feed *f, const char *dir, bool list, struct watch_changes *changes);

static int list_dir(struct watch_feed *f, const char *dir, struct watch_changes *changes)
{
    struct port_names names;
    int rc = object_list(f->store, dir, &names);
    for (int i = 0; rc == 0 && i < names.count; i++) {
        const char *path = arena_path(f->store->arena, dir, names.v[i].name);
        if (names.v[i].kind == PORT_FILE)
            add_change(f->store, changes, path, false);
        else if (f->wanted(path))
            rc = follow(f, path, true, changes);
    }
    return rc;
}

static bool is_gone(int rc)
{
    return rc == -ENOENT || rc == -ENOTDIR;
}

/* Watches first and then lists: what comes between the two is then told twice, and never missed. */
static int follow(struct watch_feed *f, const char *dir, bool list, struct watch_changes *changes)
{
    int rc = watch_add(f->store, f->queue, dir);
    if (rc == 0 && list)
        rc = list_dir(f, dir, changes);
    return is_gone(rc) ? 0 : rc;
}

int watch_feed_start(struct watch_feed *f, struct store *s, int queue, watch_wanted_fn *wanted,
                     struct watch_changes *changes)
{
    assert(f);
    assert(s);
    assert(wanted);
    assert(changes);
    f->store = s;
    f->queue = queue;
    f->wanted = wanted;
    *changes = (struct watch_changes){0};
    return follow(f, "", true, changes);
}

static int take_event(struct watch_feed *f, const struct port_event *e,
                      struct watch_changes *changes)
{
    switch (e->kind) {
    case EVENT_CREATE:
    case EVENT_MOVED_TO:
        if (e->is_dir)
            return f->wanted(e->path) ? follow(f, e->path, !f->late_list_off, changes) : 0;
        add_change(f->store, changes, e->path, false);
        return 0;
    case EVENT_CLOSE_WRITE:
        add_change(f->store, changes, e->path, false);
        return 0;
    case EVENT_MOVED_FROM:
    case EVENT_DELETE:
        add_change(f->store, changes, e->path, true);
        return 0;
    case EVENT_DELETE_SELF: /* the directory above tells */
    case EVENT_OVERFLOW:
        return 0;
    }
    return 0;
}

static bool has_overflow(const struct port_event *events, int count)
{
    for (int i = 0; i < count; i++)
        if (events[i].kind == EVENT_OVERFLOW)
            return true;
    return false;
}

static int by_path(const void *a, const void *b)
{
    const struct port_event *x = a, *y = b;
    int order = strcmp(x->path, y->path);

    return order ? order : (int)x->kind - (int)y->kind;
}

static int by_change(const void *a, const void *b)
{
    return strcmp(((const struct watch_change *)a)->path, ((const struct watch_change *)b)->path);
}

/* One change for each path, sorted: so the order of events has no part in what comes of them. */
static void settle(struct watch_changes *c)
{
    int kept = 0;

    if (c->count > 1)
        qsort(c->v, (size_t)c->count, sizeof *c->v, by_change);
    for (int i = 0; i < c->count; i++) {
        if (kept > 0 && strcmp(c->v[kept - 1].path, c->v[i].path) == 0)
            c->v[kept - 1].gone |= c->v[i].gone;
        else
            c->v[kept++] = c->v[i];
    }
    c->count = kept;
}

int watch_feed_next(struct watch_feed *f, struct watch_changes *changes)
{
    assert(f);
    assert(changes);

    struct port_event events[WATCH_BATCH];
    *changes = (struct watch_changes){0};
    int n = watch_next(f->store, f->queue, WATCH_BATCH, events);
    int rc = 0;

    if (n < 0)
        return n;
    changes->rescanned = has_overflow(events, n);
    if (changes->rescanned) /* what the other events tell, looking at everything tells as well */
        rc = follow(f, "", true, changes);
    else
        qsort(events, (size_t)n, sizeof *events, by_path);
    for (int i = 0; i < n && rc == 0 && !changes->rescanned; i++)
        rc = take_event(f, &events[i], changes);
    settle(changes);
    return rc;
}
