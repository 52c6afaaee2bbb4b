#include "fsstore/port/power.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define POWER_HANDLES 4096 /* as port_linux hands out at most */
#define CHUNK         4096

struct port_power {
    struct port *port;
    const struct port_calls *inner;
    struct port_calls calls;
    bool on;
    struct disk disk;
    struct {
        int file;
        bool appends;
        size_t at;
    } handles[POWER_HANDLES];
};

/* --- calls, noted if they succeed --------------------------------------------------------------- */

static int power_open(struct port *port, const char *path, enum port_open how)
{
    struct port_power *p = port->power;
    int handle = p->inner->open(port, path, how);

    if (handle < 0 || handle >= POWER_HANDLES || !p->on)
        return handle;
    p->handles[handle].file = disk_open(&p->disk, path, how);
    p->handles[handle].appends = how == PORT_APPEND;
    p->handles[handle].at = 0;
    return handle;
}

static ssize_t power_write(struct port *port, int handle, const void *data, size_t len)
{
    struct port_power *p = port->power;
    ssize_t n = p->inner->write(port, handle, data, len);

    if (n > 0 && p->on) {
        int file = p->handles[handle].file;
        size_t at = p->handles[handle].appends ? disk_size(&p->disk, file) : p->handles[handle].at;

        disk_write(&p->disk, file, at, data, (size_t)n);
        p->handles[handle].at = at + (size_t)n;
    }
    return n;
}

static int power_fsync(struct port *port, int handle)
{
    struct port_power *p = port->power;
    int rc = p->inner->fsync(port, handle);

    if (rc == 0 && p->on)
        disk_fsync(&p->disk, p->handles[handle].file);
    return rc;
}

static int power_rename(struct port *port, const char *from, const char *to, bool noreplace)
{
    struct port_power *p = port->power;
    int rc = p->inner->rename(port, from, to, noreplace);

    if (rc == 0 && p->on)
        disk_rename(&p->disk, from, to);
    return rc;
}

static int power_link(struct port *port, const char *from, const char *to)
{
    struct port_power *p = port->power;
    int rc = p->inner->link(port, from, to);

    if (rc == 0 && p->on)
        disk_link(&p->disk, from, to);
    return rc;
}

static int power_unlink(struct port *port, const char *path)
{
    struct port_power *p = port->power;
    int rc = p->inner->unlink(port, path);

    if (rc == 0 && p->on)
        disk_remove(&p->disk, path);
    return rc;
}

static int power_rmdir(struct port *port, const char *path)
{
    struct port_power *p = port->power;
    int rc = p->inner->rmdir(port, path);

    if (rc == 0 && p->on)
        disk_remove(&p->disk, path);
    return rc;
}

static int power_mkdir(struct port *port, const char *path)
{
    struct port_power *p = port->power;
    int rc = p->inner->mkdir(port, path);

    if (rc == 0 && p->on)
        disk_mkdir(&p->disk, path);
    return rc;
}

struct port_power *port_power_wrap(struct port *port)
{
    assert(port);

    struct port_power *p = mem_alloc(sizeof *p);

    assert(!port->power);
    p->port = port;
    p->inner = port->calls;
    p->calls = *port->calls;
    p->calls.open = power_open;
    p->calls.write = power_write;
    p->calls.fsync = power_fsync;
    p->calls.rename = power_rename;
    p->calls.link = power_link;
    p->calls.unlink = power_unlink;
    p->calls.rmdir = power_rmdir;
    p->calls.mkdir = power_mkdir;
    port->power = p;
    port->calls = &p->calls;
    return p;
}

void port_power_unwrap(struct port_power *p)
{
    if (!p)
        return;
    p->port->calls = p->inner;
    p->port->power = NULL;
    disk_release(&p->disk);
    free(p);
}

/* --- from the port to the disk ------------------------------------------------------------------ */

static int load_file(struct port_power *p, const char *path)
{
    int handle = p->inner->open(p->port, path, PORT_READ), file;
    char buf[CHUNK];
    ssize_t n;

    if (handle < 0)
        return handle;
    file = disk_open(&p->disk, path, PORT_CREATE);
    while ((n = p->inner->read(p->port, handle, buf, sizeof buf)) > 0)
        disk_write(&p->disk, file, disk_size(&p->disk, file), buf, (size_t)n);
    p->inner->close(p->port, handle);
    return (int)n;
}

/* Links to one file become files of their own; who starts with links has none that are unsynced. */
static int load_dir(struct port_power *p, const char *dir)
{
    struct port_names names;
    int rc = p->inner->list(p->port, dir, &p->disk.arena, &names);

    for (int i = 0; rc == 0 && i < names.count; i++) {
        const char *path =
            arena_printf(&p->disk.arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);

        if (names.v[i].kind == PORT_DIR) {
            disk_mkdir(&p->disk, path);
            rc = load_dir(p, path);
        } else {
            rc = load_file(p, path);
        }
    }
    return rc;
}

int port_power_on(struct port_power *p)
{
    assert(p);
    assert(p->port);

    int rc;

    disk_clear(&p->disk);
    rc = load_dir(p, "");
    disk_sync_all(&p->disk);
    p->on = true;
    return rc;
}

void port_power_off(struct port_power *p)
{
    assert(p);
    p->on = false;
}

/* --- and back ----------------------------------------------------------------------------------- */

const char *port_power_ask(struct port_power *p)
{
    assert(p);
    p->on = false;
    return disk_ask(&p->disk);
}

void port_power_answer(struct port_power *p, bool kept)
{
    assert(p);
    disk_answer(&p->disk, kept);
}

static int empty_dir(struct port_power *p, const char *dir)
{
    struct port_names names;
    int rc = p->inner->list(p->port, dir, &p->disk.arena, &names);

    for (int i = 0; rc == 0 && i < names.count; i++) {
        const char *path =
            arena_printf(&p->disk.arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);

        if (names.v[i].kind == PORT_FILE)
            rc = p->inner->unlink(p->port, path);
        else
            rc = empty_dir(p, path);
        if (rc == 0 && names.v[i].kind == PORT_DIR && strcmp(path, PORT_TMP) != 0)
            rc = p->inner->rmdir(p->port, path);
    }
    return rc;
}

struct restore {
    struct port_power *p;
    const char **paths; /* by file: where it is already */
    int rc;
};

static int make_file(struct port_power *p, const char *path, const char *data, size_t len)
{
    int handle = p->inner->open(p->port, path, PORT_CREATE), rc = 0;

    if (handle < 0)
        return handle;
    while (rc == 0 && len > 0) {
        ssize_t n = p->inner->write(p->port, handle, data, len);

        rc = n < 0 ? (int)n : 0;
        data += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    p->inner->close(p->port, handle);
    return rc;
}

static void restore_one(void *ctx, const char *path, int file, const char *data, size_t len)
{
    struct restore *r = ctx;
    struct port_power *p = r->p;

    if (r->rc != 0 || port_is_tmp(path))
        return;
    if (!data)
        r->rc = p->inner->mkdir(p->port, path);
    else if (r->paths[file])
        r->rc = p->inner->link(p->port, r->paths[file], path);
    else
        r->rc = make_file(p, path, data, len);
    r->paths[file] = path;
}

int port_power_restore(struct port_power *p)
{
    assert(p);

    size_t count = (size_t)p->disk.file_count;
    struct restore r = {.p = p, .paths = arena_alloc(&p->disk.arena, count * sizeof(const char *))};

    r.rc = empty_dir(p, "");
    disk_walk(&p->disk, restore_one, &r);
    return r.rc == 0 ? port_power_on(p) : r.rc;
}
