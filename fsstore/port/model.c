#include "fsstore/port/model.h"

#include <stdlib.h>
#include <string.h>

static void model_mark(struct port *port)
{
    model_tree_mark(model_of(port));
}

static int model_reset(struct port *port)
{
    struct port_model *p = model_of(port);
    for (int i = 0; i < p->queue_count; i++)
        if (p->queues[i].open)
            model_watch_clear(port, i);
    memset(p->handles_used, 0, sizeof p->handles_used);
    model_tree_reset(p);
    return 0;
}

static void model_free(struct port *port)
{
    struct port_model *p = model_of(port);
    for (int i = 0; i < p->queue_count; i++)
        if (p->queues[i].open)
            model_watch_close(port, i);
    model_tree_release(p);
    free(p);
}

static const struct port_calls model_calls = {
    .name = "model",
    .open = model_open,
    .read = model_read,
    .write = model_write,
    .fsync = model_fsync,
    .close = model_close,
    .stat = model_stat,
    .look = model_look,
    .seek = model_seek,
    .truncate = model_truncate,
    .lock = model_lock,
    .rename = model_rename,
    .link = model_link,
    .unlink = model_unlink,
    .mkdir = model_mkdir,
    .rmdir = model_rmdir,
    .list = model_list,
    .walk = model_walk,
    .state = model_state,
    .watch_open = model_watch_open,
    .watch_add = model_watch_add,
    .watch_ready = model_watch_ready,
    .watch_read = model_watch_read,
    .watch_clear = model_watch_clear,
    .watch_close = model_watch_close,
    .mark = model_mark,
    .reset = model_reset,
    .free = model_free,
};

struct port *port_model_open(void)
{
    struct port_model *p = mem_alloc(sizeof *p);
    p->base.calls = &model_calls;
    model_tree_init(p);
    return &p->base;
}
