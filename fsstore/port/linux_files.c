#include "fsstore/port/linux.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A call on a handle failed: which file that is, /proc knows. */
static int handle_answer(struct port *port, const char *verb, int handle, int error, int also)
{
    char link[64], path[PATH_MAX];
    const char *dir = self(port)->dir;
    size_t root = strlen(dir);
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return port_answer(port, verb, strncmp(path, dir, root) == 0 ? path + root + 1 : path, error,
                       also);
}

/* The directory that the path's last name stands in, and that name. Where links may be there, one on the
 * way is followed no further than the store. openat2(2). */
struct beneath {
    int root, dir;
    const char *name;
};

/* -1 and errno; beneath_end() all the same. */
static int beneath(const struct port_linux *p, const char *path, struct beneath *b)
{
    const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                                 .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    const char *slash = p->guarded ? strrchr(path, '/') : NULL;
    char above[PORT_PATH_MAX];

    *b = (struct beneath){p->root, p->root, slash ? slash + 1 : *path ? path : "."};
    if (!slash)
        return 0;
    assert(slash - path < PORT_PATH_MAX);
    memcpy(above, path, (size_t)(slash - path));
    above[slash - path] = '\0';
    b->dir = (int)syscall(SYS_openat2, p->root, above, &how, sizeof how);
    return b->dir < 0 ? -1 : 0;
}

static void beneath_end(struct beneath *b)
{
    if (b->dir >= 0 && b->dir != b->root)
        close(b->dir);
}

/* --- handles ------------------------------------------------------------------------------------
 */

static int handle_keep(struct port_linux *p, int fd)
{
    if (fd >= PORT_HANDLES) {
        close(fd);
        return -EMFILE;
    }
    atomic_fetch_or(&p->handles[fd / 64], UINT64_C(1) << (fd % 64));
    return fd;
}

static bool handle_drop(struct port_linux *p, int fd)
{
    if (fd < 0 || fd >= PORT_HANDLES)
        return false;
    uint64_t bit = UINT64_C(1) << (fd % 64);
    return (atomic_fetch_and(&p->handles[fd / 64], ~bit) & bit) != 0;
}

void port_handles_close(struct port_linux *p)
{
    for (int i = 0; i < PORT_HANDLES / 64; i++) {
        if (atomic_load_explicit(&p->handles[i], memory_order_relaxed) == 0)
            continue;
        uint64_t bits = atomic_exchange(&p->handles[i], 0);
        for (; bits; bits &= bits - 1)
            close(64 * i + __builtin_ctzll(bits));
    }
}

bool port_handles_open(struct port_linux *p)
{
    assert(p);
    for (int i = 0; i < PORT_HANDLES / 64; i++)
        if (atomic_load(&p->handles[i]) != 0)
            return true;
    return false;
}

/* --- file calls ---------------------------------------------------------------------------------
 */

static int open_flags(unsigned wanted)
{
    static const struct {
        enum port_open flag;
        int is;
    } rows[] = {
        {PORT_FLAG_CREATE, O_CREAT},
        {PORT_FLAG_EXCL, O_EXCL},
        {PORT_FLAG_TRUNC, O_TRUNC},
        {PORT_FLAG_APPEND, O_APPEND},
    };
    bool reads = PORT_HAS(wanted, PORT_FLAG_READ);
    int flags = !PORT_HAS(wanted, PORT_FLAG_WRITE) ? O_RDONLY : reads ? O_RDWR : O_WRONLY;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        flags |= PORT_HAS(wanted, rows[i].flag) ? rows[i].is : 0;
    return flags;
}

