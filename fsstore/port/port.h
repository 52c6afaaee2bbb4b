/*
 * port: the primitive file calls, as a table of named entries. The ONE place where fsrace touches
 * files.
 *
 * A port is one directory, the store's root. linux.c works on a real directory with real
 * inotify, model.c in memory. A test may copy a port's table, replace an entry and so make the
 * k-th call fail; nothing above can tell.
 *
 *     struct port *p = port_linux_open("/dev/shm", &err);    // makes a directory there
 *     int h = p->calls->open(p, "lock", PORT_CREATE_EXCL);
 *     // …
 *     p->calls->reset(p);                    // as it was at the last mark(): ready for the next run
 *     port_free(p);                          // removes the directory
 *
 * Paths are relative, '/'-separated, without "." or "..", shorter than PORT_PATH_MAX, "" or "." is
 * the root; see port_path_check(); a call refuses others with -EINVAL or -ENAMETOOLONG, so none
 * leaves the root. A path's last part is never followed as a symbolic link (openat(2), O_NOFOLLOW),
 * and fsrace makes no links in a directory that is its user's alone (0700).
 *
 * Results are the kernel's: 0 or a handle or a count, else a negative errno. Names are listed in
 * byte order, because directory order must not reach a trace. Watch descriptors stay inside: an
 * event carries the path that was given to watch_add, '/' and the name.
 *
 * A crash of fsrace leaves the directory behind; its name starts with "fsrace-".
 * Sources: open(2), rename(2) (RENAME_NOREPLACE), inotify(7).
 */
#ifndef FSSTORE_PORT_PORT_H
#define FSSTORE_PORT_PORT_H

#include "base/err.h"
#include "base/mem.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PORT_PATH_MAX 256
#define PORT_TMP      ".tmp" /* is there from the start and over every reset */

enum port_open {
    PORT_READ,        /* O_RDONLY */
    PORT_CREATE,      /* O_WRONLY | O_CREAT | O_TRUNC */
    PORT_CREATE_EXCL, /* O_WRONLY | O_CREAT | O_EXCL */
    PORT_APPEND,      /* O_WRONLY | O_CREAT | O_APPEND */
    /* or any of these, by or */
    PORT_FLAG_READ = 0x101,
    PORT_FLAG_WRITE = 0x102,
    PORT_FLAG_CREATE = 0x104,
    PORT_FLAG_EXCL = 0x108,
    PORT_FLAG_TRUNC = 0x110,
    PORT_FLAG_APPEND = 0x120,
};

/* The same as flags. */
unsigned port_open_flags(enum port_open how);
#define PORT_HAS(flags, flag) (((flags) & (flag)&0xff) != 0)

enum port_kind { PORT_FILE, PORT_DIR };

struct port_stat {
    enum port_kind kind;
    int64_t size; /* of a file */
    int links;    /* … names that it has */
};

/* flock(2), of an open file */
enum port_lock { PORT_UNLOCKED, PORT_SHARED, PORT_EXCLUSIVE };

struct port_name {
    const char *name;
    enum port_kind kind;
};

struct port_names { /* sorted by name; the memory is the arena's that was passed */
    struct port_name *v;
    int count;
};

enum port_event_kind {
    EVENT_CREATE,
    EVENT_CLOSE_WRITE,
    EVENT_MOVED_FROM,
    EVENT_MOVED_TO,
    EVENT_DELETE,
    EVENT_DELETE_SELF, /* the watched thing itself is gone; the path is its own */
    EVENT_OVERFLOW,    /* the kernel dropped events; path is "" */
};

struct port_event {
    enum port_event_kind kind;
    bool is_dir;
    char path[PORT_PATH_MAX];
};

/* What there is, as two numbers, for comparing states of one port. */
struct port_state {
    const int *handles; /* all that are open, and the queues, in an order that means something */
    const int *queues;  /* -1: none */
    int handle_count, queue_count;
    uint64_t files, events; /* … events: files, too */
};

struct port;

/* data is NULL for a directory; both live until it returns. false: what is in it is left out. */
typedef bool port_walk_fn(void *ctx, const char *path, int depth, const char *data, size_t len);

