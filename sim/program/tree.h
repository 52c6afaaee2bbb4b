/*
 * tree: a program and all that it starts, run from one call on the store to the next.
 *
 *     struct tree *t = tree_new();
 *
 *     tree_begin(t, &start, &err);                  // it stands before its first instruction
 *     while ((stop = tree_next(t, now_ms, &call, &err)) == TREE_CALL) {
 *         // … it is about to make `call`; others may go first …
 *         tree_make(t, 0, &result);                 // it makes it; or it fails with an errno, unmade
 *     }
 *     // TREE_SLEEP: tree_wake() when it is time.  TREE_WAITS: for tree_ready().
 *     // TREE_ENDED: tree_exit(), tree_output().  TREE_FAILED: err
 *     tree_end(t);                                  // kills what is left; before the next tree_begin()
 *     tree_free(t);
 *
 * One process of it runs at a time, from the very start; all others are stopped. Processes are named by the order of
 * their births, and where several could go on, the one that was born first does. Processes that wait (for children, for
 * a pipe, for a signal) are known from what they wait for, and not from what the kernel says of them.
 *
 * All that a program is told by chance is made: clocks, sleeps, pids, getrandom(2), inode numbers, times of files, the
 * order of a directory. ptrace(2) is by the thread that began it. A tree that is not ended dies with its tracer
 * (PTRACE_O_EXITKILL).
 *
 * Sources: ptrace(2), seccomp(2), vdso(7), getauxval(3).
 */
#ifndef SIM_PROGRAM_TREE_H
#define SIM_PROGRAM_TREE_H

#include "base/err.h"
#include "base/strbuf.h"
#include "fsstore/port/port.h"
#include "sim/program/calls.h"
#include "sim/program/contain.h"
#include <stdbool.h>
#include <stdint.h>

#define TREE_PROCESSES_MAX 64 /* alive at a time */
#define TREE_BIRTHS_MAX    1000
#define TREE_NUMBERS_MAX   16                  /* of nodes: pids beyond theirs are nobody's */
#define TREE_OUTPUT_MAX    65536               /* of each of its outputs that is kept */
#define TREE_DATA_MAX      4096                /* of what is read and written that is told */
#define TREE_LOCKS_MAX     8                   /* files that it has locked at a time */
#define TREE_CPU_S         10                  /* of processor time without a call on the store */
#define TREE_EPOCH_S       INT64_C(1000000000) /* when virtual time begins, for programs */

struct tree_start {
    const char *const *argv;
    const char *const *env;
    const char *store; /* absolute */
    const char *cwd;   /* in the store, "" its root */
    const char *input; /* NULL: nothing */
    int number;        /* of its node, from 0 */
    uint64_t seed;
    bool closes; /* closing a file of the store is told, too */
    bool real_clock;
    bool untraced;                        /* for tree_run_freely() */
    bool uncontained;                     /* it may do what fsrace may */
    bool (*lives)(void *ctx, int number); /* does that node's program live? NULL: nobody knows */
    void *ctx;
    const struct contain_mount *mounts;
    int mount_count;
};

enum tree_stop {
    TREE_CALL,
    TREE_SLEEP, /* until tree_deadline() nobody has anything to do */
    TREE_ENDED,
    TREE_STUCK, /* all that are left wait for ever: tree_stuck() */
    TREE_FAILED,
};

/* Paths are relative to the store, "" its root. */
struct tree_call {
    const struct call_rule *rule;
    int process; /* 0: the program itself, else the k-th that was born */
    char path[PORT_PATH_MAX], path2[PORT_PATH_MAX];
    bool two;           /* path2 is one */
    bool has_path;      /* by its name; else by a descriptor, and the name is what the file had */
    int flags;          /* of open, unlinkat, renameat2; of flock its operation */
    bool blocks;        /* it waits for a lock: tree_ready() */
    bool unsure;        /* what it is about was not found again: it may be anything */
    const char *target; /* of a symbolic link that is made; the tree's, until tree_next() */
    uint64_t inode;     /* of what is open there; 0: it is about a name */
    uint64_t told;      /* a hash of its arguments and of what it writes */
};

struct tree_result {
    int64_t rc; /* a count, a descriptor, or a negative errno */
    const char
        *data; /* read, written, or listed; NULL: nothing of that. The tree's, until tree_next() */
    size_t len;
    uint64_t inode;                       /* of what it has opened */
    uint64_t told;                        /* a hash of all that the program was told by it */
    const char *released[TREE_LOCKS_MAX]; /* files of which locks were set free by it; the tree's */
    int released_count;
};

struct tree;

struct tree *tree_new(void);
void tree_free(struct tree *t); /* NULL is allowed */

/* ERR_INPUT: it cannot be run; ERR_IO: the machine does not let us, and why. */
enum err_code tree_begin(struct tree *t, const struct tree_start *start, struct err *err);
enum tree_stop tree_next(struct tree *t, int64_t now_ms, struct tree_call *call, struct err *err);
/* error: 0, or a negative errno with which it fails without being made. */
void tree_make(struct tree *t, int error, struct tree_result *out);
bool tree_ready(const struct tree *t); /* what the call would wait for is there */
int64_t tree_deadline(const struct tree *t);
void tree_wake(struct tree *t, int64_t now_ms); /* TREE_SLEEP is over */
/* What is left of it is killed, or stands still until the next tree_begin() puts it back to its start. */
void tree_end(struct tree *t);
void tree_forget(struct tree *t); /* the next one begins by an exec */

/* From its start to its end, with nobody between: tree_exit(), tree_output(). What it starts is its own affair. */
enum err_code tree_run_freely(struct tree *t, const struct tree_start *start, struct err *err);

bool tree_alive(const struct tree *t); /* between tree_begin() and tree_end() */
/* What it has locked: paths that live as long as it does; how many. */
int tree_locks(const struct tree *t, const char *paths[TREE_LOCKS_MAX]);
/* "0", "1", … or "SIGKILL". */
void tree_exit(const struct tree *t, struct strbuf *out);
void tree_output(const struct tree *t, int fd,
                 struct strbuf *out);                      /* 1 or 2, what is there by now */
void tree_stuck(const struct tree *t, struct strbuf *out); /* "A waits for a child", … */
/* Why what was seen may not be all: NULL, or a text that lives as long as the program. The first thing of that kind since
 * tree_new(). */
const char *tree_doubt(const struct tree *t);

#endif
