#include "sim/engine/cluster.h"
#include "fsstore/port/fault.h"
#include "fsstore/port/power.h"
#include "fsstore/store/file.h"
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include "sim/engine/clock.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/engine/invariant.h"
#include "sim/engine/order.h"
#include "sim/engine/power.h"
#include "sim/engine/programs.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the structure, once --- */

static void world_init(struct cluster *c, struct task *t, int node)
{
    struct scenario *s = c->scenario;

    t->node = node;
    t->world.node = node >= 0 ? s->nodes[node].name : "";
    t->world.self = node >= 0 ? &c->nodes[node].node : NULL;
}

static struct task *add_task(struct cluster *c, const char *name, int node)
{
    struct task *t = &c->tasks[c->task_count];

    t->cluster = c;
    t->index = c->task_count++;
    t->name = name;
    t->world = (struct world){
        .store = &t->store, .arena = &t->arena, .settings = &c->scenario->settings, .task = name};
    world_init(c, t, node);
    t->store = (struct store){.port = c->port,
                              .semantics = c->scenario->semantics,
                              .hooks = &task_hooks,
                              .ctx = t,
                              .arena = &t->arena};
    snprintf(t->store.tmp, sizeof t->store.tmp, STORE_TMP "/%d", t->index);
    mail_reset(&t->box, thing_id(THING_MAIL_IN, name), thing_id(THING_MAIL_OUT, name));
    return t;
}

static int run_client(struct task *t)
{
    client_run(&t->world, t->program);
    return 0;
}

static int run_background(struct task *t)
{
    t->background->run(&t->world);
    return 0;
}

static void set_kind(struct task *t, const struct scenario_task *st)
{
    t->program = st->program;
    t->fault = st->fault;
    t->background = st->background;
    t->kind = st->program || st->run ? TASK_CLIENT
              : st->fault            ? TASK_FAULT
              : st->background       ? TASK_BACKGROUND
                                     : TASK_CLOCK;
    t->run = st->program      ? run_client
             : st->run        ? program_run
             : st->fault      ? fault_run
             : st->background ? run_background
                              : clock_run;
    if (t->kind == TASK_CLOCK)
        t->cluster->clock = t;
}

static void add_tasks(struct cluster *c)
{
    const struct scenario *s = c->scenario;

    c->tasks = mem_alloc(sizeof *c->tasks * TASK_MAX);
    for (int i = 0; i < s->task_count; i++)
        set_kind(add_task(c, s->tasks[i].name, s->tasks[i].node), &s->tasks[i]);
    c->host = add_task(c, "setup", -1); /* the last one, and not counted: nobody schedules it */
    c->task_count--;
}

static bool stops_node(const struct program *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->v[i].kind == ACT_STOP_NODE || p->v[i].kind == ACT_RESTART ||
            stops_node(&p->v[i].then) || stops_node(&p->v[i].otherwise))
            return true;
    return false;
}

static bool watches(const struct program *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->v[i].kind == ACT_WATCH || watches(&p->v[i].then) || watches(&p->v[i].otherwise))
            return true;
    return false;
}

static bool takes_down(const struct fault *f, int node)
{
    if (f->kind == FAULT_POWER_LOSS)
        return true;
    if (f->kind == FAULT_TORN)
        return f->node < 0 || f->node == node;
    return f->node == node && f->kind == FAULT_CRASH;
}

static void add_nodes(struct cluster *c)
{
    struct scenario *s = c->scenario;

    c->nodes = mem_alloc(sizeof *c->nodes * SCENARIO_NODES_MAX);
    for (int i = 0; i < s->node_count; i++) {
        struct node_state *n = &c->nodes[i];

        n->queue.handle = -1;
        n->queue.in = thing_id(THING_QUEUE_IN, s->nodes[i].name);
        n->queue.out = thing_id(THING_QUEUE_OUT, s->nodes[i].name);
        n->queue.open = thing_id(THING_QUEUE_OPEN, s->nodes[i].name);
        n->queue.turn = thing_id(THING_QUEUE_TURN, s->nodes[i].name);
        mail_reset(&n->box, thing_id(THING_MAIL_IN, s->nodes[i].name),
                   thing_id(THING_MAIL_OUT, s->nodes[i].name));
        n->up_thing = thing_id(THING_NODE, s->nodes[i].name);
        n->paused_thing = thing_id2(THING_NODE, s->nodes[i].name, "paused");
        for (int k = 0; k < s->task_count; k++)
            if (s->tasks[k].node == i && s->tasks[k].program && stops_node(s->tasks[k].program))
                n->volatile_life = true;
        for (int k = 0; k < s->task_count; k++)
            if (s->tasks[k].node == i && s->tasks[k].program && watches(s->tasks[k].program))
                c->may_watch |= UINT64_C(1) << i;
        if (s->nodes[i].role->serves && s->settings.sync.notify)
            c->may_watch |= UINT64_C(1) << i;
        for (int k = 0; k < s->fault_count; k++) {
            n->volatile_life |= takes_down(&s->faults[k], i);
            n->may_pause |= s->faults[k].kind == FAULT_PAUSE && s->faults[k].node == i;
        }
    }
}

