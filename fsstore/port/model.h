/*
 * model: a port in memory, which answers as linux.c does, from the kernel's rules.
 *
 * It is there for speed, and believed because tests/model_diff.c plays the same calls on both and
 * compares all that can be seen: results, errors, contents, listings, events. The rules are those
 * of Linux 5.17 and later on tmpfs: since then an IN_DELETE_SELF comes before the IN_DELETE of the
 * last name. Nothing else of the machine matters: no call fails for want of space or of
 * descriptors below MODEL_HANDLES, and the queue's limit is the kernel's default.
 *
 *   model.c        open, mark, reset, free; handles
 *   model_tree.c   names, files and their bytes
 *   model_files.c  the file calls
 *   model_watch.c  the queues
 *
 * As in the kernel, a *name* (a dentry) and the *file* it stands for (an inode) are two things: a
 * file may have several names, and what is removed while it is open goes on under the name by
 * which it was opened, until it is closed.
 *
 * mark() copies names and files. Their bytes are in a pool that only grows: a file whose bytes are
 * from before the mark is written elsewhere, so a reset() copies back the little that was marked
 * and forgets the pool's end. It always restores what was marked (never 1), and allocates nothing.
 * One thread only.
 */
#ifndef FSSTORE_PORT_MODEL_H
#define FSSTORE_PORT_MODEL_H

#include "fsstore/port/port.h"

#define MODEL_HANDLES 1024
#define MODEL_QUEUES  32
#define MODEL_ROOT    1 /* the root's name; 0 is none */

/* max_queued_events of inotify(7), as the kernel has it unless told otherwise. */
#define MODEL_QUEUE_LIMIT 16384

struct model_file {
    bool is_dir;
    int links;
    size_t data, len, room; /* its bytes, in the pool */
};

struct model_name {
    int file;
    int parent; /* the directory's name */
    int first;  /* of the names in it, in byte order; 0: none */
    int next;   /* in its directory */
    int holds;  /* handles opened by it, and removed names in it that are held themselves */
    bool removed;
    uint32_t hash;    /* of its text */
    size_t text, len; /* in the pool */
};

struct model_handle {
    int name;
    bool reads, writes, appends;
    size_t at;
    enum port_lock lock;
};

struct model_watch {
    int file, id;
    bool over; /* its file is gone; known until its end is read */
    char path[PORT_PATH_MAX];
};

struct model_event {
    int watch; /* its id; -1: an overflow */
    int kind;  /* enum port_event_kind or MODEL_IGNORED */
    bool is_dir;
    size_t text, len;
};

/* IN_IGNORED: the end of a watch. Nobody is told, but it takes a place in the queue and keeps what
 * is on both sides of it from being merged. */
#define MODEL_IGNORED (-1)

struct model_queue {
    bool open;
    struct model_watch *watches;
    int watch_count, watch_cap, last_id;
    struct model_event *events; /* a ring */
    int first, count, cap;
    bool overflowed; /* an EVENT_OVERFLOW is in it */
};

struct model_tree {
    struct model_name *names;
    struct model_file *files;
    int name_count, file_count;
    int name_cap, file_cap;
};

struct port_model {
    struct port base; /* first: this struct port is one of these */
    struct model_tree tree, marked;
    unsigned char *pool;
    size_t pool_used, pool_cap, pool_marked;
    struct model_handle handles[MODEL_HANDLES];
    uint64_t handles_used[MODEL_HANDLES / 64];
    struct model_queue queues[MODEL_QUEUES];
    int queue_count; /* from here on none was ever open */
    int watch_count; /* of all queues: where it is 0, no event has to be looked for */
};

static inline struct port_model *model_of(struct port *port)
{
    return (struct port_model *)port;
}

static inline struct model_file *model_file_of(struct port_model *p, int name)
{
    return &p->tree.files[p->tree.names[name].file];
}

/* --- model_tree.c --- */

/* Where a path leads. */
struct model_spot {
    int dir;          /* the name of the directory that it is in; 0: it is the root */
    int name;         /* what is there, or 0 */
    const char *text; /* its last part */
    size_t len;
    uint32_t hash;
};

/* 0; -ENOENT, -ENOTDIR: the directory is not there; or what is wrong with the path. */
int model_find(struct port_model *p, const char *path, struct model_spot *out);
/* The same, and the last part has to be there, too. Its name, or a negative errno. */
int model_find_name(struct port_model *p, const char *path);

int model_add_file(struct port_model *p, bool is_dir);
int model_add_name(struct port_model *p, const struct model_spot *spot, int file);
void model_move_name(struct port_model *p, int name, const struct model_spot *to);
/* The name is not in its directory any more; the caller holds it. */
void model_remove_name(struct port_model *p, int name);

/* Room for so many bytes in the file, what it has kept; where they are. */
unsigned char *model_room(struct port_model *p, struct model_file *f, size_t size);

void model_tree_init(struct port_model *p);
void model_tree_mark(struct port_model *p);
void model_tree_reset(struct port_model *p);
void model_tree_release(struct port_model *p);

/* --- model_files.c --- */

int model_open(struct port *port, const char *path, enum port_open how);
ssize_t model_read(struct port *port, int handle, void *buf, size_t size);
ssize_t model_write(struct port *port, int handle, const void *data, size_t len);
int model_fsync(struct port *port, int handle);
int model_close(struct port *port, int handle);
int model_stat(struct port *port, const char *path, enum port_kind *kind);
int model_look(struct port *port, const char *path, int handle, struct port_stat *out);
int model_seek(struct port *port, int handle, int64_t at);
int model_truncate(struct port *port, int handle, int64_t len);
int model_lock(struct port *port, int handle, enum port_lock lock);
int model_rename(struct port *port, const char *from, const char *to, bool noreplace);
int model_link(struct port *port, const char *from, const char *to);
int model_unlink(struct port *port, const char *path);
int model_mkdir(struct port *port, const char *path);
int model_rmdir(struct port *port, const char *path);
int model_list(struct port *port, const char *path, struct arena *a, struct port_names *out);
void model_walk(struct port *port, port_walk_fn *fn, void *ctx);

/* --- model_state.c --- */

void model_state(struct port *port, struct port_state *state);

/* --- model_watch.c --- */

/* Something happened to this name in its directory, or to the file itself, for those who watch. */
void model_tell_dir(struct port_model *p, int name, enum port_event_kind kind);
void model_tell_file(struct port_model *p, int file, enum port_event_kind kind);
void model_file_gone(struct port_model *p, int file); /* and the watches on it are over */

int model_watch_open(struct port *port);
int model_watch_add(struct port *port, int queue, const char *path);
bool model_watch_ready(struct port *port, int queue);
int model_watch_read(struct port *port, int queue, int max, struct port_event *out);
void model_watch_clear(struct port *port, int queue);
void model_watch_close(struct port *port, int queue);

#endif
