/*
 * linux: the inside of the port on a real directory; port.h is what others see.
 *   linux.c         open, mark, reset, free, the queues' handles
 *   linux_files.c   the file calls
 *   linux_inotify.c linux_journal.c linux_tree.c   what they are made of
 */
#ifndef FSSTORE_PORT_LINUX_H
#define FSSTORE_PORT_LINUX_H

#include "fsstore/port/linux_inotify.h"
#include "fsstore/port/linux_journal.h"
#include <stdatomic.h>

#define PORT_HANDLES 4096 /* descriptors from here on are not handed out */
#define PORT_QUEUES  32

struct port_linux {
    struct port base; /* first: this struct port is one of these */
    int root;
    char *dir;
    bool keep;
    bool guarded;       /* links may be there: port_linux_guard() */
    bool open_at_mark;  /* handles were: what they write changes what was marked */
    bool marked_shared; /* the journal does not know what was marked */
    pid_t pid;          /* a forked child must not remove its parent's directory */
    struct journal journal;
    _Atomic uint64_t
        handles[PORT_HANDLES / 64]; /* open descriptors, as bits: threads may set them at once */
    struct queue *_Atomic queues[PORT_QUEUES];
};

static inline struct port_linux *self(struct port *port)
{
    return (struct port_linux *)port;
}

void port_handles_close(struct port_linux *p);
bool port_handles_open(struct port_linux *p);

int linux_look(struct port *port, const char *path, int handle, struct port_stat *out);
int linux_seek(struct port *port, int handle, int64_t at);
int linux_truncate(struct port *port, int handle, int64_t len);
int linux_lock(struct port *port, int handle, enum port_lock lock);
int linux_open(struct port *port, const char *path, enum port_open how);
ssize_t linux_read(struct port *port, int handle, void *buf, size_t size);
ssize_t linux_write(struct port *port, int handle, const void *data, size_t len);
int linux_fsync(struct port *port, int handle);
int linux_close(struct port *port, int handle);
int linux_stat(struct port *port, const char *path, enum port_kind *kind);
int linux_rename(struct port *port, const char *from, const char *to, bool noreplace);
int linux_link(struct port *port, const char *from, const char *to);
int linux_unlink(struct port *port, const char *path);
int linux_rmdir(struct port *port, const char *path);
int linux_mkdir(struct port *port, const char *path);
int linux_let_run(struct port *port, const char *path);
ssize_t linux_link_text(struct port *port, const char *path, char *out, size_t size);
int linux_list(struct port *port, const char *path, struct arena *a, struct port_names *out);

#endif
