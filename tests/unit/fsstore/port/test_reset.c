#include "base/rng.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int reset(struct fix *f)
{
    return f->port->calls->reset(f->port);
}

static void mark(struct fix *f)
{
    f->port->calls->mark(f->port);
}

static void test_made(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/seed", PORT_CREATE, "seed");
    mark(&f);
    const char *before = fix_tree(&f);
    fix_write(&f, ".tmp/t", PORT_CREATE, "new");
    f.calls->mkdir(f.port, "d/e"); /* younger than the file that goes into it */
    f.calls->rename(f.port, ".tmp/t", "d/e/x", false);
    f.calls->link(f.port, "d/seed", "d/link");
    fix_write(&f, "gone", PORT_CREATE, "");
    f.calls->unlink(f.port, "gone");
    fix_read(&f, "d/seed");
    UNIT_INT(fix_write(&f, "d/seed", PORT_CREATE_EXCL, ""), -EEXIST);
    UNIT_INT(reset(&f), 0);
    UNIT_STR(fix_tree(&f), before);
    UNIT_INT(reset(&f), 0);
    UNIT_STR(fix_tree(&f), before);
    fix_close(&f);
}

static int overwrite(struct fix *f)
{
    return fix_write(f, "d/seed", PORT_CREATE, NULL);
}

static int append(struct fix *f)
{
    return fix_write(f, "d/seed", PORT_APPEND, "x");
}

static int unlink_it(struct fix *f)
{
    return f->calls->unlink(f->port, "d/seed");
}

static int rename_it(struct fix *f)
{
    return f->calls->rename(f->port, "d/seed", "d/other", false);
}

static int replace_it(struct fix *f)
{
    fix_write(f, "new", PORT_CREATE, "new");
    return f->calls->rename(f->port, "new", "d/seed", false);
}

static int rename_its_directory(struct fix *f)
{
    return f->calls->rename(f->port, "d", "e", false);
}

static int write_by_link(struct fix *f)
{
    f->calls->link(f->port, "d/seed", "ln");
    f->calls->link(f->port, "ln", "ln2");
    f->calls->rename(f->port, "ln2", "ln3", false);
    return fix_write(f, "ln3", PORT_APPEND, "x");
}

/* A rename from one link to another of the same file does nothing: "ln" is still the marked one. */
static int rename_to_itself(struct fix *f)
{
    f->calls->link(f->port, "d/seed", "ln");
    f->calls->link(f->port, "d/seed", "ln2");
    f->calls->rename(f->port, "ln", "ln2", false);
    return fix_write(f, "ln", PORT_APPEND, "x");
}

static int rmdir_tmp(struct fix *f)
{
    return f->calls->rmdir(f->port, ".tmp");
}

static void test_marked_changed(void)
{
    static int (*const changes[])(struct fix *) = {overwrite, append,        unlink_it,
                                                   rename_it, replace_it,    rename_its_directory,
                                                   rmdir_tmp, write_by_link, rename_to_itself};
    for (size_t i = 0; i < UNIT_COUNT(changes); i++) {
        struct fix f;
        fix_open(&f, STORE_POSIX);
        f.calls->mkdir(f.port, "d");
        fix_write(&f, "d/seed", PORT_CREATE, "seed");
        mark(&f);
        UNIT_INT(changes[i](&f), 0);
        UNIT_INT(reset(&f), 1);
        UNIT_STR(fix_tree(&f), " .tmp{ }");
        fix_write(&f, "again", PORT_CREATE, "seed");
        mark(&f);
        fix_write(&f, "x", PORT_CREATE, "");
        UNIT_INT(reset(&f), 0);
        UNIT_STR(fix_tree(&f), " .tmp{ } again=100644,1,'seed'");
        fix_close(&f);
    }
}

static void test_directory_renamed(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "seed", PORT_CREATE, "");
    f.calls->mkdir(f.port, "s");
    mark(&f);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/x", PORT_CREATE, "");
    UNIT_INT(f.calls->rename(f.port, "d", "s/d", false), 0);
    fix_write(&f, "s/d/y", PORT_CREATE, "");
    UNIT_INT(reset(&f), 0);
    UNIT_STR(fix_tree(&f), " .tmp{ } s{ } seed=100644,1,''");
    fix_close(&f);
}

/* What is marked then has other names than the journal knows. */
static void test_directory_renamed_before_mark(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/x", PORT_CREATE, "");
    f.calls->rename(f.port, "d", "e", false);
    mark(&f);
    CU_ASSERT(mkdir(fix_path(&f, "planted"), 0700) == 0);
    UNIT_INT(reset(&f), 1);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    fix_close(&f);
}

static void test_unknown_file(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "seed", PORT_CREATE, "");
    mark(&f);
    f.calls->mkdir(f.port, "d");
    CU_ASSERT(mkdir(fix_path(&f, "d/planted"), 0700) == 0);
    CU_ASSERT(symlink("x", fix_path(&f, "d/planted/ln")) == 0);
    UNIT_INT(reset(&f), 0);
    UNIT_STR(fix_tree(&f), " .tmp{ } seed=100644,1,''");
    fix_close(&f);
}

