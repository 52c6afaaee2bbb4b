#include "fsstore/store/object.h"
#include "fsstore/store/watch.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int put(struct fix *f, const char *key)
{
    return object_put(&f->store, key, "x", 1);
}

/* --- the kernel's events ------------------------------------------------------------------------
 */

static int watch_root(struct fix *f)
{
    fix_open(f, STORE_POSIX);
    f->store.hooks = NULL;
    int q = f->calls->watch_open(f->port);
    UNIT_INT(q, 0);
    UNIT_INT(f->calls->watch_add(f->port, q, ""), 0);
    return q;
}

static void test_events(void)
{
    struct fix f;
    int q = watch_root(&f);
    const struct port_calls *c = f.calls;
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    c->mkdir(f.port, "d");
    UNIT_STR(fix_events(&f, q, 9), "CREATE d/");
    int h = c->open(f.port, "x", PORT_CREATE);
    UNIT_STR(fix_events(&f, q, 9), "CREATE x");
    c->write(f.port, h, "x", 1);
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    c->close(f.port, h);
    UNIT_STR(fix_events(&f, q, 9), "CLOSE_WRITE x");
    fix_read(&f, "x");
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    c->rename(f.port, "x", "y", false);
    UNIT_STR(fix_events(&f, q, 9), "MOVED_FROM x, MOVED_TO y");
    c->rename(f.port, "y", "d/y", false);
    UNIT_STR(fix_events(&f, q, 9), "MOVED_FROM y");
    c->link(f.port, "d/y", "l");
    UNIT_STR(fix_events(&f, q, 9), "CREATE l");
    c->unlink(f.port, "l");
    UNIT_STR(fix_events(&f, q, 9), "DELETE l");
    c->rename(f.port, "d", "e", false);
    UNIT_STR(fix_events(&f, q, 9), "MOVED_FROM d/, MOVED_TO e/");
    c->unlink(f.port, "e/y");
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    c->rmdir(f.port, "e");
    UNIT_STR(fix_events(&f, q, 9), "DELETE e/");
    put(&f, "obj"); /* from a directory that is not watched */
    UNIT_STR(fix_events(&f, q, 9), "MOVED_TO obj");
    put(&f, "obj");
    UNIT_STR(fix_events(&f, q, 9), "MOVED_TO obj");
    object_put_if_absent(&f.store, "excl", "x", 1);
    UNIT_STR(fix_events(&f, q, 9), "CREATE excl, CLOSE_WRITE excl");
    fix_close(&f);
}

static void test_paths(void)
{
    struct fix f;
    int q = watch_root(&f);
    char name[PORT_PATH_MAX];
    f.calls->mkdir(f.port, "d");
    f.calls->mkdir(f.port, "d/e");
    UNIT_INT(f.calls->watch_add(f.port, q, "d/e"), 0);
    fix_write(&f, "d/e/x", PORT_CREATE, "");
    UNIT_STR(fix_events(&f, q, 9), "CREATE d/, CREATE d/e/x, CLOSE_WRITE d/e/x");
    memset(name, 'n', sizeof name);
    memcpy(name, "d/e/", 4);
    name[PORT_PATH_MAX - 1] = '\0';
    UNIT_INT(f.calls->mkdir(f.port, name), 0);
    UNIT_STR(fix_events(&f, q, 1), arena_printf(&f.arena, "CREATE %s/", name));
    UNIT_INT(f.calls->watch_add(f.port, q, "no"), -ENOENT);
    UNIT_INT(f.calls->watch_add(f.port, q, "d/e/x/y"), -ENOTDIR);
    fix_close(&f);
}

static void test_one_at_a_time(void)
{
    struct fix f;
    int q = watch_root(&f);
    f.calls->mkdir(f.port, "a-name-that-is-much-longer-than-sixteen-bytes");
    fix_write(&f, "x", PORT_CREATE, "");
    f.calls->unlink(f.port, "x");
    CU_ASSERT(f.calls->watch_ready(f.port, q));
    UNIT_STR(fix_events(&f, q, 1), "CREATE a-name-that-is-much-longer-than-sixteen-bytes/");
    UNIT_STR(fix_events(&f, q, 1), "CREATE x");
    UNIT_STR(fix_events(&f, q, 2), "CLOSE_WRITE x, DELETE x");
    CU_ASSERT(!f.calls->watch_ready(f.port, q));
    UNIT_STR(fix_events(&f, q, 1), "EAGAIN");
    fix_close(&f);
}

