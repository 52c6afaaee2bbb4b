/* What may be left of a store when the power fails: the crash model of fsstore/disk.h. */
#include "base/strbuf.h"
#include "fsstore/port/disk.h"
#include "tests/unit/unit.h"
#include <string.h>

static void write_all(struct disk *d, const char *path, const char *data)
{
    int file = disk_open(d, path, PORT_CREATE);

    disk_write(d, file, 0, data, strlen(data));
}

static void fsync_path(struct disk *d, const char *path)
{
    disk_fsync(d, disk_open(d, path, PORT_READ));
}

static void add(void *ctx, const char *path, int file, const char *data, size_t len)
{
    struct strbuf *out = ctx;

    (void)file;
    if (data)
        strbuf_printf(out, "%s%s=%.*s", out->len ? " " : "", path, (int)len, data);
    else
        strbuf_printf(out, "%s%s/", out->len ? " " : "", path);
}

/* Answers with '+' and '-' in turn; the questions and what is left: "create x+ bytes of x-: x=". */
static void expect(struct disk *d, const char *answers, const char *expected)
{
    struct strbuf out = STRBUF_INIT, image = STRBUF_INIT;
    const char *what;

    while ((what = disk_ask(d))) {
        char answer = *answers ? *answers++ : '?';

        strbuf_printf(&out, "%s%c ", what, answer);
        disk_answer(d, answer == '+');
    }
    disk_walk(d, add, &image);
    strbuf_printf(&out, "-> %s", image.s);
    UNIT_STR(out.s, expected);
    UNIT_STR(answers, "");
    strbuf_release(&out);
    strbuf_release(&image);
    disk_release(d);
}

static struct disk fresh(void)
{
    struct disk d = {.file_count = 0};

    disk_clear(&d);
    return d;
}

/* x is old, as it was on the disk before. */
static struct disk with_x(void)
{
    struct disk d = fresh();

    write_all(&d, "x", "old");
    disk_sync_all(&d);
    return d;
}

static void test_a_new_file(void)
{
    struct disk d = fresh();

    write_all(&d, "x", "new");
    expect(&d, "-", "create x- -> ");
    d = fresh();
    write_all(&d, "x", "new");
    expect(&d, "+-", "create x+ bytes of x- -> x=");
    d = fresh();
    write_all(&d, "x", "new");
    expect(&d, "++", "create x+ bytes of x+ -> x=new");
    /* fsync of the file is for its bytes, not for its name */
    d = fresh();
    write_all(&d, "x", "new");
    fsync_path(&d, "x");
    expect(&d, "-", "create x- -> ");
    d = fresh();
    write_all(&d, "x", "new");
    fsync_path(&d, "");
    expect(&d, "-", "bytes of x- -> x=");
    d = fresh();
    write_all(&d, "x", "new");
    fsync_path(&d, "x");
    fsync_path(&d, "");
    expect(&d, "", "-> x=new");
}

static void test_an_old_file(void)
{
    struct disk d = with_x();

    expect(&d, "", "-> x=old");
    d = with_x();
    write_all(&d, "x", "new");
    expect(&d, "-", "bytes of x- -> x=old");
    d = with_x();
    disk_write(&d, disk_open(&d, "x", PORT_APPEND), 3, "er", 2);
    expect(&d, "+", "bytes of x+ -> x=older");
    d = with_x();
    write_all(&d, "x", "old"); /* the same again */
    expect(&d, "", "-> x=old");
    d = with_x();
    disk_remove(&d, "x");
    expect(&d, "-", "remove x- -> x=old");
    d = with_x();
    disk_remove(&d, "x");
    expect(&d, "+", "remove x+ -> ");
    /* another file of that name */
    d = with_x();
    disk_remove(&d, "x");
    write_all(&d, "x", "new");
    expect(&d, "+-", "remove x+ create x- -> ");
}

