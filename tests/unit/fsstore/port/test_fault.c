#include "fsstore/port/fault.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SWEEP_MAX 20000 /* calls; more than any execution here makes */

static void open_wrapped(struct fix *f)
{
    fix_open(f, STORE_OBJECT);
    port_fault_wrap(f->port);
    f->calls = f->port->calls;
}

/* fix_close() puts back what it was given; the wrapped table lies in the port, so the real one has
 * to go there. */
static void close_wrapped(struct fix *f)
{
    f->calls = f->port->fault.inner;
    fix_close(f);
}

/* --- each call --- */

static void test_through(void)
{
    struct fix f;

    open_wrapped(&f);
    UNIT_INT(f.calls->mkdir(f.port, "d"), 0);
    UNIT_INT(fix_write(&f, "d/x", PORT_CREATE, "1"), 0);
    UNIT_STR(fix_read(&f, "d/x"), "1");
    CU_ASSERT(!port_fault_disarm(f.port));
    close_wrapped(&f);
}

static int call(struct fix *f, int which, int handle)
{
    const struct port_calls *c = f->calls;
    struct port_names names;
    enum port_kind kind;
    char buf[4];

    switch (which) {
    case 0:
        return c->open(f->port, "new", PORT_CREATE);
    case 1:
        return (int)c->read(f->port, handle, buf, sizeof buf);
    case 2:
        return (int)c->write(f->port, handle, "2", 1);
    case 3:
        return c->fsync(f->port, handle);
    case 4:
        return c->stat(f->port, "x", &kind);
    case 5:
        return c->rename(f->port, "x", "y", false);
    case 6:
        return c->link(f->port, "x", "y");
    case 7:
        return c->unlink(f->port, "x");
    case 8:
        return c->mkdir(f->port, "new");
    case 9:
        return c->rmdir(f->port, "d");
    case 10:
        return c->list(f->port, "", &f->arena, &names);
    default:
        return c->close(f->port, handle);
    }
}

/* It fails, and has done nothing. */
static void test_each_call(void)
{
    struct fix f;
    int handle;

    open_wrapped(&f);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "x", PORT_CREATE, "1");
    handle = f.calls->open(f.port, "x", PORT_APPEND);
    for (int which = 0; which < 11; which++) {
        const char *before = fix_tree(&f);

        port_fault_arm(f.port, 0, -EDQUOT);
        UNIT_INT(call(&f, which, handle), -EDQUOT);
        CU_ASSERT(!port_fault_disarm(f.port));
        UNIT_STR(fix_tree(&f), before);
    }
    port_fault_arm(f.port, 0, -EIO); /* close(2) has closed all the same */
    UNIT_INT(call(&f, 11, handle), -EIO);
    UNIT_INT(call(&f, 2, handle), -EBADF);
    close_wrapped(&f);
}

static void test_after(void)
{
    struct fix f;

    open_wrapped(&f);
    port_fault_arm(f.port, 2, -EIO);
    UNIT_INT(f.calls->mkdir(f.port, "a"), 0);
    UNIT_INT(f.calls->mkdir(f.port, "b"), 0);
    UNIT_INT(f.calls->mkdir(f.port, "c"), -EIO);
    UNIT_INT(f.calls->mkdir(f.port, "c"), 0);
    port_fault_arm(f.port, 1, -EIO);
    UNIT_INT(f.calls->rmdir(f.port, "c"), 0);
    CU_ASSERT(port_fault_disarm(f.port));
    CU_ASSERT(!port_fault_disarm(f.port));
    UNIT_INT(f.calls->rmdir(f.port, "b"), 0);
    close_wrapped(&f);
}

static void test_overflow(void)
{
    struct fix f;
    int queue, other;

    open_wrapped(&f);
    queue = f.calls->watch_open(f.port);
    other = f.calls->watch_open(f.port);
    f.calls->watch_add(f.port, queue, "");
    f.calls->watch_add(f.port, other, "");
    CU_ASSERT(!f.calls->watch_ready(f.port, queue));
    f.calls->mkdir(f.port, "a");
    port_fault_overflow(f.port, queue);
    CU_ASSERT(f.calls->watch_ready(f.port, queue));
    UNIT_STR(fix_events(&f, queue, 8), "OVERFLOW ");
    UNIT_STR(fix_events(&f, queue, 8), "EAGAIN");
    UNIT_STR(fix_events(&f, other, 8), "CREATE a/");
    f.calls->mkdir(f.port, "b");
    UNIT_STR(fix_events(&f, queue, 8), "CREATE b/"); /* the watch is still there */
    port_fault_overflow(f.port, queue);
    f.calls->watch_clear(f.port, queue);
    CU_ASSERT(!f.calls->watch_ready(f.port, queue));
    close_wrapped(&f);
}

/* --- a sweep: each call of a search fails once, in its turn --- */

