#include "fsstore/port/fault.h"

#include <assert.h>
#include <errno.h>

_Static_assert(sizeof(((struct port *)0)->fault.overflowed) * 8 == 64, "a bit for each queue");

/* 0, or the error that is due at this call. */
static int due(struct port *p)
{
    int error = p->fault.error;

    if (!error || p->fault.after-- > 0)
        return 0;
    p->fault.error = 0;
    return error;
}

static int fault_open(struct port *p, const char *path, enum port_open how)
{
    int error = due(p);
    return error ? error : p->fault.inner->open(p, path, how);
}

static ssize_t fault_read(struct port *p, int handle, void *buf, size_t size)
{
    int error = due(p);
    return error ? error : p->fault.inner->read(p, handle, buf, size);
}

static ssize_t fault_write(struct port *p, int handle, const void *data, size_t len)
{
    int error = due(p);
    ssize_t n;

    if (!p->fault.tear)
        return error ? error : p->fault.inner->write(p, handle, data, len);
    p->fault.tear = false;
    n = p->fault.inner->write(p, handle, data, len / 2);
    return n < 0 ? n : -EIO;
}

static int fault_fsync(struct port *p, int handle)
{
    int error = due(p);
    return error ? error : p->fault.inner->fsync(p, handle);
}

static int fault_close(struct port *p, int handle)
{
    int error = due(p), rc = p->fault.inner->close(p, handle);
    return error ? error : rc;
}

static int fault_stat(struct port *p, const char *path, enum port_kind *kind)
{
    int error = due(p);
    return error ? error : p->fault.inner->stat(p, path, kind);
}

static int fault_look(struct port *p, const char *path, int handle, struct port_stat *out)
{
    int error = due(p);
    return error ? error : p->fault.inner->look(p, path, handle, out);
}

static int fault_truncate(struct port *p, int handle, int64_t len)
{
    int error = due(p);
    return error ? error : p->fault.inner->truncate(p, handle, len);
}

static int fault_lock(struct port *p, int handle, enum port_lock lock)
{
    int error = due(p);
    return error ? error : p->fault.inner->lock(p, handle, lock);
}

static int fault_rename(struct port *p, const char *from, const char *to, bool noreplace)
{
    int error = due(p);
    return error ? error : p->fault.inner->rename(p, from, to, noreplace);
}

static int fault_link(struct port *p, const char *from, const char *to)
{
    int error = due(p);
    return error ? error : p->fault.inner->link(p, from, to);
}

static int fault_unlink(struct port *p, const char *path)
{
    int error = due(p);
    return error ? error : p->fault.inner->unlink(p, path);
}

static int fault_mkdir(struct port *p, const char *path)
{
    int error = due(p);
    return error ? error : p->fault.inner->mkdir(p, path);
}

static int fault_rmdir(struct port *p, const char *path)
{
    int error = due(p);
    return error ? error : p->fault.inner->rmdir(p, path);
}

static int fault_list(struct port *p, const char *path, struct arena *a, struct port_names *out)
{
    int error = due(p);
    return error ? error : p->fault.inner->list(p, path, a, out);
}

static bool fault_watch_ready(struct port *p, int queue)
{
    return p->fault.overflowed >> queue & 1 || p->fault.inner->watch_ready(p, queue);
}

/* The kernel lets go of what comes when the queue is full; here all that waits is lost, which is
 * the worst case. */
static int fault_watch_read(struct port *p, int queue, int max, struct port_event *out)
{
    struct port_event lost;

    if (!(p->fault.overflowed >> queue & 1))
        return p->fault.inner->watch_read(p, queue, max, out);
    while (p->fault.inner->watch_read(p, queue, 1, &lost) > 0)
        ;
    p->fault.overflowed &= ~(UINT64_C(1) << queue);
    out[0] = (struct port_event){.kind = EVENT_OVERFLOW};
    return 1;
}

static void fault_watch_clear(struct port *p, int queue)
{
    p->fault.overflowed &= ~(UINT64_C(1) << queue);
    p->fault.inner->watch_clear(p, queue);
}

void port_fault_wrap(struct port *p)
{
    assert(p);
    assert(!p->fault.inner);
    p->fault.inner = p->calls;
    p->fault.calls = *p->calls;
    p->fault.calls.open = fault_open;
    p->fault.calls.read = fault_read;
    p->fault.calls.write = fault_write;
    p->fault.calls.fsync = fault_fsync;
    p->fault.calls.close = fault_close;
    p->fault.calls.stat = fault_stat;
    p->fault.calls.look = fault_look;
    p->fault.calls.truncate = fault_truncate;
    p->fault.calls.lock = fault_lock;
    p->fault.calls.rename = fault_rename;
    p->fault.calls.link = fault_link;
    p->fault.calls.unlink = fault_unlink;
    p->fault.calls.mkdir = fault_mkdir;
    p->fault.calls.rmdir = fault_rmdir;
    p->fault.calls.list = fault_list;
    p->fault.calls.watch_ready = fault_watch_ready;
    p->fault.calls.watch_read = fault_watch_read;
    p->fault.calls.watch_clear = fault_watch_clear;
    p->calls = &p->fault.calls;
}

void port_fault_arm(struct port *p, int after, int neg_errno)
{
    assert(after >= 0);
    assert(p->fault.inner && neg_errno < 0);
    p->fault.after = after;
    p->fault.error = neg_errno;
}

bool port_fault_disarm(struct port *p)
{
    assert(p);
    assert(p->fault.inner);

    bool armed = p->fault.error != 0;

    p->fault.error = 0;
    p->fault.tear = false;
    return armed;
}

void port_fault_tear(struct port *p)
{
    assert(p->fault.inner);
    p->fault.tear = true;
}

void port_fault_overflow(struct port *p, int queue)
{
    assert(p->fault.inner && queue >= 0 && queue < 64);
    p->fault.overflowed |= UINT64_C(1) << queue;
}
