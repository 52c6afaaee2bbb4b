/*
 * conform [-n SEQUENCES] [-s SEED] [-d DIR]
 *
 * Is the port in memory what the kernel is? Plays sequences of random calls on both and compares
 * all that can be seen: each call's result, what is read and listed, the events of two queues, and
 * at the end all names, contents and events that are left. Names are few, so that calls meet. Every
 * eighth sequence has a mark in it, and resets.
 *
 * Of a difference the shortest sequence is shown that still has one. Exit status 1 if there was
 * any. What each call answered is counted: a suite that never sees an EEXIST proves little.
 */
#include "base/mem.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "fsstore/port.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS_MAX 60
#define SLOTS     3
#define QUEUES    2
#define FLOOD     8200 /* makes and removes a directory so often: more events than a queue takes */

enum op {
    OP_OPEN,
    OP_READ,
    OP_WRITE,
    OP_FSYNC,
    OP_CLOSE,
    OP_PUT, /* open, write, close */
    OP_STAT,
    OP_RENAME,
    OP_LINK,
    OP_UNLINK,
    OP_MKDIR,
    OP_RMDIR,
    OP_LIST,
    OP_WATCH_ADD,
    OP_WATCH_READY,
    OP_WATCH_READ,
    OP_WATCH_CLEAR,
    OP_FLOOD,
    OP_MARK,
    OP_RESET,
    OPS
};

static const char *const op_names[OPS] = {
    "open",        "read",       "write",       "fsync", "close", "put",  "stat",
    "rename",      "link",       "unlink",      "mkdir", "rmdir", "list", "watch_add",
    "watch_ready", "watch_read", "watch_clear", "flood", "mark",  "reset"};

static const char *const paths[] = {"a",     "b",     "d",      "d/a",     "d/b", "e",   "e/a",
                                    "d/e",   "d/e/a", "d/e/f",  "a/x",     "",    ".",   ".tmp/t",
                                    "d/e/b", "no/a",  "d/../a", "no/../a", "/a",  "d//a"};
#define COMMON_PATHS 11 /* the first ones are asked for more often */
#define ROOT_PATH    11

static const size_t sizes[] = {0, 1, 3, 40, 5000};

struct call {
    enum op op;
    int path, path2; /* of paths */
    int slot;        /* a handle, or a queue */
    int n;           /* how to open; which size; how many events; no replacing */
};

struct sequence {
    struct call v[CALLS_MAX];
    int count;
};

/* A port, the handles that a sequence has open on it, and what the calls answered. */
struct player {
    struct port *port;
    int slots[SLOTS], queues[QUEUES];
    const struct sequence *sequence;
    int marked; /* calls before the mark; -1: there is none */
    struct arena arena;
    struct strbuf answers[CALLS_MAX + 1]; /* and of the last look */
};

static bool answered[OPS][200]; /* by errno */

/* --- one call -----------------------------------------------------------------------------------
 */

static void answer(struct strbuf *out, enum op op, int rc)
{
    strbuf_adds(out, rc < 0 ? errno_name(rc) : "ok");
    answered[op][rc < 0 && rc > -200 ? -rc : 0] = true;
}

static void add_data(struct strbuf *out, const char *data, ssize_t len)
{
    strbuf_printf(out, "%zd '", len);
    for (ssize_t i = 0; i < len; i++)
        strbuf_addc(out, data[i] ? data[i] : '~');
    strbuf_addc(out, '\'');
}

static void do_open(struct player *p, const struct call *c, struct strbuf *out)
{
    const struct port_calls *calls = p->port->calls;
    int rc = calls->open(p->port, paths[c->path], (enum port_open)c->n);
    answer(out, OP_OPEN, rc);
    if (rc < 0)
        return;
    if (p->slots[c->slot] >= 0)
        calls->close(p->port, p->slots[c->slot]);
    p->slots[c->slot] = rc;
}

static void do_read(struct player *p, const struct call *c, struct strbuf *out)
{
    static char buf[5000];
    ssize_t n = p->port->calls->read(p->port, p->slots[c->slot], buf, sizes[c->n]);
    answer(out, OP_READ, (int)n);
    if (n >= 0)
        add_data(out, buf, n);
}