static void test_handles_closed(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    mark(&f);
    int h = -1;
    for (int i = 0; i < 100; i++)
        h = f.calls->open(f.port, "x", PORT_APPEND);
    CU_ASSERT(h >= 0);
    UNIT_INT(f.calls->write(f.port, h, "x", 1), 1);
    UNIT_INT(reset(&f), 0);
    UNIT_INT(f.calls->close(f.port, h), -EBADF);
    UNIT_INT(f.calls->write(f.port, h, "x", 1), -EBADF);
    fix_close(&f);
}

static void test_open_at_mark(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    int h = f.calls->open(f.port, "x", PORT_CREATE);
    mark(&f);
    UNIT_INT(f.calls->write(f.port, h, "x", 1), 1);
    UNIT_INT(reset(&f), 1);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    fix_close(&f);
}

static void test_shared(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    f.port->shared = true;
    mark(&f);
    f.calls->mkdir(f.port, "d");
    fix_write(&f, "d/x", PORT_CREATE, "");
    fix_write(&f, ".tmp/t", PORT_CREATE, "");
    CU_ASSERT(f.calls->open(f.port, "d/x", PORT_READ) >= 0);
    UNIT_INT(reset(&f), 0);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    fix_write(&f, "seed", PORT_CREATE, "");
    mark(&f);
    UNIT_INT(reset(&f), 1); /* nobody knows what has happened to it */
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    f.port->shared = false;
    fix_write(&f, "seed", PORT_CREATE, "");
    mark(&f);
    f.port->shared = true;
    UNIT_INT(reset(&f), 1);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    fix_close(&f);
}

static void test_queues_cleared(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    mark(&f);
    int q = f.calls->watch_open(f.port);
    f.calls->watch_add(f.port, q, "");
    f.calls->mkdir(f.port, "d");
    UNIT_INT(reset(&f), 0);
    CU_ASSERT(!f.calls->watch_ready(f.port, q));
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    fix_write(&f, "x", PORT_CREATE, "");
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    fix_close(&f);
}

/* --- random calls -------------------------------------------------------------------------------
 */

static const char *any_path(struct rng *r)
{
    static const char *const paths[] = {"a",   "b",   "d",   "e",     "d/a",    "d/b",
                                        "d/e", "e/a", "e/e", "e/e/x", ".tmp/t", "e/d"};
    return paths[rng_below(r, UNIT_COUNT(paths))];
}

static void any_write(struct fix *f, struct rng *r)
{
    static const enum port_open hows[] = {PORT_CREATE, PORT_CREATE_EXCL, PORT_APPEND};
    int h = f->calls->open(f->port, any_path(r), hows[rng_below(r, 3)]);
    if (h < 0)
        return;
    if (rng_below(r, 2))
        f->calls->write(f->port, h, "xyz", rng_below(r, 3) + 1);
    if (rng_below(r, 8))
        f->calls->close(f->port, h);
}

static void any_call(struct fix *f, struct rng *r)
{
    const struct port_calls *c = f->calls;
    switch (rng_below(r, 9)) {
    case 0:
    case 1:
    case 2:
        any_write(f, r);
        break;
    case 3:
    case 4:
        c->mkdir(f->port, any_path(r));
        break;
    case 5:
        c->unlink(f->port, any_path(r));
        break;
    case 6:
        c->rmdir(f->port, any_path(r));
        break;
    case 7:
        c->rename(f->port, any_path(r), any_path(r), rng_below(r, 2));
        break;
    default:
        if (rng_below(r, 4) == 0)
            c->link(f->port, any_path(r), any_path(r));
    }
}

static void any_calls(struct fix *f, struct rng *r, uint32_t most)
{
    for (uint32_t n = rng_below(r, most); n > 0; n--)
        any_call(f, r);
}

/* After one mark, a few runs; how often a reset kept what was marked. */
static int any_runs(struct fix *f, struct rng *r, int *changed)
{
    any_calls(f, r, 8);
    mark(f);
    const char *marked = fix_tree(f);
    int kept = 0;
    for (uint32_t runs = 1 + rng_below(r, 4); runs > 0; runs--) {
        any_calls(f, r, 12);
        int rc = reset(f);
        UNIT_STR(fix_tree(f), rc == 0 ? marked : " .tmp{ }");
        CU_ASSERT(rc == 0 || rc == 1);
        if (rc != 0) {
            ++*changed;
            break;
        }
        kept++;
    }
    return kept;
}

static void test_random(void)
{
    struct fix f;
    int kept = 0, changed = 0;
    fix_open(&f, STORE_POSIX);
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct rng r;
        rng_init(&r, 20260101, seed);
        kept += any_runs(&f, &r, &changed);
        f.calls->reset(f.port);
        arena_clear(&f.arena);
    }
    CU_ASSERT(kept > 1000);
    CU_ASSERT(changed > 300);
    fix_close(&f);
}

void suite_port_reset(void)
{
    static const struct unit_test tests[] = {
        {"made", test_made},
        {"marked_changed", test_marked_changed},
        {"directory_renamed", test_directory_renamed},
        {"directory_renamed_before_mark", test_directory_renamed_before_mark},
        {"unknown_file", test_unknown_file},
        {"handles_closed", test_handles_closed},
        {"open_at_mark", test_open_at_mark},
        {"shared", test_shared},
        {"queues_cleared", test_queues_cleared},
        {"random", test_random},
    };
    unit_add("port_reset", tests, UNIT_COUNT(tests));
}
