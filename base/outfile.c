#include "base/outfile.h"
#include "base/mem.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX  40 /* as the kernel's */
#define BESIDE_MAX 16 /* outputs at a time that a signal removes; the next run sweeps the others */
#define PREFIX     ".fsrace-"
#define SUFFIX     ".tmp"

static enum err_code io_error(const char *path, struct err *err)
{
    if (errno == EINTR)
        return err_set(err, ERR_STOP, "interrupted");
    return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
}

/* --- paths --- */

/* "" of a name alone: "."; the caller frees. */
static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = mem_strdup(slash ? path : ".");

    if (slash)
        dir[slash == path ? 1 : slash - path] = '\0';
    return dir;
}

static char *joined(const char *dir, const char *name)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_adds(&sb, dir);
    strbuf_printf(&sb, "%s%s", sb.len && sb.s[sb.len - 1] == '/' ? "" : "/", name);
    return strbuf_take(&sb);
}

/* Where a link leads, seen from where it stands. NULL: it is none. */
static char *followed(const char *path)
{
    char target[PATH_MAX], *dir, *to;
    ssize_t n = readlink(path, target, sizeof target - 1);

    if (n < 0)
        return NULL;
    target[n] = '\0';
    if (target[0] == '/')
        return mem_strdup(target);
    dir = directory_of(path);
    to = joined(dir, target);
    free(dir);
    return to;
}

/* Absolute and without links, whether it is there or not. NULL and errno: its directory is not. */
static char *resolved(const char *path)
{
    char *at = mem_strdup(path), *next, *dir, *whole, *real;
    const char *slash;
    int error;

    for (int i = 0; i < LINKS_MAX && (next = followed(at)); i++) {
        free(at);
        at = next;
    }
    slash = strrchr(at, '/');
    dir = directory_of(at);
    real = realpath(dir, NULL);
    whole = real ? joined(real, slash ? slash + 1 : at) : NULL;
    error = errno;
    free(real);
    free(dir);
    free(at);
    errno = error;
    return whole;
}

/* --- files in use --- */

void used_files_add(struct used_files *used, const char *path)
{
    assert(used);
    assert(path);

    struct used_file file = {.path = resolved(path)};
    struct stat st;

    if (stat(path, &st) == 0) {
        file.dev = st.st_dev;
        file.ino = st.st_ino;
    }
    used->v = mem_grow(used->v, (size_t)used->count + 1, sizeof *used->v);
    used->v[used->count++] = file;
}

void used_files_cut(struct used_files *used, int count)
{
    assert(used);
    assert(count >= 0);
    while (used->count > count)
        free(used->v[--used->count].path);
}

void used_files_release(struct used_files *used)
{
    assert(used);
    used_files_cut(used, 0);
    free(used->v);
    free(used->swept);
    *used = (struct used_files){0};
}

static bool is_used(const struct used_files *used, const char *path, const struct stat *st)
{
    for (int i = 0; i < used->count; i++) {
        const struct used_file *u = &used->v[i];

        if ((st && u->ino == st->st_ino && u->dev == st->st_dev) ||
            (u->path && path && strcmp(u->path, path) == 0))
            return true;
    }
    return false;
}

/* --- the file beside --- */

/* For outfile_remove_all(): those of this process; a fork has them, too, but not their names. */
static struct {
    char *_Atomic path;
    _Atomic pid_t pid;
} beside[BESIDE_MAX];

static void note_beside(char *path)
{
    for (int i = 0; i < BESIDE_MAX; i++) {
        char *none = NULL;

        if (!atomic_compare_exchange_strong(&beside[i].path, &none, path))
            continue;
        beside[i].pid = getpid();
        return;
    }
}

static void forget_beside(char *path)
{
    for (int i = 0; path && i < BESIDE_MAX; i++) {
        char *it = path;

        atomic_compare_exchange_strong(&beside[i].path, &it, NULL);
    }
}

void outfile_remove_all(void)
{
    for (int i = 0; i < BESIDE_MAX; i++)
        if (beside[i].path && beside[i].pid == getpid())
            unlink(beside[i].path);
}

static bool is_temporary(const char *name)
{
    size_t len = strlen(name), end = strlen(SUFFIX);

    return strncmp(name, PREFIX, strlen(PREFIX)) == 0 && len > end &&
           strcmp(name + len - end, SUFFIX) == 0;
}

/* A lock that can be had belongs to nobody who lives. */
static void sweep_one(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(dir, name, 0);
    if (fd >= 0)
        close(fd);
}

static void sweep(struct used_files *used, const char *dir)
{
    DIR *d;

    if (used->swept && strcmp(used->swept, dir) == 0)
        return;
    free(used->swept);
    used->swept = mem_strdup(dir);
    d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_temporary(e->d_name))
            sweep_one(dirfd(d), e->d_name);
    if (d)
        closedir(d);
}

