/*
 * linux_inotify: one inotify descriptor as a queue of port events. Part of port_linux.
 *
 * Events stay in the kernel until somebody wants them, because there an event that equals the last
 * one queued is merged with it, and in user space it would not be. There is one exception.
 * IN_IGNORED, which follows the end of a watch, is of no interest to anybody but makes poll(2) say
 * that there is something to read. So between the reading of an IN_DELETE_SELF and that of its
 * IN_IGNORED (`ignored_due`) queue_ready() reads one event to see what it is. The kernel queues the
 * two together, so it is the IN_IGNORED, unless several threads are at work: then the event is
 * `held` for the next read, and may be delivered twice where the kernel would have merged it.
 */
#ifndef FSSTORE_PORT_LINUX_INOTIFY_H
#define FSSTORE_PORT_LINUX_INOTIFY_H

#include "fsstore/port/port.h"

struct queue_watch {
    int wd;
    char path[PORT_PATH_MAX]; /* as given to queue_add */
};

struct queue {
    int fd;
    struct queue_watch *watches; /* wd → path; few, and mostly asked for the last ones */
    int count, cap;
    int ignored_due; /* IN_DELETE_SELF read whose IN_IGNORED was not yet */
    bool used;       /* watched since the last queue_clear() */
    bool is_held;
    struct port_event held;
};

int queue_init(struct queue *q); /* 0 or a negative errno */
int queue_add(struct queue *q, const char *root, const char *path);
int queue_ready(struct queue *q); /* 1, 0, or a negative errno */
int queue_read(struct queue *q, int max, struct port_event *out);
int queue_clear(struct queue *q); /* 0 or a negative errno */
void queue_release(struct queue *q);

#endif
