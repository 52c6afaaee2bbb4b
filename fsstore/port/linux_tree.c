#include "fsstore/port/linux_tree.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Others may still be making files while we remove them; at some point we give up. */
#define TREE_PASSES 16

struct walk {
    const struct journal *kept;
    bool complete;
    size_t len; /* of path */
    char path[PORT_PATH_MAX];
};

static void empty_dir(struct walk *w, int fd);

/* Appends the name to w->path. Deeper than any path of a store can be, nothing is marked: len says
 * so by being too large for everything below as well. */
static bool enter(struct walk *w, const char *name)
{
    size_t slash = w->len > 0, len = strlen(name);
    if (w->len + slash + len >= sizeof w->path) {
        w->len = sizeof w->path;
        return false;
    }
    if (slash)
        w->path[w->len] = '/';
    memcpy(w->path + w->len + slash, name, len + 1);
    w->len += slash + len;
    return true;
}

static void leave(struct walk *w, size_t len)
{
    w->len = len;
    if (len < sizeof w->path)
        w->path[len] = '\0';
}

static bool is_kept(const struct walk *w)
{
    if (strcmp(w->path, PORT_TMP) == 0)
        return true;
    return w->kept && journal_is_marked(w->kept, w->path);
}

static bool empty_subdir(struct walk *w, int fd, const char *name)
{
    int sub = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (sub < 0) {
        w->complete &= errno == ENOENT;
        return false;
    }
    empty_dir(w, sub);
    close(sub);
    return true;
}

/* Has something been removed? */
static bool remove_name(struct walk *w, int fd, const char *name, unsigned char type)
{
    size_t len = w->len;
    bool kept = enter(w, name) && is_kept(w), removed = false;
    if (!kept && type != DT_DIR)
        removed = unlinkat(fd, name, 0) == 0;
    if (!removed && (type == DT_DIR || type == DT_UNKNOWN)) {
        empty_subdir(w, fd, name);
        if (!kept)
            removed = unlinkat(fd, name, AT_REMOVEDIR) == 0;
    }
    if (!kept && !removed)
        w->complete = false;
    leave(w, len);
    return removed;
}

static bool is_dot(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* One look at all names. Has something been removed? */
static bool pass(struct walk *w, int fd)
{
    alignas(struct dirent64) char buf[2048];
    bool removed = false;
    long got;
    while ((got = syscall(SYS_getdents64, fd, buf, sizeof buf)) > 0) {
        for (char *at = buf; at < buf + got;) {
            const struct dirent64 *d = (const void *)at;
            if (!is_dot(d->d_name) && remove_name(w, fd, d->d_name, d->d_type))
                removed = true;
            at += d->d_reclen;
        }
    }
    if (got < 0)
        w->complete = false;
    return removed;
}

/* Some file systems skip names when others are removed in between, so look until nothing is removed
 * any more. */
static void empty_dir(struct walk *w, int fd)
{
    bool before = w->complete;
    for (int i = 0; i < TREE_PASSES; i++) {
        w->complete = before;
        if (lseek(fd, 0, SEEK_SET) != 0)
            w->complete = before = false;
        if (!pass(w, fd))
            return;
    }
}

bool tree_empty(int root, const struct journal *kept)
{
    assert(root >= 0);

    struct walk w = {.kept = kept, .complete = true};
    empty_dir(&w, root);
    return w.complete;
}

bool tree_remove(const char *dir)
{
    assert(dir);
    for (int i = 0; i < TREE_PASSES;
         i++) { /* it is all that we can do: so once more if a call fails */
        int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT)
            return true;
        if (fd >= 0) {
            tree_empty(fd, NULL);
            unlinkat(fd, PORT_TMP, AT_REMOVEDIR);
            close(fd);
        }
        if (rmdir(dir) == 0)
            return true;
    }
    return false;
}