/* Made and locked. Who sweeps may come between the two: then it is gone, and made anew. */
static int make_beside(const char *dir, char **path)
{
    for (int n = 0;; n++) {
        char name[64];
        struct stat st = {.st_nlink = 1};
        int fd;

        snprintf(name, sizeof name, PREFIX "%ld-%d" SUFFIX, (long)getpid(), n);
        *path = joined(dir, name);
        fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            flock(fd, LOCK_EX); /* where there are no locks nobody can sweep */
            fstat(fd, &st);
        }
        if (fd >= 0 && st.st_nlink > 0)
            return fd;
        if (fd >= 0)
            close(fd);
        free(*path);
        *path = NULL;
        if (fd < 0 && errno != EEXIST)
            return -1;
    }
}

/* Mode and owner, as far as we may. */
static int like_before(int fd, const struct stat *before)
{
    if (fchown(fd, before->st_uid, before->st_gid) != 0)
        errno = 0; /* it is ours, then */
    return fchmod(fd, before->st_mode & 07777);
}

static enum err_code begin_beside(struct outfile *f, const struct stat *before,
                                  struct used_files *used, struct err *err)
{
    char *dir = directory_of(f->path);

    sweep(used, dir);
    if (before && faccessat(AT_FDCWD, f->path, W_OK, AT_EACCESS) != 0)
        io_error(f->name, err); /* a rename would not ask */
    else if ((f->fd = make_beside(dir, &f->temporary)) < 0)
        io_error(f->name, err);
    else
        note_beside(f->temporary);
    if (err->code == OK && before && like_before(f->fd, before) != 0)
        io_error(f->name, err);
    if (err->code == OK)
        used_files_add(used, f->path);
    free(dir);
    return err->code;
}

/* --- written through --- */

/* The number of "/dev/fd/3", or of the standard stream that goes there; -1. */
static int own_descriptor(const char *path, const struct stat *st)
{
    static const char *const dirs[] = {"/dev/fd/", "/proc/self/fd/"};
    struct stat own;

    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(fd, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino)
            return fd;
    for (int i = 0; i < 2; i++) {
        size_t len = strlen(dirs[i]);

        if (strncmp(path, dirs[i], len) == 0 && path[len] >= '0' && path[len] <= '9')
            return atoi(path + len);
    }
    return -1;
}

static enum err_code begin_through(struct outfile *f, int own, struct err *err)
{
    f->fd =
        own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 3) : open(f->name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return f->fd < 0 ? io_error(f->name, err) : OK;
}

/* --- all of it --- */

void outfile_drop(struct outfile *f)
{
    assert(f);
    if (!f->name)
        return;
    if (f->fd >= 0)
        close(f->fd);
    if (f->temporary && unlink(f->temporary) != 0)
        unlink(f->temporary); /* it is all that we can do */
    forget_beside(f->temporary);
    free(f->temporary);
    free(f->path);
    free(f->name);
    *f = (struct outfile){0};
}

enum err_code outfile_begin(struct outfile *f, const char *path, struct used_files *used,
                            struct err *err)
{
    assert(f);
    assert(path);
    assert(used);

    struct stat st;
    bool there = stat(path, &st) == 0;
    int own = there ? own_descriptor(path, &st) : -1;

    *f = (struct outfile){.name = mem_strdup(path), .path = resolved(path), .fd = -1};
    if (is_used(used, f->path, there ? &st : NULL) && (!there || S_ISREG(st.st_mode))) {
        err_set(err, ERR_INPUT, "%s: it is read or written by this command already", path);
    } else if (there && (own >= 0 || !S_ISREG(st.st_mode))) {
        free(f->path);
        f->path = NULL;
        begin_through(f, own, err);
    } else if (!f->path) {
        io_error(path, err);
    } else {
        begin_beside(f, there ? &st : NULL, used, err);
    }
    if (err->code != OK)
        outfile_drop(f);
    return err->code;
}

static bool write_all(int fd, const struct strbuf *text)
{
    size_t done = 0;

    while (done < text->len) {
        ssize_t n = write(fd, text->s + done, text->len - done);

        if (n < 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

enum err_code outfile_end(struct outfile *f, const struct strbuf *text, struct err *err)
{
    assert(f);
    assert(text);
    assert(!f->name || f->fd >= 0);

    bool done;
    int fd = f->fd;

    if (!f->name)
        return err->code;
    if (err->code == OK) {
        if (!f->path)
            fflush(stdout); /* it may be the same file */
        done = write_all(fd, text);
        f->fd = -1;
        done = close(fd) == 0 && done && (!f->path || rename(f->temporary, f->path) == 0);
        if (!done)
            io_error(f->name, err);
    }
    if (err->code == OK) {
        forget_beside(f->temporary);
        free(f->temporary);
        f->temporary = NULL;
    }
    outfile_drop(f);
    return err->code;
}

enum err_code outfile_write(const char *path, const struct strbuf *text, struct used_files *used,
                            struct err *err)
{
    assert(path);
    assert(text);
    assert(used);

    struct outfile f;

    if (outfile_begin(&f, path, used, err) == OK)
        outfile_end(&f, text, err);
    return err->code;
}