static enum err_code lay_out_file(struct cluster *c, const char *path, const char *text,
                                  struct err *err)
{
    int rc = text ? object_put(&c->host->store, path, text, strlen(text)) : 0;

    return rc == 0 ? OK
                   : err_set(err, ERR_IO, "cannot write %s in the work directory: %s", path,
                             strerror(-rc));
}

/* What is on the nodes' own disks from the start, and the deployment's file; it stays from
 * execution to execution. */
static enum err_code lay_out_copy(struct cluster *c, const struct program_copy *copy,
                                  struct err *err)
{
    int rc;

    if (copy->data)
        rc = object_put(&c->host->store, copy->path, copy->data, copy->len);
    else
        rc = fs_mkdir(&c->host->store, copy->path);
    if (rc == 0 && copy->executable && c->port->calls->let_run)
        rc = c->port->calls->let_run(c->port, copy->path);
    return rc == 0 || rc == -EEXIST
               ? OK
               : err_set(err, ERR_IO, "cannot copy %s into the work directory: %s", copy->path,
                         strerror(-rc));
}

static enum err_code lay_out(struct cluster *c, struct err *err)
{
    for (int i = 0; i < c->scenario->copy_count; i++)
        if (lay_out_copy(c, &c->scenario->copies[i], err) != OK)
            return err->code;
    if (lay_out_file(c, LAYOUT_DEPLOYMENT, c->scenario->deployment, err) != OK)
        return err->code;
    for (int i = 0; i < c->scenario->node_count; i++) {
        const struct scenario_node *n = &c->scenario->nodes[i];

        if (lay_out_file(c, layout_config(&c->arena, n->name), n->config, err) != OK)
            return err->code;
    }
    c->port->calls->mark(c->port);
    return OK;
}

struct cluster *cluster_new(struct scenario *s, struct port *port, struct gate *gate,
                            struct err *err)
{
    struct cluster *c;

    c = mem_alloc(sizeof *c);
    c->scenario = s;
    c->port = port;
    c->gate = gate;
    c->running = -1;
    c->silent = true;
    c->err = ERR_INIT;
    if (s->fault_count)
        port_fault_wrap(port);
    if (s->power_loss)
        c->power = port_power_wrap(port);
    c->registers = mem_alloc(sizeof *c->registers * (size_t)(s->registers_known + 1));
    c->register_things = mem_alloc(sizeof *c->register_things * (size_t)(s->registers_known + 1));
    for (int i = 0; i < s->registers_known; i++)
        c->register_things[i] = thing_id(THING_REGISTER, s->registers[i]);
    add_nodes(c);
    add_tasks(c);
    if ((s->has_programs && programs_new(c, err) != OK) || lay_out(c, err) != OK) {
        cluster_free(c);
        return NULL;
    }
    if (s->has_invariants)
        invariants_prepare(c);
    return c;
}

void cluster_free(struct cluster *c)
{
    if (!c)
        return;
    for (int i = 0; c->tasks && i <= c->task_count && i < TASK_MAX; i++) {
        arena_release(&c->tasks[i].arena);
        free(c->tasks[i].poll.read);
    }
    for (int i = 0; i < c->scenario->node_count; i++) {
        if (c->nodes[i].queue.handle >= 0)
            c->port->calls->watch_close(c->port, c->nodes[i].queue.handle);
        arena_release(&c->nodes[i].arena);
    }
    programs_free(c);
    port_power_unwrap(c->power);
    history_release(&c->history);
    arena_release(&c->arena);
    free(c->file_names.v);
    free(c->file_names.births);
    free(c->facts);
    free(c->invariant_things);
    free(c->registers);
    free(c->register_things);
    free(c->events);
    free(c->unmade);
    free(c->nodes);
    free(c->tasks);
    free(c);
}

