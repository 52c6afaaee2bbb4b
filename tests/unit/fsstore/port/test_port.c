#include "fsstore/port/port.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNIT_ERRNO(actual, expected) UNIT_STR(errno_name(actual), expected)

static void test_path_check(void)
{
    static const struct {
        const char *path, *wrong;
    } cases[] = {
        {"app", NULL},
        {"app/.stream/.schema", NULL},
        {".tmpfile", NULL},
        {"app/.tmp", NULL},
        {"...", NULL},
        {"a b/\xc3\xa4", NULL},
        {NULL, "is empty"},
        {"", "is empty"},
        {"/etc/passwd", "is absolute"},
        {"app/", "ends in '/'"},
        {"a//b", "has an empty part"},
        {".", "has a part \".\""},
        {"a/./b", "has a part \".\""},
        {"..", "leaves the store"},
        {"a/../../b", "leaves the store"},
        {"a\nb", "has a control character"},
        {"a\x7f", "has a control character"},
        {".tmp", "is in \".tmp\", which is reserved for half-made objects"},
        {".tmp/i1", "is in \".tmp\", which is reserved for half-made objects"},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++)
        UNIT_STR(port_path_check(cases[i].path), cases[i].wrong);
    char longest[PORT_PATH_MAX + 1];
    memset(longest, 'x', sizeof longest);
    longest[PORT_PATH_MAX - 1] = '\0';
    UNIT_STR(port_path_check(longest), NULL);
    longest[PORT_PATH_MAX - 1] = 'x';
    longest[PORT_PATH_MAX] = '\0';
    UNIT_STR(port_path_check(longest), "is longer than 255 bytes");
}

static void test_event_names(void)
{
    static const char *const names[] = {"CREATE", "CLOSE_WRITE", "MOVED_FROM", "MOVED_TO",
                                        "DELETE", "DELETE_SELF", "OVERFLOW"};
    for (size_t i = 0; i < UNIT_COUNT(names); i++)
        UNIT_STR(port_event_name((enum port_event_kind)i), names[i]);
}

static void test_read_write(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    UNIT_ERRNO(fix_write(&f, "a", PORT_CREATE, "one"), "ok");
    UNIT_ERRNO(fix_write(&f, "a", PORT_APPEND, "two"), "ok");
    UNIT_STR(fix_read(&f, "a"), "onetwo");
    UNIT_ERRNO(fix_write(&f, "a", PORT_CREATE, "x"), "ok");
    UNIT_STR(fix_read(&f, "a"), "x");
    UNIT_ERRNO(fix_write(&f, "b", PORT_APPEND, "new"), "ok");
    UNIT_ERRNO(fix_write(&f, "c", PORT_CREATE_EXCL, NULL), "ok");
    UNIT_STR(fix_tree(&f), " .tmp{ } a=100644,1,'x' b=100644,1,'new' c=100644,1,''");
    fix_close(&f);
}

static void test_open_errors(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "file", PORT_CREATE, "");
    f.calls->mkdir(f.port, "dir");
    UNIT_ERRNO(fix_write(&f, "file", PORT_CREATE_EXCL, ""), "EEXIST");
    UNIT_ERRNO(fix_write(&f, "dir", PORT_CREATE_EXCL, ""), "EEXIST");
    UNIT_ERRNO(fix_write(&f, "dir", PORT_CREATE, ""), "EISDIR");
    UNIT_ERRNO(fix_write(&f, "dir", PORT_APPEND, ""), "EISDIR");
    UNIT_ERRNO(fix_write(&f, "no/x", PORT_CREATE, ""), "ENOENT");
    UNIT_ERRNO(fix_write(&f, "file/x", PORT_CREATE, ""), "ENOTDIR");
    UNIT_ERRNO(f.calls->open(f.port, "no", PORT_READ), "ENOENT");
    UNIT_ERRNO(f.calls->open(f.port, "file/x", PORT_READ), "ENOTDIR");
    int h = f.calls->open(f.port, "dir", PORT_READ);
    char c;
    CU_ASSERT(h >= 0);
    UNIT_ERRNO((int)f.calls->read(f.port, h, &c, 1), "EISDIR");
    UNIT_ERRNO((int)f.calls->write(f.port, h, "x", 1), "EBADF");
    UNIT_ERRNO(f.calls->fsync(f.port, h), "ok");
    UNIT_ERRNO(f.calls->close(f.port, h), "ok");
    UNIT_ERRNO(f.calls->close(f.port, h), "EBADF");
    UNIT_ERRNO(f.calls->close(f.port, 2), "EBADF"); /* not one of ours */
    UNIT_ERRNO(f.calls->fsync(f.port, h), "EBADF");
    fix_close(&f);
}

