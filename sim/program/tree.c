#include "base/hash.h"
#include "sim/exec/interrupt.h"
#include "sim/program/inner.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENT(status)  ((status) >> 16)
#define CALL_STOP      (SIGTRAP | 0x80)
#define CODE_32_BIT    0x23 /* the code segment of a 32-bit program */
#define PATIENCE_S     10
#define MILLISECOND_NS INT64_C(1000000)

/* --- births and deaths --- */

static struct process *add_process(struct tree *t, pid_t pid, int parent)
{
    struct process *p = &t->v[t->count];

    *p = (struct process){.pid = pid,
                          .birth = t->count++,
                          .parent = parent,
                          .child = -1,
                          .wake_ns = -1,
                          .born_at = t->changes};
    return p;
}

static int alive_count(const struct tree *t)
{
    int n = 0;

    for (int i = 0; i < t->count; i++)
        n += t->v[i].state != PROCESS_DEAD;
    return n;
}

/* A new process stops by itself before its first instruction. What the kernel has written of its number is made ours. */
static void born(struct tree *t, struct process *p, int event)
{
    unsigned long pid = 0;
    struct process *child;
    int status, shown;

    ptrace(PTRACE_GETEVENTMSG, p->pid, NULL, &pid);
    if (t->count == TREE_BIRTHS_MAX || alive_count(t) == TREE_PROCESSES_MAX) {
        kill((pid_t)pid, SIGKILL);
        tree_fail(t, ERR_INPUT, "more than %d processes, or %d at a time", TREE_BIRTHS_MAX,
                  TREE_PROCESSES_MAX);
        return;
    }
    child = add_process(t, (pid_t)pid, (int)(p - t->v));
    waitpid(child->pid, &status, __WALL);
    shown = pid_shown(t, child);
    if (p->rule->what == DO_CLONE && p->regs.rdi & CLONE_CHILD_SETTID)
        memory_poke(child->pid, p->regs.r10, &shown, sizeof shown);
    p->at_exit = EXIT_FORK;
    p->to_exit = true;
    if (event == PTRACE_EVENT_VFORK) {
        p->child = (int)(child - t->v);
        p->state = PROCESS_WAITS;
        p->waits = WAIT_FOR_VFORK;
    }
}

/* It has left its parent's memory. */
static void let_parent_go(struct tree *t, const struct process *p)
{
    if (p->parent >= 0 && t->v[p->parent].child == p - t->v)
        t->v[p->parent].child = -1;
}

static void died(struct tree *t, struct process *p, int status)
{
    p->state = PROCESS_DEAD;
    p->status = status;
    let_parent_go(t, p);
    if (p->parent >= 0)
        t->v[p->parent].signals_due++;
    if (WIFSIGNALED(status) && t->locks > 0)
        tree_doubts(t, "a process that may have held a lock was killed");
}

/* --- calls --- */

static void skip(struct process *p, int64_t answer)
{
    registers_skip(p->pid, &p->regs, answer);
}

static void act_on(struct process *p, enum goes goes)
{
    p->to_exit = goes == GOES_TO_EXIT;
    if (goes == GOES_WAITS)
        p->state = PROCESS_WAITS;
}

/* Of something that is not in the store: a pipe, a device, a file of the system's. */
static void outside(struct tree *t, struct process *p)
{
    char link[64], path[PORT_PATH_MAX];
    int fd = (int)p->regs.rdi;
    bool reads = p->rule->what == DO_READ;

    decode_output(p);
    if (!reads && p->rule->what != DO_WRITE)
        return;
    decode_fd(t, p, fd, path, link, sizeof link);
    if ((!reads || link[0] == '/') && strncmp(link, "/dev/", 5) != 0)
        before_uses(t, p, link, !reads);
    if (strncmp(link, "pipe:", 5) == 0 || strncmp(link, "socket:", 7) == 0)
        act_on(p, waits_for_fd(t, p, fd, reads ? POLL_READS : POLL_WRITES));
    else if (reads && (strcmp(link, "/dev/urandom") == 0 || strcmp(link, "/dev/random") == 0))
        emulate_bytes(t, p, p->regs.rsi, (size_t)p->regs.rdx);
}

