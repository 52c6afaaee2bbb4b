/*
 * inner: a tree from inside. tree.c runs processes from stop to stop; decode.c says what a call is about, emulate.c
 * answers what is not the kernel's to answer, waits.c who waits for what, patch.c makes results those of any machine,
 * launch.c begins a program, before.c knows what could have come in another order.
 */
#ifndef SIM_PROGRAM_INNER_H
#define SIM_PROGRAM_INNER_H

#include "sim/program/memory.h"
#include "sim/program/tree.h"
#include <sched.h>
#include <time.h>

enum process_state {
    PROCESS_RUNS,   /* is to go on, or in the kernel and about to come back */
    PROCESS_CALLS,  /* before a call of the store */
    PROCESS_SLEEPS, /* until `wake_ns` */
    PROCESS_WAITS,  /* for what `waits` says */
    PROCESS_DEAD,
};

enum process_wait {
    WAIT_FOR_CHILD,  /* to end */
    WAIT_FOR_VFORK,  /* its child to become something else */
    WAIT_FOR_FD,     /* one descriptor, `fd` */
    WAIT_FOR_POLL,   /* it polls: once more when something has changed */
    WAIT_FOR_SIGNAL, /* in the kernel */
};

enum at_exit { EXIT_NOTHING, EXIT_FORK, EXIT_WAIT, EXIT_WAITID, EXIT_POLL };

#define POLL_READS  1 /* POLLIN */
#define POLL_WRITES 4 /* POLLOUT */

struct process {
    pid_t pid;
    int birth, parent; /* the parent's place; -1 */
    enum process_state state;
    enum process_wait waits;
    bool in_kernel; /* it was let go, and its next stop is to be awaited */
    bool to_exit;   /* it goes on up to the end of the call that it is at */
    int signal;     /* that it is to get when it goes on */
    registers regs;
    const struct call_rule *rule;
    enum at_exit at_exit;
    int child;                  /* that was born by the call it is at; -1 */
    int status;                 /* of a dead one, as waitpid(2) says it */
    bool reaped;                /* its parent knows */
    int64_t born_at, reaped_at; /* as `changes` counts */
    int signals_due;            /* SIGCHLD that it has not had */
    int64_t wake_ns;            /* < 0: never */
    uint64_t poll_arg;          /* the argument that was replaced, while it polls or waits */
    int64_t seen;               /* the tree's `changes` when it last polled */
    int fd, events;             /* WAIT_FOR_FD */
    uint64_t chance;            /* numbers that it was given */
    int64_t calls;              /* stops, so far */
    int64_t calls_at_alarm;
};

struct region { /* of memory */
    unsigned long from, to;
    int prot;
    bool writable, is_shared, anonymous, is_heap, is_stack;
    char *data;
};

struct regions {
    struct region *v;
    int count, cap;
};

struct mark_fd {
    char link[96];
};

struct mark { /* where a program is rewound to: rewind.c */
    bool set, never;
    struct regions maps, now;
    struct strbuf status, status_now;
    struct mark_fd fds[64];
    char cwd[256];
    uint64_t ignored, caught, ignored_now, caught_now; /* signals, as bits */
    struct handler {                                   /* as rt_sigaction(2) has them */
        uint64_t words[4];
    } handlers[65];
    registers regs;
    char fp[16384] __attribute__((aligned(64)));
    size_t fp_len;
    int64_t now_ns;
    uint64_t chance;
    int rewinds;
};

#define TREE_WRITERS_MAX 64

