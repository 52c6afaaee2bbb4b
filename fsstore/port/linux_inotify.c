#include "fsstore/port/linux_inotify.h"
#include "base/vec.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define QUEUE_MASK                                                                                 \
    (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF)

/* The kernel pads names to a multiple of the header, so that every event's size is one, too. */
#define EVENT_BYTES ((size_t)sizeof(struct inotify_event))
#define EVENT_MOST  (EVENT_BYTES + NAME_MAX + 1)
#define READ_BYTES  ((size_t)4096)

int queue_init(struct queue *q)
{
    assert(q);

    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return -errno;
    *q = (struct queue){.fd = fd};
    return 0;
}

static struct queue_watch *find(struct queue *q, int wd)
{
    for (int i = q->count - 1; i >= 0; i--)
        if (q->watches[i].wd == wd)
            return &q->watches[i];
    return NULL;
}

static struct queue_watch *append(struct queue *q)
{
    VEC_ROOM(q->watches, q->count, q->cap, 8);
    return &q->watches[q->count++];
}

static void forget(struct queue *q, int wd)
{
    struct queue_watch *w = find(q, wd);
    if (w)
        *w = q->watches[--q->count];
}

int queue_add(struct queue *q, const char *root, const char *path)
{
    assert(q);
    assert(root);
    assert(path);

    char full[PATH_MAX + 1];
    int n = snprintf(full, sizeof full, "%s/%s", root, path);
    if (n < 0 || (size_t)n >= sizeof full)
        return -ENAMETOOLONG;
    int wd = inotify_add_watch(q->fd, full, QUEUE_MASK | IN_DONT_FOLLOW);
    if (wd < 0)
        return -errno;
    q->used = true;
    struct queue_watch *w =
        find(q, wd); /* known already: the same directory, perhaps by a new name */
    if (!w)
        w = append(q);
    w->wd = wd;
    port_event_path(w->path, strcmp(path, ".") == 0 ? "" : path, "", 0);
    return 0;
}

static enum port_event_kind event_kind(uint32_t mask)
{
    if (mask & IN_CREATE)
        return EVENT_CREATE;
    if (mask & IN_CLOSE_WRITE)
        return EVENT_CLOSE_WRITE;
    if (mask & IN_MOVED_FROM)
        return EVENT_MOVED_FROM;
    if (mask & IN_MOVED_TO)
        return EVENT_MOVED_TO;
    if (mask & IN_DELETE)
        return EVENT_DELETE;
    if (mask & IN_DELETE_SELF)
        return EVENT_DELETE_SELF;
    return EVENT_OVERFLOW;
}

/* false: not for anybody's eyes. */
static bool convert(struct queue *q, const struct inotify_event *in, struct port_event *out)
{
    if (in->mask & IN_IGNORED) {
        forget(q, in->wd);
        q->ignored_due -= q->ignored_due > 0;
        return false;
    }
    struct queue_watch *w = find(q, in->wd);
    *out = (struct port_event){.kind = EVENT_OVERFLOW};
    if (!w ||
        (in->mask & IN_Q_OVERFLOW)) { /* a watch that we do not know: as bad as an event lost */
        q->ignored_due = 0;           /* may have been lost */
        return true;
    }
    out->kind = event_kind(in->mask);
    out->is_dir = (in->mask & IN_ISDIR) != 0;
    port_event_path(out->path, w->path, in->name, in->len ? strlen(in->name) : 0);
    if (out->kind == EVENT_DELETE_SELF)
        q->ignored_due++;
    return true;
}

/* At most `most` events, and all bytes of each: since none is smaller than EVENT_BYTES, a buffer
 * for `most` of that size cannot hold more; if it is too small for the first one, the kernel says
 * EINVAL. */
static ssize_t read_bytes(int fd, char *buf, int most)
{
    size_t size = READ_BYTES;
    if ((size_t)most < READ_BYTES / EVENT_BYTES)
        size = (size_t)most * EVENT_BYTES;
    for (;; size += EVENT_BYTES) {
        ssize_t got = read(fd, buf, size);
        if (got >= 0)
            return got;
        if (errno != EINVAL || size >= EVENT_MOST)
            return -errno;
    }
}

/* Reads once. How many events came of it (0: only some to be swallowed), or a negative errno. */
static int read_events(struct queue *q, int most, struct port_event *out)
{
    alignas(struct inotify_event) char buf[READ_BYTES];
    ssize_t got = read_bytes(q->fd, buf, most);
    if (got < 0)
        return (int)got;
    int n = 0;
    for (char *at = buf; at < buf + got;) {
        const struct inotify_event *in = (const void *)at;
        if (convert(q, in, &out[n]))
            n++;
        at += EVENT_BYTES + in->len;
    }
    assert(n <= most);
    return n;
}

int queue_read(struct queue *q, int max, struct port_event *out)
{
    assert(q);
    assert(out);
    assert(max > 0);
    int n = 0;
    if (q->is_held) {
        out[n++] = q->held;
        q->is_held = false;
    }
    while (n < max) {
        int more = read_events(q, max - n, out + n);
        if (more < 0)
            return n > 0 ? n : more;
        n += more;
    }
    return n;
}

int queue_ready(struct queue *q)
{
    assert(q);
    while (!q->is_held) {
        struct pollfd pfd = {.fd = q->fd, .events = POLLIN};
        int n = poll(&pfd, 1, 0);
        if (n != 1 || q->ignored_due == 0)
            return n < 0 ? -errno : n;
        n = read_events(q, 1, &q->held);
        if (n < 0)
            return n;
        q->is_held = n == 1;
    }
    return 1;
}

/* A queue without watches has seen nothing, and costs nothing. */
int queue_clear(struct queue *q)
{
    assert(q);
    if (!q->used)
        return 0;
    for (int i = 0; i < q->count; i++)
        inotify_rm_watch(q->fd, q->watches[i].wd); /* fails where the directory is gone */
    char buf[READ_BYTES];
    ssize_t got;
    do
        got = read(q->fd, buf, sizeof buf);
    while (got > (ssize_t)(sizeof buf - EVENT_MOST));
    /* less than that: the next event would have fitted, so there is none */
    int rc = got < 0 && errno != EAGAIN ? -errno : 0;
    q->count = 0;
    q->ignored_due = 0;
    q->used = q->is_held = false;
    return rc;
}

void queue_release(struct queue *q)
{
    assert(q);
    close(q->fd);
    free(q->watches);
    *q = (struct queue){.fd = -1};
}