int linux_open(struct port *port, const char *path, enum port_open how)
{
    assert(port);
    assert(path);

    struct port_linux *p = self(port);
    unsigned wanted = port_open_flags(how);
    bool writes = PORT_HAS(wanted, PORT_FLAG_WRITE | PORT_FLAG_CREATE);
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    struct beneath at;
    int fd = beneath(p, path, &at);
    if (fd == 0)
        fd = openat(at.dir, at.name, open_flags(wanted) | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        rc = port_answer(port, writes ? "write" : "read", path, errno, 0);
    beneath_end(&at);
    if (fd < 0)
        return rc;
    if (writes && !port->shared)
        journal_made(&p->journal, path, PORT_FILE);
    fd = handle_keep(p, fd);
    return fd < 0 ? port_answer(port, "open", path, -fd, 0) : fd;
}

ssize_t linux_read(struct port *port, int handle, void *buf, size_t size)
{
    assert(port);
    assert(buf);
    assert(buf || size == 0);

    ssize_t n = read(handle, buf, size);
    return n < 0 ? handle_answer(port, "read", handle, errno, 0) : n;
}

ssize_t linux_write(struct port *port, int handle, const void *data, size_t len)
{
    assert(port);
    assert(data || len == 0);

    struct port_linux *p = self(port);
    ssize_t n = write(handle, data, len);
    if (p->open_at_mark && !port->shared)
        p->journal.dirty = true;
    return n < 0 ? handle_answer(port, "write", handle, errno, 0) : n;
}

int linux_seek(struct port *port, int handle, int64_t at)
{
    assert(port);
    assert(at >= 0);
    return lseek(handle, at, SEEK_SET) < 0 ? handle_answer(port, "seek", handle, errno, 0) : 0;
}

int linux_truncate(struct port *port, int handle, int64_t len)
{
    assert(port);
    assert(len >= 0);

    struct port_linux *p = self(port);
    if (p->open_at_mark && !port->shared)
        p->journal.dirty = true;
    if (ftruncate(handle, len) != 0)
        return handle_answer(port, "truncate", handle, errno, EINVAL); /* open to be read */
    return 0;
}

int linux_lock(struct port *port, int handle, enum port_lock lock)
{
    assert(port);

    static const int operations[] = {
        [PORT_UNLOCKED] = LOCK_UN, [PORT_SHARED] = LOCK_SH, [PORT_EXCLUSIVE] = LOCK_EX};
    if (flock(handle, operations[lock] | LOCK_NB) != 0)
        return handle_answer(port, "lock", handle, errno, EWOULDBLOCK);
    return 0;
}

/* … of the name itself. errno stays. */
static int stat_beneath(const struct port_linux *p, const char *path, struct stat *st)
{
    struct beneath at;
    int rc = beneath(p, path, &at), error;

    if (rc == 0)
        rc = fstatat(at.dir, at.name, st, AT_SYMLINK_NOFOLLOW);
    error = errno;
    beneath_end(&at);
    errno = error;
    return rc;
}

int linux_look(struct port *port, const char *path, int handle, struct port_stat *out)
{
    assert(port);
    assert(out);

    struct stat st;
    int rc = path ? port_refuse_path(path) : 0;
    if (rc)
        return rc;
    if (!path && fstat(handle, &st) != 0)
        return handle_answer(port, "look at", handle, errno, 0);
    if (path && stat_beneath(self(port), path, &st) != 0)
        return port_answer(port, "look at", path, errno, 0);
    if (S_ISLNK(st.st_mode))
        return -ELOOP;
    *out = (struct port_stat){.kind = S_ISDIR(st.st_mode) ? PORT_DIR : PORT_FILE};
    if (out->kind == PORT_FILE) {
        out->size = st.st_size;
        out->links = (int)st.st_nlink;
    }
    return 0;
}

int linux_fsync(struct port *port, int handle)
{
    assert(port);
    return fsync(handle) != 0 ? handle_answer(port, "fsync", handle, errno, EINVAL) : 0;
}

int linux_close(struct port *port, int handle)
{
    assert(port);
    if (!handle_drop(self(port), handle))
        return -EBADF;
    return close(handle) != 0 ? port_answer(port, "close", "a file", errno, 0) : 0;
}

int linux_stat(struct port *port, const char *path, enum port_kind *kind)
{
    assert(port);
    assert(path);
    assert(kind);

    struct stat st;
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    if (stat_beneath(self(port), path, &st) != 0)
        return port_answer(port, "look at", path, errno, 0);
    if (S_ISLNK(st.st_mode))
        return -ELOOP;
    *kind = S_ISDIR(st.st_mode) ? PORT_DIR : PORT_FILE;
    return 0;
}

int linux_rename(struct port *port, const char *from, const char *to, bool noreplace)
{
    assert(port);
    assert(from);
    assert(to);

    struct port_linux *p = self(port);
    int rc = port_refuse_path(from);
    rc = rc ? rc : port_refuse_path(to);
    if (rc)
        return rc;
    unsigned flags = noreplace ? RENAME_NOREPLACE : 0;
    struct beneath a, b = {-1, -1, NULL};
    if (beneath(p, from, &a) != 0 || beneath(p, to, &b) != 0 ||
        renameat2(a.dir, a.name, b.dir, b.name, flags) != 0)
        rc = port_answer(port, "rename", from, errno, errno == EBUSY ? EBUSY : EINVAL);
    beneath_end(&a);
    beneath_end(&b);
    if (rc)
        return rc;
    if (!port->shared)
        journal_renamed(&p->journal, from, to);
    return 0;
}

int linux_link(struct port *port, const char *from, const char *to)
{
    assert(port);
    assert(from);
    assert(to);

    struct port_linux *p = self(port);
    int rc = port_refuse_path(from);
    rc = rc ? rc : port_refuse_path(to);
    if (rc)
        return rc;
    struct beneath a, b = {-1, -1, NULL};
    if (beneath(p, from, &a) != 0 || beneath(p, to, &b) != 0 ||
        linkat(a.dir, a.name, b.dir, b.name, 0) != 0)
        rc = port_answer(port, "link", from, errno, EPERM); /* a directory */
    beneath_end(&a);
    beneath_end(&b);
    if (rc)
        return rc;
    if (!port->shared)
        journal_linked(&p->journal, from, to);
    return 0;
}

static int linux_remove(struct port *port, const char *path, int flags)
{
    struct port_linux *p = self(port);
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    struct beneath at;
    if (beneath(p, path, &at) != 0 || unlinkat(at.dir, at.name, flags) != 0)
        rc = port_answer(port, "remove", path, errno, flags ? EINVAL : 0); /* rmdir "." */
    beneath_end(&at);
    if (rc)
        return rc;
    if (!port->shared)
        journal_removed(&p->journal, path);
    return 0;
}

int linux_unlink(struct port *port, const char *path)
{
    assert(port);
    assert(path);
    return linux_remove(port, path, 0);
}

int linux_rmdir(struct port *port, const char *path)
{
    assert(port);
    assert(path);
    return linux_remove(port, path, AT_REMOVEDIR);
}

int linux_mkdir(struct port *port, const char *path)
{
    assert(port);
    assert(path);

    struct port_linux *p = self(port);
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    struct beneath at;
    if (beneath(p, path, &at) != 0 || mkdirat(at.dir, at.name, 0755) != 0)
        rc = port_answer(port, "make directory", path, errno, 0);
    beneath_end(&at);
    if (rc)
        return rc;
    if (!port->shared)
        journal_made(&p->journal, path, PORT_DIR);
    return 0;
}

int linux_let_run(struct port *port, const char *path)
{
    int rc = port_refuse_path(path);

    if (rc == 0 && fchmodat(self(port)->root, path, 0755, 0) != 0)
        rc = port_answer(port, "chmod", path, errno, 0);
    return rc;
}

ssize_t linux_link_text(struct port *port, const char *path, char *out, size_t size)
{
    ssize_t n = port_refuse_path(path);

    if (n == 0)
        n = readlinkat(self(port)->root, path, out, size);
    return n < 0 ? -errno : n;
}

/* --- list ---------------------------------------------------------------------------------------
 */

struct listing {
    struct arena *arena;
    struct port_name *v;
    int count, cap;
};

/* A negative errno; one that is gone meanwhile is a file that was. */
static int kind_of(int dir, const struct dirent64 *d)
{
    struct stat st;
    if (d->d_type != DT_UNKNOWN)
        return d->d_type == DT_DIR ? PORT_DIR : PORT_FILE;
    if (fstatat(dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? (int)PORT_FILE : -errno;
    return S_ISDIR(st.st_mode) ? PORT_DIR : PORT_FILE;
}

static void list_add(struct listing *l, const char *name, enum port_kind kind)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    if (l->count == l->cap) {
        int cap = l->cap ? 2 * l->cap : 16;
        struct port_name *v = arena_alloc(l->arena, (size_t)cap * sizeof *v);
        if (l->count > 0)
            memcpy(v, l->v, (size_t)l->count * sizeof *v);
        l->v = v;
        l->cap = cap;
    }
    l->v[l->count++] = (struct port_name){.name = arena_strdup(l->arena, name), .kind = kind};
}

static int by_name(const void *a, const void *b)
{
    const struct port_name *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* readdir(3) without its allocation. */
static int list_read(int dir, struct listing *l)
{
    alignas(struct dirent64) char buf[8192];
    for (;;) {
        ssize_t got = getdents64(dir, buf, sizeof buf);
        if (got <= 0)
            return got < 0 ? -errno : 0;
        for (char *at = buf; at < buf + got;) {
            const struct dirent64 *d = (const void *)at;
            int kind = kind_of(dir, d);
            if (kind < 0)
                return kind;
            list_add(l, d->d_name, (enum port_kind)kind);
            at += d->d_reclen;
        }
    }
}

int linux_list(struct port *port, const char *path, struct arena *a, struct port_names *out)
{
    assert(port);
    assert(path);
    assert(a);
    assert(out);

    struct listing l = {.arena = a};
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct beneath at;
    int dir = beneath(self(port), path, &at);
    if (dir == 0)
        dir = openat(at.dir, at.name, flags);
    if (dir < 0)
        rc = port_answer(port, "list", path, errno, 0);
    beneath_end(&at);
    if (dir < 0)
        return rc;
    rc = list_read(dir, &l);
    close(dir);
    if (rc)
        return port_answer(port, "list", path, -rc, 0);
    if (l.count > 1)
        qsort(l.v, (size_t)l.count, sizeof *l.v, by_name);
    *out = (struct port_names){.v = l.v, .count = l.count};
    return 0;
}