static void store_call(struct tree *t, struct process *p)
{
    switch (decode(t, p, &t->call)) {
    case ABOUT_STORE:
        p->state = PROCESS_CALLS;
        break;
    case ABOUT_NOTHING:
        outside(t, p);
        break;
    case ABOUT_FAILED:
        break;
    }
}

static void clone_call(struct tree *t, struct process *p)
{
    uint64_t flags = p->regs.rdi;

    if (p->rule->what != DO_CLONE)
        return;
    if (flags & CLONE_THREAD || (flags & CLONE_VM && !(flags & CLONE_VFORK)))
        tree_fail(t, ERR_INPUT, "it starts a thread: the orders of threads cannot be told yet");
    else if (flags & (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                      CLONE_NEWUTS))
        skip(p, -EPERM);
}

/* A signal wakes who waits, unless it is to be quiet. */
static void wake(struct process *p, int signal)
{
    p->signals_due++;
    if (signal == 0 || p->state == PROCESS_DEAD || p->state == PROCESS_CALLS)
        return;
    p->in_kernel = p->in_kernel || signal == SIGKILL;
    p->state = PROCESS_RUNS;
}

/* kill(2) with no signal asks whether a process lives: of another node that is known of the program itself alone. */
static void kill_of_another(struct tree *t, struct process *p, int64_t shown, int signal)
{
    int number = (int)(shown / TREE_BIRTHS_MAX) - 2;

    if (number >= TREE_NUMBERS_MAX) {
        skip(p, -ESRCH);
        return;
    }
    if (!t->lives || signal != 0 || shown % TREE_BIRTHS_MAX != 0) {
        tree_doubts(t, "it asks for another node's processes");
        skip(p, -ESRCH);
        return;
    }
    skip(p, t->lives(t->ctx, number) ? 0 : -ESRCH);
}

/* kill(2) inside the tree. */
static void kill_call(struct tree *t, struct process *p)
{
    bool group = p->rule->what == DO_TGKILL;
    int64_t shown = (int32_t)p->regs.rdi;
    struct process *to = process_shown(t, shown > 0 ? shown : -shown);
    int signal = (int)(group ? p->regs.rdx : p->regs.rsi);

    if (shown == 0 || shown == -1) { /* all of it */
        tree_fail(t, ERR_INPUT, "%s of a group of processes cannot be told yet", p->rule->name);
    } else if (!to && shown >= 2 * TREE_BIRTHS_MAX) {
        kill_of_another(t, p, shown, signal);
    } else if (!to || (to->state == PROCESS_DEAD && to->reaped)) {
        skip(p, -ESRCH);
    } else {
        registers_set_arg(&p->regs, 0, (uint64_t)to->pid);
        if (group)
            registers_set_arg(&p->regs, 1, (uint64_t)to->pid);
        registers_set(p->pid, &p->regs);
        if (to != p)
            wake(to, signal);
    }
}

/* It could exit; if it can be rewound, it stands where it is. */
static void stand_at_end(struct tree *t, struct process *p)
{
    t->at_end = true;
    if (!rewind_keeps(t)) {
        t->at_end = false;
        return;
    }
    p->state = PROCESS_DEAD;
    p->status = (int)(p->regs.rdi & 0xff) << 8;
    t->kept = true;
}

static void process_call(struct tree *t, struct process *p)
{
    switch (p->rule->what) {
    case DO_CLONE:
        clone_call(t, p);
        break;
    case DO_EXIT: /* what it holds is set free */
        if (t->locks > 0 || t->closes)
            p->state = PROCESS_CALLS;
        else if (p == t->v)
            stand_at_end(t, p);
        break;
    case DO_WAIT4:
    case DO_WAITID:
        act_on(p, waits_for_child(t, p));
        break;
    case DO_KILL:
    case DO_TGKILL:
        kill_call(t, p);
        break;
    case DO_GETPID:
        skip(p, pid_shown(t, p));
        break;
    case DO_GETPPID:
        skip(p, p->parent < 0 ? 1 : pid_shown(t, &t->v[p->parent]));
        break;
    case DO_GETPG:
        skip(p, pid_shown(t, &t->v[0]));
        break;
    case DO_SETPG:
        skip(p, strcmp(p->rule->name, "setsid") == 0 ? pid_shown(t, p) : 0);
        break;
    default:
        break;
    }
}

