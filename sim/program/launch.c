/*
 * launch: a program before its first instruction. What it gets: no address by chance, descriptors 0, 1, 2 and no others,
 * no signal handled or held, limits; and at each exec, no random bytes and no clock that is read without a call.
 */
#include "base/hash.h"
#include "sim/program/filter.h"
#include "sim/program/inner.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                                    \
    (PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |      \
     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEVFORKDONE)
#define MEMORY_MAX    ((rlim_t)4 << 30)
#define FILE_SIZE_MAX ((rlim_t)64 << 20)

/* --- in the child: nothing is allocated --- */

struct child {
    const struct tree_start *start;
    int go, tell; /* pipes: it may begin; why it could not */
    int input, out, errors;
};

static void limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit limit = {value, value};

    if (what == RLIMIT_CPU)
        limit.rlim_max = RLIM_INFINITY;
    setrlimit(what, &limit);
}

static void reset_signals(void)
{
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool take_descriptors(struct child *c)
{
    c->tell = fcntl(c->tell, F_DUPFD_CLOEXEC, 10);
    if (c->tell < 0 || dup2(c->input, 0) < 0 || dup2(c->out, 1) < 0 || dup2(c->errors, 2) < 0)
        return false;
    if (c->tell > 10)
        close_range(3, 9, 0);
    close_range(3, (unsigned)c->tell - 1, 0);
    return close_range((unsigned)c->tell + 1, ~0U, 0) == 0;
}

_Noreturn static void give_up(int tell, enum launch_stage at)
{
    struct launch_failure failure = {at, errno};

    if (write(tell, &failure, sizeof failure) < 0)
        _exit(126);
    _exit(127);
}

_Noreturn static void be_child(struct child *c)
{
    const struct tree_start *s = c->start;
    union {
        const char *const *constant;
        char *const *plain;
    } argv = {s->argv}, env = {s->env};
    char byte;
    int rc;

    if (read(c->go, &byte, 1) != 1) /* the tracer is there now */
        _exit(127);
    if (!s->untraced) /* there, what it starts goes with the terminal's signals */
        setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_signals();
    personality(ADDR_NO_RANDOMIZE);
    umask(022);
    limit(RLIMIT_AS, MEMORY_MAX);
    limit(RLIMIT_FSIZE, FILE_SIZE_MAX);
    limit(RLIMIT_CPU, TREE_CPU_S);
    limit(RLIMIT_CORE, 0);
    if (!take_descriptors(c))
        give_up(c->tell, AT_DESCRIPTORS);
    if (!s->uncontained && (rc = contain(s->store, s->mounts, s->mount_count)) != 0) {
        errno = -rc;
        give_up(c->tell, AT_WALLS);
    }
    if ((s->uncontained || chdir(CONTAIN_STORE) != 0) && chdir(s->store) != 0)
        give_up(c->tell, AT_CWD);
    if (*s->cwd && chdir(s->cwd) != 0)
        give_up(c->tell, AT_CWD);
    rc = s->untraced ? 0 : filter_install();
    if (rc == 0)
        execvpe(argv.plain[0], argv.plain, env.plain);
    else
        errno = -rc;
    give_up(c->tell, rc == 0 ? AT_EXEC : AT_FILTER);
}

/* --- in fsrace --- */

static int text_file(const char *name, const char *text)
{
    int fd = memfd_create(name, MFD_CLOEXEC);

    if (fd >= 0 && !text) /* whoever opens it again writes behind what is there */
        fcntl(fd, F_SETFL, O_APPEND);
    if (fd >= 0 && text && (write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static void close_all(const int *fds, int count)
{
    for (int i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static pid_t attach(pid_t pid, const struct tree_start *s, int go, struct err *err)
{
    if ((s->untraced || ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) == 0) && write(go, "", 1) == 1)
        return pid;
    err_set(err, ERR_IO, "a program cannot be traced on this machine (ptrace: %s)",
            strerror(errno));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, __WALL);
    return -1;
}

/* fds: go (2), tell (2), input. The child gets a copy of all. */
static pid_t fork_child(struct tree *t, const struct tree_start *s, const int *fds, struct err *err)
{
    struct child c = {.start = s,
                      .go = fds[0],
                      .tell = fds[3],
                      .input = fds[4],
                      .out = t->outputs[1],
                      .errors = t->outputs[2]};
    pid_t pid = fork();

    if (pid == 0) {
        close(fds[1]);
        be_child(&c);
    }
    if (pid < 0) {
        err_set(err, ERR_IO, "cannot start a process: %s", strerror(errno));
        return -1;
    }
    return attach(pid, s, fds[1], err);
}

pid_t launch(struct tree *t, const struct tree_start *s, struct err *err)
{
    int fds[5] = {-1, -1, -1, -1, -1};
    pid_t pid = -1;

    t->outputs[1] = text_file("stdout", NULL);
    t->outputs[2] = text_file("stderr", NULL);
    fds[4] = text_file("stdin", s->input ? s->input : "");
    if (pipe2(fds, O_CLOEXEC) != 0 || pipe2(fds + 2, O_CLOEXEC) != 0 || fds[4] < 0 ||
        t->outputs[1] < 0 || t->outputs[2] < 0)
        err_set(err, ERR_IO, "cannot start a program: %s", strerror(errno));
    else
        pid = fork_child(t, s, fds, err);
    t->tell = fds[2];
    fds[2] = -1;
    close_all(fds, 5);
    return pid;
}

/* --- at an exec --- */

#define AUX_WORDS 4096

/* The words on the new stack: argc, argv, NULL, env, NULL, pairs. The place of the first pair; 0: it is not there. */
static size_t first_pair(const uint64_t *words, size_t count)
{
    size_t i = 1, nulls = 0;

    for (; i < count && nulls < 2; i++)
        nulls += words[i] == 0;
    return nulls == 2 ? i : 0;
}

static size_t read_stack(pid_t pid, uint64_t sp, uint64_t *words)
{
    size_t len = 0, n;

    do { /* by pages: the stack ends somewhere */
        size_t step = 4096 - (sp + len) % 4096;

        n = memory_peek(pid, sp + len, (char *)words + len,
                        step < AUX_WORDS * 8 - len ? step : AUX_WORDS * 8 - len);
        len += n;
    } while (n > 0 && len < AUX_WORDS * 8);
    return len / 8;
}

void launch_hide(pid_t pid, uint64_t seed)
{
    uint64_t *words = mem_alloc(AUX_WORDS * sizeof *words);
    const uint64_t ignore = AT_IGNORE, bytes[2] = {hash_mix(seed + 1), hash_mix(seed + 2)};
    registers r;
    size_t count, i;

    if (registers_get(pid, &r)) {
        count = read_stack(pid, r.rsp, words);
        i = first_pair(words, count);
        for (; i > 0 && i + 1 < count && words[i] != AT_NULL; i += 2) {
            if (words[i] == AT_SYSINFO_EHDR)
                memory_poke(pid, r.rsp + i * 8, &ignore, sizeof ignore);
            else if (words[i] == AT_RANDOM)
                memory_poke(pid, words[i + 1], bytes, sizeof bytes);
        }
    }
    free(words);
}
