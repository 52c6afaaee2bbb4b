/*
 * rewind: a program that has run is put back to where it stood before its first call on the store, instead of being begun
 * anew. No fork, exec, exit or page fault: an execution of a small program then costs little more than its own calls.
 *
 * At the mark its writable memory, its registers and what the kernel keeps of it (descriptors, directory, mask, signals)
 * are written down. To rewind it, memory and registers are written back; what was mapped or opened since is given back by
 * calls that are put into its mouth. Where something else is not as it was, it is begun anew: that is always right.
 *
 * It has to stand at a call, with no child left, and has written nothing that outlives it but in the store.
 * Sources: proc_pid_maps(5), proc_pid_status(5), ptrace(2).
 */
#include "base/vec.h"
#include "sim/program/inner.h"
#include <assert.h>
#include <dirent.h>
#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define REWINDS_MAX 50 /* then it is begun anew, so that the two are compared */
#define FDS_LOOKED  64
#define MEMORY_MAX  ((size_t)64 << 20)

/* --- what is there --- */

static void read_maps(pid_t pid, struct regions *out)
{
    char name[64], line[512];
    FILE *f;

    out->count = 0;
    snprintf(name, sizeof name, "/proc/%d/maps", pid);
    f = fopen(name, "re");
    while (f && fgets(line, sizeof line, f)) {
        struct region r = {.data = NULL};
        char perms[8];
        int at = 0;

        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %n", &r.from, &r.to, perms, &at) < 3)
            continue;
        r.writable = perms[1] == 'w';
        r.is_shared = perms[3] == 's';
        r.is_heap = strncmp(line + at, "[heap]", 6) == 0;
        r.is_stack = strncmp(line + at, "[stack]", 7) == 0;
        r.anonymous = line[at] == '\0' || line[at] == '\n' || r.is_heap;
        r.prot = (perms[0] == 'r' ? PROT_READ : 0) | (r.writable ? PROT_WRITE : 0) |
                 (perms[2] == 'x' ? PROT_EXEC : 0);
        VEC_ROOM(out->v, out->count, out->cap, 32);
        out->v[out->count++] = r;
    }
    if (f)
        fclose(f);
}

static void free_regions(struct regions *r)
{
    for (int i = 0; i < r->count; i++)
        free(r->v[i].data);
    free(r->v);
    *r = (struct regions){.count = 0};
}

/* What the kernel says of signals and of the mask of modes. */
static void read_status(pid_t pid, struct strbuf *out, uint64_t *ignored, uint64_t *caught)
{
    static const char *const keys[] = {"Umask:", "SigPnd:", "ShdPnd:", "SigBlk:", "Threads:"};
    char name[64], line[256];
    FILE *f;

    strbuf_clear(out);
    snprintf(name, sizeof name, "/proc/%d/status", pid);
    f = fopen(name, "re");
    while (f && fgets(line, sizeof line, f)) {
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (strncmp(line, keys[i], strlen(keys[i])) == 0)
                strbuf_adds(out, line);
        if (strncmp(line, "SigIgn:", 7) == 0)
            *ignored = strtoull(line + 7, NULL, 16);
        if (strncmp(line, "SigCgt:", 7) == 0)
            *caught = strtoull(line + 7, NULL, 16);
    }
    if (f)
        fclose(f);
}

static void link_text(pid_t pid, const char *what, char *out, size_t size)
{
    char name[64];
    ssize_t n;

    snprintf(name, sizeof name, "/proc/%d/%s", pid, what);
    n = readlink(name, out, size - 1);
    out[n > 0 ? n : 0] = '\0';
}

static void read_fds(pid_t pid, struct mark_fd *v)
{
    char dir[64], what[32];
    DIR *fds;

    memset(v, 0, FDS_LOOKED * sizeof *v);
    snprintf(dir, sizeof dir, "/proc/%d/fd", pid);
    fds = opendir(dir);
    for (struct dirent *e; fds && (e = readdir(fds));) {
        int fd = e->d_name[0] == '.' ? -1 : atoi(e->d_name);

        if (fd < 0 || fd >= FDS_LOOKED)
            continue;
        snprintf(what, sizeof what, "fd/%d", fd);
        link_text(pid, what, v[fd].link, sizeof v[fd].link);
    }
    if (fds)
        closedir(fds);
}

/* --- calls that are put into its mouth --- */

static bool to_call_stop(pid_t pid)
{
    int status;

    for (;;) {
        if (ptrace(PTRACE_SYSCALL, pid, NULL, 0) != 0 || waitpid(pid, &status, __WALL) != pid ||
            !WIFSTOPPED(status))
            return false;
        if (status >> 16 == 0)
            return WSTOPSIG(status) == (SIGTRAP | 0x80); /* a signal: not now */
    }
}

/* From the stop before a call, which is not made, to the one behind it. */
static bool leave_call(struct tree *t, struct process *p)
{
    registers r = t->mark.regs;

    r.orig_rax = (unsigned long long)-1;
    return registers_set(p->pid, &r) && to_call_stop(p->pid);
}

