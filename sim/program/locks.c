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
static bool would_get(int fd, bool of_records, int operation, pid_t mine)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (of_records)
        return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK || lock.l_pid == mine;
    if (flock(fd, operation | LOCK_NB) != 0)
        return false;
    flock(fd, LOCK_UN);
    return true;
}

bool lock_is_free(const struct process *p)
{
    int fd = open_again(p, (int)p->regs.rdi);
    bool is_free;

    if (fd < 0)
        return true;
    is_free = would_get(fd, p->rule->what == DO_FCNTL, (int)p->regs.rsi & ~LOCK_NB, p->pid);
    close(fd);
    return is_free;
}

void lock_taken(struct tree *t, const struct process *p)
{
    struct stat st;
    struct held *h = &t->held[t->locks];

    for (int i = 0; i < t->locks; i++)
        if (strcmp(t->held[i].path, t->call.path) == 0)
            return;
    if (t->locks == TREE_LOCKS_MAX) {
        tree_fail(t, ERR_INPUT, "more than %d files are locked", TREE_LOCKS_MAX);
        return;
    }
    h->fd = open_again(p, (int)p->regs.rdi);
    h->of_records = p->rule->what == DO_FCNTL;
    strcpy(h->path, t->call.path);
    if (h->fd < 0 || (fstat(h->fd, &st) == 0 && st.st_nlink != 1))
        tree_doubts(t, "a file is locked that has another name, or none any more");
    if (h->fd >= 0)
        t->locks++;
}

void locks_look(struct tree *t, struct tree_result *out)
{
    int kept = 0;

    for (int i = 0; i < t->locks; i++) {
        struct held *h = &t->held[i];

        if (!would_get(h->fd, h->of_records, LOCK_EX, -1)) {
            t->held[kept++] = *h;
            continue;
        }
        close(h->fd);
        if (out->released_count < TREE_LOCKS_MAX) {
            strcpy(t->released[out->released_count], h->path);
            out->released[out->released_count] = t->released[out->released_count];
            out->released_count++;
        }
    }
    t->locks = kept;
}

void locks_forget(struct tree *t)
{
    for (int i = 0; i < t->locks; i++)
        close(t->held[i].fd);
    t->locks = 0;
}
