/*
 * decode: what a call is about: which names of the store, or which open file.
 */
#include "base/hash.h"
#include "sim/program/inner.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t arg_of(const struct process *p, int place)
{
    return (int64_t)registers_arg(&p->regs, place - 1);
}

static bool link_of(const struct process *p, const char *what, char *out, size_t size)
{
    char name[64];
    ssize_t n;

    snprintf(name, sizeof name, "/proc/%d/%s", p->pid, what);
    n = readlink(name, out, size - 1);
    if (n < 0)
        return false;
    out[n] = '\0';
    return true;
}

/* The path below the store's root; NULL: it is elsewhere. */
static const char *below(const struct tree *t, const char *path)
{
    const char *rest = path + t->root_len;

    if (strncmp(path, t->root, t->root_len) != 0 || (*rest && *rest != '/'))
        return NULL;
    return *rest ? rest + 1 : rest;
}

/* "a/./b//c/../d" becomes "a/b/d". Where there are links that may be wrong: whoever asks knows. */
static void tidy(char *path)
{
    char *out = path;

    for (char *part = path, *end; *part; part = end) {
        size_t len;

        part += strspn(part, "/");
        end = part + strcspn(part, "/");
        len = (size_t)(end - part);
        if (len == 0 || (len == 1 && part[0] == '.'))
            continue;
        if (len == 2 && part[0] == '.' && part[1] == '.') {
            while (out > path && *--out != '/')
                ;
            continue;
        }
        *out++ = '/';
        memmove(out, part, len);
        out += len;
    }
    *out = '\0';
}

uint64_t decode_inode(const struct process *p, int fd)
{
    char name[64];
    struct stat st;

    snprintf(name, sizeof name, "/proc/%d/fd/%d", p->pid, fd);
    return stat(name, &st) == 0 ? st.st_ino : 0;
}

/* Where it began is where its store is, as it sees it. */
bool decode_root(struct tree *t, const struct process *p, const char *cwd)
{
    char path[PATH_MAX];
    size_t len, tail = strlen(cwd);

    if (!link_of(p, "cwd", path, sizeof path))
        return false;
    len = strlen(path);
    if (tail && (len <= tail || strcmp(path + len - tail, cwd) != 0))
        return false;
    path[tail ? len - tail - 1 : len] = '\0';
    free(t->root);
    t->root = mem_strdup(path);
    t->root_len = strlen(path);
    return true;
}

/* The path as the store has it, if it leads into the store. */
static bool take_inside(struct tree *t, const char *path, char *out)
{
    const char *inside = below(t, path);

    if (!inside)
        return false;
    if (strlen(inside) >= PORT_PATH_MAX) {
        tree_fail(t, ERR_INPUT, "a path of more than %d bytes", PORT_PATH_MAX - 1);
        return false;
    }
    strcpy(out, inside);
    return true;
}

bool decode_fd(struct tree *t, const struct process *p, int fd, char *out, char *link, size_t size)
{
    static const char gone[] = " (deleted)";
    char what[32], path[PATH_MAX + sizeof gone];
    size_t len;

    snprintf(what, sizeof what, "fd/%d", fd);
    if (!link_of(p, what, path, sizeof path))
        path[0] = '\0';
    if (link)
        snprintf(link, size, "%.*s", (int)size - 1, path);
    len = strlen(path);
    if (len >= sizeof gone && strcmp(path + len - (sizeof gone - 1), gone) == 0)
        path[len - (sizeof gone - 1)] = '\0';
    return take_inside(t, path, out);
}

/* What the name would be relative to; "" if that is not known. */
static void base_of(const struct process *p, int dir, char *out, size_t size)
{
    char what[32] = "cwd";

    if (dir != AT_FDCWD)
        snprintf(what, sizeof what, "fd/%d", dir);
    if (!link_of(p, what, out, size))
        out[0] = '\0';
}

/* Is it a name in the store? */
static bool name_of(struct tree *t, struct process *p, int dir, uint64_t at, char *out)
{
    char name[PATH_MAX], full[2 * PATH_MAX + 1];

    if (memory_text(p->pid, at, name, sizeof name) < 0)
        return false;
    if (name[0] == '/') {
        strcpy(full, name);
    } else {
        base_of(p, dir, full, PATH_MAX);
        strcat(strcat(full, "/"), name);
    }
    tidy(full);
    return take_inside(t, full, out);
}

