/*
 * bench: what the gate costs.
 *
 * Runs bench/marker3.json (three tasks race for an O_EXCL marker) in sampled orders on the real
 * directory, and beside it the floor: the same file calls, in the same order, by one thread, with
 * no gate, no choosing and no checking. The floor's calls are recorded from the first run through
 * the table of fsstore/port.h. Both are taken in turn, five times, in one process; medians are
 * printed. Speeds drift from machine to machine and from minute to minute; the ratio does less.
 */
#include "bench/bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum call {
    CALL_OPEN,
    CALL_READ,
    CALL_WRITE,
    CALL_CLOSE,
    CALL_STAT,
    CALL_RENAME,
    CALL_UNLINK,
    CALL_MKDIR,
    CALL_LIST,
    CALL_RESET
};

struct recorded {
    enum call call;
    char path[40], path2[40];
    enum port_open how;
    int handle;
    size_t len;
    char data[40];
};

static struct {
    const struct port_calls *real;
    struct recorded *v;
    int count, cap;
    bool on;
} record;

static struct recorded *note(enum call call, const char *path, const char *path2)
{
    static struct recorded ignored;
    struct recorded *r;

    if (!record.on)
        return &ignored;
    if (record.count == record.cap) {
        record.cap = record.cap ? 2 * record.cap : 1024;
        record.v = mem_grow(record.v, (size_t)record.cap, sizeof *record.v);
    }
    r = &record.v[record.count++];
    memset(r, 0, sizeof *r);
    r->call = call;
    snprintf(r->path, sizeof r->path, "%s", path ? path : "");
    snprintf(r->path2, sizeof r->path2, "%s", path2 ? path2 : "");
    return r;
}

static int rec_open(struct port *p, const char *path, enum port_open how)
{
    struct recorded *r = note(CALL_OPEN, path, NULL);

    r->how = how;
    return r->handle = record.real->open(p, path, how);
}

static ssize_t rec_read(struct port *p, int handle, void *buf, size_t size)
{
    struct recorded *r = note(CALL_READ, NULL, NULL);

    r->handle = handle;
    r->len = size;
    return record.real->read(p, handle, buf, size);
}

static ssize_t rec_write(struct port *p, int handle, const void *data, size_t len)
{
    struct recorded *r = note(CALL_WRITE, NULL, NULL);

    r->handle = handle;
    r->len = len < sizeof r->data ? len : sizeof r->data;
    memcpy(r->data, data, r->len);
    return record.real->write(p, handle, data, len);
}

static int rec_close(struct port *p, int handle)
{
    note(CALL_CLOSE, NULL, NULL)->handle = handle;
    return record.real->close(p, handle);
}

static int rec_stat(struct port *p, const char *path, enum port_kind *kind)
{
    note(CALL_STAT, path, NULL);
    return record.real->stat(p, path, kind);
}

static int rec_rename(struct port *p, const char *from, const char *to, bool noreplace)
{
    note(CALL_RENAME, from, to);
    return record.real->rename(p, from, to, noreplace);
}

static int rec_unlink(struct port *p, const char *path)
{
    note(CALL_UNLINK, path, NULL);
    return record.real->unlink(p, path);
}

static int rec_mkdir(struct port *p, const char *path)
{
    note(CALL_MKDIR, path, NULL);
    return record.real->mkdir(p, path);
}

static int rec_list(struct port *p, const char *path, struct arena *a, struct port_names *out)
{
    note(CALL_LIST, path, NULL);
    return record.real->list(p, path, a, out);
}

static int rec_reset(struct port *p)
{
    note(CALL_RESET, NULL, NULL);
    return record.real->reset(p);
}

