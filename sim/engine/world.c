/*
 * world: what nodes/world.h promises, except messages (net.c) and locks (locks.c).
 */
#include "fsstore/store/open_file.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/state.h"
#include "sim/engine/state_value.h"
#include "sim/trace/trace.h"
#include "sim/workload/client_world.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Clocks of different machines do not agree. */
static int64_t skew_of(const struct task *t)
{
    return (int64_t)(t->node + 1) * CLOCK_APART_MS + fault_skew(t->cluster, t->node);
}

int64_t world_now(struct world *w)
{
    assert(w);

    struct task *t = task_of(w);

    if (t->cluster->free_running)
        return gate_now_ms() - t->cluster->free_start_ms + skew_of(t);
    clock_read(t);
    state_tell(t, (uint64_t)t->now);
    return t->now + skew_of(t);
}

/* Where one clock is kept, all go by that, but for what a fault puts them off. */
static int64_t compared_skew(const struct task *t)
{
    return t->cluster->scenario->time.kept ? fault_skew(t->cluster, t->node) : skew_of(t);
}

static int64_t compared_now(struct task *t)
{
    if (t->cluster->free_running)
        return gate_now_ms() - t->cluster->free_start_ms + skew_of(t);
    clock_read(t);
    return t->now + compared_skew(t);
}

int64_t world_in(struct world *w, int64_t ms)
{
    assert(w);
    assert(ms >= 0);

    struct task *t = task_of(w);
    int64_t moment = compared_now(t) + ms;

    state_tell(t, (uint64_t)moment);
    if (ms > 0)
        world_expect(w, moment);
    return moment;
}

void world_expect(struct world *w, int64_t moment_ms)
{
    assert(w);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;

    if (!c->scenario->time.kept || c->free_running || c->silent)
        return;
    clock_read(t); /* it adds to where the clock may go */
    for (int i = 0; i < c->scenario->node_count; i++)
        clock_expect(c, moment_ms - fault_skew(c, i) - 1);
}

bool world_passed(struct world *w, int64_t moment_ms)
{
    assert(w);

    struct task *t = task_of(w);
    bool passed = compared_now(t) >= moment_ms;

    state_tell(t, passed);
    return passed;
}

static void sleep_at(struct world *w, int64_t ms, int op)
{
    struct task *t = task_of(w);
    struct await wait = {.kind = WAIT_TIME, .timed = true, .deadline = clock_begin(t, ms)};

    task_await(t, &wait, op, arena_printf(w->arena, "%lld ms", (long long)ms), NULL);
    clock_came(t, wait.deadline);
    task_told(t, "%s", "");
    task_acted(t);
}

/* … until there is something new to see: clock.h. */
static void poll_at(struct world *w, int64_t ms, int op)
{
    struct task *t = task_of(w);

    task_await(t, &(struct await){.kind = WAIT_POLL}, op,
               arena_printf(w->arena, "%lld ms", (long long)ms), NULL);
    poll_end(t);
    task_told(t, "%s", "");
    task_acted(t);
}

/* Is that wait one that would come round without end? */
static bool is_poll(const struct task *t)
{
    const struct cluster *c = t->cluster;

    /* Where time is counted, it comes to an end by itself. */
    return c->scenario->time.free && !c->free_running && c->scenario->time.at_most < 0;
}

void world_sleep(struct world *w, int64_t ms)
{
    assert(w);
    assert(ms >= 0);
    sleep_at(w, ms, POINT_SLEEP);
}

void world_poll(struct world *w, int64_t ms)
{
    assert(w);
    assert(ms >= 0);
    (is_poll(task_of(w)) ? poll_at : sleep_at)(w, ms, POINT_SLEEP);
}

void world_pause(struct world *w, int64_t ms)
{
    assert(w);
    assert(ms >= 0);

    struct task *t = task_of(w);

    gate_enter(t->cluster->gate);
    t->idle = true;
    gate_leave(t->cluster->gate);
    (is_poll(t) ? poll_at : sleep_at)(w, ms, POINT_PAUSE);
    if (t->cluster->settling)
        t->rounds++;
}

void world_await_quiet(struct world *w)
{
    assert(w);

    struct task *t = task_of(w);

    task_await(t, &(struct await){.kind = WAIT_QUIET}, POINT_QUIET, NULL, NULL);
    task_told(t, "%s", "");
    task_acted(t);
}