struct tree {
    timer_t patience; /* for a process that does not come back */
    bool has_patience;
    cpu_set_t cpus; /* fsrace's, before it was kept on one */
    bool is_pinned;
    struct mark mark;
    bool kept;          /* v[0] stands still, to be rewound */
    bool at_end;        /* … before its exit */
    bool wrote_outside; /* what it wrote outlives it */
    bool reads_input;   /* it may */
    struct process *v;
    int count;
    bool alive;
    int current;     /* who is at the call that was told; -1 */
    int64_t now_ns;  /* the clock of the tree */
    int64_t changes; /* counts whatever may end a wait */
    struct held {
        int fd;          /* of our own */
        bool of_records; /* of fcntl(2) */
        bool shared;     /* others may have one on the file, too */
        char path[PORT_PATH_MAX];
    } held[TREE_LOCKS_MAX];
    char released[TREE_LOCKS_MAX][PORT_PATH_MAX];
    int locks;      /* held */
    int outputs[3]; /* 1, 2: files that have them */
    int tell;       /* why it could not begin: an errno; -1 */
    int store;      /* a descriptor of its root; -1 */
    char *root;     /* its path */
    size_t root_len;
    int number;
    uint64_t seed;
    bool closes, real_clock, uncontained;
    bool (*lives)(void *ctx, int number);
    void *ctx;
    struct writer { /* who wrote last to a thing outside of the store */
        uint64_t thing;
        int process;
        int64_t at;
    } writers[TREE_WRITERS_MAX];
    int writer_count;
    struct inode {
        uint64_t real, shown;
    } * inodes;
    int inode_count, inode_cap;
    struct tree_call call;
    char *buffer; /* what is read, written, listed */
    size_t buffer_cap;
    struct strbuf text;
    const char *doubt;
    struct err err;
};

/* decode.c: what the call is about. */
enum about { ABOUT_NOTHING, ABOUT_STORE, ABOUT_FAILED };
enum about decode(struct tree *t, struct process *p, struct tree_call *out);
/* Where a descriptor leads: its path in the store; false: elsewhere. `link`: what it is, may be NULL. */
bool decode_fd(struct tree *t, const struct process *p, int fd, char *out, char *link, size_t size);

uint64_t decode_inode(const struct process *p, int fd); /* 0: there is none */
bool decode_root(struct tree *t, const struct process *p, const char *cwd);

/* emulate.c: CALL_TIME. true: it is answered; false: it is to be let go. */
bool emulate_time(struct tree *t, struct process *p);
void decode_output(struct process *p); /* an open of /dev/stderr cuts nothing */
void emulate_bytes(struct tree *t, struct process *p, uint64_t at, size_t len);

/* waits.c */
enum goes { GOES_ON, GOES_TO_EXIT, GOES_WAITS, GOES_SKIPPED };
enum goes waits_for_child(struct tree *t, struct process *p);
enum goes waits_for_fd(struct tree *t, struct process *p, int fd, int events);
enum goes waits_poll(struct tree *t, struct process *p);
void waits_polled(struct tree *t, struct process *p); /* behind it */
bool waits_over(struct tree *t, struct process *p);   /* what it waits for is there */
int pid_shown(const struct tree *t, const struct process *p);
struct process *process_shown(struct tree *t, int64_t shown);
struct process *process_of(struct tree *t, pid_t pid);
struct process *process_zombie(struct tree *t, struct process *parent, int64_t which, bool *any);

/* before.c: a process reads or writes something that is not in the store, of this name. */
void before_uses(struct tree *t, const struct process *p, const char *what, bool writes);

/* patch.c: behind a call of the store that was made. */
void patch_result(struct tree *t, struct process *p, struct tree_result *r);

/* locks.c */
bool lock_is_free(const struct process *p); /* that it would wait for */
void lock_was_refused(struct tree *t, struct process *p);
void lock_taken(struct tree *t, const struct process *p);
void locks_look(struct tree *t, struct tree_result *out); /* which are free now */
void locks_forget(struct tree *t);

enum launch_stage { AT_DESCRIPTORS, AT_WALLS, AT_CWD, AT_FILTER, AT_EXEC };
struct launch_failure {
    enum launch_stage at;
    int error;
};

/* launch.c: a child that stands before its first instruction; -1 and err. */
pid_t launch(struct tree *t, const struct tree_start *start, struct err *err);
void launch_hide(pid_t pid, uint64_t seed); /* at its exec: AT_RANDOM, the vDSO */

/* rewind.c */
void mark_set(struct tree *t, struct process *p); /* if it is the first call that may have one */
void mark_clear(struct tree *t);
void mark_release(struct tree *t);
bool rewind_keeps(const struct tree *t); /* is it to stand still, instead of being ended? */
bool rewind_try(struct tree *t);         /* false: it is to be killed */

void tree_fail(struct tree *t, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void tree_doubts(struct tree *t, const char *why);

#endif
