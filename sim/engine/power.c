#include "sim/engine/power.h"
#include "fsstore/port/power.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

enum { POWER_ON = 1000, POWER_READY, POWER_ASKS, POWER_ANSWER }; /* beside the numbers of faults */

uint64_t power_thing(void)
{
    return thing_num(THING_FAULT, POWER_ON);
}

uint64_t power_contended(void)
{
    return thing_num(THING_FAULT, POWER_ANSWER);
}

static void check(struct cluster *c, int rc)
{
    if (rc != 0)
        cluster_fail(c, ERR_IO, "the store after a loss of power: %s", strerror(-rc));
}

void power_begin(struct cluster *c)
{
    assert(c);
    c->asking = NULL;
    check(c, port_power_on(c->power));
}

void power_end(struct cluster *c)
{
    assert(c);
    port_power_off(c->power);
}

/* The next question, which both tasks have at their points; after the last one the machine is up
 * again. */
static void ask(struct cluster *c)
{
    const char *what = port_power_ask(c->power);

    c->asking = what ? arena_strdup(&c->arena, what) : NULL;
    for (int i = 0; i < c->task_count; i++)
        if (c->tasks[i].wait.kind == WAIT_DISK)
            c->tasks[i].pending.object2 = c->asking;
    if (!what)
        check(c, port_power_restore(c->power));
}

bool power_may_fail(const struct task *t)
{
    assert(t);
    return t->cluster->tasks[t->fault->task + 1].wait.kind == WAIT_DISK;
}

void power_fail(struct task *t)
{
    assert(t);

    struct cluster *c = t->cluster;

    task_touch(t, power_thing(), TOUCH_WRITE, TOUCH_RACES);
    task_touch(t, thing_num(THING_FAULT, POWER_READY), TOUCH_READ, TOUCH_NEEDS);
    task_touch(t, thing_num(THING_FAULT, POWER_ASKS), TOUCH_WRITE, TOUCH_RACES);
    for (int i = 0; i < c->scenario->node_count; i++) {
        task_touch(t, c->nodes[i].up_thing, TOUCH_WRITE, TOUCH_RACES);
        node_down(c, i, t);
    }
    task_told(t, "all are down");
    ask(c);
}

void power_settle(struct task *t)
{
    assert(t);

    struct cluster *c = t->cluster;
    bool kept = t->index != t->fault->task;

    if (kept)
        task_touch(t, thing_num(THING_FAULT, POWER_READY), TOUCH_WRITE, TOUCH_ENABLES);
    for (;;) {
        task_await(t, &(struct await){.kind = WAIT_DISK}, POINT_FAULT, kept ? "keep" : "lose",
                   c->asking);
        task_touch(t, thing_num(THING_FAULT, POWER_ASKS), TOUCH_READ, TOUCH_NEEDS);
        task_touch(t, power_contended(), TOUCH_WRITE, TOUCH_CONTENDS);
        task_touch(t, power_thing(), TOUCH_UPDATE, TOUCH_ENABLES);
        task_told(t, "%s", "");
        port_power_answer(c->power, kept);
        ask(c);
        task_acted(t);
    }
}
