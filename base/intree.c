#include "base/intree.h"
#include "base/infile.h"
#include "base/vec.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reader {
    struct intree *out;
    const char *at, *name; /* for messages */
    struct err *err;
};

static enum err_code read_entry(struct reader *r, int dir, const char *name, const char *path,
                                int depth);

/* "at/name/path", as the user would say it. */
static char *shown(const struct reader *r, const char *path)
{
    struct strbuf sb = STRBUF_INIT;

    if (strcmp(r->at, ".") != 0)
        strbuf_printf(&sb, "%s/", r->at);
    strbuf_printf(&sb, "%s%s%s", r->name, *path ? "/" : "", path);
    return strbuf_take(&sb);
}

static enum err_code refuse(struct reader *r, const char *path, enum err_code code,
                            const char *reason)
{
    char *text = shown(r, path);

    err_set(r->err, code, "%s: %s", text, reason);
    free(text);
    return code;
}

static enum err_code failed(struct reader *r, const char *path)
{
    if (errno == ELOOP)
        return refuse(r, path, ERR_INPUT, "a symbolic link: only files and directories are copied");
    return refuse(r, path, ERR_IO, strerror(errno));
}

static enum err_code add(struct reader *r, const char *path, struct strbuf *data, bool executable)
{
    struct intree *t = r->out;
    size_t len = data ? data->len : 0;

    if (t->count == INTREE_ENTRIES_MAX)
        return refuse(r, path, ERR_INPUT, "too many files to copy");
    VEC_ROOM(t->v, t->count, t->cap, 16);
    t->bytes += len;
    t->v[t->count++] = (struct intree_entry){.path = mem_strdup(path),
                                             .data = data ? strbuf_take(data) : NULL,
                                             .len = len,
                                             .executable = executable};
    return OK;
}

static enum err_code read_file(struct reader *r, int fd, const char *path, bool executable)
{
    struct strbuf data = STRBUF_INIT;
    char *text = shown(r, path);
    enum err_code code = infile_read_fd(fd, text, INTREE_BYTES_MAX - r->out->bytes, &data, r->err);

    if (code == OK)
        code = add(r, path, &data, executable);
    else
        strbuf_release(&data);
    free(text);
    return code;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **names_of(DIR *d, int *count)
{
    char **names = NULL;
    int cap = 0;

    *count = 0;
    for (struct dirent *e; *count < INTREE_ENTRIES_MAX + 1 && (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        VEC_ROOM(names, *count, cap, 16);
        names[(*count)++] = mem_strdup(e->d_name);
    }
    if (names)
        qsort(names, (size_t)*count, sizeof *names, by_name);
    return names;
}

static enum err_code read_inside(struct reader *r, int fd, const char *name, const char *path,
                                 int depth)
{
    struct strbuf inner = STRBUF_INIT;
    enum err_code code;

    strbuf_printf(&inner, "%s%s%s", path, *path ? "/" : "", name);
    code = read_entry(r, fd, name, inner.s, depth + 1);
    strbuf_release(&inner);
    return code;
}

static enum err_code read_directory(struct reader *r, int fd, const char *path, int depth)
{
    int again = dup(fd), count = 0;
    DIR *d = again < 0 ? NULL : fdopendir(again);
    enum err_code code = add(r, path, NULL, false);
    char **names;

    if (!d && again >= 0)
        close(again);
    if (!d)
        return failed(r, path);
    if (depth > INTREE_DEPTH_MAX)
        code = refuse(r, path, ERR_INPUT, "too many directories in each other");
    names = names_of(d, &count);
    for (int i = 0; i < count; i++) {
        if (code == OK)
            code = read_inside(r, fd, names[i], path, depth);
        free(names[i]);
    }
    free(names);
    closedir(d);
    return code;
}

static enum err_code read_open(struct reader *r, int fd, const char *path, int depth)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return failed(r, path);
    return S_ISDIR(st.st_mode) ? read_directory(r, fd, path, depth)
                               : read_file(r, fd, path, (st.st_mode & S_IXUSR) != 0);
}

static enum err_code read_entry(struct reader *r, int dir, const char *name, const char *path,
                                int depth)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    enum err_code code = fd < 0 ? failed(r, path) : read_open(r, fd, path, depth);

    if (fd >= 0)
        close(fd);
    return code;
}

/* The directory that the last part of the name is in, part by part, so that none is a link. */
static int open_above(const char *at, const char *name)
{
    int dir = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *parts = mem_strdup(name), *part = parts;

    for (char *slash; dir >= 0 && (slash = strchr(part, '/')); part = slash + 1) {
        int next;

        *slash = '\0';
        next = openat(dir, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(dir);
        dir = next;
    }
    free(parts);
    return dir;
}

enum err_code intree_read(const char *at, const char *name, struct intree *out, struct err *err)
{
    assert(at && *at);
    assert(name && *name);
    assert(out);

    struct reader r = {.out = out, .at = at, .name = name, .err = err};
    const char *slash = strrchr(name, '/');
    int dir = open_above(at, name);
    enum err_code code;

    if (dir < 0)
        return errno == ENOTDIR
                   ? refuse(&r, "", ERR_INPUT, "not below a directory, or behind a link")
                   : failed(&r, "");
    code = read_entry(&r, dir, slash ? slash + 1 : name, "", 0);
    close(dir);
    return code;
}

void intree_release(struct intree *tree)
{
    assert(tree);
    for (int i = 0; i < tree->count; i++) {
        free(tree->v[i].path);
        free(tree->v[i].data);
    }
    free(tree->v);
    *tree = (struct intree){0};
}
