/*
 * net: messages between tasks. A message is in the receiver's mailbox as soon as it is sent, and
 * the receiver may take it at any later time; so every delay that a network can make is an order
 * that exploration tries. Its latency only moves the receiver's clock. Mailboxes keep the order of
 * sending.
 */
#include "base/hash.h"
#include "sim/engine/clock.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/state.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void mail_reset(struct mailbox *box, uint64_t in, uint64_t out)
{
    box->first = box->count = 0;
    box->in = in;
    box->out = out;
}

static void put(struct cluster *c, struct mailbox *box, struct mail *mail)
{
    if (box->count == MAIL_MAX)
        cluster_fail(c, ERR_INPUT, "more than %d messages wait in one mailbox", MAIL_MAX);
    else
        box->v[(box->first + box->count++) % MAIL_MAX] = mail;
    gate_notify(c->gate);
}

static struct mail *push(struct task *from, struct mailbox *box, const struct msg *m,
                         int64_t latency_ms)
{
    struct cluster *c = from->cluster;
    struct mail *mail = arena_alloc(&c->arena, sizeof *mail);

    mail->m = *m;
    snprintf(mail->m.from, sizeof mail->m.from, "%s", from->name);
    mail->at = from->now + latency_ms;
    mail->to_node = -1;
    mail->sent_by = from->event;
    mail->thing =
        thing_num(THING_MAIL_IN, hash_u64(hash_str(HASH_INIT, from->name), (uint64_t)++from->sent));
    put(c, box, mail);
    task_touch(from, mail->thing, TOUCH_WRITE, TOUCH_RACES);
    return mail;
}

/* Removes the n-th waiting message. */
static struct mail *pop(struct mailbox *box, int n)
{
    struct mail *mail = box->v[(box->first + n) % MAIL_MAX];

    for (; n > 0; n--)
        box->v[(box->first + n) % MAIL_MAX] = box->v[(box->first + n - 1) % MAIL_MAX];
    box->first = (box->first + 1) % MAIL_MAX;
    box->count--;
    return mail;
}

static void got(struct task *t, const struct mail *mail, enum touch_role role, struct msg *out)
{
    if (mail->at > t->now)
        t->now = mail->at;
    task_touch(t, mail->thing, TOUCH_READ, role);
    task_caused(t, mail->sent_by);
    *out = mail->m;
    state_tell_msg(t, out);
}

static int find_answer(const struct mailbox *box, uint64_t id)
{
    for (int i = 0; i < box->count; i++)
        if (box->v[(box->first + i) % MAIL_MAX]->m.id == id)
            return i;
    return -1;
}

bool mail_has_answer(const struct mailbox *box, uint64_t id)
{
    return find_answer(box, id) >= 0;
}

uint64_t world_request_id(struct world *w)
{
    struct task *t = task_of(w);

    /* By task and number: the same whatever the others do. */
    return ((uint64_t)t->index + 1) * 1000000 + ++t->next_request;
}

/* It is for that mailbox in the end. */
static void hold_up(struct mail *mail, int node, struct mailbox *box)
{
    mail->to_node = node;
    mail->to = box;
}

/* Puts the message into the mailbox, or does with it what a fault says. */
static const char *send_on(struct task *t, int to, struct mailbox *box, const struct msg *m)
{
    struct task *late = NULL;
    enum delivery how = DELIVER;
    /* One clock for all: a message may be there at once, and is read at any time after. */
    int64_t latency_ms = t->cluster->scenario->time.kept ? 0 : t->world.settings->net.latency_ms;

    if (t->cluster->scenario->fault_count)
        how = fault_message(t, to, (int)m->kind, &late);
    task_touch(t, box->in, TOUCH_WRITE, TOUCH_RACES);
    switch (how) {
    case DELIVER:
        push(t, box, m, latency_ms);
        return "sent";
    case LOST:
        t->fate = FATE_LOST;
        return "sent, and lost";
    case TWICE:
        t->fate = FATE_TWICE;
        push(t, box, m, latency_ms);
        push(t, box, m, latency_ms);
        return "sent, and arrives twice";
    case LATE:
        t->fate = FATE_LATE;
        hold_up(push(t, &late->box, m, latency_ms), to, box);
        return "sent, and is late";
    }
    return "";
}

static void note_asked(struct task *t, const char *node, const struct msg *m)
{
    struct cluster *c = t->cluster;
    struct history_asked asked = {.id = m->id, .from = t->name, .to = node};

    asked.token = arena_strdup(&c->arena, m->token);
    history_asked(&c->history, &asked);
}

int world_send(struct world *w, const char *node, const struct msg *m)
{
    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    int to = node_index(c, node);
    struct node_state *n = to >= 0 ? &c->nodes[to] : NULL;
    const char *how = "";
    int rc = 0;

    task_point(t, POINT_SEND, node, msg_kind_name(m->kind));
    if (n && m->id)
        note_asked(t, c->scenario->nodes[to].name, m);
    if (n)
        task_touch(t, n->up_thing, TOUCH_READ, TOUCH_RACES);
    if (n && n->up)
        how = send_on(t, to, &n->box, m);
    else
        rc = -ECONNREFUSED;
    state_tell(t, (uint64_t)rc);
    task_told(t, "%s", rc == 0 ? how : "ECONNREFUSED");
    task_acted(t);
    return rc;
}

void world_receive(struct world *w, struct msg *out)
{
    struct task *t = task_of(w);
    struct mailbox *box = &t->cluster->nodes[t->node].box;

    poll_forget(t);
    task_await(t, &(struct await){.kind = WAIT_MAIL, .mail = box}, POINT_RECEIVE, NULL, NULL);
    task_touch(t, box->out, TOUCH_WRITE, TOUCH_CONTENDS);
    got(t, pop(box, 0), TOUCH_NEEDS, out);
    task_told(t, "%s %s from %s", msg_kind_name(out->kind), out->record.stream, out->from);
    task_acted(t);
}

