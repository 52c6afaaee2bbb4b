#include "fsstore/store/open_file.h"
#include "fsstore/store/file.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static struct store_handle *find(struct store *s, const char *name)
{
    for (int i = 0; i < s->handle_count; i++)
        if (s->handles[i].name && strcmp(s->handles[i].name, name) == 0)
            return &s->handles[i];
    return NULL;
}

const struct store_handle *fd_find(const struct store *s, const char *name)
{
    assert(s);
    assert(name);
    for (int i = 0; i < s->handle_count; i++)
        if (s->handles[i].name && strcmp(s->handles[i].name, name) == 0)
            return &s->handles[i];
    return NULL;
}

static struct step step_of(enum step_op op, const struct store_handle *h)
{
    return (struct step){.op = op, .path = h->path, .queue = -1, .open = h};
}

/* --- open and close --- */

static enum step_op open_op(unsigned flags)
{
    if (!PORT_HAS(flags, PORT_FLAG_CREATE))
        return FS_OPEN;
    if (PORT_HAS(flags, PORT_FLAG_EXCL))
        return FS_CREATE_EXCL;
    return PORT_HAS(flags, PORT_FLAG_APPEND) ? FS_APPEND : FS_CREATE;
}

static int open_kept(struct store *s, const char *name, const char *path, enum port_open how)
{
    int handle;

    if (s->handle_count == STORE_HANDLES)
        return port_answer(s->port, "open", path, EMFILE, 0);
    handle = s->port->calls->open(s->port, path, how);
    if (handle < 0)
        return handle;
    s->handles[s->handle_count++] =
        (struct store_handle){.handle = handle,
                              .path = path,
                              .name = name,
                              .writes = PORT_HAS(port_open_flags(how), PORT_FLAG_WRITE)};
    return 0;
}

int fd_open(struct store *s, const char *name, const char *path, enum port_open how)
{
    assert(s);
    assert(name);
    assert(path);
    assert(s->semantics == STORE_POSIX);

    unsigned flags = port_open_flags(how);
    struct step step = {.op = open_op(flags),
                        .path = path,
                        .queue = -1,
                        .truncates = PORT_HAS(flags, PORT_FLAG_TRUNC)};

    if (find(s, name))
        fd_close(s, name);
    store_step_begin(s, &step);
    return store_step_end(s, &step, open_kept(s, name, path, how), NULL, 0);
}

int fd_close(struct store *s, const char *name)
{
    assert(s);
    assert(name);

    const struct store_handle *h = find(s, name);

    return h ? fs_close(
                   s, &(struct fs_file){.handle = h->handle, .path = h->path, .writes = h->writes})
             : -EBADF;
}

void fd_close_all(struct store *s)
{
    assert(s);
    for (int i = 0; i < s->handle_count;)
        if (s->handles[i].name)
            fd_close(s, s->handles[i].name);
        else
            i++;
}

/* --- bytes --- */

static int read_some(struct store *s, int handle, int64_t max, char *buf, size_t *len)
{
    for (*len = 0; *len < (size_t)max;) {
        ssize_t n = s->port->calls->read(s->port, handle, buf + *len, (size_t)max - *len);

        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    return 0;
}

int fd_read(struct store *s, const char *name, int64_t max, char **data, size_t *len)
{
    assert(s);
    assert(name);
    assert(data);
    assert(len);

    const struct store_handle *h = find(s, name);
    struct step step;
    int rc;

    if (!h)
        return -EBADF;
    if (max < 0)
        return fs_read(s, &(struct fs_file){.handle = h->handle, .path = h->path}, data, len);
    step = step_of(FS_READ, h);
    *data = arena_alloc(s->arena, (size_t)max + 1);
    store_step_begin(s, &step);
    rc = read_some(s, h->handle, max, *data, len);
    return store_step_end(s, &step, rc, *data, *len);
}

int fd_write(struct store *s, const char *name, const char *data, size_t len)
{
    assert(s);
    assert(name);
    assert(data || len == 0);

    const struct store_handle *h = find(s, name);

    return h ? fs_write(s, &(struct fs_file){.handle = h->handle, .path = h->path}, data, len)
             : -EBADF;
}

int fd_seek(struct store *s, const char *name, int64_t at)
{
    assert(s);
    assert(name);
    assert(at >= 0);

    const struct store_handle *h = find(s, name);

    return h ? s->port->calls->seek(s->port, h->handle, at) : -EBADF;
}

int fd_truncate(struct store *s, const char *name, int64_t len)
{
    assert(s);
    assert(name);
    assert(len >= 0);

    const struct store_handle *h = find(s, name);
    struct step step;

    if (!h)
        return -EBADF;
    step = step_of(FS_TRUNCATE, h);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->truncate(s->port, h->handle, len), NULL, 0);
}

int fd_fsync(struct store *s, const char *name)
{
    assert(s);
    assert(name);

    const struct store_handle *h = find(s, name);

    return h ? fs_fsync(s, &(struct fs_file){.handle = h->handle, .path = h->path}) : -EBADF;
}

int fd_stat(struct store *s, const char *name, bool contents, struct port_stat *out)
{
    assert(s);
    assert(name);
    assert(out);

    const struct store_handle *h = find(s, name);
    struct step step;

    if (!h)
        return -EBADF;
    step = step_of(FS_FSTAT, h);
    step.reads = contents;
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->look(s->port, NULL, h->handle, out), NULL, 0);
}

/* --- locks --- */

static int lock_step(struct store *s, struct store_handle *h, enum port_lock lock, bool waits)
{
    struct step step = step_of(lock == PORT_UNLOCKED ? FS_UNLOCK : FS_LOCK, h);
    int rc;

    step.lock = lock == PORT_UNLOCKED ? h->lock : lock;
    step.waits = waits;
    store_step_begin(s, &step);
    rc = s->port->calls->lock(s->port, h->handle, lock);
    if (rc == 0)
        h->lock = lock;
    return store_step_end(s, &step, rc, NULL, 0);
}

int fd_lock(struct store *s, const char *name, enum port_lock lock, bool waits)
{
    assert(s);
    assert(name);

    struct store_handle *h = find(s, name);

    if (!h)
        return -EBADF;
    if (h->lock != PORT_UNLOCKED && h->lock != lock && lock != PORT_UNLOCKED) {
        int rc = lock_step(s, h, PORT_UNLOCKED, false);

        if (rc != 0)
            return rc;
    }
    return lock_step(s, h, lock, waits && lock != h->lock);
}
