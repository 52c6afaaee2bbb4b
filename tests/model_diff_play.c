#include "tests/model_diff_play.h"
#include <errno.h>
#include <string.h>

const char *const op_names[OPS] = {
    "open", "read",      "write",       "fsync",      "close",       "put",    "stat",  "look",
    "seek", "truncate",  "lock",        "rename",     "link",        "unlink", "mkdir", "rmdir",
    "list", "watch_add", "watch_ready", "watch_read", "watch_clear", "flood",  "mark",  "reset"};

const char *const paths[PATHS] = {"a",     "b",     "d",      "d/a",     "d/b", "e",   "e/a",
                                  "d/e",   "d/e/a", "d/e/f",  "a/x",     "",    ".",   ".tmp/t",
                                  "d/e/b", "no/a",  "d/../a", "no/../a", "/a",  "d//a"};

const size_t sizes[SIZES] = {0, 1, 3, 40, 5000};

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

const enum port_open open_hows[OPENS] = {PORT_READ,
                                         PORT_CREATE,
                                         PORT_CREATE_EXCL,
                                         PORT_APPEND,
                                         PORT_FLAG_READ | PORT_FLAG_WRITE,
                                         PORT_FLAG_READ | PORT_FLAG_WRITE | PORT_FLAG_CREATE,
                                         PORT_FLAG_READ | PORT_FLAG_WRITE | PORT_FLAG_CREATE |
                                             PORT_FLAG_EXCL,
                                         PORT_FLAG_READ | PORT_FLAG_WRITE | PORT_FLAG_APPEND,
                                         PORT_FLAG_WRITE | PORT_FLAG_TRUNC,
                                         PORT_FLAG_READ | PORT_FLAG_CREATE};

static void do_look(struct player *p, const struct call *c, struct strbuf *out)
{
    struct port_stat st = {.kind = PORT_FILE};
    const char *path = c->n % 2 ? paths[c->path] : NULL;
    int rc = p->port->calls->look(p->port, path, p->slots[c->slot], &st);
    answer(out, OP_LOOK, rc);
    if (rc == 0)
        strbuf_printf(out, " %d %lld bytes, %d names", st.kind, (long long)st.size, st.links);
}

/* Only of what is a file: where one may go in a directory is the file system's. */
static void do_seek(struct player *p, const struct call *c, struct strbuf *out)
{
    struct port_stat st = {.kind = PORT_FILE};
    int rc = p->port->calls->look(p->port, NULL, p->slots[c->slot], &st);
    if (st.kind == PORT_FILE)
        rc = p->port->calls->seek(p->port, p->slots[c->slot], (int64_t)sizes[c->n] / 2);
    answer(out, OP_SEEK, rc);
}

static void do_open(struct player *p, const struct call *c, struct strbuf *out)
{
    const struct port_calls *calls = p->port->calls;
    int rc = calls->open(p->port, paths[c->path], open_hows[c->n]);
    answer(out, OP_OPEN, rc);
    if (rc < 0)
        return;
    if (p->slots[c->slot] >= 0)
        calls->close(p->port, p->slots[c->slot]);
    p->slots[c->slot] = rc;
    p->is_root[c->slot] = c->path == ROOT_PATH || c->path == ROOT_PATH + 1;
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

/* All that is not about a file or a name. */
static void do_other(struct player *p, int i, struct strbuf *out)
{
    const struct port_calls *calls = p->port->calls;
    const struct call *c = &p->sequence->v[i];
    switch (c->op) {
    case OP_WATCH_ADD:
        answer(out, c->op, calls->watch_add(p->port, p->queues[c->slot], paths[c->path]));
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
    default:
        break;
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
    case OP_LOOK:
        do_look(p, c, out);
        break;
    case OP_SEEK:
        do_seek(p, c, out);
        break;
    case OP_TRUNCATE:
        answer(out, c->op, calls->truncate(p->port, p->slots[c->slot], (int64_t)sizes[c->n] / 2));
        break;
    case OP_LOCK:
        if (p->slots[c->slot] < 0 || !p->is_root[c->slot])
            answer(out, c->op, calls->lock(p->port, p->slots[c->slot], (enum port_lock)(c->n % 3)));
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
    default:
        do_other(p, i, out);
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

void play_all(struct player *p, const struct sequence *s)
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

void player_init(struct player *p, struct port *port, bool watches)
{
    memset(p, 0, sizeof *p);
    p->port = port;
    for (int i = 0; i < QUEUES; i++)
        p->queues[i] = watches ? port->calls->watch_open(port) : -1;
    for (int i = 0; i <= CALLS_MAX; i++)
        p->answers[i] = (struct strbuf)STRBUF_INIT;
    port->calls->mark(port);
}

void player_release(struct player *p)
{
    for (int i = 0; i <= CALLS_MAX; i++)
        strbuf_release(&p->answers[i]);
    arena_release(&p->arena);
    port_free(p->port);
}

int kinds_of_answers(void)
{
    int n = 0;
    for (int i = 0; i < OPS; i++)
        for (int k = 0; k < 200; k++)
            n += answered[i][k];
    return n;
}
