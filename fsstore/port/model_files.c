#include "fsstore/port/model.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* --- handles ------------------------------------------------------------------------------------
 */

/* The lowest that is free, as the kernel does, or -EMFILE. */
static int take_handle(struct port_model *p)
{
    for (int i = 0; i < MODEL_HANDLES / 64; i++) {
        uint64_t free = ~p->handles_used[i];
        if (!free)
            continue;
        p->handles_used[i] |= free & -free;
        return 64 * i + __builtin_ctzll(free);
    }
    return -EMFILE;
}

static struct model_handle *handle_of(struct port_model *p, int handle)
{
    if (handle < 0 || handle >= MODEL_HANDLES ||
        !(p->handles_used[handle / 64] >> (handle % 64) & 1))
        return NULL;
    return &p->handles[handle];
}

static void drop_handle(struct port_model *p, int handle)
{
    p->handles_used[handle / 64] &= ~(UINT64_C(1) << (handle % 64));
}

/* --- open files ---------------------------------------------------------------------------------
 */

/* 0, or why a path that leads there cannot be opened so. */
static int refuse_open(struct port_model *p, const struct model_spot *spot, unsigned flags)
{
    bool creates = PORT_HAS(flags, PORT_FLAG_CREATE);

    if (!spot->name)
        return creates ? 0 : -ENOENT;
    if (creates && PORT_HAS(flags, PORT_FLAG_EXCL))
        return -EEXIST;
    return (creates || PORT_HAS(flags, PORT_FLAG_WRITE)) && model_file_of(p, spot->name)->is_dir
               ? -EISDIR
               : 0;
}

int model_open(struct port *port, const char *path, enum port_open how)
{
    assert(port);
    assert(path);

    struct port_model *p = model_of(port);
    struct model_spot spot;
    unsigned flags = port_open_flags(how);
    int rc = model_find(p, path, &spot);
    rc = rc ? rc : refuse_open(p, &spot, flags);
    if (rc)
        return rc;
    int handle = take_handle(p);
    if (handle < 0)
        return port_answer(port, "open", path, -handle, 0);
    if (!spot.name) {
        spot.name = model_add_name(p, &spot, model_add_file(p, false));
        model_tell_dir(p, spot.name, EVENT_CREATE);
    }
    if (PORT_HAS(flags, PORT_FLAG_TRUNC))
        model_file_of(p, spot.name)->len = 0;
    p->tree.names[spot.name].holds++;
    p->handles[handle] = (struct model_handle){.name = spot.name,
                                               .reads = PORT_HAS(flags, PORT_FLAG_READ),
                                               .writes = PORT_HAS(flags, PORT_FLAG_WRITE),
                                               .appends = PORT_HAS(flags, PORT_FLAG_APPEND)};
    return handle;
}

ssize_t model_read(struct port *port, int handle, void *buf, size_t size)
{
    assert(port);
    assert(buf);
    assert(buf || size == 0);

    struct port_model *p = model_of(port);
    struct model_handle *h = handle_of(p, handle);
    if (!h || !h->reads)
        return -EBADF;
    const struct model_file *f = model_file_of(p, h->name);
    if (f->is_dir)
        return -EISDIR;
    size_t left = h->at < f->len ? f->len - h->at : 0, n = size < left ? size : left;
    if (n > 0)
        memcpy(buf, p->pool + f->data + h->at, n);
    h->at += n;
    return (ssize_t)n;
}

ssize_t model_write(struct port *port, int handle, const void *data, size_t len)
{
    assert(port);
    assert(data || len == 0);

    struct port_model *p = model_of(port);
    struct model_handle *h = handle_of(p, handle);
    if (!h || !h->writes)
        return -EBADF;
    if (len == 0)
        return 0;
    struct model_file *f = model_file_of(p, h->name);
    size_t at = h->appends ? f->len : h->at, end = at + len;
    unsigned char *bytes = model_room(p, f, end > f->len ? end : f->len);
    if (at > f->len) /* somebody emptied it meanwhile: a hole */
        memset(bytes + f->len, 0, at - f->len);
    memcpy(bytes + at, data, len);
    f->len = end > f->len ? end : f->len;
    h->at = end;
    return (ssize_t)len;
}

int model_seek(struct port *port, int handle, int64_t at)
{
    assert(port);
    assert(at >= 0);

    struct model_handle *h = handle_of(model_of(port), handle);
    if (!h)
        return -EBADF;
    h->at = (size_t)at;
    return 0;
}

int model_truncate(struct port *port, int handle, int64_t len)
{
    assert(port);
    assert(len >= 0);

    struct port_model *p = model_of(port);
    const struct model_handle *h = handle_of(p, handle);
    size_t size = (size_t)len;
    if (!h)
        return -EBADF;
    if (!h->writes)
        return -EINVAL;
    struct model_file *f = model_file_of(p, h->name);
    if (size > f->len) {
        unsigned char *bytes = model_room(p, f, size);
        memset(bytes + f->len, 0, size - f->len);
    }
    f->len = size;
    return 0;
}