/* It sleeps in the kernel until a signal comes, which is known when it is sent. */
static void pause_call(struct process *p)
{
    ptrace(PTRACE_CONT, p->pid, NULL, 0);
    p->in_kernel = true;
    if (p->signals_due == 0) {
        p->state = PROCESS_WAITS;
        p->waits = WAIT_FOR_SIGNAL;
    }
}

static void refuse_call(struct tree *t, const struct process *p)
{
    if (p->rule->class == CALL_UNKNOWN)
        tree_fail(t, ERR_INPUT, "it makes call %lld, which is not known",
                  (long long)p->regs.orig_rax);
    else
        tree_fail(t, ERR_INPUT, "it calls %s(), and what comes of that cannot be told yet",
                  p->rule->name);
}

static void at_call(struct tree *t, struct process *p)
{
    registers_get(p->pid, &p->regs);
    p->rule = call_rule((long)p->regs.orig_rax);
    p->to_exit = false;
    p->calls++;
    if (p->regs.cs == CODE_32_BIT) {
        tree_fail(t, ERR_INPUT, "it is a 32-bit program");
        return;
    }
    switch ((enum call_class)p->rule->class) {
    case CALL_HARMLESS:
        break;
    case CALL_STORE:
        store_call(t, p);
        break;
    case CALL_TIME:
        emulate_time(t, p);
        break;
    case CALL_PROCESS:
        process_call(t, p);
        break;
    case CALL_WAIT:
        if (p->rule->what == DO_PAUSE)
            pause_call(p);
        else
            act_on(p, waits_poll(t, p));
        break;
    case CALL_ENOSYS:
        skip(p, -ENOSYS);
        break;
    case CALL_DENIED:
        skip(p, -EACCES);
        break;
    case CALL_REFUSED:
    case CALL_UNKNOWN:
        refuse_call(t, p);
        break;
    }
}

/* --- the ends of calls --- */

static void forked(struct tree *t, struct process *p)
{
    const struct process *child =
        (int64_t)p->regs.rax > 0 ? process_of(t, (pid_t)p->regs.rax) : NULL;

    if (child) {
        p->regs.rax = (unsigned long long)pid_shown(t, child);
        registers_set(p->pid, &p->regs);
    }
}

static void waited(struct tree *t, struct process *p)
{
    struct process *child = (int64_t)p->regs.rax > 0 ? process_of(t, (pid_t)p->regs.rax) : NULL;

    registers_set_arg(&p->regs, 0, p->poll_arg);
    if (child) {
        child->reaped = true;
        child->reaped_at = t->changes;
        p->regs.rax = (unsigned long long)pid_shown(t, child);
    }
    registers_set(p->pid, &p->regs);
}

#define SIGINFO_PID 16 /* where siginfo_t has it */

static void waited_id(struct tree *t, struct process *p)
{
    uint64_t at = p->regs.rdx + SIGINFO_PID;
    struct process *child;
    pid_t pid = 0;
    int shown;

    registers_set_arg(&p->regs, 1, p->poll_arg);
    registers_set(p->pid, &p->regs);
    if (p->regs.rax != 0 || !p->regs.rdx || memory_peek(p->pid, at, &pid, sizeof pid) != sizeof pid)
        return;
    child = process_of(t, pid);
    if (!child)
        return;
    child->reaped = !(p->regs.r10 & WNOWAIT);
    child->reaped_at = t->changes;
    shown = pid_shown(t, child);
    memory_poke(p->pid, at, &shown, sizeof shown);
}