int world_await_holds(struct world *w, const struct predicate *p, int64_t timeout_ms)
{
    assert(w);
    assert(p);

    struct task *t = task_of(w);
    struct await wait = {.kind = WAIT_HOLDS, .predicate = p, .timed = timeout_ms >= 0};

    if (wait.timed)
        wait.deadline = clock_begin(t, timeout_ms);
    task_await(t, &wait, POINT_HOLDS, NULL, NULL);
    if (t->timed_out)
        clock_came(t, wait.deadline);
    if (!t->cluster->free_running)
        footprint_await(t->cluster, p, &t->cluster->events[t->event].footprint);
    state_tell(t, t->timed_out);
    task_told(t, t->timed_out ? "ETIMEDOUT" : "it holds");
    task_acted(t);
    return t->timed_out ? -ETIMEDOUT : 0;
}

int world_queue(struct world *w)
{
    assert(w);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    struct queue *q = &c->nodes[t->node].queue;

    gate_enter(c->gate);
    if (q->handle < 0)
        q->handle = c->port->calls->watch_open(c->port);
    if (q->handle < 0)
        cluster_fail(c, ERR_IO, "inotify: %s", errno_name(q->handle));
    q->used = q->handle >= 0;
    gate_leave(c->gate);
    return q->handle;
}

void world_timeout(struct world *w, int64_t ms)
{
    assert(w);
    task_of(w)->next_timeout = ms;
}

void world_mark(struct world *w, const char *name)
{
    assert(w);
    assert(name);

    struct task *t = task_of(w);

    task_point(t, POINT_MARK, name, NULL);
    task_told(t, "%s", "");
    task_acted(t);
}

void world_note(struct world *w, const char *text)
{
    assert(w);
    assert(text);

    struct task *t = task_of(w);

    task_point(t, POINT_NOTE, text, NULL);
    task_told(t, "%s", "");
    task_acted(t);
}

void world_log(struct world *w, const char *text)
{
    assert(w);
    assert(text);

    struct cluster *c = task_of(w)->cluster;

    if (c->silent)
        c->said = arena_strdup(&c->arena, text);
    task_aside(task_of(w), TRACE_LOG, text, "");
}

bool world_lives(struct world *w, const char *node)
{
    assert(w);
    assert(node);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    int i = node_index(c, node);
    bool lives;

    task_point(t, POINT_UP, node, NULL);
    task_touch(t, c->nodes[i].up_thing, TOUCH_READ, TOUCH_RACES);
    lives = node_lives(c, i);
    state_tell(t, lives);
    task_told(t, "%s", lives ? "it lives" : "it is dead");
    task_acted(t);
    return lives;
}

void world_ends(struct world *w)
{
    assert(w);

    struct task *t = task_of(w);

    t->ended = true;
    if (t->cluster->scenario->ups_seen)
        task_touch(t, t->cluster->nodes[t->node].up_thing, TOUCH_WRITE, TOUCH_RACES);
}

static const char *ino(struct task *t, int file)
{
    const struct file_birth *b = &t->cluster->file_names.births[file];

    return arena_printf(t->world.arena, "%s#%d", *b->name ? b->name : ".", b->nth);
}

const char *world_ino(struct world *w, const char *path)
{
    assert(w);
    assert(path);
    return ino(task_of(w), file_names_get(task_of(w)->cluster, path));
}

const char *world_fd_ino(struct world *w, const char *fd)
{
    assert(w);
    assert(fd);

    struct task *t = task_of(w);

    return ino(t, fd_find(&t->store, fd)->file);
}

void world_bound(struct world *w, const char *what)
{
    assert(w);
    assert(what);

    struct cluster *c = task_of(w)->cluster;

    gate_enter(c->gate);
    if (!c->bound)
        c->bound = arena_strdup(&c->arena, what);
    task_aside(task_of(w), TRACE_LOG, what, "");
    gate_leave(c->gate);
}

void world_wrong(struct world *w, const char *what)
{
    assert(w);
    assert(what);

    struct task *t = task_of(w);

    gate_enter(t->cluster->gate);
    cluster_fail(t->cluster, ERR_INPUT, "%s: %s: %s", t->cluster->scenario->file, t->name, what);
    gate_leave(t->cluster->gate);
}

/* --- memory --- */

void world_guard(struct world *w)
{
    assert(w);
    gate_enter(task_of(w)->cluster->gate);
}

