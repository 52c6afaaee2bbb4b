#include "tests/commute_stage.h"
#include "fsstore/port/fault.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the stage --- */

bool stage_open(struct stage *st, const char *text, const char *directory)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_read("commute", text, strlen(text), &err);

    *st = (struct stage){.power = -1};
    trace_init(&st->trace);
    st->scenario = f ? scenario_variant(f, 0, &err) : NULL;
    scenario_file_free(f);
    st->port = directory ? port_linux_open(directory, &err) : port_model_open();
    st->gate = gate_new(GATE_FIBERS);
    if (st->scenario && st->port)
        st->cluster = cluster_new(st->scenario, st->port, st->gate, &err);
    if (!st->cluster) {
        fprintf(stderr, "commute: %s\nin %s\n", err.story, text);
        return false;
    }
    for (int i = 0; i < st->scenario->fault_count; i++)
        if (st->scenario->faults[i].kind == FAULT_POWER_LOSS)
            st->power = st->scenario->faults[i].task;
    return true;
}

void stage_close(struct stage *st)
{
    cluster_free(st->cluster);
    gate_free(st->gate);
    port_free(st->port);
    scenario_free(st->scenario);
    trace_release(&st->trace);
}

int stage_task(const struct stage *st, const char *name)
{
    const struct task *t = task_named(st->cluster, name);

    return t ? t->index : -1;
}

/* --- what there is to be seen --- */

#define FILES_MAX 64
#define DIRS_MAX  16

struct look {
    struct cluster *c;
    struct strbuf *out;
    const char *files[FILES_MAX], *dirs[DIRS_MAX];
    int file_count, dir_count;
};

static void see_file(struct look *l, const char *path)
{
    const struct port_calls *calls = l->c->port->calls;
    int h = calls->open(l->c->port, path, PORT_READ);
    char bytes[64];
    ssize_t n = h < 0 ? h : calls->read(l->c->port, h, bytes, sizeof bytes);

    strbuf_printf(l->out, " %s=%.*s", path, n < 0 ? 1 : (int)n, n < 0 ? "?" : bytes);
    if (h >= 0)
        calls->close(l->c->port, h);
    if (l->file_count < FILES_MAX)
        l->files[l->file_count++] = path;
}

static void see_dir(struct look *l, const char *dir)
{
    struct arena *a = &l->c->arena;
    struct port_names names = {.count = 0};

    l->c->port->calls->list(l->c->port, dir, a, &names);
    for (int i = 0; i < names.count; i++) {
        const char *path = arena_path(a, dir, names.v[i].name);

        if (names.v[i].kind == PORT_FILE) {
            see_file(l, path);
            continue;
        }
        strbuf_printf(l->out, " %s/", path);
        if (!port_is_tmp(path) && l->dir_count < DIRS_MAX)
            l->dirs[l->dir_count++] = path;
        see_dir(l, path);
    }
}

static void see_queues(struct look *l)
{
    static struct port_event events[64];
    struct port *p = l->c->port;

    for (int i = 0; i < l->c->scenario->node_count; i++) {
        const struct queue *q = &l->c->nodes[i].queue;
        int n = q->used ? p->calls->watch_read(p, q->handle, 64, events) : 0;

        for (int k = 0; k < n; k++)
            strbuf_printf(l->out, " %s:%s", port_event_name(events[k].kind), events[k].path);
    }
    strbuf_addc(l->out, '\n');
}

static void see_store(struct look *l)
{
    l->file_count = l->dir_count = 0;
    see_dir(l, "");
    strbuf_adds(l->out, " |");
    see_queues(l);
}

/* Which file each descriptor is on, and where in it. */
static void use_handles(struct look *l)
{
    const struct port_calls *calls = l->c->port->calls;
    char bytes[32];

    for (int i = 0; i < l->c->task_count; i++) {
        const struct store *s = &l->c->tasks[i].store;

        for (int k = 0; k < s->handle_count; k++) {
            ssize_t n = s->handles[k].writes
                            ? calls->write(l->c->port, s->handles[k].handle, "h", 1)
                            : calls->read(l->c->port, s->handles[k].handle, bytes, sizeof bytes);

            strbuf_printf(l->out, "%s %s: %d %.*s\n", l->c->tasks[i].name, s->handles[k].path,
                          (int)n, s->handles[k].writes || n < 0 ? 0 : (int)n, bytes);
        }
    }
}

