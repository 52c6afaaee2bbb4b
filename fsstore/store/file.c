#include "fsstore/store/file.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static struct step step_on(enum step_op op, const char *path)
{
    return (struct step){.op = op, .path = path, .queue = -1};
}

static const struct store_handle *kept(const struct store *s, int handle)
{
    for (int i = 0; i < s->handle_count; i++)
        if (s->handles[i].handle == handle)
            return &s->handles[i];
    return NULL;
}

static struct step step_of(enum step_op op, const struct store *s, const struct fs_file *f)
{
    return (struct step){.op = op, .path = f->path, .queue = -1, .open = kept(s, f->handle)};
}

/* --- primitive calls ----------------------------------------------------------------------------
 */

static int open_kept(struct store *s, const char *path, enum port_open how, struct fs_file *out)
{
    if (s->handle_count == STORE_HANDLES)
        return port_answer(s->port, "open", path, EMFILE, 0);
    int handle = s->port->calls->open(s->port, path, how);
    if (handle < 0)
        return handle;
    *out = (struct fs_file){.handle = handle, .path = path, .writes = how != PORT_READ};
    s->handles[s->handle_count++] =
        (struct store_handle){.handle = handle, .path = path, .writes = out->writes};
    return 0;
}

int fs_open(struct store *s, const char *path, enum port_open how, struct fs_file *out)
{
    assert(s);
    assert(path);
    assert(out);
    assert(s->port);

    static const enum step_op ops[] = {
        [PORT_READ] = FS_OPEN,
        [PORT_CREATE] = FS_CREATE,
        [PORT_CREATE_EXCL] = FS_CREATE_EXCL,
        [PORT_APPEND] = FS_APPEND,
    };
    struct step step = step_on(ops[how], path);
    step.truncates = how == PORT_CREATE;
    store_step_begin(s, &step);
    return store_step_end(s, &step, open_kept(s, path, how, out), NULL, 0);
}

/* Most objects fit on the stack and are copied to the arena once. */
static int read_all(struct store *s, int handle, char **data, size_t *len)
{
    char first[4096], *buf = first;
    size_t cap = sizeof first, used = 0;
    for (;;) {
        ssize_t n = s->port->calls->read(s->port, handle, buf + used, cap - used);
        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        used += (size_t)n;
        if (used > FILE_MAX_BYTES)
            return -EFBIG;
        if (used == cap) {
            char *more = arena_alloc(s->arena, 4 * cap);
            memcpy(more, buf, used);
            buf = more;
            cap *= 4;
        }
    }
    *data = arena_memdup(s->arena, buf, used);
    *len = used;
    return 0;
}

int fs_read(struct store *s, const struct fs_file *f, char **data, size_t *len)
{
    assert(s);
    assert(f);
    assert(data);
    assert(len);
    assert(f->handle >= 0);

    struct step step = step_of(FS_READ, s, f);
    store_step_begin(s, &step);
    char *got = NULL;
    size_t got_len = 0;
    int rc = read_all(s, f->handle, &got, &got_len);
    if (rc == 0) {
        *data = got;
        *len = got_len;
    }
    return store_step_end(s, &step, rc, got, got_len);
}

/* A short write is no answer that a program could use, so it is continued; what stopped it is then
 * told. */
static int write_all(struct store *s, int handle, const char *data, size_t len)
{
    size_t done = 0;
    do {
        ssize_t n = s->port->calls->write(s->port, handle, data + done, len - done);
        if (n < 0)
            return (int)n;
        if (n == 0 && len > 0)
            return -EIO;
        done += (size_t)n;
    } while (done < len);
    return 0;
}

int fs_write(struct store *s, const struct fs_file *f, const char *data, size_t len)
{
    assert(s);
    assert(f);
    assert(f->handle >= 0);
    assert(data || len == 0);

    struct step step = step_of(FS_WRITE, s, f);
    store_step_begin(s, &step);
    return store_step_end(s, &step, write_all(s, f->handle, data, len), data, len);
}

int fs_fsync(struct store *s, const struct fs_file *f)
{
    assert(s);
    assert(f);
    assert(f->handle >= 0);

    struct step step = step_of(FS_FSYNC, s, f);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->fsync(s->port, f->handle), NULL, 0);
}

static void forget_handle(struct store *s, int handle)
{
    for (int i = 0; i < s->handle_count; i++) {
        if (s->handles[i].handle == handle) {
            s->handles[i] = s->handles[--s->handle_count];
            return;
        }
    }
}

int fs_close(struct store *s, const struct fs_file *f)
{
    assert(s);
    assert(f);
    assert(f->handle >= 0);

    struct step step = step_of(FS_CLOSE, s, f);
    struct store_handle gone = {.handle = -1};
    if (step.open)
        gone = *step.open;
    step.writes = f->writes;
    step.lock = gone.lock;
    store_step_begin(s, &step);
    forget_handle(s, f->handle); /* even if close() fails, the descriptor is gone */
    step.open = step.open ? &gone : NULL;
    return store_step_end(s, &step, s->port->calls->close(s->port, f->handle), NULL, 0);
}

int fs_stat(struct store *s, const char *path, enum port_kind *kind)
{
    assert(s);
    assert(path);
    assert(kind);

    struct step step = step_on(FS_STAT, path);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->stat(s->port, path, kind), NULL, 0);
}

