/* What tests/model_diff.c cannot compare: the model's own bounds, marks and memory. */
#include "base/strbuf.h"
#include "fsstore/port/model.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <string.h>

static int write_file(struct port *p, const char *path, enum port_open how, const char *data)
{
    int h = p->calls->open(p, path, how);
    if (h < 0)
        return h;
    p->calls->write(p, h, data, strlen(data));
    return p->calls->close(p, h);
}

static const char *read_file(struct port *p, const char *path)
{
    static char buf[100];
    int h = p->calls->open(p, path, PORT_READ);
    if (h < 0)
        return errno_name(h);
    ssize_t n = p->calls->read(p, h, buf, sizeof buf - 1);
    p->calls->close(p, h);
    buf[n < 0 ? 0 : n] = '\0';
    return buf;
}

static void test_reset(void)
{
    struct port *p = port_model_open();
    write_file(p, "kept", PORT_CREATE, "old");
    p->calls->mkdir(p, "d");
    p->calls->mark(p);
    write_file(p, "kept", PORT_CREATE, "n");
    write_file(p, "kept", PORT_APPEND, "ew");
    p->calls->rename(p, "kept", "d/moved", false);
    write_file(p, "kept", PORT_CREATE_EXCL, "another");
    UNIT_INT(p->calls->reset(p), 0);
    UNIT_STR(read_file(p, "kept"), "old");
    UNIT_STR(read_file(p, "d/moved"), "ENOENT");
    UNIT_INT(p->calls->rmdir(p, PORT_TMP), 0); /* is there over every reset */
    UNIT_INT(p->calls->reset(p), 0);
    UNIT_INT(p->calls->rmdir(p, PORT_TMP), 0);
    port_free(p);
}

/* A handle does not outlive a reset, even if it was open at the mark. */
static void test_open_at_mark(void)
{
    struct port *p = port_model_open();
    int h = p->calls->open(p, "a", PORT_CREATE);
    p->calls->write(p, h, "one", 3);
    p->calls->mark(p);
    p->calls->write(p, h, "two", 3);
    UNIT_STR(read_file(p, "a"), "onetwo");
    UNIT_INT(p->calls->reset(p), 0);
    UNIT_STR(read_file(p, "a"), "one");
    UNIT_INT((int)p->calls->write(p, h, "x", 1), -EBADF);
    UNIT_INT(p->calls->close(p, h), -EBADF);
    port_free(p);
}

static void one_execution(struct port *p, int queue)
{
    char path[] = "d/0";
    struct port_event events[8];
    p->calls->mkdir(p, "d");
    p->calls->watch_add(p, queue, "d");
    for (int i = 0; i < 50; i++) {
        path[2] = (char)('0' + i);
        write_file(p, path, PORT_CREATE, "some data that is no secret");
    }
    while (p->calls->watch_read(p, queue, 8, events) > 0)
        continue;
    p->calls->reset(p);
}

static void test_no_allocation(void)
{
    struct port *port = port_model_open();
    struct port_model *p = model_of(port);
    int queue = port->calls->watch_open(port);
    one_execution(port, queue);
    size_t pool = p->pool_cap;
    int names = p->tree.name_cap, events = p->queues[queue].cap;
    for (int i = 0; i < 100; i++)
        one_execution(port, queue);
    CU_ASSERT(p->pool_cap == pool);
    UNIT_INT(p->tree.name_cap, names);
    UNIT_INT(p->queues[queue].cap, events);
    port_free(port);
}

static void test_bounds(void)
{
    struct port *p = port_model_open();
    write_file(p, "a", PORT_CREATE, "");
    for (int i = 0; i < MODEL_HANDLES; i++)
        UNIT_INT(p->calls->open(p, "a", PORT_READ), i); /* the lowest that is free */
    UNIT_INT(p->calls->open(p, "a", PORT_READ), -EMFILE);
    UNIT_INT(p->calls->close(p, 7), 0);
    UNIT_INT(p->calls->open(p, "a", PORT_READ), 7);
    for (int i = 0; i < MODEL_QUEUES; i++)
        UNIT_INT(p->calls->watch_open(p), i);
    UNIT_INT(p->calls->watch_open(p), -EMFILE);
    p->calls->watch_close(p, 3);
    UNIT_INT(p->calls->watch_open(p), 3);
    port_free(p);
}

static bool note(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    struct strbuf *seen = ctx;
    strbuf_printf(seen, "%d %s", depth, path);
    if (data)
        strbuf_printf(seen, "=%.*s", (int)len, data);
    strbuf_adds(seen, "; ");
    return strcmp(path, PORT_TMP) != 0;
}

static void test_walk(void)
{
    struct port *p = port_model_open();
    struct strbuf seen = STRBUF_INIT;
    write_file(p, PORT_TMP "/half", PORT_CREATE, "made");
    write_file(p, "b", PORT_CREATE, "2");
    p->calls->mkdir(p, "a");
    write_file(p, "a/z", PORT_CREATE, "");
    write_file(p, "a/y", PORT_CREATE, "1");
    p->calls->walk(p, note, &seen);
    UNIT_STR(seen.s, "0 .tmp; 0 a; 1 a/y=1; 1 a/z=; 0 b=2; ");
    strbuf_release(&seen);
    port_free(p);
}

void suite_port_model(void)
{
    static const struct unit_test tests[] = {
        {"reset", test_reset},   {"open_at_mark", test_open_at_mark},
        {"bounds", test_bounds}, {"no_allocation", test_no_allocation},
        {"walk", test_walk},
    };
    unit_add("port_model", tests, UNIT_COUNT(tests));
}
