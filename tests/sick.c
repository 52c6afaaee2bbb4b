/*
 * sick: a machine on which a call fails. Linked into build/sick_fsrace, in front of libc (ld --wrap):
 * SICK=17 makes the 17th call fail, SICK=17+ that one and all that follow; SICK_OF=mem or fork counts
 * allocations or new processes instead of system calls. SICK_ERRNO is the error's number (EIO).
 * SICK_COUNT=FILE: how many calls there were is written there. All processes of a run count as one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { SYS, MEM, FORK, KINDS };

static struct {
    atomic_long calls[KINDS];
} * counts; /* shared by all processes of a run */
static enum kind kind;
static long from;
static bool for_ever;
static int error;

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[KINDS] = {"sys", "mem", "fork"};
    const char *sick = getenv("SICK"), *of = getenv("SICK_OF"), *number = getenv("SICK_ERRNO");
    char *end = NULL;

    for (int i = 0; of && i < KINDS; i++)
        if (strcmp(of, names[i]) == 0)
            kind = (enum kind)i;
    from = sick ? strtol(sick, &end, 10) : 0;
    for_ever = end && *end == '+';
    error = number ? atoi(number) : kind == MEM ? ENOMEM : kind == FORK ? EAGAIN : EIO;
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static bool fails(enum kind of)
{
    long n = counts ? atomic_fetch_add(&counts->calls[of], 1) + 1 : 0;

    if (!from || of != kind || (for_ever ? n < from : n != from))
        return false;
    errno = error;
    return true;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("SICK_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;

    if (f) {
        fprintf(f, "%ld\n", atomic_load(&counts->calls[kind]));
        fclose(f);
    }
}

#define WRAP(of, type, name, parameters, arguments, bad)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return fails(of) ? (bad) : __real_##name arguments;                                        \
    }
#define CALL(name, parameters, arguments) WRAP(SYS, int, name, parameters, arguments, -1)

WRAP(SYS, ssize_t, read, (int fd, void *buf, size_t n), (fd, buf, n), -1)
WRAP(SYS, ssize_t, write, (int fd, const void *buf, size_t n), (fd, buf, n), -1)
WRAP(SYS, ssize_t, getdents64, (int fd, void *buf, size_t n), (fd, buf, n), -1)
WRAP(SYS, off_t, lseek, (int fd, off_t at, int how), (fd, at, how), -1)
CALL(fsync, (int fd), (fd))
CALL(fstat, (int fd, struct stat *st), (fd, st))
CALL(fstatat, (int fd, const char *path, struct stat *st, int flags), (fd, path, st, flags))
CALL(stat, (const char *path, struct stat *st), (path, st))
CALL(unlink, (const char *path), (path))
CALL(unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
CALL(rmdir, (const char *path), (path))
CALL(mkdir, (const char *path, mode_t mode), (path, mode))
CALL(mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
CALL(rename, (const char *a, const char *b), (a, b))
CALL(renameat2, (int a, const char *b, int c, const char *d, unsigned flags), (a, b, c, d, flags))
CALL(linkat, (int a, const char *b, int c, const char *d, int flags), (a, b, c, d, flags))
CALL(ftruncate, (int fd, off_t len), (fd, len))
CALL(flock, (int fd, int how), (fd, how))
CALL(fchmod, (int fd, mode_t mode), (fd, mode))
CALL(inotify_init1, (int flags), (flags))
CALL(inotify_add_watch, (int fd, const char *path, uint32_t mask), (fd, path, mask))
CALL(poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
CALL(pipe, (int ends[2]), (ends))
CALL(scandir,
     (const char *path, struct dirent ***out, int (*which)(const struct dirent *),
      int (*order)(const struct dirent **, const struct dirent **)),
     (path, out, which, order))
WRAP(SYS, DIR *, opendir, (const char *path), (path), NULL)
WRAP(SYS, char *, mkdtemp, (char *path), (path), NULL)
WRAP(SYS, char *, realpath, (const char *path, char *out), (path, out), NULL)
WRAP(SYS, void *, mmap, (void *at, size_t n, int prot, int flags, int fd, off_t off),
     (at, n, prot, flags, fd, off), MAP_FAILED)
WRAP(FORK, pid_t, fork, (void), (), -1)
WRAP(MEM, void *, malloc, (size_t n), (n), NULL)
WRAP(MEM, void *, calloc, (size_t n, size_t size), (n, size), NULL)
WRAP(MEM, void *, realloc, (void *old, size_t n), (old, n), NULL)

/* A close that fails has closed. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    bool bad = fails(SYS);
    int rc = __real_close(fd);

    if (!bad)
        return rc;
    errno = error;
    return -1;
}

static mode_t mode_of(int flags, va_list ap)
{
    return flags & O_CREAT ? va_arg(ap, mode_t) : 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = mode_of(flags, ap);
    va_end(ap);
    return fails(SYS) ? -1 : __real_open(path, flags, mode);
}

int __real_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = mode_of(flags, ap);
    va_end(ap);
    return fails(SYS) ? -1 : __real_openat(dir, path, flags, mode);
}
