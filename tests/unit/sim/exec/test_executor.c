#include "base/strbuf.h"
#include "sim/exec/executor.h"
#include "tests/unit/unit.h"
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <string.h>

/* --- closed: one at a time ----------------------------------------------------------------------
 */

struct relay { /* who ran, in which order */
    struct gate *gate;
    struct strbuf log;
};

struct runner {
    struct relay *relay;
    int slot, next, laps;
    pthread_t thread;
    uintptr_t stack; /* about where */
};

static void note(struct runner *r, const char *what)
{
    strbuf_printf(&r->relay->log, "%s%d ", what, r->slot);
}

/* Hands over `laps` times and comes back each time, then ends. */
static int run(void *arg)
{
    struct runner *r = arg;

    r->thread = pthread_self();
    r->stack = (uintptr_t)__builtin_frame_address(0);
    note(r, "+");
    for (int i = 0; i < r->laps; i++) {
        gate_switch(r->relay->gate, r->slot, r->next);
        note(r, ".");
    }
    note(r, "-");
    return r->next;
}

static void start(struct relay *relay, struct runner *r, int slot, int next, int laps)
{
    *r = (struct runner){.relay = relay, .slot = slot, .next = next, .laps = laps};
    UNIT_INT(gate_start(relay->gate, slot, run, r, NULL), OK);
}

static void check_order(enum gate_kind kind)
{
    struct relay relay = {gate_new(kind), STRBUF_INIT};
    struct runner r[3];

    start(&relay, &r[0], 0, 1, 2);
    start(&relay, &r[1], 1, 2, 2);
    start(&relay, &r[2], 2, 0, 1);
    UNIT_STR(relay.log.s, ""); /* nobody runs before somebody switches to it */
    r[2].next = GATE_CONTROLLER;
    gate_switch(relay.gate, GATE_CONTROLLER, 0);
    UNIT_STR(relay.log.s, "+0 +1 +2 ");
    gate_switch(relay.gate, GATE_CONTROLLER, 1);
    UNIT_STR(relay.log.s, "+0 +1 +2 .1 .2 -2 ");
    r[2].relay = &relay;
    r[1].next = GATE_CONTROLLER;
    gate_switch(relay.gate, GATE_CONTROLLER, 0);
    UNIT_STR(relay.log.s, "+0 +1 +2 .1 .2 -2 .0 .1 -1 ");
    r[0].next = GATE_CONTROLLER;
    gate_switch(relay.gate, GATE_CONTROLLER, 0);
    UNIT_STR(relay.log.s, "+0 +1 +2 .1 .2 -2 .0 .1 -1 .0 -0 ");
    gate_free(relay.gate);
    strbuf_release(&relay.log);
}

/* A slot's stack serves one body after the other. */
static void check_reuse(enum gate_kind kind)
{
    struct relay relay = {gate_new(kind), STRBUF_INIT};
    struct runner first, second, other;

    start(&relay, &first, 5, GATE_CONTROLLER, 0);
    gate_switch(relay.gate, GATE_CONTROLLER, 5);
    start(&relay, &second, 5, GATE_CONTROLLER, 1);
    gate_switch(relay.gate, GATE_CONTROLLER, 5);
    start(&relay, &other, GATE_SLOTS - 1, GATE_CONTROLLER, 0);
    gate_switch(relay.gate, GATE_CONTROLLER, GATE_SLOTS - 1);
    gate_switch(relay.gate, GATE_CONTROLLER, 5);
    UNIT_STR(relay.log.s, "+5 -5 +5 +63 -63 .5 -5 ");
    CU_ASSERT(pthread_equal(first.thread, second.thread));
    UNIT_INT(!pthread_equal(first.thread, other.thread), kind == GATE_THREADS);
    UNIT_INT(!pthread_equal(first.thread, pthread_self()), kind == GATE_THREADS);
    CU_ASSERT(first.stack == second.stack);
    CU_ASSERT(first.stack != other.stack);
    gate_free(relay.gate);
    strbuf_release(&relay.log);
}

/* A body that was never switched to is forgotten. */
static void check_never_run(enum gate_kind kind)
{
    struct relay relay = {gate_new(kind), STRBUF_INIT};
    struct runner first, second;

    start(&relay, &first, 0, GATE_CONTROLLER, 0);
    start(&relay, &second, 0, GATE_CONTROLLER, 0);
    gate_switch(relay.gate, GATE_CONTROLLER, 0);
    UNIT_STR(relay.log.s, "+0 -0 ");
    start(&relay, &first, 1, GATE_CONTROLLER, 0);
    gate_free(relay.gate);
    UNIT_STR(relay.log.s, "+0 -0 ");
    gate_free(NULL);
    strbuf_release(&relay.log);
}

static void test_order(void)
{
    check_order(GATE_FIBERS);
    check_order(GATE_THREADS);
}

static void test_reuse(void)
{
    check_reuse(GATE_FIBERS);
    check_reuse(GATE_THREADS);
}

static void test_never_run(void)
{
    check_never_run(GATE_FIBERS);
    check_never_run(GATE_THREADS);
}

struct jumper {
    struct gate *gate;
    jmp_buf out;
    int came;
};