static void do_write(struct player *p, const struct call *c, struct strbuf *out)
{
    static char buf[5000];
    memset(buf, 'A' + c->path, sizeof buf);
    ssize_t n = p->port->calls->write(p->port, p->slots[c->slot], buf, sizes[c->n]);
    answer(out, OP_WRITE, (int)n);
    strbuf_printf(out, " %zd", n < 0 ? 0 : n);
}

static void do_put(struct player *p, const struct call *c, struct strbuf *out)
{
    int h = p->port->calls->open(p->port, paths[c->path], PORT_CREATE);
    answer(out, OP_PUT, h);
    if (h < 0)
        return;
    char *data = arena_alloc(&p->arena, sizes[c->n] + 1);
    memset(data, 'a' + c->path2, sizes[c->n]);
    p->port->calls->write(p->port, h, data, sizes[c->n]);
    p->port->calls->close(p->port, h);
}

static void do_list(struct player *p, const char *path, struct strbuf *out)
{
    struct port_names names;
    int rc = p->port->calls->list(p->port, path, &p->arena, &names);
    answer(out, OP_LIST, rc);
    for (int i = 0; rc == 0 && i < names.count; i++)
        strbuf_printf(out, " %s%s", names.v[i].name, names.v[i].kind == PORT_DIR ? "/" : "");
}

static void do_watch_read(struct player *p, int queue, int max, struct strbuf *out)
{
    static struct port_event events[300];
    int n = p->port->calls->watch_read(p->port, queue, max, events);
    answer(out, OP_WATCH_READ, n);
    for (int i = 0; i < n; i++)
        strbuf_printf(out, " %s:%s%s", port_event_name(events[i].kind), events[i].path,
                      events[i].is_dir ? "/" : "");
}

static void do_stat(struct player *p, const struct call *c, struct strbuf *out)
{
    enum port_kind kind = PORT_FILE;
    int rc = p->port->calls->stat(p->port, paths[c->path], &kind);
    answer(out, OP_STAT, rc);
    strbuf_adds(out, kind == PORT_DIR ? " dir" : "");
}

static void do_flood(struct player *p)
{
    for (int i = 0; i < FLOOD; i++) {
        p->port->calls->mkdir(p->port, "flood");
        p->port->calls->rmdir(p->port, "flood");
    }
}

static void close_all(struct player *p)
{
    for (int i = 0; i < SLOTS; i++) {
        if (p->slots[i] >= 0)
            p->port->calls->close(p->port, p->slots[i]);
        p->slots[i] = -1;
    }
    for (int i = 0; i < QUEUES && p->queues[i] >= 0; i++)
        p->port->calls->watch_clear(p->port, p->queues[i]);
}

static void play(struct player *p, int from, int to);

/* A port that cannot restore what was marked says so, and it is made again. */
static void do_reset(struct player *p)
{
    int rc = p->port->calls->reset(p->port);
    for (int i = 0; i < SLOTS; i++)
        p->slots[i] = -1;
    if (rc == 1 && p->marked >= 0) {
        play(p, 0, p->marked);
        close_all(p);
        p->port->calls->mark(p->port);
    } else if (rc < 0) {
        strbuf_adds(&p->answers[CALLS_MAX], errno_name(rc));
    }
}

