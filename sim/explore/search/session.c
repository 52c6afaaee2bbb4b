#include "sim/explore/search/session.h"
#include "fsstore/port/port.h"
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

/* Memory, where there is some: a file costs a tenth of what it does on a disk. */
static const char *default_parent(void)
{
    struct statfs fs;

    if (statfs("/dev/shm", &fs) == 0 && fs.f_type == TMPFS_MAGIC &&
        access("/dev/shm", W_OK | X_OK) == 0)
        return "/dev/shm";
    return getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
}

void session_init(struct session *s, const struct session_options *o, bool open_gate)
{
    s->parent = o->dir ? o->dir : default_parent();
    s->keep = o->keep;
    s->backend = o->backend;
    s->sample = o->sample ? o->sample : 1;
    s->open_gate = open_gate;
    s->gate = gate_new(open_gate ? GATE_OPEN : o->threads ? GATE_THREADS : GATE_FIBERS);
}

void session_release(struct session *s)
{
    gate_free(s->gate);
}

/* On the directory, and kept there if need be. */
static struct port *open_dir(struct session *s, const struct scenario *sc, struct err *err)
{
    struct port *port = port_linux_open(s->parent, err);

    if (port && sc->has_programs)
        port_linux_guard(port);
    if (port && s->keep) {
        port_linux_keep(port);
        fprintf(stderr, "fsrace: %s, %s: kept in %s\n", sc->name, sc->variant,
                port_linux_dir(port));
    }
    return port;
}

/* One order is as soon run where it counts as anywhere else. */
static enum backend backend_for(const struct session *s, const struct scenario *sc)
{
    if (sc->has_programs && s->backend != BACKEND_MODEL && s->backend != BACKEND_BOTH)
        return BACKEND_DIR;
    if (s->backend == BACKEND_BEST && (s->open_gate || sc->order.kind == ORDER_SCRIPT))
        return BACKEND_DIR;
    return s->backend;
}

static void close_ports(struct port *port, struct port *twin)
{
    port_free(port);
    port_free(twin);
}

struct search *session_search(struct session *s, struct scenario *sc,
                              const struct search_options *options, struct err *err)
{
    enum backend backend = backend_for(s, sc);
    struct port *port = backend == BACKEND_DIR ? open_dir(s, sc, err) : port_model_open();
    struct search_options with_twin = *options;
    struct search *search;

    with_twin.on_files = backend == BACKEND_DIR;
    if (backend == BACKEND_BEST || backend == BACKEND_BOTH)
        with_twin.twin = open_dir(s, sc, err);
    if (backend == BACKEND_BOTH)
        with_twin.twin_every = s->sample;
    search = err->code == OK ? search_new(sc, port, s->gate, &with_twin, err) : NULL;
    if (!search)
        close_ports(port, with_twin.twin);
    return search;
}

void session_done(struct session *s, struct search *search)
{
    struct port *port, *twin;

    (void)s;
    if (!search)
        return;
    port = search->port;
    twin = search->options.twin;
    search_free(search);
    close_ports(port, twin);
}