static void test_symlinks(void)
{
    struct fix f;
    enum port_kind kind;
    struct port_names names;
    fix_open(&f, STORE_POSIX);
    CU_ASSERT(symlink("/etc/passwd", fix_path(&f, "ln")) == 0);
    CU_ASSERT(symlink("/etc", fix_path(&f, "lndir")) == 0);
    UNIT_ERRNO(f.calls->open(f.port, "ln", PORT_READ), "ELOOP");
    UNIT_ERRNO(f.calls->open(f.port, "ln", PORT_CREATE), "ELOOP");
    UNIT_ERRNO(f.calls->open(f.port, "ln", PORT_CREATE_EXCL), "EEXIST");
    UNIT_ERRNO(f.calls->stat(f.port, "ln", &kind), "ELOOP");
    UNIT_ERRNO(f.calls->list(f.port, "lndir", &f.arena, &names), "ENOTDIR");
    UNIT_ERRNO(f.calls->unlink(f.port, "ln"), "ok");
    f.calls->mkdir(f.port, "d");
    CU_ASSERT(symlink("d", fix_path(&f, "lnd")) == 0);
    int q = f.calls->watch_open(f.port);
    UNIT_ERRNO(f.calls->watch_add(f.port, q, "lnd"),
               "ok"); /* on the link, to which nothing happens */
    fix_write(&f, "d/x", PORT_CREATE, "");
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    CU_ASSERT(access("/etc/passwd", F_OK) == 0);
    fix_close(&f); /* and removes the other, not what it points to */
    CU_ASSERT(access("/etc/passwd", F_OK) == 0);
}

static void test_strange_paths(void)
{
    static const char *const wrong[] = {"/",    "/a", "..",  "../a", "a/..",
                                        "a//b", "a/", "./a", "a/."};
    struct fix f;
    struct port_names names;
    enum port_kind kind;
    fix_open(&f, STORE_POSIX);
    int q = f.calls->watch_open(f.port);
    for (size_t i = 0; i < UNIT_COUNT(wrong); i++) {
        UNIT_ERRNO(f.calls->open(f.port, wrong[i], PORT_CREATE), "EINVAL");
        UNIT_ERRNO(f.calls->stat(f.port, wrong[i], &kind), "EINVAL");
        UNIT_ERRNO(f.calls->mkdir(f.port, wrong[i]), "EINVAL");
        UNIT_ERRNO(f.calls->rmdir(f.port, wrong[i]), "EINVAL");
        UNIT_ERRNO(f.calls->unlink(f.port, wrong[i]), "EINVAL");
        UNIT_ERRNO(f.calls->rename(f.port, "a", wrong[i], false), "EINVAL");
        UNIT_ERRNO(f.calls->rename(f.port, wrong[i], "a", false), "EINVAL");
        UNIT_ERRNO(f.calls->link(f.port, wrong[i], "a"), "EINVAL");
        UNIT_ERRNO(f.calls->link(f.port, "a", wrong[i]), "EINVAL");
        UNIT_ERRNO(f.calls->list(f.port, wrong[i], &f.arena, &names), "EINVAL");
        UNIT_ERRNO(f.calls->watch_add(f.port, q, wrong[i]), "EINVAL");
    }
    char big[PORT_PATH_MAX + 1];
    memset(big, 'x', sizeof big);
    big[PORT_PATH_MAX] = '\0';
    UNIT_ERRNO(f.calls->mkdir(f.port, big), "ENAMETOOLONG");
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    UNIT_ERRNO(f.calls->list(f.port, "", &f.arena, &names), "ok");
    UNIT_ERRNO(f.calls->list(f.port, ".", &f.arena, &names), "ok");
    UNIT_ERRNO(f.calls->stat(f.port, "", &kind), "ok");
    UNIT_INT(kind, PORT_DIR);
    UNIT_ERRNO(f.calls->mkdir(f.port, ""), "EEXIST");
    fix_close(&f);
}