static int dir_of(const struct process *p, int place)
{
    return place ? (int)arg_of(p, place) : AT_FDCWD;
}

/* An empty name means the descriptor itself, where that is asked for. */
static bool is_empty(struct process *p, uint64_t at)
{
    char c = 'x';

    return at == 0 || (memory_peek(p->pid, at, &c, 1) == 1 && c == '\0');
}

/* Whether the call is about a name, a descriptor, or neither in the store. */
static bool find_paths(struct tree *t, struct process *p, struct tree_call *c)
{
    const struct call_rule *r = p->rule;
    bool first, second = false;
    char other[PORT_PATH_MAX];

    if (!r->path || is_empty(p, (uint64_t)arg_of(p, r->path)))
        return r->dir && decode_fd(t, p, (int)arg_of(p, r->dir), c->path, NULL, 0);
    c->has_path = true;
    first = name_of(t, p, dir_of(p, r->dir), (uint64_t)arg_of(p, r->path), c->path);
    if (r->path2)
        second = name_of(t, p, dir_of(p, r->dir2), (uint64_t)arg_of(p, r->path2), other);
    if (second && first) {
        strcpy(c->path2, other);
        c->two = true;
    } else if (second) { /* from outside: as if it were made there */
        strcpy(c->path, other);
    }
    return first || second;
}

static bool writes_outside(const struct process *p, const struct tree_call *c)
{
    switch (p->rule->what) {
    case DO_OPEN:
        return (c->flags & O_ACCMODE) != O_RDONLY || c->flags & (O_CREAT | O_TRUNC);
    case DO_CREAT:
    case DO_MKDIR:
    case DO_MKNOD:
    case DO_RMDIR:
    case DO_UNLINK:
    case DO_RENAME:
    case DO_LINK:
    case DO_SYMLINK:
    case DO_TRUNCATE:
    case DO_CHMOD:
    case DO_CHOWN:
    case DO_SETXATTR:
        return p->rule->path != 0;
    default:
        return false;
    }
}

static bool is_of_devices(struct process *p)
{
    char name[PATH_MAX];

    return p->rule->path &&
           memory_text(p->pid, (uint64_t)arg_of(p, p->rule->path), name, sizeof name) > 0 &&
           (strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/self/", 11) == 0);
}

static bool is_output(const char *name)
{
    return strcmp(name, "/dev/stdout") == 0 || strcmp(name, "/dev/stderr") == 0 ||
           strncmp(name, "/dev/fd/", 8) == 0 || strncmp(name, "/proc/self/fd/", 14) == 0;
}

void decode_output(struct process *p)
{
    char name[32];
    int place = p->rule->flags;

    if (p->rule->what != DO_OPEN || !(arg_of(p, place) & O_TRUNC) ||
        memory_text(p->pid, (uint64_t)arg_of(p, p->rule->path), name, sizeof name) < 0 ||
        !is_output(name))
        return;
    registers_set_arg(&p->regs, place - 1, (uint64_t)((arg_of(p, place) & ~O_TRUNC) | O_APPEND));
    registers_set(p->pid, &p->regs);
}

/* Locks: F_SETLKW and a flock() without LOCK_NB are made without waiting, once they can be. */
static enum about decode_lock(struct process *p, struct tree_call *c)
{
    int64_t command = arg_of(p, 2);

    if (p->rule->what == DO_FLOCK) {
        c->flags = (int)command & ~LOCK_NB;
        c->blocks = !(command & LOCK_NB) && !(command & LOCK_UN);
        return ABOUT_STORE;
    }
    switch (command) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        break;
    default:
        return ABOUT_NOTHING;
    }
    c->flags = (int)command;
    c->blocks = command == F_SETLKW || command == F_OFD_SETLKW;
    return ABOUT_STORE;
}

static enum about refuse(struct tree *t, const char *what)
{
    tree_fail(t, ERR_INPUT, "%s: what others see of that cannot be told", what);
    return ABOUT_FAILED;
}