/* Equal neighbours are merged while they are in the kernel, and what is not yet read must be left
 * there. */
static void test_coalescing(void)
{
    struct fix f;
    int q = watch_root(&f);
    fix_write(&f, "a", PORT_CREATE, "");
    fix_write(&f, "a", PORT_CREATE, "");
    fix_write(&f, "a", PORT_CREATE, "");
    UNIT_STR(fix_events(&f, q, 1), "CREATE a");
    CU_ASSERT(f.calls->watch_ready(f.port, q));
    fix_write(&f, "a", PORT_APPEND, "");
    UNIT_STR(fix_events(&f, q, 9), "CLOSE_WRITE a");
    fix_write(&f, "a", PORT_APPEND, "");
    fix_write(&f, "b", PORT_APPEND, "");
    fix_write(&f, "a", PORT_APPEND, "");
    UNIT_STR(fix_events(&f, q, 9), "CLOSE_WRITE a, CREATE b, CLOSE_WRITE b, CLOSE_WRITE a");
    fix_close(&f);
}

static void test_same_path(void)
{
    struct fix f;
    int q = watch_root(&f);
    UNIT_INT(f.calls->watch_add(f.port, q, "."), 0);
    UNIT_INT(f.calls->watch_add(f.port, q, ""), 0);
    f.calls->mkdir(f.port, "d");
    UNIT_STR(fix_events(&f, q, 9), "CREATE d/");
    f.calls->watch_add(f.port, q, "d");
    f.calls->rename(f.port, "d", "e", false);
    f.calls->watch_add(f.port, q, "e");
    fix_write(&f, "e/x", PORT_CREATE_EXCL, NULL);
    UNIT_STR(fix_events(&f, q, 9), "MOVED_FROM d/, MOVED_TO e/, CREATE e/x, CLOSE_WRITE e/x");
    fix_close(&f);
}

/* IN_IGNORED is swallowed, and a queue that has nothing else is not ready. */
static void test_delete_self(void)
{
    struct fix f;
    int q = watch_root(&f);
    int q2 = f.calls->watch_open(f.port);
    for (int i = 0; i < 3; i++) {
        f.calls->mkdir(f.port, "d");
        UNIT_INT(f.calls->watch_add(f.port, q2, "d"), 0);
        f.calls->rmdir(f.port, "d");
        CU_ASSERT(f.calls->watch_ready(f.port, q2));
        UNIT_STR(fix_events(&f, q2, 1), "DELETE_SELF d");
        CU_ASSERT(!f.calls->watch_ready(f.port, q2));
        UNIT_STR(fix_events(&f, q2, 1), "EAGAIN");
    }
    UNIT_STR(fix_events(&f, q, 9),
             "CREATE d/, DELETE d/, CREATE d/, DELETE d/, CREATE d/, DELETE d/");
    fix_close(&f);
}

static void test_peek_loses_nothing(void)
{
    struct fix f;
    int q = watch_root(&f);
    f.calls->mkdir(f.port, "d");
    UNIT_INT(f.calls->watch_add(f.port, q, "d"), 0);
    f.calls->rmdir(f.port, "d");
    f.calls->mkdir(f.port, "d");
    f.calls->mkdir(f.port, "e");
    UNIT_STR(fix_events(&f, q, 2), "CREATE d/, DELETE_SELF d");
    for (int i = 0; i < 3; i++)
        CU_ASSERT(f.calls->watch_ready(f.port, q));
    UNIT_INT(f.calls->watch_add(f.port, q, "d"), 0);
    UNIT_STR(fix_events(&f, q, 2), "DELETE d/, CREATE d/");
    UNIT_STR(fix_events(&f, q, 1), "CREATE e/");
    CU_ASSERT(!f.calls->watch_ready(f.port, q));
    f.calls->mkdir(f.port, "d/x");
    UNIT_STR(fix_events(&f, q, 1), "CREATE d/x/");
    fix_close(&f);
}