static void test_rename(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "a", PORT_CREATE, "a");
    fix_write(&f, "b", PORT_CREATE, "b");
    f.calls->mkdir(f.port, "d");
    f.calls->mkdir(f.port, "full");
    fix_write(&f, "full/x", PORT_CREATE, "");
    UNIT_ERRNO(f.calls->rename(f.port, "a", "b", true), "EEXIST");
    UNIT_ERRNO(f.calls->rename(f.port, "a", "b", false), "ok");
    UNIT_STR(fix_read(&f, "b"), "a");
    UNIT_ERRNO(f.calls->rename(f.port, "a", "c", false), "ENOENT");
    UNIT_ERRNO(f.calls->rename(f.port, "b", "no/b", false), "ENOENT");
    UNIT_ERRNO(f.calls->rename(f.port, "b", "d", false), "EISDIR");
    UNIT_ERRNO(f.calls->rename(f.port, "d", "b", false), "ENOTDIR");
    UNIT_ERRNO(f.calls->rename(f.port, "d", "full", false), "ENOTEMPTY");
    UNIT_ERRNO(f.calls->rename(f.port, "full", "full/in", false), "EINVAL");
    UNIT_ERRNO(f.calls->rename(f.port, "full", "d", false), "ok");
    UNIT_ERRNO(f.calls->rename(f.port, "b", "b2", true), "ok");
    UNIT_STR(fix_tree(&f), " .tmp{ } b2=100644,1,'a' d{ x=100644,1,'' }");
    fix_close(&f);
}

static void test_link(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "a", PORT_CREATE, "a");
    f.calls->mkdir(f.port, "d");
    UNIT_ERRNO(f.calls->link(f.port, "a", "d/b"), "ok");
    UNIT_ERRNO(f.calls->link(f.port, "a", "d/b"), "EEXIST");
    UNIT_ERRNO(f.calls->link(f.port, "no", "x"), "ENOENT");
    UNIT_ERRNO(f.calls->link(f.port, "d", "x"), "EPERM");
    UNIT_ERRNO(f.calls->link(f.port, "a", "a/x"), "ENOTDIR");
    UNIT_STR(fix_tree(&f), " .tmp{ } a=100644,2,'a' d{ b=100644,2,'a' }");
    fix_close(&f);
}

static void test_directories(void)
{
    struct fix f;
    enum port_kind kind = PORT_DIR;
    fix_open(&f, STORE_POSIX);
    fix_write(&f, "file", PORT_CREATE, "");
    UNIT_ERRNO(f.calls->mkdir(f.port, "d"), "ok");
    UNIT_ERRNO(f.calls->mkdir(f.port, "d"), "EEXIST");
    UNIT_ERRNO(f.calls->mkdir(f.port, "file"), "EEXIST");
    UNIT_ERRNO(f.calls->mkdir(f.port, "no/d"), "ENOENT");
    UNIT_ERRNO(f.calls->mkdir(f.port, "file/d"), "ENOTDIR");
    UNIT_ERRNO(fix_write(&f, "d/x", PORT_CREATE, ""), "ok");
    UNIT_ERRNO(f.calls->rmdir(f.port, "d"), "ENOTEMPTY");
    UNIT_ERRNO(f.calls->rmdir(f.port, "file"), "ENOTDIR");
    UNIT_ERRNO(f.calls->rmdir(f.port, "no"), "ENOENT");
    UNIT_ERRNO(f.calls->unlink(f.port, "d"), "EISDIR");
    UNIT_ERRNO(f.calls->unlink(f.port, "no"), "ENOENT");
    UNIT_ERRNO(f.calls->stat(f.port, "no", &kind), "ENOENT");
    UNIT_ERRNO(f.calls->stat(f.port, "file/x", &kind), "ENOTDIR");
    UNIT_INT(kind, PORT_DIR);
    UNIT_ERRNO(f.calls->stat(f.port, "d/x", &kind), "ok");
    UNIT_INT(kind, PORT_FILE);
    UNIT_ERRNO(f.calls->unlink(f.port, "d/x"), "ok");
    UNIT_ERRNO(f.calls->rmdir(f.port, "d"), "ok");
    UNIT_STR(fix_tree(&f), " .tmp{ } file=100644,1,''");
    fix_close(&f);
}

