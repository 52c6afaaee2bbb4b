/*
 * store: one task's way to the shared directory, and the place where its steps become visible.
 *
 * Everything that reads or changes the store is a *step*. Before a step acts, the hook `before` is
 * told, and may keep the caller waiting: in a simulation that is the schedule point. After it,
 * `after` is told what came of it.
 *
 * Which calls are steps depends on the semantics:
 *   STORE_OBJECT   an object call (object.h) or a whole-file call (file.h) is one step, as on S3,
 *                  although it takes several system calls underneath;
 *   STORE_POSIX    every single file call is a step, so that others can see half-written objects.
 *
 * So composite calls announce themselves under STORE_OBJECT and keep quiet under STORE_POSIX;
 * primitive calls do the opposite, unless nobody announced for them:
 *
 *     store_begin(s, STORE_PUT, path, NULL);     // composite: a step under STORE_OBJECT
 *     // … fs_open(), fs_write(), fs_close(), fs_rename(): steps under STORE_POSIX
 *     return store_end(s, STORE_PUT, path, NULL, rc, data, len);
 *
 * A hook may not return at all (the node crashed: the task is unwound by longjmp). So code that
 * makes steps owns no heap memory across one; use s->arena.
 */
#ifndef FSSTORE_STORE_STORE_H
#define FSSTORE_STORE_STORE_H

#include "fsstore/port/port.h"

enum step_op {
    FS_STAT,
    FS_OPEN,
    FS_CREATE,
    FS_CREATE_EXCL,
    FS_APPEND,
    FS_READ,
    FS_WRITE,
    FS_FSYNC,
    FS_CLOSE,
    FS_RENAME,
    FS_RENAME_NOREPLACE,
    FS_LINK,
    FS_UNLINK,
    FS_MKDIR,
    FS_RMDIR,
    FS_LIST,
    FS_TRUNCATE, /* these are made on an open file */
    FS_FSTAT,
    FS_LOCK,
    FS_UNLOCK,
    STORE_GET,
    STORE_PUT,
    STORE_PUT_IF_ABSENT,
    STORE_PUBLISH,
    STORE_HEAD,
    STORE_LIST,
    STORE_DELETE,
    WATCH_ADD,
    WATCH_NEXT,
    STEP_OPS /* how many */
};

/* "fs.stat", "fs.create_excl", "store.put", "watch.next", … */
const char *step_op_name(enum step_op op);

struct store_handle;
struct step {
    enum step_op op;
    const char *path;                /* "" for watch.next */
    const char *path2;               /* the target of rename and link, else NULL */
    bool writes;                     /* fs.close: the file was open for writing */
    int queue;                       /* watch.add, watch.next: the queue's handle, else -1 */
    const struct store_handle *open; /* the open file that it is made on; NULL: it goes by name */
    bool truncates;                  /* fs.open: what is in it is gone */
    bool reads; /* fs.stat, fs.fstat: what is in it is asked for, or how many names it has */
    enum port_lock lock; /* fs.flock, fs.unlock, and fs.close: of which kind */
    bool waits;          /* fs.flock: for its turn */
};

struct step_result {
    int rc;           /* 0, a count, or a negative errno */
    const char *data; /* what was read or written, the names listed, joined by blanks, or for
                         watch.next the events, "CREATE app, MOVED_TO app/x"; may be NULL */
    size_t len;
};

#define STORE_HANDLES 16 /* files that a task may have open at once */

enum store_semantics { STORE_OBJECT, STORE_POSIX };

/* What a composite call is about, under STORE_POSIX, where it is several steps: the whole object
 * that a writer means (told before its first step), or that a reader has found. */
enum store_whole { WHOLE_READ, WHOLE_WRITE, WHOLE_APPEND };

struct store_hooks {
    void (*before)(void *ctx, const struct step *step);
    void (*after)(void *ctx, const struct step *step, const struct step_result *result);
    void (*whole)(void *ctx, enum store_whole whole, const char *path, const char *data,
                  size_t len);
};

/* A file that a task has open. */
struct store_handle {
    int handle;
    const char *path; /* as opened */
    bool writes;
    int file;            /* for the hooks: which one it is */
    const char *name;    /* the program's, of one that is kept: open_file.h; else NULL */
    enum port_lock lock; /* that it holds */
};

struct store {
    struct port *port;
    enum store_semantics semantics;
    const struct store_hooks *hooks; /* NULL: nobody is told (set-up, final look) */
    void *ctx;
    struct arena *arena; /* results live here */
    char tmp[64];        /* this task's own name for files not yet in place, ".tmp/i1" */
    int depth;        /* inside how many announced composite calls; 0 whenever a hook is called */
    int made_parents; /* how many directories above its object, the lowest ones, the step that ends
                         has made */
    struct store_handle handles[STORE_HANDLES]; /* what store_drop() would close */
    int handle_count;
};

#define STORE_TMP PORT_TMP /* where half-made objects are under both semantics; never listed */

/* A composite call. store_end returns rc. */
void store_begin(struct store *s, enum step_op op, const char *path, const char *path2);
int store_end(struct store *s, enum step_op op, const char *path, const char *path2, int rc,
              const char *data, size_t len);

/* A primitive call. store_step_end returns rc; data may be NULL. */
void store_step_begin(struct store *s, const struct step *step);
int store_step_end(struct store *s, const struct step *step, int rc, const char *data, size_t len);

void store_tell_whole(struct store *s, enum store_whole whole, const char *path, const char *data,
                      size_t len);

/* Names as `data` has them; NULL if nobody is told. */
const char *store_join(struct store *s, const struct port_names *names);

/* The task was unwound: closes the files it had open, as the kernel does for a process that died
 * (which its watchers see as CLOSE_WRITE), so that the store can be used anew. No steps. */
void store_drop(struct store *s);

#endif