static void test_clear(void)
{
    struct fix f;
    int q = watch_root(&f);
    f.calls->mkdir(f.port, "d");
    f.calls->watch_add(f.port, q, "d");
    f.calls->mkdir(f.port, "e");
    f.calls->watch_add(f.port, q, "e");
    f.calls->rmdir(f.port, "e");
    char name[64];
    for (int i = 0; i < 300; i++) { /* more than one read takes */
        snprintf(name, sizeof name, "d/a-file-with-a-long-name-%d", i);
        fix_write(&f, name, PORT_CREATE, NULL);
    }
    fix_events(&f, q, 2);
    f.calls->watch_clear(f.port, q);
    CU_ASSERT(!f.calls->watch_ready(f.port, q));
    fix_write(&f, "d/x", PORT_CREATE, NULL);
    fix_write(&f, "x", PORT_CREATE, NULL);
    UNIT_STR(fix_events(&f, q, 1), "EAGAIN");
    f.calls->watch_add(f.port, q, "d");
    fix_write(&f, "d/x", PORT_CREATE, NULL);
    UNIT_STR(fix_events(&f, q, 9), "CLOSE_WRITE d/x");
    f.calls->watch_clear(f.port, q);
    f.calls->watch_clear(f.port, q);
    f.calls->watch_close(f.port, q);
    UNIT_INT(f.calls->watch_open(f.port), q);
    CU_ASSERT(!f.calls->watch_ready(f.port, q));
    fix_close(&f);
}

static void test_overflow(void)
{
    struct fix f;
    int q = watch_root(&f);
    if (fix_overflow(&f)) {
        struct port_event e;
        int events = 0, overflows = 0;
        while (f.calls->watch_read(f.port, q, 1, &e) == 1) {
            events++;
            if (e.kind == EVENT_OVERFLOW) {
                UNIT_STR(e.path, "");
                overflows++;
            }
        }
        CU_ASSERT(events > 1000);
        UNIT_INT(overflows, 1);
        CU_ASSERT(!f.calls->watch_ready(f.port, q));
    }
    fix_close(&f);
}

/* There is room for the DELETE_SELF but not for its IGNORED: what is found instead of that is kept
 * for the reader. */
static void test_peek_holds(void)
{
    struct fix f;
    int limit = fix_queue_limit();
    fix_open(&f, STORE_POSIX);
    int q = f.calls->watch_open(f.port);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/x", PORT_CREATE, "");
    f.calls->watch_add(f.port, q, "d");
    if (limit > 0 && limit % 2 == 0) {
        f.calls->rename(f.port, "d/x", "x", false);
        fix_flood(&f, "d/flood", limit / 2 - 1);
        f.calls->rmdir(f.port, "d");
        for (int i = 0; i < limit - 1; i += 1000)
            fix_events(&f, q, limit - 1 - i < 1000 ? limit - 1 - i : 1000);
        UNIT_STR(fix_events(&f, q, 1), "DELETE_SELF d");
        CU_ASSERT(f.calls->watch_ready(f.port, q));
        CU_ASSERT(f.calls->watch_ready(f.port, q));
        UNIT_STR(fix_events(&f, q, 9), "OVERFLOW ");
        CU_ASSERT(!f.calls->watch_ready(f.port, q));
    }
    fix_close(&f);
}

static void test_many_queues(void)
{
    struct fix f;
    int q = watch_root(&f), last = q;
    while (last >= 0 && last < 1000)
        last = f.calls->watch_open(f.port);
    UNIT_INT(last, -EMFILE);
    f.calls->watch_close(f.port, q);
    UNIT_INT(f.calls->watch_open(f.port), q);
    fix_close(&f);
}

static void test_bare(void)
{
    struct fix f;
    struct port_event e[2];
    fix_open(&f, STORE_OBJECT);
    int q = f.calls->watch_open(f.port);
    UNIT_INT(watch_add(&f.store, q, "no"), -ENOENT);
    UNIT_INT(watch_add(&f.store, q, ""), 0);
    UNIT_INT(watch_next(&f.store, q, 2, e), -EAGAIN);
    put(&f, "a");
    put(&f, "b");
    put(&f, "c");
    UNIT_INT(watch_next(&f.store, q, 2, e), 2);
    UNIT_STR(e[1].path, "b");
    UNIT_INT(e[1].kind, EVENT_MOVED_TO);
    fix_close(&f);
}

void suite_watch(void)
{
    static const struct unit_test tests[] = {
        {"events", test_events},
        {"paths", test_paths},
        {"one_at_a_time", test_one_at_a_time},
        {"coalescing", test_coalescing},
        {"same_path", test_same_path},
        {"delete_self", test_delete_self},
        {"peek_loses_nothing", test_peek_loses_nothing},
        {"clear", test_clear},
        {"overflow", test_overflow},
        {"peek_holds", test_peek_holds},
        {"many_queues", test_many_queues},
        {"bare", test_bare},
    };
    unit_add("watch", tests, UNIT_COUNT(tests));
}
