/*
 * waits: who waits for what inside a tree. A wait is known from the call and from the table of processes: that a process
 * sleeps in the kernel says nothing of what for, or how long.
 */
#include "sim/program/inner.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

int pid_shown(const struct tree *t, const struct process *p)
{
    return (t->number + 2) * TREE_BIRTHS_MAX + p->birth;
}

struct process *process_shown(struct tree *t, int64_t shown)
{
    for (int i = 0; i < t->count; i++)
        if (pid_shown(t, &t->v[i]) == shown && !t->v[i].reaped)
            return &t->v[i];
    return NULL;
}

struct process *process_of(struct tree *t, pid_t pid)
{
    for (int i = t->count - 1; i >= 0; i--)
        if (t->v[i].pid == pid)
            return &t->v[i];
    return NULL;
}

/* --- children --- */

static bool is_meant(const struct tree *t, const struct process *child, int64_t which)
{
    return which <= 0 || pid_shown(t, child) == which; /* groups: all are one */
}

/* A dead child that the parent has not heard of. any: it has children of that kind at all. */
struct process *process_zombie(struct tree *t, struct process *parent, int64_t which, bool *any)
{
    *any = false;
    for (int i = 0; i < t->count; i++) {
        struct process *c = &t->v[i];

        if (c->parent < 0 || &t->v[c->parent] != parent || c->reaped || !is_meant(t, c, which))
            continue;
        *any = true;
        if (c->state == PROCESS_DEAD)
            return c;
    }
    return NULL;
}

/* The argument becomes the kernel's own number of the process. */
static void real_argument(struct tree *t, struct process *p, int i, int64_t which)
{
    const struct process *child = which > 0 ? process_shown(t, which) : NULL;

    if (child)
        registers_set_arg(&p->regs, i, (uint64_t)child->pid);
    else if (which < -1)
        registers_set_arg(&p->regs, i, (uint64_t)-1);
    registers_set(p->pid, &p->regs);
}

enum goes waits_for_child(struct tree *t, struct process *p)
{
    bool by_id = p->rule->what == DO_WAITID, any;
    int64_t which =
        by_id ? (p->regs.rdi == P_PID ? (int64_t)p->regs.rsi : -1) : (int32_t)p->regs.rdi;
    int options = (int)(by_id ? p->regs.r10 : p->regs.rdx);

    if (process_zombie(t, p, which, &any) || !any || options & WNOHANG) {
        p->poll_arg = registers_arg(&p->regs, by_id ? 1 : 0);
        real_argument(t, p, by_id ? 1 : 0, which);
        p->at_exit = by_id ? EXIT_WAITID : EXIT_WAIT;
        return GOES_TO_EXIT;
    }
    p->waits = WAIT_FOR_CHILD;
    return GOES_WAITS;
}

static bool child_is_there(struct tree *t, struct process *p)
{
    bool by_id = p->rule->what == DO_WAITID, any;
    int64_t which =
        by_id ? (p->regs.rdi == P_PID ? (int64_t)p->regs.rsi : -1) : (int32_t)p->regs.rdi;

    return process_zombie(t, p, which, &any) || !any;
}

/* --- descriptors --- */

/* A copy of the process's descriptor says the same of it. */
static bool is_ready(const struct process *p, int fd, int events)
{
    int of = (int)syscall(SYS_pidfd_open, p->pid, 0);
    struct pollfd poll_fd = {.events = (short)events};
    int n = 1; /* what cannot be asked is let go */

    if (of < 0)
        return true;
    poll_fd.fd = (int)syscall(SYS_pidfd_getfd, of, fd, 0);
    if (poll_fd.fd >= 0) {
        n = poll(&poll_fd, 1, 0);
        close(poll_fd.fd);
    }
    close(of);
    return n != 0;
}

enum goes waits_for_fd(struct tree *t, struct process *p, int fd, int events)
{
    (void)t;
    if (is_ready(p, fd, events))
        return GOES_ON;
    p->waits = WAIT_FOR_FD;
    p->fd = fd;
    p->events = events;
    return GOES_WAITS;
}

/* --- polls: without waiting, and once more when something has changed --- */

static int64_t read_timeout(const struct process *p, int arg)
{
    uint64_t value = p->poll_arg;
    int64_t pair[2];

    if (arg == 2 && p->rule->what == DO_POLL && p->regs.orig_rax == SYS_poll)
        return (int32_t)value < 0 ? -1 : (int32_t)value * INT64_C(1000000);
    if (value == 0 || memory_peek(p->pid, value, pair, sizeof pair) != sizeof pair)
        return -1;
    return pair[0] * SECOND + (p->regs.orig_rax == SYS_select ? pair[1] * 1000 : pair[1]);
}

static int timeout_arg(const struct process *p)
{
    return p->rule->what == DO_POLL ? 2 : 4;
}

enum goes waits_poll(struct tree *t, struct process *p)
{
    static const char zeros[16] = {0};
    int arg = timeout_arg(p);
    uint64_t none = p->regs.rsp - 1024; /* below what a leaf function may use */
    int64_t ns;

    p->poll_arg = registers_arg(&p->regs, arg);
    ns = read_timeout(p, arg);
    if (p->wake_ns < 0 && ns >= 0) /* the first time; it is asked again and again */
        p->wake_ns = t->now_ns + ns;
    if (p->regs.orig_rax == SYS_poll) {
        none = 0;
    } else {
        memory_poke(p->pid, none, zeros, sizeof zeros);
    }
    registers_set_arg(&p->regs, arg, none);
    registers_set(p->pid, &p->regs);
    p->at_exit = EXIT_POLL;
    return GOES_TO_EXIT;
}

void waits_polled(struct tree *t, struct process *p)
{
    bool nothing = p->regs.rax == 0, over = p->wake_ns >= 0 && p->wake_ns <= t->now_ns;

    registers_set_arg(&p->regs, timeout_arg(p), p->poll_arg);
    if (nothing && !over) {
        registers_redo(&p->regs);
        p->state = PROCESS_WAITS;
        p->waits = WAIT_FOR_POLL;
        p->seen = t->changes;
    } else {
        p->wake_ns = -1;
    }
    registers_set(p->pid, &p->regs);
}

bool waits_over(struct tree *t, struct process *p)
{
    switch (p->waits) {
    case WAIT_FOR_CHILD:
        return child_is_there(t, p);
    case WAIT_FOR_FD:
        return is_ready(p, p->fd, p->events);
    case WAIT_FOR_POLL:
        return p->seen != t->changes || (p->wake_ns >= 0 && p->wake_ns <= t->now_ns);
    case WAIT_FOR_SIGNAL:
        return p->signals_due > 0;
    case WAIT_FOR_VFORK:
        return p->child < 0;
    }
    return true;
}
