#include "sim/engine/state.h"
#include "base/hash.h"
#include "sim/engine/cluster.h"
#include "sim/engine/state_value.h"
#include <assert.h>
#include <string.h>

/* --- what a task is told --- */

void state_tell(struct task *t, uint64_t what)
{
    if (t->cluster->telling && !t->cluster->silent)
        t->told = hash_mix(hash_u64(t->told, what));
}

void state_tell_text(struct task *t, const char *text)
{
    assert(t);
    state_tell(t, text ? hash_str(HASH_INIT, text) : 0);
}

static void tell_kind(struct task *t, const char *path)
{
    struct port *port = t->cluster->port;
    enum port_kind kind = PORT_FILE;
    int rc = port->calls->stat(port, path, &kind);

    state_tell(t, (uint64_t)rc * 2 + kind);
}

/* A listing says of each name what it is, too. */
static void tell_kinds(struct task *t, const char *dir, const char *names, size_t len)
{
    for (size_t at = 0, n; at < len; at += n + 1) {
        const char *name;

        for (n = 0; at + n < len && names[at + n] != ' '; n++)
            ;
        name = arena_memdup(&t->cluster->arena, names + at, n);
        tell_kind(t, *dir ? arena_path(&t->cluster->arena, dir, name) : name);
    }
}

void state_tell_step(struct task *t, const struct step *step, const struct step_result *result)
{
    if (!t->cluster->telling)
        return;
    state_tell(t, (uint64_t)result->rc);
    if (result->data)
        state_tell(t, hash_bytes(hash_u64(HASH_INIT, result->len), result->data, result->len));
    if (step->op == FS_STAT)
        tell_kind(t, step->path);
    if ((step->op == FS_LIST || step->op == STORE_LIST) && result->data)
        tell_kinds(t, step->path, result->data, result->len);
}

void state_tell_msg(struct task *t, const struct msg *m)
{
    assert(t);
    assert(m);
    if (t->cluster->telling)
        state_tell(t, state_of_msg(m));
}

/* --- the parts --- */

static void add(uint64_t *h, uint64_t value)
{
    *h = hash_u64(*h, value);
}

static void add_text(uint64_t *h, const char *text)
{
    *h = text ? hash_str(hash_u64(*h, 1), text) : hash_u64(*h, 0);
}

static void take_time(const struct cluster *c, uint64_t *h)
{
    add(h, (uint64_t)c->base_ms);
    add(h, (uint64_t)c->settling * 2 + c->looked);
    add(h, c->quiet_now & c->alive);
    add(h, (uint64_t)c->time_left * 2 + c->held_back);
    for (int i = 0; i < c->moment_count; i++)
        if (c->moments[i] > c->base_ms)
            add(h, (uint64_t)c->moments[i]);
    for (int i = 0; i < c->scenario->order.pair_count; i++) {
        add(h, (uint64_t)c->first_seen[i]);
        add(h, (uint64_t)c->second_seen[i]);
    }
}

/* A clock that is behind catches up as soon as its task goes on. */
static void take_clocks(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->task_count; i++) {
        int64_t now = c->tasks[i].now;

        add(h, (uint64_t)(now > c->base_ms || c->scenario->time.free ? now : c->base_ms));
    }
}

static void take_wait(const struct task *t, uint64_t *h)
{
    const struct await *w = &t->wait;

    add(h, (uint64_t)t->pending.op);
    add_text(h, t->pending.object);
    add_text(h, t->pending.object2);
    add(h, (uint64_t)w->kind);
    add(h, w->timed ? (uint64_t)w->deadline : 0);
    add(h, w->timed);
    if (w->kind == WAIT_ANSWER)
        add(h, w->id);
    if (w->kind == WAIT_LOCK)
        add_text(h, t->cluster->locks[w->lock].name);
    add(h, (uint64_t)t->unwind);
    add(h, (uint64_t)t->idle * 4 + (uint64_t)t->in_request * 2 + t->started);
    add(h, (uint64_t)t->rounds);
}

/* What it read since it polled last: in whatever order. */
static uint64_t poll_of(const struct poll *p)
{
    uint64_t sum = 0;

    for (int i = 0; i < p->count; i++)
        sum +=
            hash_mix(hash_u64(p->read[i].thing, (uint64_t)p->read[i].mode * 2 + (i < p->before)));
    return hash_u64(sum, (uint64_t)p->again * 8 + (uint64_t)p->changed * 4 +
                             (uint64_t)p->wrote * 2 + p->over);
}