void world_answer(struct world *w, const struct msg *request, const struct msg *answer)
{
    struct task *t = task_of(w);
    struct task *to = task_named(t->cluster, request->from);
    const char *how = "but nobody is there";
    bool there;

    task_point(t, POINT_ANSWER, request->from, NULL);
    there = to && t->cluster->nodes[to->node].up;
    if (to)
        task_touch(t, t->cluster->nodes[to->node].up_thing, TOUCH_READ, TOUCH_RACES);
    task_touch(t, thing_num(THING_MAIL_OUT, answer->id), TOUCH_WRITE, TOUCH_RACES);
    if (there) {
        how = send_on(t, to->node, &to->box, answer);
    }
    task_told(t, "%s, %s", status_name(answer->status), how);
    task_acted(t);
}

int world_await_answer(struct world *w, uint64_t id, int64_t timeout_ms, struct msg *out)
{
    struct task *t = task_of(w);
    struct await wait = {.kind = WAIT_ANSWER, .mail = &t->box, .id = id, .timed = true};
    enum touch_role role;
    int n;

    wait.deadline = clock_begin(t, timeout_ms);
    task_await(t, &wait, POINT_AWAIT, NULL, NULL);
    n = find_answer(&t->box, id);
    /* Had it been due already, the answer and the time-out would have raced. */
    role = t->was_due ? TOUCH_RACES : TOUCH_NEEDS;
    task_touch(t, thing_num(THING_MAIL_OUT, id), TOUCH_READ,
               t->was_due ? TOUCH_RACES : TOUCH_NEEDS_ONE); /* it may have been answered twice */
    state_tell(t, n >= 0);
    if (n >= 0)
        got(t, pop(&t->box, n), role, out);
    else
        clock_came(t, wait.deadline);
    if (n >= 0)
        task_told(t, "%s from %s", status_name(out->status), out->from);
    else
        task_told(t, "ETIMEDOUT");
    task_acted(t);
    return n >= 0 ? 0 : -ETIMEDOUT;
}

void world_post(struct world *w, const char *task, const struct msg *m)
{
    struct task *t = task_of(w);
    struct task *to = task_named(t->cluster, arena_printf(w->arena, "%s/%s", w->node, task));

    assert(to);
    gate_enter(t->cluster->gate);
    if (to->alive) {
        task_touch(t, to->box.in, TOUCH_WRITE, TOUCH_RACES);
        push(t, &to->box, m, 0);
    }
    gate_leave(t->cluster->gate);
}

void world_take(struct world *w, struct msg *out)
{
    struct task *t = task_of(w);

    task_await(t, &(struct await){.kind = WAIT_MAIL, .mail = &t->box}, POINT_TAKE, NULL, NULL);
    got(t, pop(&t->box, 0), TOUCH_NEEDS, out);
    task_told(t, "%s %s", msg_kind_name(out->kind), out->record.stream);
    task_acted(t);
}

const char *const *world_peers(struct world *w, const char *role)
{
    struct task *t = task_of(w);
    struct cluster *c = t->cluster;
    const char **names =
        arena_alloc(w->arena, sizeof *names * (size_t)(c->scenario->node_count + 1));
    int n = 0;

    gate_enter(c->gate);
    for (int i = 0; i < c->scenario->node_count; i++) {
        if (i == t->node || strcmp(c->scenario->nodes[i].role->name, role) != 0)
            continue;
        task_touch(t, c->nodes[i].up_thing, TOUCH_READ, TOUCH_RACES);
        state_tell(t, c->nodes[i].up);
        if (c->nodes[i].up)
            names[n++] = c->scenario->nodes[i].name;
    }
    gate_leave(c->gate);
    return names;
}

/* --- messages that are late: a fault's task keeps them for a while --- */

void net_take_late(struct task *t, struct mail *out)
{
    struct mail *mail;

    task_await(t, &(struct await){.kind = WAIT_MAIL, .mail = &t->box}, POINT_TAKE, NULL, NULL);
    mail = pop(&t->box, 0);
    task_touch(t, mail->thing, TOUCH_READ, TOUCH_NEEDS);
    task_caused(t, mail->sent_by);
    t->now = mail->at > t->now ? mail->at : t->now;
    *out = *mail;
    state_tell_msg(t, &mail->m);
    state_tell(t, (uint64_t)mail->to_node);
    state_tell(t, mail->to->in);
    task_told(t, "%s from %s is held up", msg_kind_name(out->m.kind), out->m.from);
    task_acted(t);
}

void net_deliver(struct task *t, const struct mail *mail)
{
    const struct node_state *n = &t->cluster->nodes[mail->to_node];

    task_point(t, POINT_SEND, "late", msg_kind_name(mail->m.kind));
    task_touch(t, n->up_thing, TOUCH_READ, TOUCH_RACES);
    task_touch(t, mail->to->in, TOUCH_WRITE, TOUCH_RACES);
    if (mail->to != &n->box) /* an answer: who asked may have given up */
        task_touch(t, thing_num(THING_MAIL_OUT, mail->m.id), TOUCH_WRITE, TOUCH_RACES);
    if (n->up) {
        struct mail *copy = push(t, mail->to, &mail->m, 0);

        snprintf(copy->m.from, sizeof copy->m.from, "%s", mail->m.from);
    }
    task_told(t, n->up ? "arrives" : "arrives, but nobody is there");
    task_acted(t);
}