static void do_call(struct player *p, int i, struct strbuf *out)
{
    const struct port_calls *calls = p->port->calls;
    const struct call *c = &p->sequence->v[i];
    const char *path = paths[c->path], *path2 = paths[c->path2];
    switch (c->op) {
    case OP_OPEN:
        do_open(p, c, out);
        break;
    case OP_READ:
        do_read(p, c, out);
        break;
    case OP_WRITE:
        do_write(p, c, out);
        break;
    case OP_FSYNC:
        answer(out, c->op, calls->fsync(p->port, p->slots[c->slot]));
        break;
    case OP_CLOSE:
        answer(out, c->op, calls->close(p->port, p->slots[c->slot]));
        p->slots[c->slot] = -1;
        break;
    case OP_PUT:
        do_put(p, c, out);
        break;
    case OP_STAT:
        do_stat(p, c, out);
        break;
    case OP_RENAME:
        answer(out, c->op, calls->rename(p->port, path, path2, c->n));
        break;
    case OP_LINK:
        answer(out, c->op, calls->link(p->port, path, path2));
        break;
    case OP_UNLINK:
        answer(out, c->op, calls->unlink(p->port, path));
        break;
    case OP_MKDIR:
        answer(out, c->op, calls->mkdir(p->port, path));
        break;
    case OP_RMDIR:
        answer(out, c->op, calls->rmdir(p->port, path));
        break;
    case OP_LIST:
        do_list(p, path, out);
        break;
    case OP_WATCH_ADD:
        answer(out, c->op, calls->watch_add(p->port, p->queues[c->slot], path));
        break;
    case OP_WATCH_READY:
        strbuf_adds(out, calls->watch_ready(p->port, p->queues[c->slot]) ? "ready" : "empty");
        break;
    case OP_WATCH_READ:
        do_watch_read(p, p->queues[c->slot], c->n, out);
        break;
    case OP_WATCH_CLEAR:
        calls->watch_clear(p->port, p->queues[c->slot]);
        break;
    case OP_FLOOD:
        do_flood(p);
        break;
    case OP_MARK:
        p->marked = i;
        calls->mark(p->port);
        break;
    case OP_RESET:
        do_reset(p);
        break;
    case OPS:
        break;
    }
}

/* --- a sequence on one port ---------------------------------------------------------------------
 */

static void play(struct player *p, int from, int to)
{
    struct strbuf again = STRBUF_INIT; /* what is played once more has answered before */
    for (int i = from; i < to; i++)
        do_call(p, i, p->answers[i].len ? &again : &p->answers[i]);
    strbuf_release(&again);
}

static void look(struct player *p, const char *dir, struct strbuf *out)
{
    static char buf[70000];
    struct port_names names = {.count = 0};
    p->port->calls->list(p->port, dir, &p->arena, &names);
    for (int i = 0; i < names.count; i++) {
        const char *path = arena_printf(&p->arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);
        strbuf_printf(out, " %s", path);
        if (names.v[i].kind == PORT_DIR) {
            look(p, path, out);
            continue;
        }
        int h = p->port->calls->open(p->port, path, PORT_READ);
        add_data(out, buf, p->port->calls->read(p->port, h, buf, sizeof buf));
        p->port->calls->close(p->port, h);
    }
}

/* Plays it, looks at what is left, and clears the port for the next one. */
static void play_all(struct player *p, const struct sequence *s)
{
    arena_clear(&p->arena);
    for (int i = 0; i <= CALLS_MAX; i++)
        strbuf_clear(&p->answers[i]);
    for (int i = 0; i < SLOTS; i++)
        p->slots[i] = -1;
    p->sequence = s;
    p->marked = -1;
    play(p, 0, s->count);
    for (int i = 0; i < QUEUES && p->queues[i] >= 0; i++)
        while (p->port->calls->watch_ready(p->port, p->queues[i]))
            do_watch_read(p, p->queues[i], 300, &p->answers[CALLS_MAX]);
    look(p, "", &p->answers[CALLS_MAX]);
    p->port->calls->reset(p->port);
}

static void player_init(struct player *p, struct port *port, bool watches)
{
    memset(p, 0, sizeof *p);
    p->port = port;
    for (int i = 0; i < QUEUES; i++)
        p->queues[i] = watches ? port->calls->watch_open(port) : -1;
    for (int i = 0; i <= CALLS_MAX; i++)
        p->answers[i] = (struct strbuf)STRBUF_INIT;
    port->calls->mark(port);
}

static void player_release(struct player *p)
{
    for (int i = 0; i <= CALLS_MAX; i++)
        strbuf_release(&p->answers[i]);
    arena_release(&p->arena);
    port_free(p->port);
}

/* --- both ---------------------------------------------------------------------------------------
 */