static void close_handles(struct look *l)
{
    for (int i = 0; i < l->c->task_count; i++) {
        struct store *s = &l->c->tasks[i].store;

        while (s->handle_count > 0)
            l->c->port->calls->close(l->c->port, s->handles[--s->handle_count].handle);
    }
    see_queues(l);
}

static void add_to(struct look *l, const char *path, enum port_open how)
{
    const struct port_calls *calls = l->c->port->calls;
    int h = calls->open(l->c->port, path, how);

    if (h < 0)
        return;
    calls->write(l->c->port, h, "+", 1);
    calls->close(l->c->port, h);
    strbuf_printf(l->out, "to %s:", path);
    see_queues(l);
}

static void remove_all(struct look *l)
{
    const struct port_calls *calls = l->c->port->calls;

    for (int i = 0; i < l->file_count; i++) {
        calls->unlink(l->c->port, l->files[i]);
        see_queues(l);
    }
    for (int i = l->dir_count - 1; i >= 0; i--) {
        calls->rmdir(l->c->port, l->dirs[i]);
        see_queues(l);
    }
}

static void see_tasks(struct look *l, uint64_t enabled)
{
    struct cluster *c = l->c;

    strbuf_printf(l->out, "enabled %llx, %lld ms\n", (unsigned long long)enabled,
                  (long long)c->base_ms);
    for (int i = 0; i < c->task_count; i++) {
        const struct task *t = &c->tasks[i];

        strbuf_printf(l->out, "%s %s at ", t->name, t->alive ? "is" : "was");
        if (t->alive)
            point_text(&t->pending, l->out);
        strbuf_printf(l->out, " %d %lld\n", t->unwind, (long long)t->now);
    }
    for (int i = 0; i < c->scenario->register_count; i++)
        strbuf_printf(l->out, "%s=%s\n", c->scenario->registers[i],
                      c->registers[i] ? c->registers[i] : "unset");
    for (int i = 0; i < c->scenario->fault_count; i++)
        strbuf_printf(l->out, "fault %d %d %d\n", c->faults[i].left, c->faults[i].seen,
                      c->faults[i].armed);
}

static int by_mark(const void *a, const void *b)
{
    const struct watch_mark *x = a, *y = b;

    return x->node != y->node ? x->node - y->node : (x->dir > y->dir) - (x->dir < y->dir);
}

/* What later footprints go by. */
static void see_watches(struct look *l)
{
    struct cluster *c = l->c;
    struct watch_mark v[WATCHES_MAX];

    memcpy(v, c->watches, (size_t)c->watch_count * sizeof *v);
    qsort(v, (size_t)c->watch_count, sizeof *v, by_mark);
    for (int i = 0; i < c->watch_count; i++)
        strbuf_printf(l->out, "watch %d %llx\n", v[i].node, (unsigned long long)v[i].dir);
    for (int i = 0; i < c->scenario->node_count; i++)
        strbuf_printf(l->out, "node %d: %d %d\n", i, c->nodes[i].up,
                      c->nodes[i].queue.used && c->nodes[i].queue.ready);
}

static void look_at_all(struct cluster *c, uint64_t enabled, struct strbuf *out)
{
    struct look l = {.c = c, .out = out};

    see_tasks(&l, enabled);
    see_watches(&l);
    if (c->scenario->fault_count)
        port_fault_disarm(c->port);
    see_store(&l);
    use_handles(&l);
    see_store(&l);
    for (int i = 0; i < l.file_count; i++)
        add_to(&l, l.files[i], PORT_APPEND);
    add_to(&l, "n", PORT_CREATE_EXCL);
    add_to(&l, "d/n", PORT_CREATE_EXCL);
    see_store(&l);
    remove_all(&l);
    close_handles(&l);
}

/* --- one take --- */

struct player {
    struct chooser chooser;
    struct stage *st;
    const struct script *script;
    int at; /* of the script */
    int pair[2];
    unsigned policy;
    bool lost; /* the power */
    struct take *out;
};

static bool is_at_note(const struct task *t, const char *note)
{
    return t->alive && t->pending.op == POINT_NOTE && strcmp(t->pending.object, note) == 0;
}

