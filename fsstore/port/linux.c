#include "fsstore/port/linux.h"
#include "fsstore/port/linux_tree.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORTS_OPEN 256 /* in one process, for port_linux_remove_all() */

static struct port_linux *_Atomic open_ports[PORTS_OPEN];

/* --- queues -------------------------------------------------------------------------------------
 */

static struct queue *queue_of(struct port *port, int handle)
{
    assert(handle >= 0 && handle < PORT_QUEUES);
    struct queue *q = atomic_load(&self(port)->queues[handle]);
    assert(q);
    return q;
}

static int linux_watch_open(struct port *port)
{
    struct queue fresh;
    int rc = queue_init(&fresh);
    if (rc)
        return rc;
    struct queue *q = mem_alloc(sizeof *q);
    *q = fresh;
    for (int i = 0; i < PORT_QUEUES; i++) {
        struct queue *none = NULL;
        if (atomic_compare_exchange_strong(&self(port)->queues[i], &none, q))
            return i;
    }
    queue_release(q);
    free(q);
    return -EMFILE;
}

static int linux_watch_add(struct port *port, int queue, const char *path)
{
    int rc = port_refuse_path(path);
    if (rc)
        return rc;
    rc = queue_add(queue_of(port, queue), self(port)->dir, path);
    return rc < 0 ? port_answer(port, "watch", path, -rc, 0) : rc;
}

static bool linux_watch_ready(struct port *port, int queue)
{
    int ready = queue_ready(queue_of(port, queue));
    if (ready < 0)
        port_answer(port, "poll", "a queue of events", -ready, 0);
    return ready > 0;
}

static int linux_watch_read(struct port *port, int queue, int max, struct port_event *out)
{
    int n = queue_read(queue_of(port, queue), max, out);
    return n < 0 ? port_answer(port, "read", "a queue of events", -n, EAGAIN) : n;
}

static void clear(struct port *port, struct queue *q)
{
    int rc = queue_clear(q);
    if (rc)
        port_answer(port, "clear", "a queue of events", -rc, 0);
}

static void linux_watch_clear(struct port *port, int queue)
{
    clear(port, queue_of(port, queue));
}

static void linux_watch_close(struct port *port, int queue)
{
    struct queue *q = queue_of(port, queue);
    atomic_store(&self(port)->queues[queue], NULL);
    queue_release(q);
    free(q);
}

static void queues_clear(struct port_linux *p)
{
    for (int i = 0; i < PORT_QUEUES; i++) {
        struct queue *q = atomic_load_explicit(&p->queues[i], memory_order_acquire);
        if (q)
            clear(&p->base, q);
    }
}

/* --- mark and reset -----------------------------------------------------------------------------
 */

static bool root_is_empty(struct port_linux *p)
{
    struct arena a = {0};
    struct port_names names;
    bool empty = linux_list(&p->base, "", &a, &names) == 0 && names.count <= 1;
    arena_release(&a);
    return empty;
}

static void linux_mark(struct port *port)
{
    struct port_linux *p = self(port);
    p->marked_shared = port->shared && !root_is_empty(p);
    p->open_at_mark = port_handles_open(p);
    if (!p->journal.walk) {
        journal_mark(&p->journal);
        return;
    }
    /* The journal has lost track of names before the mark: what it does not know, it must not vouch
     * for. */
    p->journal.dirty = true;
}

/* As after port_linux_open(). */
static int remove_everything(struct port_linux *p, int done)
{
    bool complete = tree_empty(p->root, NULL);
    journal_clear(&p->journal);
    p->open_at_mark = p->marked_shared = false;
    if (mkdirat(p->root, PORT_TMP, 0755) != 0 && errno != EEXIST)
        return -errno;
    return complete ? done : -EIO;
}

static bool undo(struct port_linux *p)
{
    const struct journal *j = &p->journal;
    for (int i = j->count - 1; i >= j->marked; i--) {
        int flags = j->v[i].kind == PORT_DIR ? AT_REMOVEDIR : 0;
        if (unlinkat(p->root, journal_path(j, i), flags) != 0)
            return false;
    }
    return true;
}