struct pair {
    struct player dir, model;
    const char *parent;
    bool watches;
};

static void pair_init(struct pair *both, const char *parent, bool watches)
{
    struct err err = ERR_INIT;
    struct port *port = port_linux_open(parent, &err);
    if (!port) {
        fprintf(stderr, "conform: %s\n", err.story);
        exit(1);
    }
    player_init(&both->dir, port, watches);
    player_init(&both->model, port_model_open(), watches);
    both->parent = parent;
    both->watches = watches;
}

static void pair_release(struct pair *both)
{
    player_release(&both->dir);
    player_release(&both->model);
}

/* The first call whose answers differ, CALLS_MAX for the last look, or -1. What was marked stays
 * over a reset, so a sequence with a mark has ports of its own. */
static int difference(struct pair *both, const struct sequence *s)
{
    if (!both->watches) {
        pair_release(both);
        pair_init(both, both->parent, false);
    }
    play_all(&both->dir, s);
    play_all(&both->model, s);
    for (int i = 0; i <= CALLS_MAX; i++)
        if (strcmp(both->dir.answers[i].s, both->model.answers[i].s) != 0)
            return i;
    return -1;
}

/* Leaves out whatever can be left out. */
static void shrink(struct pair *both, struct sequence *s)
{
    for (int len = s->count / 2; len > 0; len = len > 1 ? len / 2 : 0)
        for (int i = 0; i + len <= s->count;) {
            struct sequence less = *s;
            memmove(&less.v[i], &less.v[i + len],
                    (size_t)(less.count - i - len) * sizeof less.v[0]);
            less.count -= len;
            if (difference(both, &less) >= 0)
                *s = less;
            else
                i++;
        }
}

static void print_call(const struct call *c)
{
    static const char *const hows[] = {"read", "create", "create_excl", "append"};
    printf("  %s", op_names[c->op]);
    if (c->op == OP_OPEN || (c->op >= OP_PUT && c->op <= OP_WATCH_ADD))
        printf(" \"%s\"", paths[c->path]);
    if (c->op == OP_RENAME || c->op == OP_LINK)
        printf(" \"%s\"", paths[c->path2]);
    if (c->op == OP_RENAME && c->n)
        printf(" noreplace");
    if (c->op == OP_OPEN)
        printf(" %s", hows[c->n]);
    if (c->op <= OP_CLOSE)
        printf(" handle %d", c->slot);
    if (c->op == OP_READ || c->op == OP_WRITE || c->op == OP_PUT)
        printf(" %zu bytes", sizes[c->n]);
    if (c->op >= OP_WATCH_ADD && c->op <= OP_WATCH_CLEAR)
        printf(" queue %d", c->slot);
    if (c->op == OP_WATCH_READ)
        printf(" max %d", c->n);
}

static void print_difference(struct pair *both, struct sequence *s, uint64_t seed, uint64_t number)
{
    printf("sequence %llu of seed 0x%llx: the model is not the kernel\n",
           (unsigned long long)number, (unsigned long long)seed);
    shrink(both, s);
    difference(both, s);
    for (int i = 0; i <= CALLS_MAX; i++) {
        const char *dir = both->dir.answers[i].s, *model = both->model.answers[i].s;
        if (i < s->count)
            print_call(&s->v[i]);
        else if (i == CALLS_MAX)
            printf("  at the end");
        else
            continue;
        if (strcmp(dir, model) == 0)
            printf(" = %.200s\n", dir);
        else
            printf("\n    kernel: %.2000s\n    model:  %.2000s\n", dir, model);
    }
}

/* --- chance -------------------------------------------------------------------------------------
 */

/* How often each call comes up, in shares. */
static const int shares[OPS] = {
    [OP_OPEN] = 14,       [OP_READ] = 5,      [OP_WRITE] = 7,       [OP_FSYNC] = 1,
    [OP_CLOSE] = 8,       [OP_PUT] = 8,       [OP_STAT] = 3,        [OP_RENAME] = 9,
    [OP_LINK] = 4,        [OP_UNLINK] = 7,    [OP_MKDIR] = 9,       [OP_RMDIR] = 5,
    [OP_LIST] = 3,        [OP_WATCH_ADD] = 9, [OP_WATCH_READY] = 3, [OP_WATCH_READ] = 6,
    [OP_WATCH_CLEAR] = 1, [OP_FLOOD] = 0,     [OP_MARK] = 0,        [OP_RESET] = 0};