/* The script's next task; -1: it is over. */
static int next_of_script(struct player *p)
{
    const struct script *s = p->script;

    while (p->at < s->count && s->v[p->at].note &&
           is_at_note(&p->st->cluster->tasks[s->v[p->at].task], s->v[p->at].note))
        p->at++;
    if (p->at == s->count)
        return -1;
    return s->v[p->at].note ? s->v[p->at].task : s->v[p->at++].task;
}

static bool a_call_failed(const struct trace *t)
{
    for (int i = 0; i < t->count; i++)
        if (t->v[i].kind == TRACE_STEP && t->v[i].op < STEP_OPS && t->v[i].result[0] == 'E')
            return true;
    return false;
}

static void begin_pair(struct player *p, uint64_t enabled)
{
    p->out->reached = true;
    p->out->enabled = enabled;
    p->out->failed = a_call_failed(&p->st->trace);
    for (int i = 0; i < 2; i++) {
        struct task *t = &p->st->cluster->tasks[p->pair[i]];

        if (t->alive)
            footprint_may(t, &t->pending, &p->out->may[i]);
    }
}

static void note_made(struct player *p)
{
    struct cluster *c = p->st->cluster;
    const struct event *e = &c->events[c->event_count - 1];
    struct take *t = p->out;
    int i = t->made - 1, step = trace_step_of(c->trace, c->event_count - 1);

    footprint_copy(&t->did[i], &e->footprint);
    t->sure[i] = e->sure;
    if (step >= 0)
        strbuf_adds(&t->result[i], c->trace->v[step].result);
}

static int lose_power(struct player *p)
{
    struct cluster *c = p->st->cluster;
    bool keep = p->policy & 1;

    if (!p->lost) {
        p->lost = true;
        return p->st->power;
    }
    if (!c->asking)
        return -1;
    strbuf_printf(&p->out->seen, "%s %s\n", keep ? "keep" : "lose", c->asking);
    p->policy >>= 1;
    return p->st->power + !keep;
}

static int after_pair(struct player *p, uint64_t enabled)
{
    int task = p->st->power >= 0 ? lose_power(p) : -1;

    if (task >= 0 && enabled >> task & 1)
        return task;
    look_at_all(p->st->cluster, enabled, &p->out->seen);
    return CHOOSE_STOP;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct player *p = (struct player *)self;
    struct take *out = p->out;
    int task = out->reached ? -1 : next_of_script(p);

    if (task >= 0)
        return choice->enabled >> task & 1 ? task : CHOOSE_STOP;
    if (!out->reached)
        begin_pair(p, choice->enabled);
    else if (!p->lost && out->made > 0)
        note_made(p);
    if (out->made == 2)
        return after_pair(p, choice->enabled);
    task = p->pair[out->made];
    if (!(choice->enabled >> task & 1))
        return CHOOSE_STOP;
    point_text(&p->st->cluster->tasks[task].pending, &out->point[out->made]);
    out->made++;
    return task;
}

static void over(struct chooser *self, const struct cluster *c)
{
    struct player *p = (struct player *)self;

    (void)c;
    if (p->out->made > 0 && !p->lost)
        note_made(p);
    if (p->out->made == 2)
        look_at_all(p->st->cluster, 0, &p->out->seen);
}

void take_play(struct stage *st, const struct script *s, int first, int second, unsigned policy,
               struct take *out)
{
    struct player p = {.chooser = {"commute", pick, over},
                       .st = st,
                       .script = s,
                       .pair = {first, second},
                       .policy = policy,
                       .out = out};
    struct err err = ERR_INIT;

    take_release(out);
    trace_clear(&st->trace);
    st->cluster->trace = &st->trace;
    cluster_run(st->cluster, &p.chooser, &err);
    st->cluster->trace = NULL;
    cluster_reset(st->cluster, &err);
}

void take_release(struct take *t)
{
    for (int i = 0; i < 2; i++) {
        strbuf_release(&t->point[i]);
        strbuf_release(&t->result[i]);
    }
    strbuf_release(&t->seen);
    *t = (struct take){.seen = STRBUF_INIT};
    for (int i = 0; i < 2; i++)
        t->point[i] = t->result[i] = (struct strbuf)STRBUF_INIT;
}
