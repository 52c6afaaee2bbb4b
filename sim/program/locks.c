/*
 * locks: which locks a tree holds, and which were set free by a call. A lock is held by whatever descriptors are left of the
 * one that took it, in any process of the tree: so the kernel is asked, by a descriptor of our own.
 */
#include "sim/program/inner.h"
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_again(const struct process *p, int fd)
{
    char name[64];

    snprintf(name, sizeof name, "/proc/%d/fd/%d", p->pid, fd);
    return open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Would the kernel give the lock to us? */
static bool would_get(int fd, bool of_records, int operation)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (of_records)
        return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK;
    if (flock(fd, operation | LOCK_NB) != 0)
        return false;
    flock(fd, LOCK_UN);
    return true;
}

/* What the kernel says of a descriptor of the process: its place in the file, and the locks that it has. */
static void read_info(const struct process *p, char *out, size_t size)
{
    char name[64];
    ssize_t n = -1;
    int fd;

    snprintf(name, sizeof name, "/proc/%d/fdinfo/%d", p->pid, (int)p->regs.rdi);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, out, size - 1);
        close(fd);
    }
    out[n > 0 ? n : 0] = '\0';
}

static bool is_record_free(const struct process *p, int fd, const char *info)
{
    bool of_file = p->rule->what == DO_FCNTL && p->regs.rsi == F_OFD_SETLKW;
    struct flock lock;
    long long at = 0;

    if (memory_peek(p->pid, p->regs.rdx, &lock, sizeof lock) != sizeof lock)
        return true; /* the kernel says what is wrong */
    if (lock.l_whence == SEEK_CUR && sscanf(info, "pos: %lld", &at) == 1)
        lseek(fd, (off_t)at, SEEK_SET);
    lock.l_pid = 0;
    if (fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
        return true;
    return of_file ? lock.l_pid == -1 && strstr(info, "OFDLCK") : lock.l_pid == p->pid;
}

/* A lock that it has itself is no obstacle: the kernel makes it the other kind. If others keep it from that, it is told so
 * (lock_was_refused). */
bool lock_is_free(const struct process *p)
{
    int fd = open_again(p, (int)p->regs.rdi);
    char info[4096];
    bool is_free;

    if (fd < 0)
        return true;
    read_info(p, info, sizeof info);
    is_free = p->rule->what == DO_FLOCK
                  ? strstr(info, "FLOCK") || would_get(fd, false, (int)p->regs.rsi & ~LOCK_NB)
                  : is_record_free(p, fd, info);
    close(fd);
    return is_free;
}

/* flock(2) has set free what it had, and waits without it: it asks once more. Of records it has kept it. */
void lock_was_refused(struct tree *t, struct process *p)
{
    if (p->rule->what == DO_FLOCK)
        registers_redo(&p->regs);
    else
        tree_fail(t, ERR_INPUT,
                  "it waits until nobody shares a lock of records that it has itself: when that "
                  "is cannot be told yet");
}

void lock_taken(struct tree *t, const struct process *p)
{
    struct stat st;
    struct held *h = &t->held[t->locks];

    bool shared = p->rule->what == DO_FCNTL || t->call.flags & LOCK_SH;

    for (int i = 0; i < t->locks; i++)
        if (strcmp(t->held[i].path, t->call.path) == 0) {
            t->held[i].shared |= shared;
            return;
        }
    if (t->locks == TREE_LOCKS_MAX) {
        tree_fail(t, ERR_INPUT, "more than %d files are locked", TREE_LOCKS_MAX);
        return;
    }
    h->fd = open_again(p, (int)p->regs.rdi);
    h->of_records = p->rule->what == DO_FCNTL;
    h->shared = shared;
    strcpy(h->path, t->call.path);
    if (h->fd < 0 || (fstat(h->fd, &st) == 0 && st.st_nlink != 1))
        tree_doubts(t, "a file is locked that has another name, or none any more");
    if (h->fd >= 0)
        t->locks++;
}

static bool may_release(const struct tree_call *c)
{
    return c->rule->what == DO_FLOCK || c->rule->what == DO_FCNTL || c->rule->what == DO_CLOSE ||
           c->rule->what == DO_EXIT || c->rule->what == DO_EXEC;
}

/* That nobody has it is sure; if somebody does, it may be another node that shares it, and ours may be gone. */
void locks_look(struct tree *t, struct tree_result *out)
{
    int kept = 0;

    for (int i = 0; i < t->locks; i++) {
        struct held *h = &t->held[i];
        bool is_free = would_get(h->fd, h->of_records, LOCK_EX);

        if (is_free || (h->shared && may_release(&t->call))) {
            strcpy(t->released[out->released_count], h->path);
            out->released[out->released_count] = t->released[out->released_count];
            out->released_count++;
        }
        if (is_free)
            close(h->fd);
        else
            t->held[kept++] = *h;
    }
    t->locks = kept;
}

void locks_forget(struct tree *t)
{
    for (int i = 0; i < t->locks; i++)
        close(t->held[i].fd);
    t->locks = 0;
}
