#include "sim/explore/parallel/worker_pool.h"
#include "base/mem.h"
#include "sim/exec/interrupt.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 100

/* What a worker sends is lines: '+' and a result, or '!', a digit for the code, and a story. */

struct worker {
    pid_t pid;
    int fd; /* -1: it has closed its end */
    struct strbuf text;
};

struct crew {
    const struct crew_work *work;
    struct crew_shared *shared;
    struct worker v[JOBS_MAX];
    int count;
};

/* --- a worker --- */

static bool tell(int fd, char kind, const char *text)
{
    struct strbuf line = STRBUF_INIT;
    size_t done = 0;
    bool whole;

    strbuf_addc(&line, kind);
    strbuf_adds(&line, text);
    for (size_t i = 0; i < line.len; i++) /* one line, whatever an error's story has */
        if (line.s[i] == '\n')
            line.s[i] = ' ';
    strbuf_addc(&line, '\n');
    while (done < line.len) {
        ssize_t n = write(fd, line.s + done, line.len - done);

        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    whole = done == line.len;
    strbuf_release(&line);
    return whole;
}

/* A processor for each worker: a gate keeps to the one it begins on. */
static void take_processor(int number)
{
    cpu_set_t all, one;
    int n = 0;

    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return;
    number %= CPU_COUNT(&all);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((size_t)cpu, &all) && n++ == number)
            CPU_SET((size_t)cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static void work(struct crew *c, int fd, struct err *err)
{
    const struct crew_work *w = c->work;
    bool over = false;
    int i;

    if (w->begin(w->ctx, c->shared, err) != OK)
        return;
    while (err->code == OK && !over && (i = atomic_fetch_add(&c->shared->next, 1)) < w->count) {
        struct strbuf line = STRBUF_INIT;

        if (w->run(w->ctx, w->items[i], &line, &over, err) == OK && !tell(fd, '+', line.s))
            err_set(err, ERR_IO, "nobody reads the results");
        strbuf_release(&line);
    }
    w->end(w->ctx);
}

static void be_worker(struct crew *c, int number, int fd, pid_t parent)
{
    struct err err = ERR_INIT;
    struct strbuf story = STRBUF_INIT;

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    for (int i = 0; i < c->count; i++)
        close(c->v[i].fd);
    take_processor(number);
    work(c, fd, &err);
    if (err.code != OK) {
        strbuf_printf(&story, "%d%s", (int)err.code, err.story);
        tell(fd, '!', story.s);
    }
    _exit(0);
}

/* --- the parent --- */

static enum err_code start(struct crew *c, int number, struct err *err)
{
    pid_t parent = getpid(), pid;
    int ends[2];

    if (pipe(ends) != 0)
        return err_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be_worker(c, number, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return err_set(err, ERR_IO, "cannot start a process: %s", strerror(errno));
    }
    c->v[c->count++] = (struct worker){pid, ends[0], STRBUF_INIT};
    return OK;
}

static void take_line(struct crew *c, const char *line, struct err *err)
{
    if (err->code != OK)
        return;
    if (line[0] == '+')
        c->work->line(c->work->ctx, line + 1, err);
    else if (line[0] == '!' && line[1] >= '1' && line[1] <= '9')
        err_set(err, (enum err_code)(line[1] - '0'), "%s", line + 2);
}

static void take_lines(struct crew *c, struct worker *w, struct err *err)
{
    char *newline, *from = w->text.s;
    size_t left;

    while ((newline = strchr(from, '\n'))) {
        *newline = '\0';
        take_line(c, from, err);
        from = newline + 1;
    }
    left = strlen(from);
    if (from != w->text.s) {
        char *rest = mem_strdup(from);

        strbuf_clear(&w->text);
        strbuf_add(&w->text, rest, left);
        free(rest);
    }
}

static void listen_to(struct crew *c, struct worker *w, struct err *err)
{
    char buf[65536];
    ssize_t n = read(w->fd, buf, sizeof buf);

    if (n > 0) {
        strbuf_add(&w->text, buf, (size_t)n);
        take_lines(c, w, err);
    } else if (n == 0 || errno != EINTR) {
        if (n < 0 && err->code == OK)
            err_set(err, ERR_IO, "cannot read what a worker says: %s", strerror(errno));
        close(w->fd);
        w->fd = -1;
    }
}

static void stop_all(const struct crew *c)
{
    for (int i = 0; i < c->count; i++) /* none is waited for yet, so each number is still its own */
        kill(c->v[i].pid, SIGTERM);
}

/* It cannot be known who says something: each is waited for in turn, and told to stop. */
static void listen_to_all(struct pollfd *fds, int count, struct err *err)
{
    if (err->code == OK)
        err_set(err, ERR_IO, "cannot wait for workers: %s", strerror(errno));
    for (int i = 0; i < count; i++)
        fds[i].revents = POLLIN;
}

/* Until all have closed their ends; when something is wrong, they are told to. */
static void hear_all(struct crew *c, struct err *err)
{
    bool stopped = false;
    int open = c->count;

    while (open > 0) {
        struct pollfd fds[JOBS_MAX];

        for (int i = 0; i < c->count; i++)
            fds[i] = (struct pollfd){.fd = c->v[i].fd, .events = POLLIN};
        if (poll(fds, (nfds_t)c->count, TICK_MS) < 0 && errno != EINTR)
            listen_to_all(fds, c->count, err);
        if (interrupted() && err->code == OK)
            err_set(err, ERR_STOP, "interrupted");
        if (err->code != OK && !stopped) {
            stop_all(c);
            stopped = true;
        }
        open = 0;
        for (int i = 0; i < c->count; i++) {
            if (c->v[i].fd >= 0 && fds[i].revents)
                listen_to(c, &c->v[i], err);
            open += c->v[i].fd >= 0;
        }
        c->work->tick(c->work->ctx, atomic_load(&c->shared->executions));
    }
}

static void bury(struct crew *c, struct err *err)
{
    for (int i = 0; i < c->count; i++) {
        int status = -1;

        while (waitpid(c->v[i].pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (err->code == OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
            err_set(err, ERR_IO, "a worker died (%s %d)", WIFSIGNALED(status) ? "signal" : "status",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        strbuf_release(&c->v[i].text);
    }
}

enum err_code crew_run(const struct crew_work *w, int jobs, int64_t before, struct err *err)
{
    assert(w);
    assert(jobs > 0);

    struct crew *c = mem_alloc(sizeof *c);

    c->work = w;
    c->shared =
        mmap(NULL, sizeof *c->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c->shared == MAP_FAILED) {
        free(c);
        return err_set(err, ERR_IO, "no memory to share: %s", strerror(errno));
    }
    atomic_store(&c->shared->executions, before);
    for (int i = 0; i < jobs && i < w->count && err->code == OK; i++)
        start(c, i, err);
    hear_all(c, err);
    bury(c, err);
    munmap(c->shared, sizeof *c->shared);
    free(c);
    return err->code;
}
