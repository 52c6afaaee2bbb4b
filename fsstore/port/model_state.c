/*
 * model_state: what the model holds, as a number: of two states with one number, the same calls come to the same. So names
 * and files go by where they are found, never by their numbers: first along the tree in byte order, then from the
 * descriptors, in the order in which they are asked for. What is reached by neither is gone.
 */
#include "base/hash.h"
#include "fsstore/port/model.h"

#include <stdlib.h>

struct walk {
    struct port_model *p;
    int *files, *names; /* their numbers here; 0: not met yet */
    int file_count, name_count;
    uint64_t h;
};

static void add(struct walk *w, uint64_t value)
{
    w->h = hash_u64(w->h, value);
}

static void add_bytes(struct walk *w, size_t at, size_t len)
{
    add(w, len);
    if (len > 0)
        w->h = hash_bytes(w->h, w->p->pool + at, len);
}

static void add_file(struct walk *w, int file)
{
    const struct model_file *f = &w->p->tree.files[file];

    if (!w->files[file]) {
        w->files[file] = ++w->file_count;
        add(w, f->is_dir);
        add_bytes(w, f->data, f->len);
    }
    add(w, (uint64_t)w->files[file]);
}

static void add_dir(struct walk *w, int dir)
{
    const struct model_name *names = w->p->tree.names;

    for (int i = names[dir].first; i; i = names[i].next) {
        w->names[i] = ++w->name_count;
        add_bytes(w, names[i].text, names[i].len);
        add_file(w, names[i].file);
        if (model_file_of(w->p, i)->is_dir)
            add_dir(w, i);
    }
    add(w, 0);
}

/* Names that were removed while they were held are met here. */
static void add_name(struct walk *w, int name)
{
    const struct model_name *n = &w->p->tree.names[name];

    if (!w->names[name]) {
        w->names[name] = ++w->name_count;
        add_bytes(w, n->text, n->len);
        add_file(w, n->file);
        add_name(w, n->parent);
    }
    add(w, (uint64_t)w->names[name]);
}

static void add_handle(struct walk *w, int handle)
{
    const struct model_handle *h = &w->p->handles[handle];

    add_name(w, h->name);
    add(w, (uint64_t)h->lock * 8 + (uint64_t)h->reads * 4 + (uint64_t)h->writes * 2 + h->appends);
    add(w, h->appends && !h->reads ? 0 : h->at);
}

/* What is over is known by the path that its last events will tell. */
static uint64_t watch_hash(const struct walk *w, const struct model_watch *m)
{
    uint64_t h = hash_str(HASH_INIT, m->path);

    return hash_mix(hash_u64(h, m->over ? 0 : (uint64_t)w->files[m->file]));
}

static const struct model_watch *watch_of(const struct model_queue *q, int id)
{
    for (int i = 0; i < q->watch_count; i++)
        if (q->watches[i].id == id)
            return &q->watches[i];
    return NULL;
}

static void add_event(struct walk *w, const struct model_queue *q, const struct model_event *e)
{
    const struct model_watch *m = watch_of(q, e->watch);

    add(w, (uint64_t)e->kind * 2 + e->is_dir);
    add_bytes(w, e->text, e->len);
    add(w, m ? watch_hash(w, m) : 0);
}

static void add_queue(struct walk *w, const struct model_queue *q)
{
    uint64_t watches = 0;

    for (int i = 0; i < q->watch_count; i++)
        if (!q->watches[i].over)
            watches += watch_hash(w, &q->watches[i]);
    add(w, watches);
    for (int i = 0; i < q->count; i++)
        add_event(w, q, &q->events[(q->first + i) & (q->cap - 1)]);
    add(w, q->overflowed);
}

void model_state(struct port *port, struct port_state *state)
{
    struct port_model *p = model_of(port);
    struct walk w = {.p = p, .h = HASH_INIT};

    w.files = mem_alloc(sizeof *w.files * (size_t)p->tree.file_count);
    w.names = mem_alloc(sizeof *w.names * (size_t)p->tree.name_count);
    w.names[MODEL_ROOT] = ++w.name_count;
    add_file(&w, p->tree.names[MODEL_ROOT].file);
    add_dir(&w, MODEL_ROOT);
    for (int i = 0; i < state->handle_count; i++)
        add_handle(&w, state->handles[i]);
    state->files = hash_mix(w.h);
    for (int i = 0; i < state->queue_count; i++) {
        add(&w, (uint64_t)i);
        if (state->queues[i] >= 0)
            add_queue(&w, &p->queues[state->queues[i]]);
    }
    state->events = hash_mix(w.h);
    free(w.files);
    free(w.names);
}