/* Does somebody else who has the file open keep it from that? */
static bool is_locked(const struct port_model *p, int handle, enum port_lock lock)
{
    int file = p->tree.names[p->handles[handle].name].file;

    for (int i = 0; i < MODEL_HANDLES / 64; i++)
        for (uint64_t left = p->handles_used[i]; left; left &= left - 1) {
            int other = 64 * i + __builtin_ctzll(left);
            const struct model_handle *h = &p->handles[other];

            if (other != handle && h->lock != PORT_UNLOCKED &&
                p->tree.names[h->name].file == file &&
                (lock == PORT_EXCLUSIVE || h->lock == PORT_EXCLUSIVE))
                return true;
        }
    return false;
}

int model_lock(struct port *port, int handle, enum port_lock lock)
{
    assert(port);

    struct port_model *p = model_of(port);
    struct model_handle *h = handle_of(p, handle);
    if (!h)
        return -EBADF;
    if (h->lock == lock)
        return 0;
    h->lock = PORT_UNLOCKED; /* before it is known whether it gets the other one */
    if (lock != PORT_UNLOCKED && is_locked(p, handle, lock))
        return -EWOULDBLOCK;
    h->lock = lock;
    return 0;
}

int model_fsync(struct port *port, int handle)
{
    assert(port);
    return handle_of(model_of(port), handle) ? 0 : -EBADF;
}

/* One hold less; a file that has neither a name nor anybody who holds one is gone. */
static void release_name(struct port_model *p, int name)
{
    struct model_name *names = p->tree.names;
    while (--names[name].holds == 0 && names[name].removed) {
        if (model_file_of(p, name)->links == 0)
            model_file_gone(p, names[name].file);
        name = names[name].parent;
    }
}

int model_close(struct port *port, int handle)
{
    assert(port);

    struct port_model *p = model_of(port);
    const struct model_handle *h = handle_of(p, handle);
    if (!h)
        return -EBADF;
    drop_handle(p, handle);
    if (h->writes) {
        model_tell_dir(p, h->name, EVENT_CLOSE_WRITE);
        model_tell_file(p, p->tree.names[h->name].file, EVENT_CLOSE_WRITE);
    }
    release_name(p, h->name);
    return 0;
}

/* --- names --------------------------------------------------------------------------------------
 */

int model_stat(struct port *port, const char *path, enum port_kind *kind)
{
    assert(port);
    assert(path);
    assert(kind);

    struct port_model *p = model_of(port);
    int name = model_find_name(p, path);
    if (name < 0)
        return name;
    *kind = model_file_of(p, name)->is_dir ? PORT_DIR : PORT_FILE;
    return 0;
}

int model_look(struct port *port, const char *path, int handle, struct port_stat *out)
{
    assert(port);
    assert(out);

    struct port_model *p = model_of(port);
    const struct model_handle *h = path ? NULL : handle_of(p, handle);
    int name = path ? model_find_name(p, path) : h ? h->name : -EBADF;
    if (name < 0)
        return name;
    const struct model_file *f = model_file_of(p, name);
    *out = (struct port_stat){.kind = f->is_dir ? PORT_DIR : PORT_FILE,
                              .size = f->is_dir ? 0 : (int64_t)f->len,
                              .links = f->is_dir ? 0 : f->links};
    return 0;
}

static bool is_below(const struct port_model *p, int name, int above)
{
    while (name && name != above)
        name = p->tree.names[name].parent;
    return name == above;
}

/* 0, or why this name cannot take the place of that one. The order of the questions is rename(2)'s:
 * it shows where several have an answer. */
static int refuse_rename(struct port_model *p, const struct model_spot *from,
                         const struct model_spot *to, bool noreplace)
{
    if (!from->dir)
        return -EBUSY;
    if (!to->dir)
        return noreplace ? -EEXIST : -EBUSY;
    if (!from->name)
        return -ENOENT;
    if (to->name && noreplace)
        return -EEXIST;
    if (is_below(p, to->dir, from->name))
        return -EINVAL;
    if (!to->name)
        return 0;
    if (is_below(p, from->dir, to->name))
        return -ENOTEMPTY;
    bool is_dir = model_file_of(p, from->name)->is_dir;
    if (is_dir != model_file_of(p, to->name)->is_dir)
        return is_dir ? -ENOTDIR : -EISDIR;
    return p->tree.names[to->name].first && from->name != to->name ? -ENOTEMPTY : 0;
}