/* noinline, and something to do behind the call, so that each call has a frame of its own. */
static __attribute__((noinline)) int go_deep(struct jumper *j, int depth)
{
    volatile int here = depth;

    if (depth > 0)
        return go_deep(j, depth - 1) + here;
    gate_switch(j->gate, 0, GATE_CONTROLLER);
    if (j->came >= 0) /* always: a compiler that knew would say that this never returns */
        longjmp(j->out, 1);
    return here;
}

static int jump(void *arg)
{
    struct jumper *j = arg;

    if (setjmp(j->out) == 0)
        go_deep(j, 100);
    j->came++;
    return GATE_CONTROLLER;
}

/* What an unwound task does: out of the depth of its own stack, after others have run. */
static void check_longjmp(enum gate_kind kind)
{
    struct jumper j = {.gate = gate_new(kind)};

    for (int i = 0; i < 3; i++) {
        UNIT_INT(gate_start(j.gate, 0, jump, &j, NULL), OK);
        gate_switch(j.gate, GATE_CONTROLLER, 0);
        UNIT_INT(j.came, i);
        gate_switch(j.gate, GATE_CONTROLLER, 0);
        UNIT_INT(j.came, i + 1);
    }
    gate_free(j.gate);
}

static void test_longjmp(void)
{
    check_longjmp(GATE_FIBERS);
    check_longjmp(GATE_THREADS);
}

/* A gate with threads keeps its controller on one CPU, and gives the others back. */
static void test_cpus(void)
{
    cpu_set_t before, in, after;
    struct gate *g;

    memset(&before, 0xff, sizeof before); /* all that we may have, whatever gates before left us */
    sched_setaffinity(0, sizeof before, &before);
    sched_getaffinity(0, sizeof before, &before);
    g = gate_new(GATE_THREADS);
    sched_getaffinity(0, sizeof in, &in);
    gate_free(g);
    sched_getaffinity(0, sizeof after, &after);
    UNIT_INT(CPU_COUNT(&in), 1);
    CU_ASSERT(CPU_EQUAL(&before, &after));
}

static void test_closed_enter(void)
{
    struct gate *g = gate_new(GATE_FIBERS);

    gate_enter(g); /* do nothing: the hand-over is the lock */
    gate_enter(g);
    gate_notify(g);
    gate_leave(g);
    gate_free(g);
}

/* --- open: all at once ----------------------------------------------------------------------- */

#define ADDERS    8
#define ADDITIONS 2000

struct shared {
    struct gate *gate;
    int count, turn;
};

struct adder {
    struct shared *shared;
    int number;
};

static int add(void *arg)
{
    struct shared *s = ((struct adder *)arg)->shared;

    for (int i = 0; i < ADDITIONS; i++) {
        int seen;

        gate_enter(s->gate);
        seen = s->count;
        if (i % 100 == 0)
            sched_yield();
        s->count = seen + 1;
        gate_leave(s->gate);
    }
    return GATE_CONTROLLER;
}

static void run_all(struct shared *s, gate_body_fn *body)
{
    struct adder adders[ADDERS];

    for (int i = 0; i < ADDERS; i++) {
        adders[i] = (struct adder){s, i};
        UNIT_INT(gate_start(s->gate, i, body, &adders[i], NULL), OK);
    }
    gate_join(s->gate);
}

static void test_open(void)
{
    struct shared s = {gate_new(GATE_OPEN), 0, 0};

    run_all(&s, add);
    UNIT_INT(s.count, ADDERS * ADDITIONS);
    run_all(&s, add); /* and once more with the same threads */
    UNIT_INT(s.count, 2 * ADDERS * ADDITIONS);
    gate_join(s.gate);
    gate_free(s.gate);
}

/* Each waits for its turn and passes it on, the last one first. */
static int wait_turn(void *arg)
{
    struct adder *a = arg;
    struct shared *s = a->shared;

    gate_enter(s->gate);
    while (s->turn != ADDERS - 1 - a->number)
        gate_wait(s->gate, a->number % 2 ? -1 : 1000000);
    s->turn++;
    gate_notify(s->gate);
    gate_leave(s->gate);
    return GATE_CONTROLLER;
}

static void test_open_wait(void)
{
    struct shared s = {gate_new(GATE_OPEN), 0, 0};

    run_all(&s, wait_turn);
    UNIT_INT(s.turn, ADDERS);
    gate_free(s.gate);
}

static int wait_for_nobody(void *arg)
{
    struct adder *a = arg;
    int64_t before = gate_now_ms();

    gate_enter(a->shared->gate);
    while (gate_now_ms() == before)
        gate_wait(a->shared->gate, 1);
    a->shared->count++;
    gate_leave(a->shared->gate);
    return GATE_CONTROLLER;
}

static void test_open_timeout(void)
{
    struct shared s = {gate_new(GATE_OPEN), 0, 0};

    run_all(&s, wait_for_nobody);
    UNIT_INT(s.count, ADDERS);
    gate_free(s.gate);
}

void suite_executor(void)
{
    static const struct unit_test tests[] = {
        {"order", test_order},
        {"reuse", test_reuse},
        {"never_run", test_never_run},
        {"longjmp", test_longjmp},
        {"cpus", test_cpus},
        {"closed_enter", test_closed_enter},
        {"open", test_open},
        {"open_wait", test_open_wait},
        {"open_timeout", test_open_timeout},
    };
    unit_add("executor", tests, UNIT_COUNT(tests));
}