static int linux_reset(struct port *port)
{
    struct port_linux *p = self(port);
    queues_clear(p); /* first, or they would see all that follows */
    port_handles_close(p);
    if (port->shared || p->marked_shared)
        return remove_everything(p, p->journal.marked > 0 || p->marked_shared);
    if (p->journal.dirty)
        return remove_everything(p, 1);
    if ((p->journal.walk || !undo(p)) && !tree_empty(p->root, &p->journal))
        return -EIO;
    journal_rewind(&p->journal);
    return 0;
}

/* --- life ---------------------------------------------------------------------------------------
 */

static bool ports_add(struct port_linux *p)
{
    for (int i = 0; i < PORTS_OPEN; i++) {
        struct port_linux *none = NULL;
        if (atomic_compare_exchange_strong(&open_ports[i], &none, p))
            return true;
    }
    return false;
}

static void ports_drop(struct port_linux *p)
{
    for (int i = 0; i < PORTS_OPEN; i++) {
        struct port_linux *it = p;
        if (atomic_compare_exchange_strong(&open_ports[i], &it, NULL))
            return;
    }
}

void port_linux_remove_all(void)
{
    for (int i = 0; i < PORTS_OPEN; i++) {
        struct port_linux *p = atomic_load(&open_ports[i]);
        if (p && !p->keep && p->pid == getpid())
            tree_remove(p->dir);
    }
}

static void linux_free(struct port *port)
{
    struct port_linux *p = self(port);
    for (int i = 0; i < PORT_QUEUES; i++)
        if (atomic_load(&p->queues[i]))
            linux_watch_close(port, i);
    port_handles_close(p);
    if (!p->keep)
        tree_remove(p->dir);
    ports_drop(p);
    close(p->root);
    journal_release(&p->journal);
    free(p->dir);
    free(p);
}

static const struct port_calls linux_calls = {
    .name = "dir",
    .open = linux_open,
    .read = linux_read,
    .write = linux_write,
    .fsync = linux_fsync,
    .close = linux_close,
    .stat = linux_stat,
    .look = linux_look,
    .seek = linux_seek,
    .truncate = linux_truncate,
    .lock = linux_lock,
    .rename = linux_rename,
    .link = linux_link,
    .unlink = linux_unlink,
    .mkdir = linux_mkdir,
    .let_run = linux_let_run,
    .link_text = linux_link_text,
    .rmdir = linux_rmdir,
    .list = linux_list,
    .watch_open = linux_watch_open,
    .watch_add = linux_watch_add,
    .watch_ready = linux_watch_ready,
    .watch_read = linux_watch_read,
    .watch_clear = linux_watch_clear,
    .watch_close = linux_watch_close,
    .mark = linux_mark,
    .reset = linux_reset,
    .free = linux_free,
};

static const char *why(int error)
{
    switch (error) {
    case ENOENT:
        return "does not exist";
    case ENOTDIR:
        return "is not a directory";
    case EROFS:
        return "is on a file system that is read-only";
    case EACCES:
    case EPERM:
        return "is not writable for this user";
    case ENOSPC:
    case EDQUOT:
        return "has no space left";
    case ENAMETOOLONG:
        return "has too long a name";
    case EMFILE:
        return "needs more open files than the limit allows (ulimit -n)";
    default:
        return strerror(error);
    }
}

/* --- directories of the dead ---
 *
 * A work directory is locked (flock(2)) by its owner and its children as long as one of them lives. One
 * that can be locked, is ours, and is not kept (KEPT_MODE), was left by a process that was killed.
 */
#define WORK_NAME "fsrace.XXXXXX"
#define WORK_MODE 0700
#define KEPT_MODE 01700

static bool is_work_name(const char *name)
{
    return strlen(name) == sizeof WORK_NAME - 1 && strncmp(name, WORK_NAME, 7) == 0;
}

static void sweep_one(int parent, const char *dir, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
        (st.st_mode & 07777) == WORK_MODE && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path)
            tree_remove(path);
    }
    if (fd >= 0)
        close(fd);
}

static void sweep(const char *parent)
{
    DIR *d = opendir(parent);
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_work_name(e->d_name))
            sweep_one(dirfd(d), parent, e->d_name);
    if (d)
        closedir(d);
}