static void at_exit_stop(struct tree *t, struct process *p)
{
    enum at_exit at = p->at_exit;

    registers_get(p->pid, &p->regs);
    p->at_exit = EXIT_NOTHING;
    p->to_exit = false;
    switch (at) {
    case EXIT_FORK:
        forked(t, p);
        break;
    case EXIT_WAIT:
        waited(t, p);
        break;
    case EXIT_WAITID:
        waited_id(t, p);
        break;
    case EXIT_POLL:
        waits_polled(t, p);
        break;
    case EXIT_NOTHING:
        break;
    }
}

/* --- from stop to stop --- */

/* It has used up its time: once more of it, if it made a call at all. */
static void alarm_of(struct tree *t, struct process *p)
{
    struct rlimit limit;

    p->signal = 0;
    if (p->calls == p->calls_at_alarm) {
        tree_fail(t, ERR_INPUT, "it computes for %d seconds without a call", TREE_CPU_S);
        return;
    }
    p->calls_at_alarm = p->calls;
    if (prlimit(p->pid, RLIMIT_CPU, NULL, &limit) == 0) {
        limit.rlim_cur += TREE_CPU_S;
        prlimit(p->pid, RLIMIT_CPU, &limit, NULL);
    }
}

static void at_signal(struct tree *t, struct process *p, int signal)
{
    p->signal = signal;
    if (signal == SIGCHLD)
        p->signals_due = 0;
    if (signal == SIGXCPU)
        alarm_of(t, p);
}

static void at_exec(struct tree *t, struct process *p)
{
    if (p == t->v)
        mark_clear(t);
    launch_hide(p->pid, hash_u64(hash_u64(t->seed, (uint64_t)t->number), (uint64_t)p->birth));
    let_parent_go(t, p);
}

static void at_stop(struct tree *t, struct process *p, int status)
{
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        died(t, p, status);
        return;
    }
    switch (EVENT(status)) {
    case PTRACE_EVENT_SECCOMP:
        at_call(t, p);
        break;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        born(t, p, EVENT(status));
        break;
    case PTRACE_EVENT_EXEC:
        at_exec(t, p);
        break;
    case 0:
        if (WSTOPSIG(status) == CALL_STOP)
            at_exit_stop(t, p);
        else
            at_signal(t, p, WSTOPSIG(status));
        break;
    default: /* what stops a whole process does not stop it here */
        break;
    }
}

/* --- patience --- */

static void on_tick(int number)
{
    (void)number; /* waitpid(2) comes back */
}

static void patience_new(struct tree *t)
{
    struct sigaction action = {.sa_handler = on_tick};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};

    t->has_patience = sigaction(SIGUSR2, &action, NULL) == 0 &&
                      timer_create(CLOCK_MONOTONIC, &event, &t->patience) == 0;
}

static void be_patient(struct tree *t, int seconds)
{
    const struct itimerspec spec = {{seconds, 0}, {seconds, 0}};

    if (t->has_patience)
        timer_settime(t->patience, 0, &spec, NULL);
}

static bool sleeps_in_kernel(const struct process *p)
{
    char name[64], text[256] = "";
    const char *end;
    FILE *f;

    snprintf(name, sizeof name, "/proc/%d/stat", p->pid);
    f = fopen(name, "re");
    if (!f)
        return false;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    end = strrchr(text, ')');
    return end && end[1] == ' ' && (end[2] == 'S' || end[2] == 'D');
}

/* After so long that it is no matter of load: a wait that is not known from its call. */
static void tick(struct tree *t, const struct process *p)
{
    if (interrupted())
        tree_fail(t, ERR_STOP, "interrupted");
    else if (sleeps_in_kernel(p))
        tree_fail(t, ERR_INPUT, "it waits in %s() for what cannot be told",
                  p->rule ? p->rule->name : "execve");
}

