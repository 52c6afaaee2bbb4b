#include "base/strbuf.h"
#include "sim/cli/cli.h"
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

void session_init(struct session *s, const struct options *o, bool open_gate)
{
    s->parent = o->dir ? o->dir : default_parent();
    s->keep = o->keep;
    s->gate = gate_new(open_gate);
}

void session_release(struct session *s)
{
    gate_free(s->gate);
}

struct search *session_search(struct session *s, struct scenario *sc,
                              const struct search_options *options, struct err *err)
{
    struct port *port = port_linux_open(s->parent, err);
    struct search *search;

    if (!port)
        return NULL;
    search = search_new(sc, port, s->gate, options, err);
    if (!search) {
        port_free(port);
        return NULL;
    }
    if (s->keep) {
        port_linux_keep(port);
        fprintf(stderr, "fsrace: %s, %s: kept in %s\n", sc->name, sc->variant,
                port_linux_dir(port));
    }
    return search;
}

void session_done(struct session *s, struct search *search)
{
    struct port *port;

    (void)s;
    if (!search)
        return;
    port = search->port;
    search_free(search);
    port_free(port);
}

enum err_code apply_order(struct scenario *sc, const struct options *o, struct err *err)
{
    struct order *order = &sc->order;

    if (o->order && scenario_order(sc, "--order", o->order, err) != OK)
        return err->code;
    if (o->runs && order->kind != ORDER_SAMPLE &&
        scenario_order(sc, "--runs", "{\"random\": 1}", err) != OK)
        return err->code;
    if (o->runs)
        order->runs = o->runs;
    if (o->seed && order->kind == ORDER_SAMPLE && !scenario_seed(o->seed, &order->seed))
        return err_set(err, ERR_INPUT, "--seed %s: expected a number like 0x1", o->seed);
    return OK;
}