int fs_look(struct store *s, const char *path, bool contents, struct port_stat *out)
{
    assert(s);
    assert(path);
    assert(out);

    struct step step = step_on(FS_STAT, path);
    step.reads = contents;
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->look(s->port, path, -1, out), NULL, 0);
}

static int rename_as(struct store *s, enum step_op op, const char *from, const char *to)
{
    struct step step = {.op = op, .path = from, .path2 = to, .queue = -1};
    store_step_begin(s, &step);
    int rc = s->port->calls->rename(s->port, from, to, op == FS_RENAME_NOREPLACE);
    return store_step_end(s, &step, rc, NULL, 0);
}

int fs_rename(struct store *s, const char *from, const char *to)
{
    assert(s);
    assert(from);
    assert(to);
    return rename_as(s, FS_RENAME, from, to);
}

int fs_rename_noreplace(struct store *s, const char *from, const char *to)
{
    assert(s);
    assert(from);
    assert(to);
    return rename_as(s, FS_RENAME_NOREPLACE, from, to);
}

int fs_link(struct store *s, const char *from, const char *to)
{
    assert(s);
    assert(from);
    assert(to);

    struct step step = {.op = FS_LINK, .path = from, .path2 = to, .queue = -1};
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->link(s->port, from, to), NULL, 0);
}

int fs_unlink(struct store *s, const char *path)
{
    assert(s);
    assert(path);

    struct step step = step_on(FS_UNLINK, path);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->unlink(s->port, path), NULL, 0);
}

int fs_mkdir(struct store *s, const char *path)
{
    assert(s);
    assert(path);

    struct step step = step_on(FS_MKDIR, path);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->mkdir(s->port, path), NULL, 0);
}

int fs_rmdir(struct store *s, const char *path)
{
    assert(s);
    assert(path);

    struct step step = step_on(FS_RMDIR, path);
    store_step_begin(s, &step);
    return store_step_end(s, &step, s->port->calls->rmdir(s->port, path), NULL, 0);
}

static void hide_tmp(const char *path, struct port_names *names)
{
    if (*path && strcmp(path, ".") != 0)
        return;
    int kept = 0;
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->v[i].name, STORE_TMP) != 0)
            names->v[kept++] = names->v[i];
    names->count = kept;
}

int fs_list(struct store *s, const char *path, struct port_names *out)
{
    assert(s);
    assert(path);
    assert(out);
    assert(s->arena);

    struct step step = step_on(FS_LIST, path);
    store_step_begin(s, &step);
    struct port_names names;
    int rc = s->port->calls->list(s->port, path, s->arena, &names);
    if (rc < 0)
        return store_step_end(s, &step, rc, NULL, 0);
    hide_tmp(path, &names);
    *out = names;
    const char *joined = s->depth == 0 ? store_join(s, &names) : NULL;
    return store_step_end(s, &step, 0, joined, joined ? strlen(joined) : 0);
}

/* --- composite calls ----------------------------------------------------------------------------
 */

int file_read(struct store *s, const char *path, char **data, size_t *len)
{
    assert(s);
    assert(path);
    assert(data);
    assert(len);
    store_begin(s, FS_READ, path, NULL);
    struct fs_file f = {.handle = -1};
    char *got = NULL;
    size_t got_len = 0;
    int rc = fs_open(s, path, PORT_READ, &f);
    if (rc == 0) {
        rc = fs_read(s, &f, &got, &got_len);
        fs_close(s, &f);
    }
    if (rc == 0) {
        *data = got;
        *len = got_len;
        store_tell_whole(s, WHOLE_READ, path, got, got_len);
    }
    return store_end(s, FS_READ, path, NULL, rc, got, got_len);
}

static int write_file(struct store *s, const char *path, enum port_open how, const char *data,
                      size_t len)
{
    struct fs_file f = {.handle = -1};
    int rc = fs_open(s, path, how, &f);
    if (rc)
        return rc;
    if (data)
        rc = fs_write(s, &f, data, len);
    int closed = fs_close(s, &f);
    return rc ? rc : closed;
}

int file_write(struct store *s, const char *path, const char *data, size_t len)
{
    assert(s);
    assert(path);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_WRITE, path, data, len);
    store_begin(s, FS_WRITE, path, NULL);
    int rc = write_file(s, path, PORT_CREATE, data, len);
    return store_end(s, FS_WRITE, path, NULL, rc, data, len);
}

int file_append(struct store *s, const char *path, const char *data, size_t len)
{
    assert(s);
    assert(path);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_APPEND, path, data, len);
    store_begin(s, FS_APPEND, path, NULL);
    int rc = write_file(s, path, PORT_APPEND, data, len);
    return store_end(s, FS_APPEND, path, NULL, rc, data, len);
}

int file_create_excl(struct store *s, const char *path, const char *data, size_t len)
{
    assert(s);
    assert(path);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_WRITE, path, data, len);
    store_begin(s, FS_CREATE_EXCL, path, NULL);
    int rc = write_file(s, path, PORT_CREATE_EXCL, data, len);
    return store_end(s, FS_CREATE_EXCL, path, NULL, rc, data, len);
}

int file_fsync(struct store *s, const char *path)
{
    assert(s);
    assert(path);
    store_begin(s, FS_FSYNC, path, NULL);
    struct fs_file f = {.handle = -1};
    int rc = fs_open(s, path, PORT_READ, &f);
    if (rc == 0) {
        rc = fs_fsync(s, &f);
        fs_close(s, &f);
    }
    return store_end(s, FS_FSYNC, path, NULL, rc, NULL, 0);
}