/* Lets it go on, and waits for its next stop. */
static int next_stop(struct tree *t, struct process *p)
{
    int status = 0;

    if (!p->in_kernel)
        ptrace(p->to_exit ? PTRACE_SYSCALL : PTRACE_CONT, p->pid, NULL, (long)p->signal);
    p->in_kernel = false;
    p->signal = 0;
    while (waitpid(p->pid, &status, __WALL) < 0) {
        if (errno == EINTR)
            tick(t, p);
        else
            tree_fail(t, ERR_IO, "a program was lost");
        if (t->err.code != OK)
            return -1;
    }
    return status;
}

static void run(struct tree *t, struct process *p)
{
    int status = next_stop(t, p);

    t->changes++;
    if (t->err.code == OK)
        at_stop(t, p, status);
}

static struct process *first_in(struct tree *t, enum process_state state)
{
    for (int i = 0; i < t->count; i++)
        if (t->v[i].state == state)
            return &t->v[i];
    return NULL;
}

static bool end_waits(struct tree *t)
{
    for (int i = 0; i < t->count; i++)
        if (t->v[i].state == PROCESS_WAITS && waits_over(t, &t->v[i])) {
            t->v[i].state = PROCESS_RUNS;
            if (t->v[i].waits == WAIT_FOR_CHILD)
                act_on(&t->v[i], waits_for_child(t, &t->v[i]));
            return true;
        }
    return false;
}

static enum tree_stop tell_call(struct tree *t, struct process *p)
{
    for (struct process *other = p + 1; other < t->v + t->count; other++)
        if (other->state == PROCESS_CALLS)
            tree_doubts(t, "several of its processes could go on, and one order of them is tried");
    t->current = (int)(p - t->v);
    if (t->call.has_path && p->rule->class == CALL_STORE)
        mark_set(t, p);
    if (p->rule->what == DO_EXIT)
        t->call = (struct tree_call){.rule = p->rule, .process = p->birth, .told = p->regs.rdi};
    else if (decode(t, p, &t->call) != ABOUT_STORE) /* its directory went meanwhile */
        t->call.unsure = true;
    return t->err.code == OK ? TREE_CALL : TREE_FAILED;
}

int64_t tree_deadline(const struct tree *t)
{
    int64_t ns = -1;

    assert(t);
    for (int i = 0; i < t->count; i++) {
        const struct process *p = &t->v[i];
        bool timed =
            p->state == PROCESS_SLEEPS || (p->state == PROCESS_WAITS && p->waits == WAIT_FOR_POLL);

        if (timed && p->wake_ns >= 0 && (ns < 0 || p->wake_ns < ns))
            ns = p->wake_ns;
    }
    return ns < 0 ? -1 : (ns + MILLISECOND_NS - 1) / MILLISECOND_NS;
}

static enum tree_stop nobody_runs(struct tree *t)
{
    struct process *p = first_in(t, PROCESS_CALLS);
    bool over = t->v[0].state == PROCESS_DEAD;

    if (p)
        return tell_call(t, p);
    if (over && tree_deadline(t) >= 0)
        tree_doubts(t, "it leaves a process behind that sleeps, and that is ended with it");
    if (over)
        return TREE_ENDED; /* what it left behind, and waits, is killed */
    return tree_deadline(t) >= 0 ? TREE_SLEEP : TREE_STUCK;
}

enum tree_stop tree_next(struct tree *t, int64_t now_ms, struct tree_call *call, struct err *err)
{
    struct process *p;
    enum tree_stop stop;

    assert(t && t->alive);
    assert(call);
    if (now_ms * MILLISECOND_NS > t->now_ns)
        t->now_ns = now_ms * MILLISECOND_NS;
    be_patient(t, PATIENCE_S);
    do {
        while (t->err.code == OK && (p = first_in(t, PROCESS_RUNS)))
            run(t, p);
    } while (t->err.code == OK && end_waits(t));
    be_patient(t, 0);
    stop = t->err.code == OK ? nobody_runs(t) : TREE_FAILED;
    if (stop == TREE_FAILED)
        err_set(err, t->err.code, "%s", t->err.story);
    *call = t->call;
    return stop;
}