int model_rename(struct port *port, const char *from, const char *to, bool noreplace)
{
    assert(port);
    assert(from);
    assert(to);

    struct port_model *p = model_of(port);
    struct model_spot source, target;
    int rc = port_refuse_path(from);
    rc = rc ? rc : port_refuse_path(to);
    rc = rc ? rc : model_find(p, from, &source);
    rc = rc ? rc : model_find(p, to, &target);
    rc = rc ? rc : refuse_rename(p, &source, &target, noreplace);
    if (rc)
        return rc;
    if (target.name && p->tree.names[source.name].file == p->tree.names[target.name].file)
        return 0; /* two names of one file: both stay */
    if (target.name)
        model_remove_name(p, target.name);
    model_tell_dir(p, source.name, EVENT_MOVED_FROM);
    model_move_name(p, source.name, &target);
    model_tell_dir(p, source.name, EVENT_MOVED_TO);
    if (target.name)
        release_name(p, target.name);
    return 0;
}

int model_link(struct port *port, const char *from, const char *to)
{
    assert(port);
    assert(from);
    assert(to);

    struct port_model *p = model_of(port);
    struct model_spot target;
    int rc = port_refuse_path(from);
    rc = rc ? rc : port_refuse_path(to);
    if (rc)
        return rc;
    int name = model_find_name(p, from);
    if (name < 0)
        return name;
    rc = model_find(p, to, &target);
    if (rc)
        return rc;
    if (target.name)
        return -EEXIST;
    if (model_file_of(p, name)->is_dir)
        return -EPERM;
    model_tell_dir(p, model_add_name(p, &target, p->tree.names[name].file), EVENT_CREATE);
    return 0;
}

static int remove_name(struct port_model *p, int name)
{
    model_remove_name(p, name);
    release_name(p, name); /* its end, if nobody has it open, is told first */
    model_tell_dir(p, name, EVENT_DELETE);
    return 0;
}

int model_unlink(struct port *port, const char *path)
{
    assert(port);
    assert(path);

    struct port_model *p = model_of(port);
    int name = model_find_name(p, path);
    if (name < 0)
        return name;
    return model_file_of(p, name)->is_dir ? -EISDIR : remove_name(p, name);
}

int model_rmdir(struct port *port, const char *path)
{
    assert(port);
    assert(path);

    struct port_model *p = model_of(port);
    int name = model_find_name(p, path);
    if (name < 0)
        return name;
    if (name == MODEL_ROOT)
        return -EINVAL;
    if (!model_file_of(p, name)->is_dir)
        return -ENOTDIR;
    return p->tree.names[name].first ? -ENOTEMPTY : remove_name(p, name);
}

int model_mkdir(struct port *port, const char *path)
{
    assert(port);
    assert(path);

    struct port_model *p = model_of(port);
    struct model_spot spot;
    int rc = model_find(p, path, &spot);
    if (rc)
        return rc;
    if (spot.name)
        return -EEXIST;
    model_tell_dir(p, model_add_name(p, &spot, model_add_file(p, true)), EVENT_CREATE);
    return 0;
}

int model_list(struct port *port, const char *path, struct arena *a, struct port_names *out)
{
    assert(port);
    assert(path);
    assert(a);
    assert(out);

    struct port_model *p = model_of(port);
    int dir = model_find_name(p, path), count = 0;
    if (dir < 0)
        return dir;
    if (!model_file_of(p, dir)->is_dir)
        return -ENOTDIR;
    const struct model_name *names = p->tree.names;
    for (int i = names[dir].first; i; i = names[i].next)
        count++;
    *out = (struct port_names){.v = arena_alloc(a, (size_t)count * sizeof *out->v)};
    for (int i = names[dir].first; i; i = names[i].next)
        out->v[out->count++] = (struct port_name){
            .name = arena_memdup(a, p->pool + names[i].text, names[i].len),
            .kind = model_file_of(p, i)->is_dir ? PORT_DIR : PORT_FILE,
        };
    return 0;
}

struct walk {
    struct port_model *p;
    port_walk_fn *fn;
    void *ctx;
    char path[PORT_PATH_MAX + 1];
};

/* len: of the directory's path. What has too long a path is left out, as it cannot be opened. */
static void walk_dir(struct walk *w, int dir, size_t len, int depth)
{
    const struct model_name *names = w->p->tree.names;
    size_t slash = len > 0;
    for (int i = names[dir].first; i; i = names[i].next) {
        const struct model_file *f = model_file_of(w->p, i);
        const char *data = f->len > 0 ? (const char *)w->p->pool + f->data : "";
        size_t end = len + slash + names[i].len;
        if (end >= PORT_PATH_MAX)
            continue;
        if (slash)
            w->path[len] = '/';
        memcpy(w->path + len + slash, w->p->pool + names[i].text, names[i].len);
        w->path[end] = '\0';
        if (w->fn(w->ctx, w->path, depth, f->is_dir ? NULL : data, f->len) && f->is_dir)
            walk_dir(w, i, end, depth + 1);
    }
}

void model_walk(struct port *port, port_walk_fn *fn, void *ctx)
{
    assert(port);
    assert(fn);

    struct walk w = {.p = model_of(port), .fn = fn, .ctx = ctx};
    walk_dir(&w, MODEL_ROOT, 0, 0);
}
