#include "sim/exec/executor.h"
#include "base/mem.h"
#include "sim/exec/fiber.h"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Static_assert(GATE_SLOTS <= 64, "a bit for each task in struct choice");

struct slot {
    struct gate *gate;
    int index;
    bool made;
    struct fiber fiber; /* GATE_FIBERS */
    sem_t turn;         /* else */
    pthread_t thread;
    gate_body_fn *body; /* NULL: nothing to run; with `turn`: the thread is to end */
    void *arg;
};

struct gate {
    enum gate_kind kind;
    struct slot slots[GATE_SLOTS];
    struct fiber fiber; /* the controller's: GATE_FIBERS */

    /* GATE_THREADS */
    sem_t controller;
    cpu_set_t before; /* the controller's CPUs */
    bool pinned;

    /* GATE_OPEN */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int running;
};

/* --- fibers --- */

static struct fiber *fiber_of(struct gate *g, int slot)
{
    return slot == GATE_CONTROLLER ? &g->fiber : &g->slots[slot].fiber;
}

static void slot_fiber(void *arg)
{
    struct slot *s = arg;

    for (;;) {
        int next = s->body(s->arg);

        if (next != s->index)
            fiber_switch(&s->fiber, fiber_of(s->gate, next));
    }
}

/* --- threads --- */

static void take_turn(sem_t *turn)
{
    while (sem_wait(turn) != 0)
        assert(errno == EINTR);
}

static void hand_over(struct gate *g, int to)
{
    sem_post(to == GATE_CONTROLLER ? &g->controller : &g->slots[to].turn);
}

static void body_ended(struct gate *g)
{
    pthread_mutex_lock(&g->mutex);
    g->running--;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->mutex);
}

static void *slot_thread(void *arg)
{
    struct slot *s = arg;

    for (;;) {
        int next;

        take_turn(&s->turn);
        if (!s->body)
            return NULL;
        next = s->body(s->arg);
        if (s->gate->kind == GATE_OPEN)
            body_ended(s->gate);
        else
            hand_over(s->gate, next);
    }
}

static void pin_controller(struct gate *g)
{
    cpu_set_t one;
    int cpu = sched_getcpu();

    if (cpu < 0 || sched_getaffinity(0, sizeof g->before, &g->before) != 0)
        return;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    g->pinned =
        sched_setaffinity(0, sizeof one, &one) == 0; /* threads made from now on inherit it */
}

/* --- all --- */

struct gate *gate_new(enum gate_kind kind)
{
    assert(kind == GATE_FIBERS || kind == GATE_THREADS || kind == GATE_OPEN);

    struct gate *g = mem_alloc(sizeof *g);

    g->kind = kind;
    fiber_here(&g->fiber);
    sem_init(&g->controller, 0, 0);
    pthread_mutex_init(&g->mutex, NULL);
    pthread_cond_init(&g->changed, NULL);
    for (int i = 0; i < GATE_SLOTS; i++) {
        g->slots[i].gate = g;
        g->slots[i].index = i;
        sem_init(&g->slots[i].turn, 0, 0);
    }
    if (kind == GATE_THREADS)
        pin_controller(g);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    for (int i = 0; i < GATE_SLOTS; i++) {
        struct slot *s = &g->slots[i];

        if (s->made && g->kind == GATE_FIBERS) {
            fiber_release(&s->fiber);
        } else if (s->made) {
            s->body = NULL;
            sem_post(&s->turn);
            pthread_join(s->thread, NULL);
        }
        sem_destroy(&s->turn);
    }
    if (g->pinned)
        sched_setaffinity(0, sizeof g->before, &g->before);
    sem_destroy(&g->controller);
    pthread_cond_destroy(&g->changed);
    pthread_mutex_destroy(&g->mutex);
    free(g);
}

/* The slot gets its stack. */
static enum err_code make(struct slot *s, struct err *err)
{
    int rc;

    if (s->gate->kind == GATE_FIBERS)
        return fiber_init(&s->fiber, slot_fiber, s, err);
    rc = pthread_create(&s->thread, NULL, slot_thread, s);
    return rc == 0 ? OK : err_set(err, ERR_IO, "cannot make a thread: %s", strerror(rc));
}

enum err_code gate_start(struct gate *g, int slot, gate_body_fn *body, void *arg, struct err *err)
{
    assert(g);

    struct slot *s;

    assert(slot >= 0 && slot < GATE_SLOTS);
    assert(body);
    s = &g->slots[slot];
    s->body = body;
    s->arg = arg;
    if (!s->made && make(s, err) != OK)
        return err->code;
    s->made = true;
    if (g->kind == GATE_OPEN) {
        pthread_mutex_lock(&g->mutex);
        g->running++;
        pthread_mutex_unlock(&g->mutex);
        sem_post(&s->turn);
    }
    return OK;
}

void gate_switch(struct gate *g, int from, int to)
{
    assert(from >= GATE_CONTROLLER && from < GATE_SLOTS);
    assert(to >= GATE_CONTROLLER && to < GATE_SLOTS);
    assert(g->kind != GATE_OPEN && from != to);
    if (g->kind == GATE_FIBERS) {
        fiber_switch(fiber_of(g, from), fiber_of(g, to));
        return;
    }
    hand_over(g, to);
    take_turn(from == GATE_CONTROLLER ? &g->controller : &g->slots[from].turn);
}

void gate_join(struct gate *g)
{
    assert(g);
    pthread_mutex_lock(&g->mutex);
    while (g->running > 0)
        pthread_cond_wait(&g->changed, &g->mutex);
    pthread_mutex_unlock(&g->mutex);
}

void gate_enter(struct gate *g)
{
    assert(g);
    if (g->kind == GATE_OPEN)
        pthread_mutex_lock(&g->mutex);
}

void gate_leave(struct gate *g)
{
    assert(g);
    if (g->kind == GATE_OPEN)
        pthread_mutex_unlock(&g->mutex);
}

void gate_wait(struct gate *g, int64_t timeout_ms)
{
    struct timespec until;

    assert(g->kind == GATE_OPEN);
    if (timeout_ms < 0) {
        pthread_cond_wait(&g->changed, &g->mutex);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&g->changed, &g->mutex, &until);
}

void gate_notify(struct gate *g)
{
    assert(g);
    if (g->kind == GATE_OPEN)
        pthread_cond_broadcast(&g->changed);
}

int64_t gate_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
