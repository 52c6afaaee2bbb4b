/*
 * patch: what a call of the store has told the program, made the same on every machine and in every execution: numbers of
 * files, their times, the order of a directory. And what of it is told to others.
 */
#include "base/hash.h"
#include "base/vec.h"
#include "sim/program/inner.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
/* A file of a later time was not made by a program: it was laid out. */
#define OURS_UNTIL_S (TREE_EPOCH_S + INT64_C(300000000))
#define LIST_WHOLE   28000 /* bytes of a listing after which there may be more */

/* --- times --- */

static void stamp_at(const struct tree *t, int dir, const char *path, int flags)
{
    struct timespec now = {.tv_sec = TREE_EPOCH_S + t->now_ns / SECOND,
                           .tv_nsec = t->now_ns % SECOND};
    struct timespec both[2] = {now, now};

    utimensat(dir, path, both, flags); /* what is not there any more has no time */
}

static void stamp_name(const struct tree *t, const char *path)
{
    stamp_at(t, t->store, *path ? path : ".", AT_SYMLINK_NOFOLLOW);
}

static void stamp_above(const struct tree *t, const char *path)
{
    char above[PORT_PATH_MAX];
    char *slash;

    strcpy(above, path);
    slash = strrchr(above, '/');
    *(slash ? slash : above) = '\0';
    stamp_name(t, above);
}

static void stamp_fd(const struct tree *t, const struct process *p, int fd)
{
    char name[64];

    snprintf(name, sizeof name, "/proc/%d/fd/%d", p->pid, fd);
    stamp_at(t, AT_FDCWD, name, 0);
}

static void stamp(const struct tree *t, const struct process *p)
{
    const struct tree_call *c = &t->call;

    switch (p->rule->what) {
    case DO_OPEN:
    case DO_CREAT:
        if (p->rule->what == DO_OPEN && !(c->flags & (O_CREAT | O_TRUNC)))
            return;
        stamp_fd(t, p, (int)p->regs.rax);
        stamp_above(t, c->path);
        return;
    case DO_WRITE:
        stamp_fd(t, p, (int)p->regs.rdi);
        return;
    case DO_TRUNCATE:
        stamp_name(t, c->path);
        return;
    case DO_MKDIR:
    case DO_MKNOD:
    case DO_SYMLINK:
        stamp_name(t, c->path);
        stamp_above(t, c->path);
        return;
    case DO_UNLINK:
    case DO_RMDIR:
    case DO_RENAME:
    case DO_LINK:
        stamp_above(t, c->path);
        if (c->two)
            stamp_above(t, c->path2);
        return;
    default:
        return;
    }
}

/* --- numbers of files --- */

static bool is_shown(const struct tree *t, uint64_t number)
{
    for (int i = 0; i < t->inode_count; i++)
        if (t->inodes[i].shown == number)
            return true;
    return false;
}

/* By the name under which it was first seen. */
static uint64_t inode_shown(struct tree *t, uint64_t real, const char *path)
{
    uint64_t number = hash_mix(hash_str(HASH_INIT, path)) >> 34 | 1;

    for (int i = 0; i < t->inode_count; i++)
        if (t->inodes[i].real == real)
            return t->inodes[i].shown;
    while (is_shown(t, number))
        number++;
    VEC_ROOM(t->inodes, t->inode_count, t->inode_cap, 32);
    t->inodes[t->inode_count++] = (struct inode){real, number};
    return number;
}

static void patch_time(struct timespec *ts)
{
    if (ts->tv_sec > OURS_UNTIL_S)
        *ts = (struct timespec){.tv_sec = TREE_EPOCH_S};
}

static void patch_stat(struct tree *t, struct process *p, struct tree_result *r)
{
    uint64_t at = registers_arg(&p->regs, p->rule->out - 1);
    struct stat st;

    if (memory_peek(p->pid, at, &st, sizeof st) != sizeof st)
        return;
    st.st_ino = inode_shown(t, st.st_ino, t->call.path);
    if (!t->real_clock) {
        patch_time(&st.st_mtim);
        st.st_ctim = st.st_atim = st.st_mtim;
    }
    if (S_ISDIR(st.st_mode)) { /* depends on the file system */
        st.st_size = 4096;
        st.st_blocks = 8;
    }
    memory_poke(p->pid, at, &st, sizeof st);
    r->told = hash_bytes(r->told, &st.st_ino, sizeof st - offsetof(struct stat, st_ino));
}

/* --- listings --- */

struct entry { /* getdents64(2) */
    uint64_t ino;
    int64_t off;
    uint16_t len;
    uint8_t type;
    char name[];
};

