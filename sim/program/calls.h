/*
 * calls: what each call of the kernel is to a program under the gate, as one table by number (Linux, x86-64).
 *
 *     const struct call_rule *r = call_rule(nr);
 *     if (r->class == CALL_UNKNOWN)
 *         stop(nr);                      // the execution ends, and says the number
 *
 * The filter (filter.h) is made of this table: what is harmless passes without a stop, all else stops the
 * program. tests/unit/sim/program/ wants a class for each call that there is.
 * Sources: arch/x86/entry/syscalls/syscall_64.tbl; seccomp(2).
 */
#ifndef SIM_PROGRAM_CALLS_H
#define SIM_PROGRAM_CALLS_H

#include <stdint.h>

enum call_class {
    CALL_UNKNOWN,  /* not in the table */
    CALL_HARMLESS, /* passes: it is told nothing that another node, or chance, could have changed */
    CALL_STORE,    /* a transition, if it is about something in the store */
    CALL_TIME,     /* clocks, sleeps, chance: answered by us */
    CALL_PROCESS,  /* births, deaths, waits, numbers of processes */
    CALL_WAIT,     /* may wait for a descriptor or a signal */
    CALL_ENOSYS,   /* a kernel without it is what programs have to expect: they do it otherwise */
    CALL_DENIED,   /* fails with EACCES: sockets */
    CALL_REFUSED,  /* the execution ends: what it does cannot be seen */
};

enum call_do {
    DO_NOTHING,
    /* CALL_STORE */
    DO_OPEN,
    DO_CREAT,
    DO_STAT,
    DO_LSTAT,
    DO_ACCESS,
    DO_READLINK,
    DO_MKDIR,
    DO_MKNOD,
    DO_RMDIR,
    DO_UNLINK,
    DO_RENAME,
    DO_LINK,
    DO_SYMLINK,
    DO_TRUNCATE,
    DO_CHMOD,
    DO_CHOWN,
    DO_UTIME,
    DO_GETXATTR,
    DO_SETXATTR,
    DO_LIST,
    DO_READ,
    DO_WRITE,
    DO_FSYNC,
    DO_SEEK,
    DO_FLOCK,
    DO_FCNTL,
    DO_CLOSE,
    DO_MMAP,
    DO_CHDIR,
    DO_GETCWD,
    DO_IOCTL,
    /* CALL_TIME */
    DO_TIME,
    DO_GETTIMEOFDAY,
    DO_CLOCK_GETTIME,
    DO_NANOSLEEP,
    DO_CLOCK_NANOSLEEP,
    DO_TIMES,
    DO_RUSAGE,
    DO_SYSINFO,
    DO_RANDOM,
    /* CALL_PROCESS */
    DO_FORK,
    DO_CLONE,
    DO_EXEC,
    DO_EXIT,
    DO_WAIT4,
    DO_WAITID,
    DO_KILL,
    DO_TGKILL,
    DO_GETPID,
    DO_GETPPID,
    DO_GETPG,
    DO_SETPG,
    /* CALL_WAIT */
    DO_POLL,
    DO_SELECT,
    DO_PAUSE,
};

/* Arguments are given as their index and one more; 0: it has none. A call with `dir` and no `path` is
 * about the file that is open there. */
struct call_rule {
    const char *name;
    uint8_t class; /* enum call_class */
    uint8_t what;  /* enum call_do */
    uint8_t dir, path, dir2, path2, flags;
    uint8_t out; /* where the kernel writes its answer */
};

#define CALL_NUMBERS 512

/* Of any number; never NULL. */
const struct call_rule *call_rule(long nr);

#endif