/* That two files have the same bytes is not told yet. Most file systems cannot do it, and who asks copies them then. */
static bool shares_bytes(struct process *p)
{
    int64_t request = arg_of(p, 2);

    if (request != FICLONE && request != FICLONERANGE && request != FIDEDUPERANGE)
        return false;
    registers_skip(p->pid, &p->regs, -EOPNOTSUPP);
    return true;
}

/* Calls on a file of the store that only matter at times. */
static enum about of_store(struct tree *t, struct process *p, struct tree_call *c)
{
    switch (p->rule->what) {
    case DO_SEEK: /* from the end: the size is looked at */
        return arg_of(p, 3) >= SEEK_END ? ABOUT_STORE : ABOUT_NOTHING;
    case DO_CLOSE:
        return t->closes || t->locks > 0 ? ABOUT_STORE : ABOUT_NOTHING;
    case DO_MMAP:
        if (arg_of(p, 4) & MAP_SHARED && arg_of(p, 3) & PROT_WRITE)
            return refuse(t, "a shared writable mapping of a file of the store");
        tree_doubts(t, "a file of the store is mapped into memory");
        return ABOUT_STORE;
    case DO_IOCTL:
        return shares_bytes(p) ? ABOUT_FAILED : ABOUT_NOTHING;
    case DO_FLOCK:
    case DO_FCNTL:
        return decode_lock(p, c);
    default:
        return ABOUT_STORE;
    }
}

static void hash_data(struct tree *t, struct process *p, struct tree_call *c)
{
    size_t len = (size_t)arg_of(p, 3);

    if (strcmp(p->rule->name, "write") != 0 && strcmp(p->rule->name, "pwrite64") != 0)
        return;
    if (len > TREE_DATA_MAX)
        len = TREE_DATA_MAX;
    len = memory_peek(p->pid, (uint64_t)arg_of(p, 2), t->buffer, len);
    c->told = hash_bytes(c->told, t->buffer, len);
    c->target = NULL;
}

static void hash_call(struct tree *t, struct process *p, struct tree_call *c)
{
    c->told = hash_str(HASH_INIT, p->rule->name);
    c->told = hash_str(hash_str(c->told, c->path), c->path2);
    c->told = hash_u64(c->told, (uint64_t)c->flags);
    if (p->rule->what == DO_WRITE)
        hash_data(t, p, c);
    if (p->rule->what == DO_SYMLINK) {
        char target[PATH_MAX];

        if (memory_text(p->pid, registers_arg(&p->regs, 0), target, sizeof target) >= 0) {
            strbuf_clear(&t->text);
            strbuf_adds(&t->text, target);
            c->target = t->text.s;
            c->told = hash_str(c->told, target);
        }
    }
}

/* Where it is: below the root, others may call that otherwise. */
static enum about decode_cwd(const struct tree *t, const struct process *p, struct tree_call *out)
{
    char path[PATH_MAX];
    const char *inside = link_of(p, "cwd", path, sizeof path) ? below(t, path) : NULL;

    if (!inside || !*inside || strlen(inside) >= PORT_PATH_MAX)
        return ABOUT_NOTHING;
    strcpy(out->path, inside);
    return ABOUT_STORE;
}

enum about decode(struct tree *t, struct process *p, struct tree_call *out)
{
    assert(p->rule->class == CALL_STORE);

    const struct call_rule *r = p->rule;

    *out = (struct tree_call){.rule = r, .process = p->birth};
    if (r->flags)
        out->flags = (int)arg_of(p, r->flags);
    if (r->what == DO_GETCWD)
        return decode_cwd(t, p, out);
    if (r->what == DO_MMAP && (int)arg_of(p, 5) < 0)
        return ABOUT_NOTHING;
    if (!find_paths(t, p, out)) {
        t->wrote_outside |= writes_outside(p, out) && !is_of_devices(p);
        if (t->uncontained && writes_outside(p, out) && !is_of_devices(p))
            tree_doubts(t, "it writes outside of the store");
        return t->err.code != OK ? ABOUT_FAILED : ABOUT_NOTHING;
    }
    if (of_store(t, p, out) != ABOUT_STORE)
        return t->err.code != OK ? ABOUT_FAILED : ABOUT_NOTHING;
    if (!out->has_path)
        out->inode = decode_inode(p, (int)arg_of(p, r->dir));
    hash_call(t, p, out);
    return ABOUT_STORE;
}
