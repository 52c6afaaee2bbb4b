#include "base/vec.h"
#include "fsstore/port/model.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct model_queue *queue_of(struct port *port, int queue)
{
    assert(queue >= 0 && queue < MODEL_QUEUES && model_of(port)->queues[queue].open);
    return &model_of(port)->queues[queue];
}

/* --- what is put in -----------------------------------------------------------------------------
 */

static struct model_event *at(const struct model_queue *q, int i)
{
    return &q->events[(q->first + i) & (q->cap - 1)];
}

static void grow(struct model_queue *q)
{
    int cap = q->cap ? 2 * q->cap : 16;
    struct model_event *events = mem_grow(NULL, (size_t)cap, sizeof *events);
    for (int i = 0; i < q->count; i++)
        events[i] = *at(q, i);
    free(q->events);
    q->events = events;
    q->first = 0;
    q->cap = cap;
}

static void append(struct model_queue *q, const struct model_event *e)
{
    if (q->count == q->cap)
        grow(q);
    *at(q, q->count++) = *e;
}

static bool is_same(const struct port_model *p, const struct model_event *a,
                    const struct model_event *b)
{
    return a->kind != MODEL_IGNORED && a->kind == b->kind && a->watch == b->watch &&
           a->is_dir == b->is_dir && a->len == b->len &&
           memcmp(p->pool + a->text, p->pool + b->text, a->len) == 0;
}

/* As fsnotify_insert_event() of the kernel: beyond the limit there is one overflow, however much is
 * lost; an event like the last one is merged with it. */
static void queue_put(const struct port_model *p, struct model_queue *q,
                      const struct model_event *e)
{
    static const struct model_event overflow = {.watch = -1, .kind = EVENT_OVERFLOW};
    if (q->count < MODEL_QUEUE_LIMIT) {
        if (q->count == 0 || !is_same(p, at(q, q->count - 1), e))
            append(q, e);
    } else if (!q->overflowed) {
        append(q, &overflow);
        q->overflowed = true;
    }
}

static struct model_watch *watch_on(struct model_queue *q, int file)
{
    for (int i = 0; i < q->watch_count; i++)
        if (q->watches[i].file == file && !q->watches[i].over)
            return &q->watches[i];
    return NULL;
}

static void tell(struct port_model *p, int file, struct model_event *e)
{
    for (int i = 0; i < p->queue_count; i++) {
        const struct model_watch *w = watch_on(&p->queues[i], file);
        if (!w)
            continue;
        e->watch = w->id;
        queue_put(p, &p->queues[i], e);
    }
}

void model_tell_dir(struct port_model *p, int name, enum port_event_kind kind)
{
    assert(name >= 0 && name < p->tree.name_count);

    const struct model_name *n = &p->tree.names[name];
    if (p->watch_count == 0)
        return;
    tell(p, p->tree.names[n->parent].file,
         &(struct model_event){.kind = (int)kind,
                               .is_dir = model_file_of(p, name)->is_dir,
                               .text = n->text,
                               .len = n->len});
}

/* Of a thing itself the kernel does not say that it is a directory (IN_DELETE_SELF). */
void model_tell_file(struct port_model *p, int file, enum port_event_kind kind)
{
    assert(p);
    assert(file >= 0 && file < p->tree.file_count);
    if (p->watch_count > 0)
        tell(p, file, &(struct model_event){.kind = (int)kind});
}

void model_file_gone(struct port_model *p, int file)
{
    assert(p);
    assert(file >= 0 && file < p->tree.file_count);
    if (p->watch_count == 0)
        return;
    model_tell_file(p, file, EVENT_DELETE_SELF);
    tell(p, file, &(struct model_event){.kind = MODEL_IGNORED});
    for (int i = 0; i < p->queue_count; i++) {
        struct model_watch *w = watch_on(&p->queues[i], file);
        if (w)
            w->over = true;
    }
}

/* --- what is taken out --------------------------------------------------------------------------
 */

static struct model_event take(struct model_queue *q)
{
    struct model_event e = *at(q, 0);
    q->first = (q->first + 1) & (q->cap - 1);
    q->count--;
    return e;
}

static struct model_watch *watch_by_id(struct model_queue *q, int id)
{
    for (int i = q->watch_count - 1; i >= 0; i--)
        if (q->watches[i].id == id)
            return &q->watches[i];
    return NULL;
}

static void forget(struct port_model *p, struct model_queue *q, int id)
{
    struct model_watch *w = watch_by_id(q, id);
    *w = q->watches[--q->watch_count];
    p->watch_count--;
}

static void convert(const struct port_model *p, struct model_queue *q, const struct model_event *e,
                    struct port_event *out)
{
    *out = (struct port_event){.kind = (enum port_event_kind)e->kind, .is_dir = e->is_dir};
    if (e->kind == EVENT_OVERFLOW)
        q->overflowed = false;
    else
        port_event_path(out->path, watch_by_id(q, e->watch)->path, (const char *)p->pool + e->text,
                        e->len);
}

int model_watch_read(struct port *port, int queue, int max, struct port_event *out)
{
    assert(port);
    assert(out);
    assert(max > 0);

    struct port_model *p = model_of(port);
    struct model_queue *q = queue_of(port, queue);
    int n = 0;
    while (n < max && q->count > 0) {
        struct model_event e = take(q);
        if (e.kind == MODEL_IGNORED)
            forget(p, q, e.watch);
        else
            convert(p, q, &e, &out[n++]);
    }
    return n > 0 ? n : -EAGAIN;
}

bool model_watch_ready(struct port *port, int queue)
{
    assert(port);

    struct model_queue *q = queue_of(port, queue);
    while (q->count > 0 && at(q, 0)->kind == MODEL_IGNORED)
        forget(model_of(port), q, take(q).watch);
    return q->count > 0;
}

/* --- watches ------------------------------------------------------------------------------------
 */

int model_watch_open(struct port *port)
{
    assert(port);

    struct port_model *p = model_of(port);
    for (int i = 0; i < MODEL_QUEUES; i++)
        if (!p->queues[i].open) {
            p->queues[i].open = true;
            p->queue_count = i < p->queue_count ? p->queue_count : i + 1;
            return i;
        }
    return -EMFILE;
}

static struct model_watch *new_watch(struct port_model *p, struct model_queue *q, int file)
{
    VEC_ROOM(q->watches, q->watch_count, q->watch_cap, 8);
    struct model_watch *w = &q->watches[q->watch_count++];
    w->file = file;
    w->id = ++q->last_id;
    w->over = false;
    p->watch_count++;
    return w;
}

int model_watch_add(struct port *port, int queue, const char *path)
{
    assert(port);
    assert(path);

    struct port_model *p = model_of(port);
    struct model_queue *q = queue_of(port, queue);
    int name = model_find_name(p, path);
    if (name < 0)
        return name;
    int file = p->tree.names[name].file;
    struct model_watch *w = watch_on(q, file); /* known already, perhaps by another name */
    if (!w)
        w = new_watch(p, q, file);
    port_event_path(w->path, strcmp(path, ".") == 0 ? "" : path, "", 0);
    return 0;
}

void model_watch_clear(struct port *port, int queue)
{
    assert(port);

    struct model_queue *q = queue_of(port, queue);
    model_of(port)->watch_count -= q->watch_count;
    q->watch_count = 0;
    q->first = q->count = 0;
    q->overflowed = false;
}

void model_watch_close(struct port *port, int queue)
{
    assert(port);

    struct model_queue *q = queue_of(port, queue);
    model_watch_clear(port, queue);
    free(q->watches);
    free(q->events);
    *q = (struct model_queue){.open = false};
}