void world_unguard(struct world *w)
{
    assert(w);
    gate_leave(task_of(w)->cluster->gate);
}

static void memory(struct world *w, const char *key, const char *text, bool write)
{
    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    uint64_t thing = thing_id2(THING_MEMORY, w->node, key);
    bool learns;

    if (c->silent)
        return;
    learns = write && poll_learns(t, thing, key, text);
    t->poll.again |= learns; /* what it has learnt, it may go by */
    task_touch(t, thing, learns ? TOUCH_WRITE : TOUCH_READ, TOUCH_RACES);
    if (c->telling) {
        state_tell_text(t, text);
        state_tell(t, state_of_fact(t->world.self, key));
    }
    task_aside(t, write ? TRACE_REMEMBER : TRACE_RECALL, key, text);
}

void world_recall(struct world *w, const char *key, const char *found)
{
    assert(w);
    assert(key);
    memory(w, key, found, false);
}

void world_remember(struct world *w, const char *key, const char *what)
{
    assert(w);
    assert(key);
    assert(what);
    memory(w, key, what, true);
}

void world_created(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    struct task *t = task_of(w);
    struct history_life life = {.task = t->name, .record = *r};

    gate_enter(t->cluster->gate);
    history_creation(&t->cluster->history, &life);
    task_aside(t, TRACE_CREATED, r->stream, r->incarnation);
    gate_leave(t->cluster->gate);
}

void world_deleted(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    struct task *t = task_of(w);
    struct history_life life = {.task = t->name, .record = *r};

    gate_enter(t->cluster->gate);
    history_deletion(&t->cluster->history, &life);
    task_aside(t, TRACE_DELETED, r->stream, r->incarnation);
    gate_leave(t->cluster->gate);
}

void world_knows(struct world *w, const struct record *r)
{
    assert(w);
    assert(r);

    struct cluster *c = task_of(w)->cluster;
    struct history_view view = {.node = w->node,
                                .stream = arena_strdup(&c->arena, r->stream),
                                .incarnation = arena_strdup(&c->arena, r->incarnation),
                                .generation = r->generation,
                                .version = r->version};

    history_view(&c->history, &view);
}

/* --- registers --- */

void world_set(struct world *w, const char *name, const char *value)
{
    assert(w);
    assert(name);
    assert(value);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    int i = scenario_register(c->scenario, name);

    gate_enter(c->gate);
    c->registers[i] = arena_strdup(&c->arena, value); /* the node's arena may go down */
    task_touch(t, c->register_things[i], TOUCH_WRITE, TOUCH_RACES);
    if (c->trace) {
        struct strbuf sb = STRBUF_INIT;

        trace_quote(&sb, value, strlen(value));
        task_aside(t, TRACE_REGISTER, name, sb.s);
        strbuf_release(&sb);
    }
    gate_leave(c->gate);
}

const char *world_get(struct world *w, const char *ref)
{
    assert(w);
    assert(ref);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    size_t own = strlen(t->name);
    int i = scenario_register(c->scenario, ref);
    const char *value;

    if (strncmp(ref, t->name, own) == 0 && ref[own] == '.')
        return c->registers[i];
    task_point(t, POINT_REGISTER, ref, NULL); /* somebody else's: when it is read matters */
    task_touch(t, c->register_things[i], TOUCH_READ, TOUCH_RACES);
    value = c->registers[i];
    state_tell_text(t, value);
    task_told(t, "%s", value ? value : "unset");
    task_acted(t);
    return value;
}

/* --- requests and the node's life --- */

static const char *event_ids(struct task *t, int count)
{
    const char *ids = "";

    for (int i = 0; i < count; i++)
        ids = arena_printf(&t->cluster->arena, "%s%s%s.%d", ids, *ids ? " " : "", t->name,
                           ++t->ingested);
    return ids;
}