void tree_wake(struct tree *t, int64_t now_ms)
{
    assert(t);
    if (now_ms * MILLISECOND_NS > t->now_ns)
        t->now_ns = now_ms * MILLISECOND_NS;
    for (int i = 0; i < t->count; i++) {
        struct process *p = &t->v[i];

        if (p->state != PROCESS_SLEEPS || p->wake_ns > t->now_ns)
            continue;
        skip(p, 0);
        p->wake_ns = -1;
        p->state = PROCESS_RUNS;
    }
}

/* --- the call that was told --- */

/* How the kernel is asked for a lock without waiting for it; it is asked when it is there. */
static bool set_unwaiting(struct process *p)
{
    registers r = p->regs;

    if (p->rule->what == DO_FLOCK)
        registers_set_arg(&r, 1, registers_arg(&r, 1) | LOCK_NB);
    else
        registers_set_arg(&r, 1, registers_arg(&r, 1) == F_SETLKW ? F_SETLK : F_OFD_SETLK);
    return registers_set(p->pid, &r);
}

static void to_exit_of_call(struct tree *t, struct process *p)
{
    int signal = 0;

    p->to_exit = true;
    for (;;) {
        int status = next_stop(t, p);

        if (t->err.code != OK)
            return;
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            died(t, p, status);
            return;
        }
        if (EVENT(status) == PTRACE_EVENT_EXEC)
            at_exec(t, p);
        else if (EVENT(status) == 0 && WSTOPSIG(status) == CALL_STOP)
            break;
        else if (EVENT(status) == 0)
            signal = WSTOPSIG(status);
    }
    p->to_exit = false;
    p->signal = signal;
}

static void make_it(struct tree *t, struct process *p, struct tree_result *out)
{
    uint64_t second = registers_arg(&p->regs, 1);
    bool was_exec = p->rule->what == DO_EXEC;

    if (t->call.blocks)
        set_unwaiting(p);
    be_patient(t, PATIENCE_S);
    to_exit_of_call(t, p);
    be_patient(t, 0);
    if (t->err.code != OK || p->state == PROCESS_DEAD)
        return;
    registers_get(p->pid, &p->regs);
    out->rc = (int64_t)p->regs.rax;
    if (was_exec && out->rc == 0)
        return;
    if (t->call.blocks)
        registers_set_arg(&p->regs, 1, second);
    if (t->call.blocks && out->rc == -EAGAIN)
        lock_was_refused(t, p);
    patch_result(t, p, out);
    registers_set(p->pid, &p->regs);
}

static void run_to_end(struct tree *t, struct process *p)
{
    while (t->err.code == OK && p->state == PROCESS_RUNS)
        run(t, p);
}

void tree_make(struct tree *t, int error, struct tree_result *out)
{
    assert(t && t->alive && t->current >= 0);
    assert(error <= 0);
    assert(out);

    struct process *p = &t->v[t->current];

    *out = (struct tree_result){.rc = error, .told = (uint64_t)error};
    p->state = PROCESS_RUNS;
    t->current = -1;
    t->changes++;
    if (error)
        skip(p, error);
    else if (p->rule->what == DO_EXIT)
        run_to_end(t, p);
    else
        make_it(t, p, out);
    if (t->locks > 0 && t->err.code == OK)
        locks_look(t, out);
}

bool tree_ready(const struct tree *t)
{
    assert(t);
    return t->current < 0 || !t->call.blocks || lock_is_free(&t->v[t->current]);
}

/* --- life --- */

struct tree *tree_new(void)
{
    struct tree *t = mem_alloc(sizeof *t);