/* Behind a call: makes another one, and stands behind that. */
static bool say(struct tree *t, struct process *p, long nr, const uint64_t args[6], int64_t *out)
{
    registers r = t->mark.regs;

    r.rip -= 2;
    r.rax = (unsigned long long)nr;
    r.orig_rax = (unsigned long long)-1;
    for (int i = 0; i < 6; i++)
        registers_set_arg(&r, i, args[i]);
    if (!registers_set(p->pid, &r) || !to_call_stop(p->pid) || !to_call_stop(p->pid) ||
        !registers_get(p->pid, &r))
        return false;
    *out = (int64_t)r.rax;
    return true;
}

static bool tell_to(struct tree *t, struct process *p, long nr, uint64_t a, uint64_t b, uint64_t c,
                    uint64_t d)
{
    const uint64_t args[6] = {a, b, c, d, (uint64_t)-1, 0};
    int64_t rc;

    return say(t, p, nr, args, &rc) && (rc >= 0 || nr == SYS_close);
}

/* --- the mark --- */

static bool save_memory(pid_t pid, struct regions *r)
{
    size_t all = 0;

    for (int i = 0; i < r->count; i++) {
        struct region *it = &r->v[i];
        size_t len = it->to - it->from;

        if (!it->writable)
            continue;
        all += len;
        if (it->is_shared || all > MEMORY_MAX)
            return false;
        it->data = mem_alloc(len);
        if (memory_peek(pid, it->from, it->data, len) != len)
            return false;
    }
    return true;
}

/* Below what a leaf function may use of the stack. */
static uint64_t scratch_of(const struct mark *m)
{
    return m->regs.rsp - 1024;
}

#define SIGNAL_SET 8 /* bytes */

/* What it has set up for signals, it has to be asked itself. Then it stands before its call again. */
static bool ask_handlers(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;
    uint64_t at = scratch_of(m);
    registers r = m->regs;
    int status;

    if (!m->caught)
        return true;
    if (!leave_call(t, p))
        return false;
    for (int i = 1; i <= 64; i++)
        if (m->caught >> (i - 1) & 1 &&
            (!tell_to(t, p, SYS_rt_sigaction, (uint64_t)i, 0, at, SIGNAL_SET) ||
             memory_peek(p->pid, at, &m->handlers[i], sizeof m->handlers[i]) !=
                 sizeof m->handlers[i]))
            return false;
    registers_redo(&r);
    return registers_set(p->pid, &r) && ptrace(PTRACE_CONT, p->pid, NULL, 0) == 0 &&
           waitpid(p->pid, &status, __WALL) == p->pid && status >> 16 == PTRACE_EVENT_SECCOMP &&
           registers_get(p->pid, &p->regs);
}

void mark_set(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;
    struct iovec fp = {m->fp, sizeof m->fp};

    if (m->set || m->never || t->closes || t->count != 1 || p != &t->v[0])
        return;
    free_regions(&m->maps);
    read_maps(p->pid, &m->maps);
    read_status(p->pid, &m->status, &m->ignored, &m->caught);
    read_fds(p->pid, m->fds);
    link_text(p->pid, "cwd", m->cwd, sizeof m->cwd);
    m->regs = p->regs;
    m->rewinds = 0;
    m->now_ns = t->now_ns;
    m->chance = p->chance;
    m->fp_len = ptrace(PTRACE_GETREGSET, p->pid, NT_X86_XSTATE, &fp) == 0 ? fp.iov_len : 0;
    if (!ask_handlers(t, p)) {
        tree_fail(t, ERR_IO, "a program was lost at its first call");
        return;
    }
    m->set = m->fp_len > 0 && strcmp(m->cwd, t->root) == 0 && save_memory(p->pid, &m->maps);
    m->never = !m->set;
}

void mark_clear(struct tree *t)
{
    t->mark.set = false;
}

void mark_release(struct tree *t)
{
    free_regions(&t->mark.maps);
    free_regions(&t->mark.now);
    strbuf_release(&t->mark.status);
    strbuf_release(&t->mark.status_now);
    t->mark.set = false;
}

/* --- back --- */

static bool is_same(const struct region *now, const struct region *then)
{
    if (then->is_stack)
        return now->is_stack && now->from <= then->from && now->to == then->to;
    return now->from == then->from && now->to == then->to && now->prot == then->prot &&
           now->anonymous == then->anonymous && now->is_shared == then->is_shared;
}

static bool is_among(const struct regions *r, const struct region *it, bool reversed)
{
    for (int i = 0; i < r->count; i++)
        if (reversed ? is_same(it, &r->v[i]) : is_same(&r->v[i], it))
            return true;
    return false;
}

static const struct region *heap_of(const struct regions *r)
{
    for (int i = 0; i < r->count; i++)
        if (r->v[i].is_heap)
            return &r->v[i];
    return NULL;
}

/* Memory that is nobody's but its own, and not the heap. */
static bool is_plain(const struct region *it)
{
    return it->anonymous && !it->is_heap && !it->is_stack && !it->is_shared;
}