static int by_name(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static struct entry **entries_of(char *buffer, size_t len, bool root, int *count)
{
    struct entry **v = NULL;
    int cap = 0;

    *count = 0;
    for (size_t at = 0; at < len;) {
        struct entry *e = (struct entry *)(void *)(buffer + at);

        at += e->len;
        if (root && strcmp(e->name, PORT_TMP) == 0)
            continue; /* fsrace's own */
        VEC_ROOM(v, *count, cap, 64);
        v[(*count)++] = e;
    }
    qsort(v, (size_t)*count, sizeof *v, by_name);
    return v;
}

static void tell_names(struct tree *t, struct entry **v, int count, struct tree_result *r)
{
    strbuf_clear(&t->text);
    for (int i = 0; i < count; i++) {
        if (strcmp(v[i]->name, ".") == 0 || strcmp(v[i]->name, "..") == 0)
            continue;
        strbuf_printf(&t->text, "%s%s", t->text.len ? " " : "", v[i]->name);
    }
    r->data = t->text.s;
    r->len = t->text.len;
    r->told = hash_bytes(r->told, r->data, r->len);
}

static void patch_list(struct tree *t, struct process *p, struct tree_result *r)
{
    size_t len = (size_t)r->rc, out = 0;
    char *whole = mem_alloc(2 * len + 1), *sorted = whole + len, path[2 * PORT_PATH_MAX];
    struct entry **v;
    int count;

    if (len > LIST_WHOLE || strcmp(p->rule->name, "getdents64") != 0)
        tree_doubts(t, "a directory has too many names to be put into an order");
    if (strcmp(p->rule->name, "getdents64") == 0 &&
        memory_peek(p->pid, registers_arg(&p->regs, 1), whole, len) == len) {
        v = entries_of(whole, len, t->call.path[0] == '\0', &count);
        tell_names(t, v, count, r);
        for (int i = 0; i < count; out += v[i]->len, i++) {
            struct entry *e = (struct entry *)(void *)(sorted + out);

            memcpy(e, v[i], v[i]->len);
            snprintf(path, sizeof path, "%s/%s", t->call.path, v[i]->name);
            e->ino = inode_shown(t, v[i]->ino, t->call.path[0] ? path : path + 1);
            e->off = i + 1;
        }
        memory_poke(p->pid, registers_arg(&p->regs, 1), sorted, out);
        p->regs.rax = out;
        r->rc = (int64_t)out;
        free(v);
    }
    free(whole);
}

/* --- data --- */

static void keep_data(struct tree *t, struct process *p, uint64_t at, struct tree_result *r)
{
    size_t len = r->rc < TREE_DATA_MAX ? (size_t)r->rc : TREE_DATA_MAX;

    r->len = memory_peek(p->pid, at, t->buffer, len);
    t->buffer[r->len] = '\0';
    r->data = t->buffer;
    r->told = hash_bytes(r->told, r->data, r->len);
}

static bool has_buffer(const struct process *p)
{
    const char *name = p->rule->name;

    return name[0] != 'p' ? name[strlen(name) - 1] != 'v' : strstr(name, "64") != NULL;
}

static void patch_data(struct tree *t, struct process *p, struct tree_result *r)
{
    switch (p->rule->what) {
    case DO_STAT:
    case DO_LSTAT:
        patch_stat(t, p, r);
        break;
    case DO_LIST:
        if (r->rc > 0)
            patch_list(t, p, r);
        break;
    case DO_READ:
    case DO_WRITE:
        if (has_buffer(p))
            keep_data(t, p, registers_arg(&p->regs, 1), r);
        break;
    case DO_READLINK:
        keep_data(t, p, registers_arg(&p->regs, p->rule->path), r);
        break;
    default:
        break;
    }
}

/* --- locks --- */

static bool takes_lock(const struct tree *t, const struct process *p)
{
    struct flock lock;

    if (p->rule->what == DO_FLOCK)
        return !(t->call.flags & LOCK_UN);
    return p->rule->what == DO_FCNTL && t->call.flags != F_GETLK && t->call.flags != F_OFD_GETLK &&
           memory_peek(p->pid, registers_arg(&p->regs, 2), &lock, sizeof lock) == sizeof lock &&
           lock.l_type != F_UNLCK;
}

void patch_result(struct tree *t, struct process *p, struct tree_result *r)
{
    assert(t);
    assert(p);
    assert(r);
    r->told = hash_u64(HASH_INIT, (uint64_t)r->rc);
    if (r->rc < 0)
        return;
    if (!t->real_clock)
        stamp(t, p);
    if (p->rule->what == DO_OPEN || p->rule->what == DO_CREAT)
        r->inode = decode_inode(p, (int)r->rc);
    patch_data(t, p, r);
    if (takes_lock(t, p))
        lock_taken(t, p);
}