    t->v = mem_alloc(sizeof *t->v * TREE_BIRTHS_MAX);
    t->buffer = mem_alloc(TREE_DATA_MAX + 1);
    t->text = (struct strbuf)STRBUF_INIT;
    t->mark.status = t->mark.status_now = (struct strbuf)STRBUF_INIT;
    patience_new(t);
    t->store = t->tell = t->outputs[1] = t->outputs[2] = -1;
    t->err = ERR_INIT;
    return t;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void kill_all(struct tree *t)
{
    for (int i = 0; i < t->count; i++)
        if (t->v[i].state != PROCESS_DEAD)
            kill(t->v[i].pid, SIGKILL);
    for (int i = 0; i < t->count; i++)
        for (int status = 0; t->v[i].state != PROCESS_DEAD;)
            if (waitpid(t->v[i].pid, &status, __WALL) < 0
                    ? errno != EINTR
                    : WIFEXITED(status) || WIFSIGNALED(status))
                t->v[i].state = PROCESS_DEAD;
    for (int i = 1; i < 3; i++)
        close_one(&t->outputs[i]);
    close_one(&t->tell);
    close_one(&t->store);
    free(t->root);
    t->root = NULL;
    mark_clear(t);
    t->count = 0;
    t->kept = t->at_end = t->wrote_outside = false;
}

/* It stands still to be rewound, or nothing of it is left. */
void tree_end(struct tree *t)
{
    assert(t);
    locks_forget(t);
    if (t->alive && t->locks == 0 && (t->kept || rewind_keeps(t)))
        t->kept = true;
    else if (!t->kept || t->alive)
        kill_all(t);
    t->inode_count = 0;
    t->alive = false;
}

/* What is kept is killed, too. */
void tree_forget(struct tree *t)
{
    assert(t && !t->alive);
    if (t->kept)
        t->v[0].state = PROCESS_RUNS;
    kill_all(t);
}

/* Program and tracer take turns: on two processors a turn takes three times as long. */
static void pin(struct tree *t)
{
    cpu_set_t one;

    if (t->is_pinned || sched_getaffinity(0, sizeof t->cpus, &t->cpus) != 0)
        return;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    t->is_pinned = sched_setaffinity(0, sizeof one, &one) == 0;
}

static void unpin(struct tree *t)
{
    if (t->is_pinned)
        sched_setaffinity(0, sizeof t->cpus, &t->cpus);
    t->is_pinned = false;
}

void tree_free(struct tree *t)
{
    if (!t)
        return;
    tree_end(t);
    tree_forget(t);
    unpin(t);
    if (t->has_patience)
        timer_delete(t->patience);
    mark_release(t);
    strbuf_release(&t->text);
    free(t->inodes);
    free(t->buffer);
    free(t->v);
    free(t);
}

static void settings(struct tree *t, const struct tree_start *s)
{
    t->root = mem_strdup(s->store);
    t->root_len = strlen(s->store);
    t->number = s->number;
    t->seed = s->seed;
    t->closes = s->closes;
    t->real_clock = s->real_clock;
    t->uncontained = s->uncontained;
    t->lives = s->lives;
    t->ctx = s->ctx;
    t->reads_input = s->input != NULL;
    t->now_ns = t->changes = 0;
    t->writer_count = 0;
    t->current = -1;
    t->err = ERR_INIT;
}

static bool has_failed(const struct tree *t)
{
    struct pollfd tell = {.fd = t->tell, .events = POLLIN};

    return poll(&tell, 1, 0) == 1 && tell.revents & POLLIN;
}

static enum err_code begin_failed(const struct tree *t, const struct tree_start *s, struct err *err)
{
    struct launch_failure f = {AT_EXEC, 0};
    const char *why = "it died before it began";

    if (read(t->tell, &f, sizeof f) == sizeof f)
        why = strerror(f.error);
    switch (f.at) {
    case AT_WALLS:
        return err_set(
            err, ERR_IO,
            "this machine has no walls for a program: neither mount namespaces nor Landlock (%s); "
            "--uncontained runs it without",
            why);
    case AT_CWD:
        return err_set(err, ERR_INPUT, "cannot begin in '%s': %s", *s->cwd ? s->cwd : ".", why);
    case AT_FILTER:
        return err_set(err, ERR_IO, "this machine has no filters of calls (seccomp): %s", why);
    case AT_DESCRIPTORS:
    case AT_EXEC:
        break;
    }
    return err_set(err, ERR_INPUT, "cannot run '%s': %s", s->argv[0], why);
}

/* Up to its first exec: what comes before is ours. */
static enum err_code first_steps(struct tree *t, const struct tree_start *s, struct err *err)
{
    struct process *p = &t->v[0];