/* What was recorded, once more, bare. Handles may come out otherwise: they are mapped. */
static void play(struct port *p)
{
    const struct port_calls *real = record.real;
    struct arena arena = {0};
    struct port_names names;
    enum port_kind kind;
    int handles[4096];
    char buf[8192];

    for (int i = 0; i < record.count; i++) {
        const struct recorded *r = &record.v[i];
        int handle = r->handle >= 0 && r->handle < 4096 ? handles[r->handle] : -1;

        switch (r->call) {
        case CALL_OPEN:
            handle = real->open(p, r->path, r->how);
            if (r->handle >= 0 && r->handle < 4096)
                handles[r->handle] = handle;
            break;
        case CALL_READ:
            (void)!real->read(p, handle, buf, r->len < sizeof buf ? r->len : sizeof buf);
            break;
        case CALL_WRITE:
            (void)!real->write(p, handle, r->data, r->len);
            break;
        case CALL_CLOSE:
            real->close(p, handle);
            break;
        case CALL_STAT:
            real->stat(p, r->path, &kind);
            break;
        case CALL_RENAME:
            real->rename(p, r->path, r->path2, false);
            break;
        case CALL_UNLINK:
            real->unlink(p, r->path);
            break;
        case CALL_MKDIR:
            real->mkdir(p, r->path);
            break;
        case CALL_LIST:
            arena_clear(&arena);
            real->list(p, r->path, &arena, &names);
            break;
        case CALL_RESET:
            real->reset(p);
            break;
        }
    }
    arena_release(&arena);
}

double bench_now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double bench_median(double *v)
{
    qsort(v, ROUNDS, sizeof *v, by_size);
    return v[ROUNDS / 2];
}

/* Runs the scenario's sample once; seconds. */
static double run(struct session *session, struct scenario *sc, struct search **out, bool recording,
                  struct err *err)
{
    struct search_options options = {.max_executions = 0};
    struct search *s = session_search(session, sc, &options, err);
    static struct port_calls calls;
    double start, seconds;

    if (!s)
        return 0;
    record.real = s->port->calls;
    if (recording) {
        calls = *record.real;
        calls.open = rec_open;
        calls.read = rec_read;
        calls.write = rec_write;
        calls.close = rec_close;
        calls.stat = rec_stat;
        calls.rename = rec_rename;
        calls.unlink = rec_unlink;
        calls.mkdir = rec_mkdir;
        calls.list = rec_list;
        calls.reset = rec_reset;
        s->port->calls = &calls;
        record.on = true;
    }
    start = bench_now_s();
    search_run(s, err);
    seconds = bench_now_s() - start;
    s->port->calls = record.real;
    record.on = false;
    *out = s;
    return seconds;
}

static int bench(struct session *session, struct scenario *sc, struct err *err)
{
    double gated[ROUNDS], bare[ROUNDS], executions = (double)sc->order.runs, g, b;
    struct search *s = NULL;

    run(session, sc, &s, true, err);
    session_done(session, s);
    for (int i = 0; i < ROUNDS && err->code == OK; i++) {
        double start;

        s = NULL;
        gated[i] = run(session, sc, &s, false, err);
        start = bench_now_s();
        if (s)
            play(s->port);
        bare[i] = bench_now_s() - start;
        session_done(session, s);
    }
    if (err->code != OK)
        return fail(err);
    g = executions / bench_median(gated);
    b = executions / bench_median(bare);
    printf("three tasks, one O_EXCL marker, %.0f sampled orders on the real directory in %s\n",
           executions, session->parent);
    printf("  file calls for each execution    %8.1f\n", record.count / executions);
    printf("  gated, chosen and checked        %8.0f executions a second\n", g);
    printf("  the same calls, bare             %8.0f executions a second\n", b);
    printf("  share of the floor               %8.2f\n", g / b);
    return 0;
}

int main(void)
{
    struct session_options options = {.backend = BACKEND_DIR};
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load("bench/marker3.json", &err);
    struct scenario *sc = f ? scenario_variant(f, 0, &err) : NULL;
    struct session session;
    int status;

    if (!sc)
        return fail(&err);
    session_init(&session, &options, false);
    status = bench(&session, sc, &err);
    session.backend = BACKEND_MODEL;
    if (status == 0 && (bench_model(&session, sc, &err) != OK ||
                        bench_orders(&session, &err) != OK || bench_samplers(&session, &err) != OK))
        status = fail(&err);
    session_release(&session);
    scenario_free(sc);
    scenario_file_free(f);
    free(record.v);
    return status;
}
