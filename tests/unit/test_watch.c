#include "fsstore/layout.h"
#include "fsstore/object.h"
#include "fsstore/watch.h"
#include "tests/unit/fix.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* More than /proc/sys/fs/inotify/max_queued_events can be for this test to be done. */
#define QUEUE_LIMIT 200000

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

/* How many events the kernel keeps, or 0 if those are too many for a test. */
static int queue_limit(void)
{
    int limit = QUEUE_LIMIT;
    FILE *in = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    if (in && fscanf(in, "%d", &limit) != 1)
        limit = QUEUE_LIMIT;
    if (in)
        fclose(in);
    return limit < QUEUE_LIMIT ? limit : 0;
}

/* Each time two events in the directory above. */
static void flood(struct fix *f, const char *dir, int times)
{
    for (int i = 0; i < times; i++) {
        f->calls->mkdir(f->port, dir);
        f->calls->rmdir(f->port, dir);
    }
}

static bool overflow(struct fix *f)
{
    int limit = queue_limit();
    flood(f, "flood", limit / 2 + 1);
    return limit > 0;
}

static void test_overflow(void)
{
    struct fix f;
    int q = watch_root(&f);
    if (overflow(&f)) {
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
    int limit = queue_limit();
    fix_open(&f, STORE_POSIX);
    int q = f.calls->watch_open(f.port);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/x", PORT_CREATE, "");
    f.calls->watch_add(f.port, q, "d");
    if (limit > 0 && limit % 2 == 0) {
        f.calls->rename(f.port, "d/x", "x", false);
        flood(&f, "d/flood", limit / 2 - 1);
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

/* --- the feed -----------------------------------------------------------------------------------
 */

/* "app/x, -app/y", "(all) …" after an overflow. */
static const char *shown(struct fix *f, const struct watch_changes *c)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, c->rescanned ? "(all) " : "");
    for (int i = 0; i < c->count; i++)
        strbuf_printf(&sb, "%s%s%s", i > 0 ? ", " : "", c->v[i].gone ? "-" : "", c->v[i].path);
    const char *text = arena_strdup(&f->arena, sb.s);
    strbuf_release(&sb);
    return text;
}

static const char *next(struct fix *f, struct watch_feed *feed)
{
    struct watch_changes changes;
    int rc = watch_feed_next(feed, &changes);
    return rc ? errno_name(rc) : shown(f, &changes);
}

static const char *start(struct fix *f, struct watch_feed *feed)
{
    struct watch_changes changes;
    int q = f->calls->watch_open(f->port);
    int rc = watch_feed_start(feed, &f->store, q, layout_watched, &changes);
    return rc ? errno_name(rc) : shown(f, &changes);
}

static void test_feed(void)
{
    struct fix f;
    struct watch_feed feed = {0};
    fix_open(&f, STORE_OBJECT);
    put(&f, "app/.stream/.schema");
    put(&f, "app/data/i1-1"); /* of no interest */
    put(&f, ".markers/app.1");
    put(&f, "file");
    UNIT_STR(start(&f, &feed), "app/.stream/.schema, file");
    UNIT_STR(next(&f, &feed), "EAGAIN");
    put(&f, "app/.stream/.schema");
    object_put_if_absent(&f.store, "app/.stream/.stream.json", "{}", 2);
    put(&f, "app/data/i1-2");
    UNIT_STR(next(&f, &feed), "app/.stream/.schema, app/.stream/.stream.json");
    object_delete(&f.store, "app/.stream/.schema");
    UNIT_STR(next(&f, &feed), "-app/.stream/.schema");
    f.calls->rename(f.port, "app/.stream/.stream.json", "app/.stream/other", false);
    UNIT_STR(next(&f, &feed), "-app/.stream/.stream.json, app/.stream/other");
    UNIT_STR(next(&f, &feed), "EAGAIN");
    fix_close(&f);
}

static void test_feed_new_directory(void)
{
    struct fix f;
    struct watch_feed feed = {0};
    fix_open(&f, STORE_OBJECT);
    start(&f, &feed);
    put(&f, "new/.stream/.schema"); /* all before anybody watches "new" */
    put(&f, "new/.stream/.stream.json");
    UNIT_STR(next(&f, &feed), "new/.stream/.schema, new/.stream/.stream.json");
    put(&f, "new/.stream/.schema");
    UNIT_STR(next(&f, &feed), "new/.stream/.schema");
    object_delete(&f.store, "new/.stream/.schema");
    object_delete(&f.store, "new/.stream/.stream.json");
    f.calls->rmdir(f.port, "new/.stream");
    f.calls->rmdir(f.port, "new");
    UNIT_STR(next(&f, &feed),
             "-new/.stream/.schema, -new/.stream/.stream.json, -new/.stream, -new");
    put(&f, "new/.stream/.schema");
    f.calls->rename(f.port, "new", "moved", false); /* gone when its CREATE is read */
    UNIT_STR(next(&f, &feed), "-new, moved/.stream/.schema");
    UNIT_STR(next(&f, &feed), "EAGAIN");
    fix_close(&f);
}

static void test_feed_late_list_off(void)
{
    struct fix f;
    struct watch_feed feed = {.late_list_off = true};
    fix_open(&f, STORE_OBJECT);
    put(&f, "app/.stream/.schema");
    UNIT_STR(start(&f, &feed), "app/.stream/.schema");
    put(&f, "new/.stream/.schema");
    put(&f, "new/file");
    UNIT_STR(next(&f, &feed), ""); /* missed */
    put(&f, "new/.stream/.stream.json");
    UNIT_STR(next(&f, &feed), "EAGAIN"); /* and nobody watches there */
    put(&f, "new/file2");
    UNIT_STR(next(&f, &feed), "new/file2");
    fix_close(&f);
}

static void test_feed_overflow(void)
{
    struct fix f;
    struct watch_feed feed = {0};
    const char *got = "";
    fix_open(&f, STORE_OBJECT);
    start(&f, &feed);
    put(&f, "app/.stream/old");
    next(&f, &feed);
    if (overflow(&f)) {
        put(&f, "app/.stream/lost");
        put(&f, "lost/.stream/lost");
        for (int i = 0; i < QUEUE_LIMIT && strncmp(got, "(all)", 5) != 0; i++)
            got = next(&f, &feed);
        UNIT_STR(got, "(all) app/.stream/lost, app/.stream/old, lost/.stream/lost");
        put(&f, "lost/.stream/found");
        UNIT_STR(next(&f, &feed), "lost/.stream/found");
    }
    fix_close(&f);
}

static void test_feed_steps(void)
{
    static const enum store_semantics both[] = {STORE_OBJECT, STORE_POSIX};
    for (size_t i = 0; i < UNIT_COUNT(both); i++) {
        struct fix f;
        struct watch_feed feed = {0};
        fix_open(&f, both[i]);
        const char *list = both[i] == STORE_OBJECT ? "store.list" : "fs.list";
        fix_write(&f, "a", PORT_CREATE, "");
        start(&f, &feed);
        UNIT_STR(fix_log(&f), arena_printf(&f.arena, "watch.add; %s 'a'", list));
        f.calls->mkdir(f.port, "app");
        fix_write(&f, "app/x", PORT_CREATE, "");
        f.calls->mkdir(f.port, "app/data");
        f.calls->unlink(f.port, "a");
        UNIT_STR(next(&f, &feed), "app/x, -a");
        UNIT_STR(fix_log(&f),
                 arena_printf(&f.arena,
                              "watch.next 'CREATE app, DELETE a'; watch.add app; %s app 'data x'",
                              list));
        UNIT_STR(next(&f, &feed), "EAGAIN");
        UNIT_STR(fix_log(&f), "watch.next EAGAIN");
        fix_close(&f);
    }
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
        {"feed", test_feed},
        {"feed_new_directory", test_feed_new_directory},
        {"feed_late_list_off", test_feed_late_list_off},
        {"feed_overflow", test_feed_overflow},
        {"feed_steps", test_feed_steps},
        {"bare", test_bare},
    };
    unit_add("watch", tests, UNIT_COUNT(tests));
}