static void take_waits(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->task_count; i++) {
        const struct task *t = &c->tasks[i];

        add(h, (uint64_t)t->killed * 2 + t->alive);
        if (t->alive)
            take_wait(t, h);
        if (t->poll.on)
            add(h, poll_of(&t->poll));
    }
}

/* What a task that is over was told is nobody's any more. */
static void take_told(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->task_count; i++) {
        const struct task *t = &c->tasks[i];

        add(h, t->alive ? t->told : 0);
        add(h, (uint64_t)t->ingested);
        add(h, t->next_request);
    }
}

static void take_store(struct cluster *c, struct state *out)
{
    int handles[(TASK_MAX + 1) * STORE_HANDLES], queues[SCENARIO_NODES_MAX];
    struct port_state s = {.handles = handles, .queues = queues};
    uint64_t whose = HASH_INIT;

    for (int i = 0; i < c->task_count; i++) {
        const struct store *store = &c->tasks[i].store;

        for (int k = 0; k < store->handle_count; k++)
            handles[s.handle_count++] = store->handles[k].handle;
        add(&whose, (uint64_t)store->handle_count);
    }
    for (int i = 0; i < c->scenario->node_count; i++)
        queues[s.queue_count++] = c->nodes[i].queue.used ? c->nodes[i].queue.handle : -1;
    c->port->calls->state(c->port, &s);
    out->part[STATE_FILES] = hash_mix(s.files + whose);
    out->part[STATE_EVENTS] = s.events;
}

/* Where it is told which file a name stands for: that, and how many came to be at each name. */
static void take_births(const struct cluster *c, uint64_t *h)
{
    const struct file_names *n = &c->file_names;
    uint64_t sum = 0;

    for (int i = 0; i < n->count; i++) {
        const struct file_birth *b = &n->births[n->v[i].file];

        sum += hash_mix(hash_u64(hash_u64(n->v[i].hash, b->path), (uint64_t)b->nth));
    }
    for (int i = 1; i <= n->files; i++)
        sum += hash_mix(hash_u64(n->births[i].path, (uint64_t)n->births[i].nth));
    for (int i = 0; i < c->task_count; i++)
        for (int k = 0; k < c->tasks[i].store.handle_count; k++) {
            const struct file_birth *b = &n->births[c->tasks[i].store.handles[k].file];

            add(h, hash_u64(b->path, (uint64_t)b->nth));
        }
    add(h, sum);
}

static void take_registers(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->scenario->registers_known; i++)
        add_text(h, c->registers[i]);
    add(h, c->broken_invariants);
    for (int i = 0; i < c->scenario->property_count; i++)
        add(h, c->inside[i]);
}

/* One that is free is as if it had never been there. */
static void take_locks(const struct cluster *c, uint64_t *h)
{
    uint64_t sum = 0;

    for (int i = 0; i < c->lock_count; i++) {
        uint64_t one = hash_u64(HASH_INIT, (uint64_t)c->locks[i].node);

        add_text(&one, c->locks[i].name);
        add(&one, (uint64_t)c->locks[i].holder);
        sum += c->locks[i].holder < 0 ? 0 : hash_mix(one);
    }
    add(h, sum);
}

static void take_box(const struct cluster *c, const struct mailbox *box, uint64_t *h)
{
    add(h, (uint64_t)box->count);
    for (int i = 0; i < box->count; i++) {
        const struct mail *mail = box->v[(box->first + i) % MAIL_MAX];

        add(h, state_of_msg(&mail->m));
        add(h, (uint64_t)(mail->at > c->base_ms ? mail->at : c->base_ms));
        add(h, (uint64_t)mail->to_node);
        add(h, mail->to ? mail->to->in : 0);
    }
}

static void take_mail(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->task_count; i++)
        take_box(c, &c->tasks[i].box, h);
    for (int i = 0; i < c->scenario->node_count; i++)
        take_box(c, &c->nodes[i].box, h);
}

static void take_nodes(const struct cluster *c, uint64_t *h)
{
    uint64_t watches = 0;

    for (int i = 0; i < c->scenario->node_count; i++) {
        const struct node_state *n = &c->nodes[i];
        bool lost = n->queue.used && c->port->fault.overflowed >> n->queue.handle & 1;

        add(h, (uint64_t)n->pauses * 4 + (uint64_t)n->up * 2 + n->booting);
        add(h, (uint64_t)n->queue.used * 4 + (uint64_t)n->queue.ready * 2 + lost);
        add(h, (uint64_t)n->release);
    }
    for (int i = 0; i < c->watch_count; i++)
        watches += hash_mix(hash_u64(c->watches[i].dir, (uint64_t)c->watches[i].node));
    add(h, watches);
    add(h, (uint64_t)c->restarts_failed);
}