struct port_calls {
    const char *name; /* "dir", "model" */
    int (*open)(struct port *, const char *path, enum port_open how);
    /* From where the last one ended. */
    ssize_t (*read)(struct port *, int handle, void *buf, size_t size);
    ssize_t (*write)(struct port *, int handle, const void *data, size_t len);
    int (*fsync)(struct port *, int handle);
    int (*close)(struct port *, int handle);
    int (*stat)(struct port *, const char *path, enum port_kind *kind);
    int (*look)(struct port *, const char *path, int handle,
                struct port_stat *out); /* path or, NULL, handle */
    int (*seek)(struct port *, int handle, int64_t at);
    int (*truncate)(struct port *, int handle, int64_t len);
    /* Without waiting: -EWOULDBLOCK. What it had before, of another kind, is gone then, too. */
    int (*lock)(struct port *, int handle, enum port_lock lock);
    int (*rename)(struct port *, const char *from, const char *to, bool noreplace);
    int (*link)(struct port *, const char *from, const char *to);
    int (*unlink)(struct port *, const char *path);
    int (*mkdir)(struct port *, const char *path);
    int (*rmdir)(struct port *, const char *path);
    int (*let_run)(struct port *, const char *path); /* its owner may run it. NULL: nobody can */
    /* Where a symbolic link leads, of those that programs make; a length. NULL: there are none. */
    ssize_t (*link_text)(struct port *, const char *path, char *out, size_t size);
    int (*list)(struct port *, const char *path, struct arena *a, struct port_names *out);

    /* All there is below the root, in the order of names, or NULL: by list, open and read. */
    void (*walk)(struct port *, port_walk_fn *fn, void *ctx);

    /* NULL: only the model knows. */
    void (*state)(struct port *, struct port_state *state);

    int (*watch_open)(struct port *); /* a queue, by handle: 0, 1, … */
    int (*watch_add)(struct port *, int queue, const char *path); /* every port_event_kind */
    bool (*watch_ready)(struct port *, int queue);                /* poll(2): an event is there */
    /* Up to max events that are there, in order; -EAGAIN if none. One at a time leaves the rest in
     * the kernel's queue, where equal neighbours still coalesce. */
    int (*watch_read)(struct port *, int queue, int max, struct port_event *out);
    void (*watch_clear)(struct port *, int queue); /* no watches, no events: as new */
    void (*watch_close)(struct port *, int queue);

    void (*mark)(struct port *); /* what is there now stays over a reset() */
    /* Removes all made since mark(), closes handles left open, clears the queues. 1: something that
     * was marked has been changed (or may have been, when shared), and all is removed: set up and
     * mark again. A negative errno: it could not be done. */
    int (*reset)(struct port *);
    void (*free)(struct port *); /* removes the directory and everything in it */
};

/* The first call that failed as no scenario can make it fail: a disk that is full or broken, no
 * memory, no permission. What was seen since then is worth nothing. */
struct port_failure {
    atomic_bool noted, known; /* by whom; and the rest is written */
    const char *verb;         /* "read" */
    int error;                /* negative */
    char path[PORT_PATH_MAX];
};

struct port {
    const struct port_calls *calls;
    struct port_failure failure;
    struct { /* fault.h */
        const struct port_calls *inner;
        struct port_calls calls;
        int after, error;
        bool tear;
        uint64_t overflowed; /* a bit per queue */
    } fault;
    struct port_power *power; /* power.h */
    bool shared; /* several threads at once: reset() walks the directory instead of a journal */
};

/* Makes a fresh directory inside `parent` ("fsrace.XXXXXX", mode 0700). NULL and err: it cannot be
 * made or written. */
struct port *port_linux_open(const char *parent, struct err *err);
const char *port_linux_dir(const struct port *port); /* absolute; lives as long as the port */
/* Others than this port may make symbolic links there: its own calls follow none out of the store. */
void port_linux_guard(struct port *port);
void port_linux_keep(struct port *port); /* port_free() leaves the directory there (--keep) */
void port_free(struct port *port);       /* NULL is allowed */

/* The same calls in memory: model.h. Nothing to remove, and it cannot fail. */
struct port *port_model_open(void);

/* ERR_IO, "cannot read k: Input/output error", if the machine has failed us since it was opened. */
enum err_code port_health(const struct port *port, struct err *err);

/* Async-signal-safe: removes the directories of this process's open ports, on the way out. */
void port_linux_remove_all(void);

/* NULL if the path may be used in a store; else what is wrong with it ("leaves the store", "is
 * empty", …). */
const char *port_path_check(const char *path);

bool port_is_tmp(const char *path); /* PORT_TMP, or in it */

const char *port_event_name(enum port_event_kind kind); /* "CREATE", … "OVERFLOW" */

/* --- for ports --- */

/* For a call that failed: -error, noted as the machine's failure unless a scenario can cause it:
 * ENOENT, ENOTDIR, EEXIST, EISDIR, ENOTEMPTY, ELOOP, or `also` (0: nothing). */
int port_answer(struct port *port, const char *verb, const char *path, int error, int also);

/* 0, or what a call answers to a path that it does not take. */
int port_refuse_path(const char *path);

/* The path of an event: what was given to watch_add, '/' and the name; without a name, the former.
 * Cut at PORT_PATH_MAX - 1 bytes. */
void port_event_path(char *out, const char *watched, const char *name, size_t len);

#endif