static void note_answer(struct task *t, const struct request *req, const struct response *res,
                        const struct history_request *begun)
{
    struct cluster *c = t->cluster;
    struct history_request r = {.task = t->name,
                                .node = t->world.node,
                                .kind = req->kind,
                                .status = res->status,
                                .stream = req->stream,
                                .rows = res->rows,
                                .generation = res->generation,
                                .version = res->version,
                                .began_ms = begun->began_ms,
                                .ended_ms = t->now,
                                .began = begun->began};

    gate_enter(c->gate);
    r.events = req->kind == REQ_INGEST ? req->events
                                       : arena_strdup(&c->arena, res->names ? res->names : "");
    r.incarnation = arena_strdup(&c->arena, res->incarnation);
    history_request(&c->history, &r);
    if (res->status ==
        ST_DELETED) /* what begins from now on is for another stream: no_lost_events */
        task_touch(t, thing_id(THING_DELETION, req->stream), TOUCH_WRITE, TOUCH_RACES);
    if (c->scenario->real_time)
        task_touch(t, thing_num(THING_CALLS, 0), TOUCH_UPDATE, TOUCH_RACES);
    if (c->trace)
        task_aside(t, TRACE_ANSWER,
                   arena_printf(&c->arena, "%s %s", request_kind_name(req->kind), req->stream),
                   req->kind == REQ_QUERY && res->status == ST_OK
                       ? arena_printf(&c->arena, "%d rows", res->rows)
                       : status_name(res->status));
    gate_leave(c->gate);
}

void world_serve(struct world *w, const struct request *template, struct response *res)
{
    assert(w);
    assert(template);
    assert(res);

    struct task *t = task_of(w);
    struct request req = *template;
    struct history_request begun;

    task_point(t, POINT_REQUEST, request_kind_name(req.kind), req.stream);
    begun = (struct history_request){.began_ms = t->now, .began = t->cluster->history.clock++};
    if (req.kind == REQ_INGEST)
        task_touch(t, thing_id(THING_DELETION, req.stream), TOUCH_READ, TOUCH_RACES);
    if (t->cluster->scenario->real_time)
        task_touch(t, thing_num(THING_CALLS, 0), TOUCH_READ, TOUCH_RACES);
    req.events = event_ids(t, req.kind == REQ_INGEST ? req.count : 0);
    if (t->cluster->telling)
        state_tell(
            t, state_of_past(&t->cluster->history, req.stream, t->cluster->scenario->real_time));
    state_tell(t, (uint64_t)t->now); /* when it began */
    state_tell(t, t->cluster->nodes[t->node].up);
    task_told(t, "%s", req.events);
    task_acted(t);
    *res = (struct response){.status = ST_UNKNOWN};
    if (t->cluster->nodes[t->node].up) {
        t->in_request = true;
        if (setjmp(t->unwind_request) == 0)
            t->world.self->role->request(&t->world, &req, res);
        else
            *res = (struct response){.status = ST_UNKNOWN};
        state_tell(t, (uint64_t)res->status);
        t->in_request = false;
        poll_forget(t);
    }
    note_answer(t, &req, res, &begun);
}

void world_stop_node(struct world *w)
{
    assert(w);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;

    task_point(t, POINT_STOP, w->node, NULL);
    task_touch(t, c->nodes[t->node].up_thing, TOUCH_WRITE, TOUCH_RACES);
    node_down(c, t->node, t);
    task_told(t, "down");
    task_acted(t);
}

/* A node that goes down while it starts was not refused: nobody can tell how far it came. */
static enum status boot(struct world *w)
{
    struct task *t = task_of(w);
    enum status status;

    t->in_request = true;
    if (setjmp(t->unwind_request) == 0) {
        int rc = node_boot(t->cluster, t->node, w);

        t->cluster->restarts_failed += rc != 0;
        status = rc == 0 ? ST_OK : ST_REJECTED;
    } else {
        status = ST_UNKNOWN;
    }
    state_tell(t, (uint64_t)status);
    t->in_request = false;
    return status;
}

enum status world_restart_node(struct world *w, int release)
{
    assert(w);
    assert(release >= 0);

    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    bool by_another;

    task_point(t, POINT_RESTART, w->node, NULL);
    task_touch(t, c->nodes[t->node].up_thing, TOUCH_WRITE, TOUCH_RACES);
    by_another = c->nodes[t->node].booting;
    state_tell(t, by_another);
    if (c->nodes[t->node].up)
        node_down(c, t->node, t);
    if (release && !by_another)
        c->nodes[t->node].release = release;
    if (release)
        task_told(t, "%srelease %d", by_another ? "it is starting, " : "",
                  c->nodes[t->node].release);
    else
        task_told(t, "%s", by_another ? "it is starting" : "");
    task_acted(t);
    return by_another ? ST_OK : boot(w);
}