/* Who sweeps may come between making and locking: then it is gone. */
static bool lock_root(int root)
{
    struct stat st = {.st_nlink = 1};
    flock(root, LOCK_EX); /* where there are no locks nobody can sweep */
    fstat(root, &st);
    return st.st_nlink > 0;
}

/* The absolute path of a new directory in `parent`; free() it. NULL: see errno. */
static char *make_dir(const char *parent)
{
    static const char name[] = "/" WORK_NAME;
    char *abs = realpath(parent, NULL);
    if (!abs)
        return NULL;
    size_t len = strlen(abs);
    char *dir = mem_alloc(len + sizeof name);
    memcpy(dir, abs, len);
    memcpy(dir + len, name, sizeof name);
    free(abs);
    if (len + sizeof name + PORT_PATH_MAX < PATH_MAX && mkdtemp(dir))
        return dir;
    int error = len + sizeof name + PORT_PATH_MAX < PATH_MAX ? errno : ENAMETOOLONG;
    if (error == ENOENT) /* it is there, but nothing can be made in it: /proc */
        error = EPERM;
    free(dir);
    errno = error;
    return NULL;
}

static int neg(int rc)
{
    return rc < 0 ? -errno : rc;
}

/* As many files as a task may have open at once, and no more are needed to remove everything. */
#define SPARE_HANDLES 16

static int probe_handles(int root)
{
    int fds[SPARE_HANDLES], n = 0, rc = 0;
    while (rc == 0 && n < SPARE_HANDLES) {
        fds[n] = fcntl(root, F_DUPFD_CLOEXEC, 0);
        if (fds[n] < 0)
            rc = -errno;
        else
            n++;
    }
    while (n > 0)
        close(fds[--n]);
    return rc;
}

/* Can it be worked in? Better to know now than in the middle of a run. 0 or a negative errno. */
static int probe(int root)
{
    int spare = probe_handles(root);
    if (spare < 0)
        return spare;
    if (mkdirat(root, PORT_TMP, 0755) != 0)
        return -errno;
    int fd = openat(root, PORT_TMP "/probe", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    int rc = neg((int)write(fd, "fsrace\n", 7));
    int closed = neg(close(fd));
    int removed = neg(unlinkat(root, PORT_TMP "/probe", 0));
    if (rc >= 0 && rc != 7)
        return -ENOSPC;
    return rc < 0 ? rc : closed < 0 ? closed : removed;
}

static struct port *open_in(const char *parent, struct err *err)
{
    struct port_linux *p = mem_alloc(sizeof *p); /* first: it does not come back if there is none */
    char *dir = make_dir(parent);
    if (!dir) {
        err_set(err, ERR_IO, "directory '%s' %s", parent, why(errno));
        free(p);
        return NULL;
    }
    int root = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = root >= 0         ? (lock_root(root) ? probe(root) : -EAGAIN)
             : errno == ENOENT ? -EAGAIN
                               : -errno;
    if (rc == 0) {
        p->base.calls = &linux_calls;
        p->root = root;
        p->dir = dir;
        p->pid = getpid();
    }
    if (rc == 0 && ports_add(p))
        return &p->base;
    if (rc == 0)
        rc = -ENFILE;
    free(p);
    if (root >= 0)
        close(root);
    tree_remove(dir);
    free(dir);
    if (rc == -EAGAIN) /* swept: once more */
        return open_in(parent, err);
    err_set(err, ERR_IO, "directory '%s' %s", parent, why(-rc));
    return NULL;
}

/* Called with one thread. No signal comes between the making of the directory and the list of what is to be removed. */
struct port *port_linux_open(const char *parent, struct err *err)
{
    assert(parent);

    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    sweep(parent);
    struct port *port = open_in(parent, err);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return port;
}

const char *port_linux_dir(const struct port *port)
{
    assert(port);
    return ((const struct port_linux *)port)->dir;
}

void port_linux_guard(struct port *port)
{
    assert(port);
    self(port)->guarded = true;
}

void port_linux_keep(struct port *port)
{
    assert(port);
    self(port)->keep = true;
    fchmod(self(port)->root, KEPT_MODE); /* or the next run would sweep it */
}
