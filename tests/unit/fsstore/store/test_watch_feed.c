/* The feed of changes: what comes of the kernel's events, which test_watch.c looks at. */
#include "fsstore/store/object.h"
#include "fsstore/store/watch.h"
#include "nodes/stream/layout.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <string.h>

static int put(struct fix *f, const char *key)
{
    return object_put(&f->store, key, "x", 1);
}

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
             "-new, -new/.stream, -new/.stream/.schema, -new/.stream/.stream.json");
    put(&f, "new/.stream/.schema");
    f.calls->rename(f.port, "new", "moved", false); /* gone when its CREATE is read */
    UNIT_STR(next(&f, &feed), "moved/.stream/.schema, -new");
    UNIT_STR(next(&f, &feed), "EAGAIN");
    fix_close(&f);
}

/* One of the operations below, which do not depend on each other. */
static void operate(struct fix *f, int i)
{
    switch (i) {
    case 0:
        f->calls->rename(f->port, "w", "z", false);
        put(f, "w"); /* gone and back: it may be another one */
        break;
    case 1:
        put(f, "app/.stream/.schema");
        put(f, "app/.stream/.schema"); /* named once */
        break;
    case 2:
        object_delete(&f->store, "old");
        break;
    case 3:
        put(f, "a/.stream/.stream.json");
        object_delete(&f->store, "a/.stream/.stream.json"); /* what counts is that it is gone */
        break;
    }
}

/* The changes of one batch when the operations come in this order. */
static const char *changes_of(const int *order, struct arena *a)
{
    struct fix f;
    struct watch_feed feed = {0};
    const char *changes;

    fix_open(&f, STORE_OBJECT);
    put(&f, "old");
    put(&f, "w");
    put(&f, "a/.stream/.schema");
    start(&f, &feed);
    for (int i = 0; i < 4; i++)
        operate(&f, order[i]);
    changes = arena_strdup(a, next(&f, &feed));
    UNIT_STR(next(&f, &feed), "EAGAIN");
    fix_close(&f);
    return changes;
}

/* The n-th of the 24 orders of 4. */
static void permute(int n, int *order)
{
    int left[4] = {0, 1, 2, 3};

    for (int i = 0; i < 4; i++) {
        int at = n % (4 - i);

        n /= 4 - i;
        order[i] = left[at];
        for (int k = at; k < 3; k++)
            left[k] = left[k + 1];
    }
}

/* What comes of a batch depends on which events it has, not on their order. */
static void test_feed_any_order(void)
{
    struct arena a = {0};

    for (int n = 0; n < 24; n++) {
        int order[4];

        permute(n, order);
        UNIT_STR(changes_of(order, &a),
                 "-a/.stream/.stream.json, app/.stream/.schema, -old, -w, z");
    }
    arena_release(&a);
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
    if (fix_overflow(&f)) {
        put(&f, "app/.stream/lost");
        put(&f, "lost/.stream/lost");
        for (int i = 0; i < FIX_QUEUE_LIMIT && strncmp(got, "(all)", 5) != 0; i++)
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
        UNIT_STR(next(&f, &feed), "-a, app/x");
        UNIT_STR(fix_log(&f),
                 arena_printf(&f.arena,
                              "watch.next 'CREATE app, DELETE a'; watch.add app; %s app 'data x'",
                              list));
        UNIT_STR(next(&f, &feed), "EAGAIN");
        UNIT_STR(fix_log(&f), "watch.next EAGAIN");
        fix_close(&f);
    }
}

void suite_watch_feed(void)
{
    static const struct unit_test tests[] = {
        {"changes", test_feed},
        {"new_directory", test_feed_new_directory},
        {"any_order", test_feed_any_order},
        {"late_list_off", test_feed_late_list_off},
        {"overflow", test_feed_overflow},
        {"steps", test_feed_steps},
    };
    unit_add("watch_feed", tests, UNIT_COUNT(tests));
}