/* --- one execution --- */

static void clear(struct cluster *c)
{
    arena_clear(&c->arena);
    history_clear(&c->history);
    c->event_count = c->unmade_count = 0;
    c->preemptions = c->delays = 0;
    c->last_stepped = -1;
    c->running = -1;
    c->base_ms = 0;
    c->barrier = c->barrier_due = c->settling = false;
    c->alive = c->starting = c->waiting = c->quiet_now = 0;
    c->broken_invariants = 0;
    inside_clear(c);
    c->end = END_DONE;
    c->deadlock = NULL;
    c->bound = NULL;
    c->err.code = OK; /* all of the err would be a kilobyte */
    c->err.story[0] = '\0';
    locks_reset(c, -1);
    if (c->scenario->order.pair_count)
        order_clear(c);
    fault_clear(c);
    clock_clear(c);
    c->file_names.count = c->file_names.files = c->file_names.over = 0;
    c->restarts_failed = 0;
    c->looked = false;
    c->host->pending =
        (struct point){POINT_START, NULL, NULL}; /* its look at the end has no name */
    for (int i = 0; i < c->scenario->registers_known; i++)
        c->registers[i] = NULL;
    for (int i = 0; i <= c->task_count; i++) {
        struct task *t = &c->tasks[i];

        arena_clear(&t->arena);
        mail_reset(&t->box, t->box.in, t->box.out);
        t->alive = t->killed = false;
        t->now = 0;
        t->event = -1;
        t->events = t->ingested = t->sent = 0;
        t->next_request = 0;
    }
    for (int i = 0; i < c->scenario->node_count; i++) {
        c->nodes[i].up = c->nodes[i].booting = false;
        c->nodes[i].release = c->scenario->nodes[i].release;
        c->nodes[i].node.made = c->nodes[i].node.uploads = 0;
    }
}

static void run_init(struct cluster *c)
{
    const struct program *init = &c->scenario->init;
    const char *data;

    world_init(c, c->host, -1);
    for (int i = 0; i < init->count && c->err.code == OK; i++) {
        int rc = actor_step(&c->host->world, &init->v[i], &data);

        if (rc != 0 && c->err.code == OK)
            cluster_fail(c, ERR_INPUT, "%s: init step %d: %s", c->scenario->file, i + 1,
                         errno_name(rc));
    }
}

/* So that a read of what was laid out is known for one of a whole object. */
static void tell_laid_out(struct cluster *c)
{
    const struct scenario *s = c->scenario;
    struct store *store = &c->host->store;

    if (s->deployment)
        store_tell_whole(store, WHOLE_WRITE, LAYOUT_DEPLOYMENT, s->deployment,
                         strlen(s->deployment));
}

static void set_up(struct cluster *c)
{
    c->silent = true;
    tell_laid_out(c);
    run_init(c);
    for (int i = 0; i < c->scenario->node_count && c->err.code == OK; i++) {
        int rc = 0;

        world_init(c, c->host, i);
        c->said = NULL;
        if (c->scenario->nodes[i].starts_up)
            rc = node_boot(c, i, &c->host->world);
        if (rc != 0 && c->said)
            cluster_fail(c, ERR_INPUT, "%s: %s %s", c->scenario->file, c->scenario->nodes[i].name,
                         c->said);
        else if (rc != 0)
            cluster_fail(c, ERR_INPUT, "%s: %s does not start: %s", c->scenario->file,
                         c->scenario->nodes[i].name, errno_name(rc));
    }
    if (c->power)
        power_begin(c);
    c->early_events = false;
    for (int i = 0; i < c->scenario->node_count && !c->free_running; i++) {
        struct queue *q = &c->nodes[i].queue;

        q->ready = q->used && c->port->calls->watch_ready(c->port, q->handle);
        c->early_events |= q->ready;
    }
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].kind != TASK_BACKGROUND)
            task_begin(&c->tasks[i]);
    c->silent = false;
}