static enum op any_op(struct rng *rng, bool watches)
{
    int total = 0, left, op = 0;
    for (int i = 0; i < OPS; i++)
        total += watches || i < OP_WATCH_ADD ? shares[i] : 0;
    left = (int)rng_below(rng, (uint32_t)total);
    while (left >= shares[op])
        left -= shares[op++];
    return (enum op)op;
}

static int any_path(struct rng *rng)
{
    bool common = rng_below(rng, 10) > 0;
    return (int)rng_below(rng, common ? COMMON_PATHS : (uint32_t)(sizeof paths / sizeof *paths));
}

static struct call any_call(struct rng *rng, bool watches)
{
    static const int counts[] = {1, 1, 3, 300};
    struct call c = {.op = any_op(rng, watches), .path = any_path(rng), .path2 = any_path(rng)};
    bool queue = c.op >= OP_WATCH_ADD;
    c.slot = (int)rng_below(rng, queue ? QUEUES : SLOTS);
    if (c.op == OP_OPEN)
        c.n = (int)rng_below(rng, 4);
    else if (c.op == OP_READ || c.op == OP_WRITE || c.op == OP_PUT)
        c.n = (int)rng_below(rng, sizeof sizes / sizeof *sizes);
    else if (c.op == OP_WATCH_READ)
        c.n = counts[rng_below(rng, 4)];
    else if (c.op == OP_RENAME)
        c.n = rng_below(rng, 4) == 0;
    return c;
}

static void any_sequence(struct rng *rng, bool watches, bool flood, struct sequence *s)
{
    s->count = CALLS_MAX;
    for (int i = 0; i < s->count; i++)
        s->v[i] = any_call(rng, watches);
    if (flood) {
        s->v[0] = (struct call){.op = OP_WATCH_ADD, .path = ROOT_PATH};
        s->v[20 + rng_below(rng, 20)].op = OP_FLOOD;
    }
    if (watches)
        return;
    for (int i = 0; i < s->count; i++) { /* what is marked has to be met again */
        s->v[i].path %= 4;
        s->v[i].slot %= 2;
    }
    s->v[rng_below(rng, 20)].op = OP_MARK;
    s->v[25 + rng_below(rng, 10)].op = OP_RESET;
    s->v[40 + rng_below(rng, 20)].op = OP_RESET;
}

static int kinds_of_answers(void)
{
    int n = 0;
    for (int i = 0; i < OPS; i++)
        for (int k = 0; k < 200; k++)
            n += answered[i][k];
    return n;
}

int main(int argc, char **argv)
{
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    uint64_t seed = 1, count = 4000;
    struct pair watched, marked;
    struct sequence s;
    int option, found = 0;

    while ((option = getopt(argc, argv, "n:s:d:")) != -1) {
        if (option == 'n')
            count = strtoull(optarg, NULL, 0);
        else if (option == 's')
            seed = strtoull(optarg, NULL, 0);
        else if (option == 'd')
            parent = optarg;
        else
            return 3;
    }
    pair_init(&watched, parent, true);
    pair_init(&marked, parent, false);
    for (uint64_t i = 0; i < count && found < 3; i++) {
        struct pair *both = i % 8 == 7 ? &marked : &watched;
        struct rng rng;
        rng_init(&rng, seed, i);
        any_sequence(&rng, both->watches, i % 500 == 100, &s);
        if (difference(both, &s) < 0)
            continue;
        found++;
        print_difference(both, &s, seed, i);
    }
    pair_release(&watched);
    pair_release(&marked);
    printf("%llu sequences of %d calls, %d different answers\n", (unsigned long long)count,
           CALLS_MAX, kinds_of_answers());
    return found > 0;
}