    while (t->err.code == OK && p->state != PROCESS_DEAD) {
        int status = next_stop(t, p);

        if (t->err.code == OK && EVENT(status) == PTRACE_EVENT_EXEC) {
            at_exec(t, p);
            return decode_root(t, p, s->cwd)
                       ? OK
                       : err_set(err, ERR_IO, "a program was lost at its start");
        }
        if (WIFEXITED(status) || WIFSIGNALED(status))
            died(t, p, status);
    }
    return begin_failed(t, s, err);
}

/* By a rewind. */
static bool begin_again(struct tree *t, const struct tree_start *s)
{
    bool done = s->number == t->number && ftruncate(t->outputs[1], 0) == 0 &&
                ftruncate(t->outputs[2], 0) == 0 && rewind_try(t);

    if (!done) {
        tree_forget(t);
        return false;
    }
    t->count = 1;
    t->alive = true;
    t->kept = t->at_end = false;
    t->changes = 0;
    t->writer_count = 0;
    t->current = -1;
    t->err = ERR_INIT;
    return true;
}

enum err_code tree_begin(struct tree *t, const struct tree_start *s, struct err *err)
{
    pid_t pid;

    assert(t && !t->alive);
    assert(s && s->argv && s->argv[0] && s->env && s->store && s->cwd);
    if (t->kept && begin_again(t, s))
        return OK;
    pin(t);
    settings(t, s);
    t->alive = true;
    t->store = open(s->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (t->store < 0)
        return err_set(err, ERR_IO, "cannot open %s: %s", s->store, strerror(errno));
    pid = launch(t, s, err);
    if (pid < 0)
        return err->code;
    add_process(t, pid, -1);
    return first_steps(t, s, err);
}

enum err_code tree_run_freely(struct tree *t, const struct tree_start *s, struct err *err)
{
    struct process *p;
    pid_t pid;
    int status = 0;

    assert(t && !t->alive);
    assert(s && s->untraced);
    settings(t, s);
    t->alive = true;
    pid = launch(t, s, err);
    if (pid < 0)
        return err->code;
    p = add_process(t, pid, -1);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR && !interrupted())
        ;
    if (interrupted())
        return err_set(err, ERR_STOP, "interrupted");
    died(t, p, status);
    return WIFEXITED(status) && WEXITSTATUS(status) >= 126 && has_failed(t)
               ? begin_failed(t, s, err)
               : OK;
}

bool tree_alive(const struct tree *t)
{
    assert(t);
    return t->alive;
}

int tree_locks(const struct tree *t, const char *paths[TREE_LOCKS_MAX])
{
    assert(t);
    for (int i = 0; i < t->locks; i++)
        paths[i] = t->held[i].path;
    return t->locks;
}

void tree_exit(const struct tree *t, struct strbuf *out)
{
    int status = t->v[0].status;

    assert(out);
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));

        strbuf_printf(out, "SIG%s", name ? name : "?");
    } else {
        strbuf_printf(out, "%d", WEXITSTATUS(status));
    }
}

void tree_output(const struct tree *t, int fd, struct strbuf *out)
{
    char bytes[4096];
    off_t at = 0;
    ssize_t n;

    assert(t);
    assert(fd == 1 || fd == 2);
    while (at < TREE_OUTPUT_MAX && (n = pread(t->outputs[fd], bytes, sizeof bytes, at)) > 0) {
        strbuf_add(out, bytes, (size_t)n);
        at += n;
    }
}

void tree_stuck(const struct tree *t, struct strbuf *out)
{
    static const char *const what[] = {"for a child", "for a child's exec", "for a pipe",
                                       "for a descriptor", "for a signal"};

    assert(t);
    for (int i = 0; i < t->count; i++)
        if (t->v[i].state == PROCESS_WAITS)
            strbuf_printf(out, "%s%s waits %s", out->len ? ", " : "", t->v[i].rule->name,
                          what[t->v[i].waits]);
}