static void test_a_rename(void)
{
    struct disk d = with_x();

    write_all(&d, "t", "new");
    disk_rename(&d, "t", "x");
    expect(&d, "++-", "create t+ rename t x+ bytes of x- -> x=");
    d = with_x();
    write_all(&d, "t", "new");
    disk_rename(&d, "t", "x");
    expect(&d, "+-+", "create t+ rename t x- bytes of t+ -> t=new x=old");
    /* names of one directory are kept in order */
    d = with_x();
    write_all(&d, "t", "new");
    disk_rename(&d, "t", "x");
    expect(&d, "-", "create t- -> x=old");
    d = with_x();
    write_all(&d, "t", "new");
    fsync_path(&d, "t");
    disk_rename(&d, "t", "x");
    fsync_path(&d, "");
    expect(&d, "", "-> x=new");
    d = with_x(); /* onto itself */
    disk_link(&d, "x", "y");
    disk_sync_all(&d);
    disk_rename(&d, "x", "y");
    expect(&d, "", "-> x=old y=old");
}

static struct disk with_dirs(void)
{
    struct disk d = fresh();

    disk_mkdir(&d, "a");
    disk_mkdir(&d, "b");
    disk_sync_all(&d);
    return d;
}

static void test_directories(void)
{
    struct disk d = with_dirs();

    disk_open(&d, "a/x", PORT_CREATE);
    disk_open(&d, "b/y", PORT_CREATE);
    expect(&d, "-+", "create a/x- create b/y+ -> a/ b/ b/y=");
    /* a rename from one to the other: both or neither, and after what was before it in both */
    d = with_dirs();
    disk_open(&d, "a/x", PORT_CREATE);
    disk_rename(&d, "a/x", "b/x");
    disk_open(&d, "b/z", PORT_CREATE);
    expect(&d, "-", "create a/x- -> a/ b/");
    d = with_dirs();
    disk_open(&d, "a/x", PORT_CREATE);
    disk_rename(&d, "a/x", "b/x");
    disk_open(&d, "b/z", PORT_CREATE);
    expect(&d, "++-", "create a/x+ rename a/x b/x+ create b/z- -> a/ b/ b/x=");
    d = with_dirs();
    write_all(&d, "a/x", "new");
    fsync_path(&d, "a");
    expect(&d, "-", "bytes of a/x- -> a/ a/x= b/");
    /* fsync of one of them is for both sides, and what was before in the other */
    d = with_dirs();
    disk_open(&d, "a/x", PORT_CREATE);
    disk_rename(&d, "a/x", "b/x");
    disk_open(&d, "a/w", PORT_CREATE);
    fsync_path(&d, "b");
    expect(&d, "-", "create a/w- -> a/ b/ b/x=");
    /* what is in a directory goes with it */
    d = with_dirs();
    disk_mkdir(&d, "a/c");
    disk_open(&d, "a/c/x", PORT_CREATE);
    expect(&d, "-+", "create a/c- create a/c/x+ -> a/ b/");
}

/* Temporary files are not asked for, and their renames are. */
static void test_tmp(void)
{
    struct disk d = fresh();

    disk_mkdir(&d, PORT_TMP);
    disk_sync_all(&d);
    write_all(&d, PORT_TMP "/0", "new");
    disk_rename(&d, PORT_TMP "/0", "x");
    write_all(&d, PORT_TMP "/0", "other");
    expect(&d, "++", "rename .tmp/0 x+ bytes of x+ -> .tmp/ .tmp/0=other x=new");
}

static void test_links(void)
{
    struct disk d = with_x();

    disk_link(&d, "x", "y");
    write_all(&d, "y", "new");
    expect(&d, "+-", "create y+ bytes of x- -> x=old y=old");
}

void suite_disk(void)
{
    static const struct unit_test tests[] = {
        {"a_new_file", test_a_new_file},
        {"an_old_file", test_an_old_file},
        {"a_rename", test_a_rename},
        {"directories", test_directories},
        {"tmp", test_tmp},
        {"links", test_links},
    };
    unit_add("disk", tests, UNIT_COUNT(tests));
}