void cluster_ask(struct cluster *c, int node, const struct request *req, struct response *res,
                 struct arena *arena)
{
    struct world *w = &c->host->world;
    struct arena *own = w->arena;
    bool silent = c->silent;

    c->silent = true;
    world_init(c, c->host, node);
    w->arena = arena;
    c->scenario->nodes[node].role->request(w, req, res);
    w->arena = own;
    c->silent = silent;
}

static bool was_asked(const struct history *h, const char *node, const char *stream)
{
    for (int i = 0; i < h->found_count; i++)
        if (strcmp(h->founds[i].node, node) == 0 && strcmp(h->founds[i].stream, stream) == 0)
            return true;
    return false;
}

/* Queries each stream that has accepted events. */
static void look_for_events(struct cluster *c, const struct scenario_node *n)
{
    for (int i = 0; i < c->history.request_count; i++) {
        const struct history_request *r = &c->history.requests[i];
        struct history_found found = {.node = n->name, .stream = r->stream};
        struct request req = {.kind = REQ_QUERY, .stream = r->stream};
        struct response res = {.status = ST_UNKNOWN};

        if (r->kind != REQ_INGEST || r->status != ST_ACCEPTED ||
            was_asked(&c->history, n->name, r->stream))
            continue;
        n->role->request(&c->host->world, &req, &res);
        found.events = res.names ? res.names : "";
        history_found(&c->history, &found);
    }
}

static void look_at(struct cluster *c, int node)
{
    struct world *w = &c->host->world;
    const struct scenario_node *n = &c->scenario->nodes[node];
    struct history_info info = {.node = n->name, .querier = strcmp(n->role->name, "querier") == 0};
    struct request req = {.kind = REQ_INFO};
    struct response res = {.status = ST_UNKNOWN};

    world_init(c, c->host, node);
    n->role->request(w, &req, &res);
    info.records = res.records;
    info.count = res.record_count;
    history_info(&c->history, &info);
    if (info.querier)
        look_for_events(c, n);
}

static void final_look(struct cluster *c)
{
    for (int i = 0; i < c->scenario->node_count; i++)
        if (c->nodes[i].up && c->scenario->nodes[i].role->serves)
            look_at(c, i);
}

static void run_gated(struct cluster *c)
{
    int next = schedule_next(c);

    if (next != GATE_CONTROLLER)
        gate_switch(c->gate, GATE_CONTROLLER, next);
    c->running = -1;
}

static void run_freely(struct cluster *c)
{
    c->free_start_ms = gate_now_ms();
    c->end = END_DONE;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive)
            task_launch(&c->tasks[i]);
    gate_join(c->gate);
}

static void unwind_all(struct cluster *c)
{
    for (int i = 0; i < c->task_count; i++)
        task_unwind(&c->tasks[i], GATE_CONTROLLER);
}

enum err_code cluster_run(struct cluster *c, struct chooser *chooser, struct err *err)
{
    clear(c);
    c->chooser = chooser;
    c->free_running = chooser == NULL;
    set_up(c);
    if (c->err.code != OK)
        c->end = END_FAILED;
    else if (c->free_running)
        run_freely(c);
    else
        run_gated(c);
    if (!c->free_running)
        unwind_all(c);
    programs_end(c);
    c->silent = true; /* looks at how it ended are no steps */
    if (c->end == END_DONE || c->end == END_DEADLOCK)
        final_look(c);
    cluster_look_healthy(c);
    if (c->err.code != OK)
        c->end = END_FAILED;
    return c->end == END_FAILED ? err_set(err, c->err.code, "%s", c->err.story) : OK;
}

enum err_code cluster_reset(struct cluster *c, struct err *err)
{
    int rc;

    c->silent = true;
    for (int i = 0; i < c->scenario->node_count; i++)
        node_forget_watches(c, i);
    if (port_health(c->port, err) != OK) /* the looks at the end, too */
        return err->code;
    if (c->power)
        power_end(c);
    rc = c->port->calls->reset(c->port);
    if (rc < 0)
        return err_set(err, ERR_IO, "cannot clear the work directory: %s", strerror(-rc));
    if (rc == 1) {
        for (int i = 0; i < c->scenario->node_count; i++)
            node_forget_watches(c, i);
        return lay_out(c, err);
    }
    return OK;
}