static const char swept_object[] =
    "\"cluster\": {\"create\": \"proxy\", \"nodes\": {\"i1\": {\"role\": \"ingestor\"}, "
    "\"i2\": {\"role\": \"ingestor\"}, \"q1\": {\"role\": \"querier\"}}}, "
    "\"work\": {\"i1\": [{\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}}], "
    "\"i2\": [{\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}}], "
    "\"q1\": [{\"await\": \"quiet\"}, {\"query\": \"app\"}, {\"restart\": true}, {\"delete\": "
    "\"app\"}]}, "
    "\"order\": [], \"expect\": {}";

static const char swept_posix[] =
    "\"cluster\": {\"create\": \"marker\", \"store\": {\"semantics\": \"posix\"}, "
    "\"nodes\": {\"i1\": {\"role\": \"ingestor\"}, \"q1\": {\"role\": \"querier\"}}}, "
    "\"work\": {\"i1\": [{\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}}], "
    "\"q1\": [{\"await\": \"quiet\"}, {\"query\": \"app\"}]}, "
    "\"order\": [], \"expect\": {}";

static uint64_t outcome(const struct lab *l)
{
    for (int i = 0; i < l->search->outcome_cap; i++)
        if (l->search->outcomes[i].hash)
            return l->search->outcomes[i].hash;
    return 0;
}

/* The call fails: the search says so, or it made no difference (a file was closed after reading).
 * False: there was no such call. `usual`: what comes of it if none fails. */
static bool fail_one(struct lab *l, int k, uint64_t usual)
{
    struct err err = ERR_INIT;
    bool struck;

    port_fault_arm(l->port, k, -EIO);
    lab_try_search(l);
    struck = !port_fault_disarm(l->port);
    if (l->err.code == OK) {
        UNIT_U64(outcome(l), usual);
        return struck;
    }
    CU_ASSERT(struck);
    UNIT_INT(l->err.code, ERR_IO);
    CU_ASSERT(strstr(l->err.story, "Input/output error") != NULL);
    UNIT_INT(search_reset(l->search, &err), OK);
    return struck;
}

static uint64_t usual_outcome(const char *body)
{
    uint64_t usual;
    struct lab l;

    lab_try(&l, body, NULL);
    CU_ASSERT_FATAL(l.search != NULL);
    UNIT_INT(lab_try_search(&l), OK);
    usual = outcome(&l);
    lab_close(&l);
    return usual;
}

static void sweep(const char *body)
{
    uint64_t usual = usual_outcome(body);
    int k = 0;

    for (bool struck = true; struck && k < SWEEP_MAX; k++) {
        struct lab l;
        int64_t executions;

        lab_try(&l, body, NULL);
        CU_ASSERT_FATAL(l.search != NULL);
        port_fault_wrap(l.port);
        struck = fail_one(&l, k, usual);
        executions = l.search->executions;
        UNIT_INT(lab_try_search(&l), OK); /* once more, on the same port */
        UNIT_STR(l.err.story, "");
        CU_ASSERT(l.search->executions > executions);
        lab_close(&l);
    }
    CU_ASSERT(k > 50);
    CU_ASSERT(k < SWEEP_MAX);
}

static void test_sweep_object(void)
{
    sweep(swept_object);
}

static void test_sweep_posix(void)
{
    sweep(swept_posix);
}

/* --- what only the machine can do is remembered, wherever it is looked at --- */

static void test_health(void)
{
    struct err err = ERR_INIT;
    struct lab l;

    lab_try(&l, swept_posix, NULL);
    CU_ASSERT_FATAL(l.search != NULL);
    UNIT_INT(port_answer(l.port, "read", "k", ENOENT, 0), -ENOENT);
    UNIT_INT(port_answer(l.port, "link", "k", EPERM, EPERM), -EPERM);
    UNIT_INT(port_health(l.port, &err), OK);
    UNIT_INT(lab_try_search(&l), OK);
    UNIT_INT(port_answer(l.port, "read", "k", EIO, 0), -EIO);
    UNIT_INT(port_answer(l.port, "list", "d", EACCES, 0), -EACCES); /* the first one counts */
    UNIT_INT(port_health(l.port, &err), ERR_IO);
    UNIT_STR(err.story, "cannot read k: Input/output error");
    UNIT_INT(lab_try_search(&l), ERR_IO);
    UNIT_STR(l.err.story, "cannot read k: Input/output error");
    lab_close(&l);
}

void suite_port_fault(void)
{
    static const struct unit_test tests[] = {
        {"calls go through", test_through},
        {"each call can fail", test_each_call},
        {"the k-th call", test_after},
        {"overflow", test_overflow},
        {"sweep: objects", test_sweep_object},
        {"sweep: system calls", test_sweep_posix},
        {"health", test_health},
    };

    unit_add("port_fault", tests, UNIT_COUNT(tests));
}