static void test_list(void)
{
    struct fix f;
    struct port_names names = {0};
    char name[40];
    fix_open(&f, STORE_POSIX);
    f.calls->mkdir(f.port, "d");
    UNIT_ERRNO(f.calls->list(f.port, "d", &f.arena, &names), "ok");
    UNIT_INT(names.count, 0);
    for (int i = 0; i < 600; i++) {
        snprintf(name, sizeof name, "d/a-name-of-some-length-%d", (i * 7919) % 600);
        fix_write(&f, name, PORT_CREATE, NULL);
    }
    f.calls->mkdir(f.port, "d/Z");
    UNIT_ERRNO(f.calls->list(f.port, "d", &f.arena, &names), "ok");
    UNIT_INT(names.count, 601);
    UNIT_STR(names.v[0].name, "Z");
    UNIT_INT(names.v[0].kind, PORT_DIR);
    UNIT_INT(names.v[1].kind, PORT_FILE);
    for (int i = 1; i < names.count; i++)
        CU_ASSERT(strcmp(names.v[i - 1].name, names.v[i].name) < 0);
    UNIT_ERRNO(f.calls->list(f.port, "no", &f.arena, &names), "ENOENT");
    UNIT_ERRNO(f.calls->list(f.port, "d/Z/no/x", &f.arena, &names), "ENOENT");
    UNIT_ERRNO(f.calls->list(f.port, "d/a-name-of-some-length-1", &f.arena, &names), "ENOTDIR");
    UNIT_INT(names.count, 601);
    fix_close(&f);
}

static void check_refusal(const char *parent, const char *story)
{
    struct err err = ERR_INIT;
    struct port *p = port_linux_open(parent, &err);
    CU_ASSERT(p == NULL);
    UNIT_INT(err.code, ERR_IO);
    UNIT_STR(err.story, story);
    port_free(p);
}

static void open_as_nobody(void)
{
    struct err err = ERR_INIT;
    if (geteuid() == 0 && setuid(65534) != 0)
        _exit(2);
    struct port *p = port_linux_open("/", &err);
    _exit(!p && strcmp(err.story, "directory '/' is not writable for this user") == 0 ? 42 : 1);
}

static void test_open_refused(void)
{
    check_refusal("/no/such/dir", "directory '/no/such/dir' does not exist");
    check_refusal("/etc/passwd", "directory '/etc/passwd' is not a directory");
    UNIT_INT(unit_exit_status(open_as_nobody), 42);
}

static void test_life(void)
{
    struct err err = ERR_INIT;
    struct stat st;
    struct port *p = port_linux_open(fix_parent(), &err);
    char *dir = strdup(port_linux_dir(p));
    CU_ASSERT(strstr(dir, "/fsrace.") != NULL && dir[0] == '/');
    CU_ASSERT(stat(dir, &st) == 0 && (st.st_mode & 07777) == 0700);
    UNIT_STR(p->calls->name, "dir");
    CU_ASSERT(p->calls->mkdir(p, "d") == 0);
    CU_ASSERT(p->calls->open(p, "d/x", PORT_CREATE) >= 0); /* left open */
    port_free(p);
    CU_ASSERT(stat(dir, &st) != 0);
    free(dir);
    port_free(NULL);
}

static void test_keep(void)
{
    struct err err = ERR_INIT;
    struct port *p = port_linux_open(fix_parent(), &err);
    char *dir = strdup(port_linux_dir(p));
    port_linux_keep(p);
    port_linux_remove_all();
    port_free(p);
    char tmp[4096];
    snprintf(tmp, sizeof tmp, "%s/.tmp", dir);
    CU_ASSERT(rmdir(tmp) == 0);
    CU_ASSERT(rmdir(dir) == 0);
    free(dir);
}

static void test_remove_all(void)
{
    struct fix a, b;
    struct stat st;
    fix_open(&a, STORE_POSIX);
    fix_open(&b, STORE_POSIX);
    a.calls->mkdir(a.port, "d");
    fix_write(&a, "d/x", PORT_CREATE, "x");
    fix_write(&a, ".tmp/t", PORT_CREATE, "x");
    pid_t child = fork(); /* which must leave its parent's directories alone */
    if (child == 0) {
        port_linux_remove_all();
        _exit(0);
    }
    waitpid(child, NULL, 0);
    CU_ASSERT(stat(fix_path(&a, "d/x"), &st) == 0);
    port_linux_remove_all();
    CU_ASSERT(stat(port_linux_dir(a.port), &st) != 0);
    CU_ASSERT(stat(port_linux_dir(b.port), &st) != 0);
    fix_close(&a);
    fix_close(&b);
}

void suite_port(void)
{
    static const struct unit_test tests[] = {
        {"path_check", test_path_check},
        {"event_names", test_event_names},
        {"read_write", test_read_write},
        {"open_errors", test_open_errors},
        {"symlinks", test_symlinks},
        {"strange_paths", test_strange_paths},
        {"rename", test_rename},
        {"link", test_link},
        {"directories", test_directories},
        {"list", test_list},
        {"open_refused", test_open_refused},
        {"life", test_life},
        {"keep", test_keep},
        {"remove_all", test_remove_all},
    };
    unit_add("port", tests, UNIT_COUNT(tests));
}
