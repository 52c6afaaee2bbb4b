#include "base/intree.h"
#include "base/strbuf.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];

static void make(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");

    if (!f || fputs(text, f) < 0 || fclose(f) != 0 || chmod(path, mode) != 0)
        abort();
}

static void begin(void)
{
    snprintf(dir, sizeof dir, "%s/fsrace-unit-XXXXXX", fix_parent());
    if (!mkdtemp(dir) || chdir(dir) != 0 || mkdir("t", 0755) != 0 || mkdir("t/d", 0755) != 0)
        abort();
    make("t/b", "bee", 0755);
    make("t/d/a", "", 0644);
    make("out", "secret", 0644);
}

static void end(const char *before)
{
    unlink("t/b");
    unlink("t/d/a");
    unlink("t/link");
    unlink("up");
    unlink("out");
    rmdir("t/d");
    rmdir("t");
    if (chdir(before) != 0)
        abort();
    rmdir(dir);
}

/* "t/b*: bee" and the like; or the error. */
static void is(const char *name, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    struct err err = ERR_INIT;
    struct intree t = {0};

    intree_read(".", name, &t, &err);
    for (int i = 0; i < t.count && err.code == OK; i++)
        strbuf_printf(&sb, "%s\"%s\"%s%s%s", i ? ", " : "", t.v[i].path,
                      t.v[i].executable ? "*" : "", t.v[i].data ? ": " : "/",
                      t.v[i].data ? t.v[i].data : "");
    UNIT_STR(err.code == OK ? sb.s : err.story, want);
    intree_release(&t);
    strbuf_release(&sb);
}

static void test_tree(void)
{
    char *before = getcwd(NULL, 0);

    begin();
    is("t", "\"\"/, \"b\"*: bee, \"d\"/, \"d/a\": ");
    is("t/b", "\"\"*: bee");
    is("t/d", "\"\"/, \"a\": ");
    is("none", "none: No such file or directory");
    is("t/b/x", "t/b/x: not below a directory, or behind a link");
    end(before);
    free(before);
}

static void test_links(void)
{
    char *before = getcwd(NULL, 0);

    begin();
    if (symlink("../out", "t/link") != 0 || symlink(".", "up") != 0)
        abort();
    is("t", "t/link: a symbolic link: only files and directories are copied");
    is("t/link", "t/link: a symbolic link: only files and directories are copied");
    is("up", "up: a symbolic link: only files and directories are copied");
    is("up/out", "up/out: not below a directory, or behind a link");
    end(before);
    free(before);
}

void suite_intree(void)
{
    static const struct unit_test tests[] = {{"tree", test_tree}, {"links", test_links}};
    unit_add("intree", tests, UNIT_COUNT(tests));
}