static bool restore_heap(struct tree *t, struct process *p)
{
    const struct region *then = heap_of(&t->mark.maps), *now = heap_of(&t->mark.now);

    if (!then || !now)
        return !then && !now;
    return now->from == then->from && now->prot == then->prot &&
           (now->to == then->to || tell_to(t, p, SYS_brk, then->to, 0, 0, 0));
}

/* What was mapped since goes; what went, and had no file, comes again. */
static bool restore_maps(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;

    read_maps(p->pid, &m->now);
    if (!restore_heap(t, p))
        return false;
    for (int i = 0; i < m->now.count; i++) {
        const struct region *it = &m->now.v[i];

        if (!it->is_heap && !is_among(&m->maps, it, true) &&
            (!is_plain(it) || !tell_to(t, p, SYS_munmap, it->from, it->to - it->from, 0, 0)))
            return false;
    }
    for (int i = 0; i < m->maps.count; i++) {
        const struct region *it = &m->maps.v[i];

        if (!it->is_heap && !is_among(&m->now, it, false) &&
            (!is_plain(it) || !it->writable ||
             !tell_to(t, p, SYS_mmap, it->from, it->to - it->from, (uint64_t)it->prot,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
            return false;
    }
    return true;
}

static bool restore_fds(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;
    struct mark_fd now[FDS_LOOKED];

    read_fds(p->pid, now);
    for (int fd = 0; fd < FDS_LOOKED; fd++) {
        if (strcmp(now[fd].link, m->fds[fd].link) == 0)
            continue;
        if (m->fds[fd].link[0] || !tell_to(t, p, SYS_close, (uint64_t)fd, 0, 0, 0))
            return false;
    }
    return true;
}

/* How far it has read of its input. */
static bool restore_input(struct tree *t, struct process *p)
{
    return !t->reads_input || tell_to(t, p, SYS_lseek, 0, 0, SEEK_SET, 0);
}

static bool is_as_it_was(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;
    char cwd[sizeof m->cwd];

    read_status(p->pid, &m->status_now, &m->ignored_now, &m->caught_now);
    link_text(p->pid, "cwd", cwd, sizeof cwd);
    return strcmp(m->status.s, m->status_now.s) == 0 && strcmp(cwd, m->cwd) == 0;
}

static bool restore_signals(struct tree *t, struct process *p)
{
    struct mark *m = &t->mark;
    uint64_t differ = (m->ignored ^ m->ignored_now) | (m->caught ^ m->caught_now);
    uint64_t at = scratch_of(m);

    for (int i = 1; i <= 64; i++) {
        struct handler h = m->handlers[i];

        if (!(differ >> (i - 1) & 1))
            continue;
        if (!(m->caught >> (i - 1) & 1))
            h = (struct handler){
                .words = {m->ignored >> (i - 1) & 1}}; /* SIG_IGN is 1, SIG_DFL 0 */
        if (memory_poke(p->pid, at, &h, sizeof h) != sizeof h ||
            !tell_to(t, p, SYS_rt_sigaction, (uint64_t)i, at, 0, SIGNAL_SET))
            return false;
    }
    return true;
}

static bool restore_memory(const struct mark *m, pid_t pid)
{
    for (int i = 0; i < m->maps.count; i++) {
        const struct region *it = &m->maps.v[i];
        size_t len = it->to - it->from;

        if (it->data && memory_poke(pid, it->from, it->data, len) != len)
            return false;
    }
    return true;
}

static bool restore_registers(struct mark *m, pid_t pid)
{
    struct iovec fp = {m->fp, m->fp_len};
    registers r = m->regs;

    registers_redo(&r);
    return ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &fp) == 0 && registers_set(pid, &r);
}

static void restore_tree(struct tree *t)
{
    struct process *p = &t->v[0];

    *p = (struct process){.pid = p->pid,
                          .parent = -1,
                          .child = -1,
                          .wake_ns = -1,
                          .chance = t->mark.chance,
                          .rule = p->rule,
                          .calls = p->calls,
                          .calls_at_alarm = p->calls_at_alarm};
    t->now_ns = t->mark.now_ns;
    t->mark.rewinds++;
}

bool rewind_keeps(const struct tree *t)
{
    const struct process *p = &t->v[0];
    bool stands = p->state == PROCESS_CALLS || p->state == PROCESS_SLEEPS || t->at_end;

    if (!t->mark.set || !stands || p->in_kernel || t->wrote_outside ||
        t->mark.rewinds >= REWINDS_MAX)
        return false;
    for (int i = 1; i < t->count; i++)
        if (t->v[i].state != PROCESS_DEAD || !t->v[i].reaped)
            return false;
    return true;
}

bool rewind_try(struct tree *t)
{
    struct process *p = &t->v[0];

    if (!t->mark.set || !is_as_it_was(t, p) || !leave_call(t, p) || !restore_fds(t, p) ||
        !restore_input(t, p) || !restore_signals(t, p) || !restore_maps(t, p) ||
        !restore_memory(&t->mark, p->pid) || !restore_registers(&t->mark, p->pid))
        return false;
    restore_tree(t);
    return true;
}