/* What a node that is down had is nobody's; what it has numbered goes on. */
static void take_memory(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->scenario->node_count; i++) {
        const struct node_state *n = &c->nodes[i];

        if (c->scenario->nodes[i].role->serves && (n->up || n->booting))
            add(h, state_of_node(&n->node));
        add(h, (uint64_t)n->node.made);
        add(h, (uint64_t)n->node.uploads);
    }
}

static void take_faults(const struct cluster *c, uint64_t *h)
{
    for (int i = 0; i < c->scenario->fault_count; i++) {
        add(h, (uint64_t)c->faults[i].left);
        add(h, (uint64_t)c->faults[i].seen);
        add(h, (uint64_t)c->faults[i].armed);
    }
}

/* --- who read and wrote which file: access_log.c --- */

/* Which access it is: its task's n-th. */
static uint64_t access_name(const struct history *h, int i)
{
    const struct history_access *a = &h->accesses[i];
    uint64_t name = hash_u64(hash_u64(HASH_INIT, (uint64_t)a->task), (uint64_t)a->kind);
    int n = 0;

    for (int k = 0; k < i; k++)
        n += h->accesses[k].task == a->task;
    return hash_mix(hash_u64(name, (uint64_t)n));
}

static bool has_open(const struct store *s, int file)
{
    for (int i = 0; i < s->handle_count; i++)
        if (s->handles[i].file == file)
            return true;
    return false;
}

/* Files have numbers in the order in which they were seen, which means nothing: one is known by what was done to it, in order, by
 * its names, and by who has it open. 0: it is as if it had not been seen. */
static uint64_t take_file(const struct cluster *c, int file)
{
    const struct history *h = &c->history;
    uint64_t done = HASH_INIT, names = 0, open = 0;
    int count = 0, more = 0;

    for (int i = 0; i < h->access_count; i++)
        if (h->accesses[i].file == file || h->accesses[i].over == file) {
            add(&done, access_name(h, i) + (h->accesses[i].over == file));
            more++;
        }
    for (int i = 0; i < c->file_names.count; i++)
        if (c->file_names.v[i].file == file) {
            names += hash_mix(hash_str(HASH_INIT, c->file_names.v[i].path));
            count++;
        }
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].alive && has_open(&c->tasks[i].store, file)) {
            open |= UINT64_C(1) << i;
            more++;
        }
    add(&done, names);
    add(&done, open);
    return more || count > 1 ? hash_mix(done) : 0;
}

static void take_accesses(const struct cluster *c, uint64_t *h)
{
    uint64_t sum = 0;

    for (int file = 0; file <= c->file_names.files; file++)
        sum += take_file(c, file);
    add(h, sum);
}

bool state_known(const struct cluster *c)
{
    assert(c);
    return c->port->calls->state && !c->power;
}

void state_take(struct cluster *c, struct state *out)
{
    assert(c);
    assert(out);
    assert(state_known(c));
    for (int i = 0; i < STATE_PART_COUNT; i++)
        out->part[i] = HASH_INIT;
    take_time(c, &out->part[STATE_TIME]);
    take_clocks(c, &out->part[STATE_CLOCKS]);
    take_waits(c, &out->part[STATE_WAITS]);
    take_told(c, &out->part[STATE_TOLD]);
    take_store(c, out);
    take_registers(c, &out->part[STATE_REGISTERS]);
    if (c->scenario->inos_seen)
        take_births(c, &out->part[STATE_REGISTERS]);
    take_locks(c, &out->part[STATE_LOCKS]);
    take_mail(c, &out->part[STATE_MAIL]);
    take_nodes(c, &out->part[STATE_NODES]);
    take_memory(c, &out->part[STATE_MEMORY]);
    take_faults(c, &out->part[STATE_FAULTS]);
    out->part[STATE_HISTORY] = state_of_history(&c->history, c->scenario->real_time);
    if (c->scenario->accesses)
        take_accesses(c, &out->part[STATE_HISTORY]);
}

uint64_t state_hash(const struct state *s)
{
    uint64_t h = HASH_INIT;

    for (int i = 0; i < STATE_PART_COUNT; i++)
        add(&h, s->part[i]);
    return hash_mix(h);
}

const char *state_part_name(int part)
{
    static const char *const names[] = {
#define STATE_PART(name, text) text,
        STATE_PARTS(STATE_PART)
#undef STATE_PART
    };

    assert(part >= 0 && part < STATE_PART_COUNT);
    return names[part];
}
