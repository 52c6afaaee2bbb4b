/*
 * store_footprint: what a step on the store read and wrote, from what came of it.
 *
 * This table is what every proof rests on. For each call: what its result depends on (read), and
 * what others could see of it (write). A failed call has only read. Names in a directory are
 * updates, not writes: two different names made in one directory commute, a listing sees both. A
 * name also depends on the directories above it being there, where the scenario has somebody who
 * makes or removes directories by hand.
 */
#include "base/hash.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

/* A path, and the numbers of it and of its directory: most things that it stands for are made of
 * these (thing_id() of the path would be the same). */
struct name {
    const char *path;
    uint64_t hash, dir;
};

static struct name name_of(const char *path)
{
    struct name n = {.path = path};

    n.hash = hash_path(path, &n.dir);
    return n;
}

/* The contents of all files that the name may come to stand for, by rename or link: the scenario's
 * steps tell. */
static uint64_t content_of(const struct scenario *s, const struct name *n)
{
    if (s->one_content)
        return thing_num(THING_CONTENT, 0);
    for (int i = 0; s->aliases && s->aliases[i]; i += 2)
        if (strcmp(s->aliases[i], n->path) == 0)
            return thing_id(THING_CONTENT, s->aliases[i + 1]);
    return thing_num(THING_CONTENT, n->hash);
}

uint64_t content_thing(const struct scenario *s, const char *path)
{
    struct name n = name_of(path);

    return content_of(s, &n);
}

/* Where touches go: to the step that the task makes, or to what a step of its may touch. */
struct sink {
    struct task *t;
    struct footprint *may; /* NULL: it has happened */
    int file;              /* by number, of a step on an open one; 0: it goes by name */
};

static void touch(const struct sink *k, uint64_t thing, enum touch_mode mode)
{
    if (k->may)
        footprint_add(k->may, thing, mode);
    else
        task_touch(k->t, thing, mode, TOUCH_RACES);
}

static uint64_t file_thing(const struct cluster *c, int file)
{
    const struct file_birth *birth = &c->file_names.births[file];

    return thing_num(THING_CONTENT, hash_u64(birth->path, (uint64_t)birth->nth));
}

/* The bytes of the file that is open there, or that the name stands for; of a step by name that may
 * come, those of any file that the name may stand for by then. */
static void touch_content(const struct sink *k, const struct name *n, enum touch_mode mode)
{
    struct cluster *c = k->t->cluster;
    uint64_t set = content_of(c->scenario, n);
    int file = k->file;

    if (!c->scenario->by_file) {
        touch(k, set, mode);
        return;
    }
    if (k->may && !file) {
        footprint_add_set(k->may, set, mode);
        return;
    }
    if (!file)
        file = file_names_get(c, n->path);
    if (k->may)
        footprint_add_member(k->may, set, file_thing(c, file), mode);
    else
        task_touch_member(k->t, set, file_thing(c, file), mode);
}

/* The directory that the path has up to the slash. */
static uint64_t thing_above(const char *path, const char *slash)
{
    uint64_t above = hash_bytes(HASH_INIT, path, (size_t)(slash - path));

    return thing_num(THING_PATH, hash_bytes(above, "", 1));
}

/* Every directory above the path is there, or not: it matters to all who do not make them as they
 * go. */
static void read_above(const struct sink *k, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        touch(k, thing_above(path, slash), TOUCH_READ);
}

/* Where there are no actors nobody removes a directory, and a missing one is a missing object. */
static void read_name(const struct sink *k, const struct name *n)
{
    touch(k, thing_num(THING_PATH, n->hash), TOUCH_READ);
    if (k->t->cluster->scenario->has_actors)
        read_above(k, n->path);
}

/* A node's feed takes all events that are there as a set, so two events commute; an actor takes one
 * at a time, so their order matters. */
static void event_to(const struct sink *k, int node)
{
    struct cluster *c = k->t->cluster;
    struct queue *q = &c->nodes[node].queue;

    touch(k, q->in, c->scenario->nodes[node].role->serves ? TOUCH_UPDATE : TOUCH_WRITE);
    touch(k, q->out, TOUCH_UPDATE);
    q->stale |= !k->may;
}

/* The nodes that get an event of what happens in there (0: anywhere), as bits. Of a step that may
 * come: all that ever watch. */
static uint64_t watchers(const struct sink *k, uint64_t dir)
{
    const struct cluster *c = k->t->cluster;
    uint64_t nodes = 0;

    if (k->may)
        return c->may_watch;
    for (int i = 0; i < c->watch_count; i++)
        if (!dir || c->watches[i].dir == dir)
            nodes |= UINT64_C(1) << c->watches[i].node;
    return nodes;
}

static void event_in(const struct sink *k, uint64_t dir)
{
    touch(k, dir ? dir : thing_num(THING_EVENTS, 0), TOUCH_UPDATE);
    for (uint64_t left = watchers(k, dir); left; left &= left - 1)
        event_to(k, __builtin_ctzll(left));
}

static bool has_aliases(const struct sink *k)
{
    return k->t->cluster->scenario->aliases[0] != NULL;
}

/* Watches follow what they are on, not its name. Where names are moved or linked, a step at this
 * name may be told to whoever watches at another one: to anybody. */
static void event_at(const struct sink *k, const struct name *n)
{
    if (!k->t->cluster->scenario->watches)
        return;
    if (has_aliases(k)) {
        event_in(k, 0);
        return;
    }
    event_in(k, thing_num(THING_EVENTS, n->dir));
    event_in(k, thing_num(THING_EVENTS, n->hash)); /* those who watch the thing itself */
}

/* What a watch there is told of, as events touch it. */
static uint64_t watched(const struct sink *k, uint64_t dir)
{
    return has_aliases(k) ? thing_num(THING_EVENTS, 0) : dir;
}

/* Whether it watches anything matters to a queue; and what has two names is watched by the last one.
 */
static void watch_more(const struct sink *k)
{
    const struct cluster *c = k->t->cluster;
    bool first = k->may || !node_watches(c, k->t->node);

    touch(k, c->nodes[k->t->node].queue.open, first || has_aliases(k) ? TOUCH_WRITE : TOUCH_READ);
}

/* A descriptor is closed, however that came about. A writer's close is an event; any close may be the
 * end of a file that has no name any more, which those are told who watch the file itself. */
static void close_file(const struct sink *k, const struct name *n, bool writes)
{
    if (writes || has_aliases(k))
        event_at(k, n);
    else if (k->t->cluster->scenario->watches)
        event_in(k, thing_num(THING_EVENTS, n->hash));
}

/* Where power may fail, the order of a directory's changes is seen then, and by who syncs it; by
 * another name, too, where names are moved. */
static void change_journal(const struct sink *k, const struct name *n)
{
    if (!k->t->cluster->power || port_is_tmp(n->path))
        return;
    touch(k, thing_num(THING_JOURNAL, n->dir), TOUCH_WRITE);
    if (has_aliases(k))
        touch(k, thing_num(THING_JOURNAL, 0), TOUCH_UPDATE);
}

static uint64_t lock_thing(const struct cluster *c, int file)
{
    const struct file_birth *birth = &c->file_names.births[file];

    return thing_num(THING_FLOCK, hash_u64(birth->path, (uint64_t)birth->nth));
}

/* Those who share a lock do not see each other. */
static enum touch_mode lock_mode(enum port_lock lock)
{
    return lock == PORT_SHARED ? TOUCH_UPDATE : TOUCH_WRITE;
}

/* A lock is taken or given up. */
static void change_lock(const struct sink *k, enum port_lock lock, bool waited)
{
    uint64_t thing;

    if (!k->file || lock == PORT_UNLOCKED)
        return;
    thing = lock_thing(k->t->cluster, k->file);
    if (k->may)
        touch(k, thing, lock_mode(lock));
    else
        task_touch(k->t, thing, lock_mode(lock), waited ? TOUCH_AWAITS : TOUCH_RACES);
}

void footprint_await_lock(const struct cluster *c, int file, enum port_lock lock,
                          struct footprint *out)
{
    assert(c);
    assert(out);
    footprint_add_as(out, lock_thing(c, file), lock_mode(lock), TOUCH_AWAITS);
}

/* How many names a file has is seen where somebody asks for it: as a part of what is in it. */
static void change_links(const struct sink *k, const struct name *n, int file)
{
    struct sink of = *k;

    if (!k->t->cluster->scenario->links_seen || (!file && !k->may))
        return;
    of.file = k->may ? 0 : file;
    touch_content(&of, n, TOUCH_WRITE);
}

/* What was there before is on the disk. */
static void sync_file(const struct sink *k, const struct name *n)
{
    if (!k->t->cluster->power)
        return;
    touch_content(k, n, TOUCH_READ);
    touch(k, thing_num(THING_JOURNAL, has_aliases(k) ? 0 : n->hash), TOUCH_READ);
}

/* A name comes, goes or stands for something else. */
static void write_name(const struct sink *k, const struct name *n)
{
    touch(k, thing_num(THING_PATH, n->hash), TOUCH_WRITE);
    touch(k, thing_num(THING_LISTING, n->dir), TOUCH_UPDATE);
    read_above(k, n->path);
    change_journal(k, n);
    event_at(k, n);
}

/* An object call made the `made` lowest directories above it: their names are new in theirs. */
static void write_above(const struct sink *k, const char *path, int made)
{
    char above[PORT_PATH_MAX];
    size_t len = strlen(path);

    for (memcpy(above, path, len + 1); made > 0; made--) {
        struct name n;

        *strrchr(above, '/') = '\0';
        n = name_of(above);
        touch(k, thing_num(THING_PATH, n.hash), TOUCH_UPDATE);
        touch(k, thing_num(THING_LISTING, n.dir), TOUCH_UPDATE);
        change_journal(k, &n);
        event_at(k, &n);
    }
}

/* second: of path2, if there is one. */
static void failed(const struct sink *k, const struct step *step, const struct name *name,
                   const struct name *second)
{
    const struct name *last = step->path2 ? second : name;

    read_name(k, name);
    if (step->path2)
        read_name(k, second);
    if (step->op == FS_RMDIR || step->op == FS_RENAME || step->op == FS_LIST)
        touch(k, thing_num(THING_LISTING, last->hash), TOUCH_READ);
}

/* Where files are followed, and each call is a step: an open that finds its file is none that makes
 * one. */
static bool was_there(const struct sink *k)
{
    const struct cluster *c = k->t->cluster;

    return !k->may && c->scenario->by_file && !c->scenario->has_programs &&
           k->t->store.semantics == STORE_POSIX && c->file_names.found;
}

static void worked(const struct sink *k, const struct step *step, const struct name *name,
                   const struct name *second)
{
    const struct scenario *s = k->t->cluster->scenario;
    bool whole =
        k->t->store.semantics == STORE_OBJECT; /* read and write are whole-file calls, by name */

    switch (step->op) {
    case FS_STAT:
    case FS_OPEN:
    case STORE_HEAD:
        read_name(k, name);
        if (step->reads)
            touch_content(k, name, TOUCH_READ);
        if (step->truncates)
            touch_content(k, name, TOUCH_WRITE);
        break;
    case FS_FSTAT:
        if (step->reads)
            touch_content(k, name, TOUCH_READ);
        break;
    case FS_TRUNCATE:
        touch_content(k, name, TOUCH_WRITE);
        break;
    case FS_LOCK:
    case FS_UNLOCK:
        change_lock(k, step->lock, step->waits);
        break;
    case FS_FSYNC:
        read_name(k, name);
        sync_file(k, name);
        break;
    case FS_READ:
        if (whole)
            read_name(k, name);
        touch_content(k, name, TOUCH_READ);
        break;
    case STORE_GET:
        read_name(k, name);
        touch_content(k, name, TOUCH_READ);
        break;
    case FS_CREATE:
    case FS_APPEND:
        if (was_there(k)) {
            read_name(k, name);
            if (step->truncates)
                touch_content(k, name, TOUCH_WRITE);
            break;
        }
        write_name(k, name);
        touch_content(k, name, TOUCH_WRITE);
        break;
    case FS_CREATE_EXCL:
    case STORE_PUT_IF_ABSENT:
        write_name(k, name);
        touch_content(k, name, TOUCH_WRITE);
        break;
    case FS_WRITE:
        if (whole)
            write_name(k, name);
        touch_content(k, name, TOUCH_WRITE);
        break;
    case FS_CLOSE:
        close_file(k, name, step->writes);
        change_lock(k, step->lock, false);
        break;
    case FS_UNLINK:
        change_links(k, name, k->t->cluster->file_names.over);
        write_name(k, name);
        break;
    case STORE_PUT:
    case STORE_PUBLISH:
    case FS_MKDIR:
    case STORE_DELETE:
        write_name(k, name);
        break;
    case FS_RMDIR:
        write_name(k, name);
        touch(k, thing_num(THING_LISTING, name->hash), TOUCH_READ);
        break;
    case FS_RENAME:
    case FS_RENAME_NOREPLACE:
        write_name(k, name);
        write_name(k, second);
        change_links(k, second, k->t->cluster->file_names.over);
        break;
    case FS_LINK:
        read_name(k, name);
        write_name(k, second);
        change_links(k, name, file_names_find(k->t->cluster, name->path));
        break;
    case FS_LIST:
        read_name(k, name);
        touch(k, thing_num(THING_LISTING, name->hash), TOUCH_READ);
        break;
    case STORE_LIST:
        if (s->has_actors)
            read_name(k, name);
        touch(k, thing_num(THING_LISTING, name->hash), TOUCH_READ);
        break;
    case WATCH_ADD:
        read_name(k, name);
        watch_more(k);
        touch(k, watched(k, thing_num(THING_EVENTS, name->hash)), TOUCH_READ);
        break;
    case WATCH_NEXT:
    case STEP_OPS:
        break;
    }
}

/* Would the step have touched just the same, wherever else it had come? Looks at names do; and what
 * cannot fail, where files stay. What an actor does behind the step is to set a register. Services,
 * watches, faults and pairs in order see more. */
static bool sure(const struct task *t, const struct step *step)
{
    const struct scenario *s = t->cluster->scenario;

    if (s->has_services || s->has_programs || s->watches || s->fault_count || s->order.pair_count ||
        s->time.kept)
        return false;
    switch (step->op) {
    case FS_STAT:
    case FS_LIST:
        return !step->reads;
    case FS_READ:
        return scenario_always_has(s, step->path);
    case FS_WRITE:
    case FS_APPEND:
    case STORE_PUT:
        return s->steady;
    default:
        return false;
    }
}

/* Would it work if the directory were there? What only looks would find nothing in it. */
static bool makes_name(enum step_op op)
{
    return op == FS_CREATE || op == FS_CREATE_EXCL || op == FS_APPEND || op == FS_MKDIR ||
           op == FS_RENAME || op == FS_RENAME_NOREPLACE || op == FS_LINK;
}

static void step_touches(const struct sink *k, const struct step *step, int rc, int made)
{
    struct name name = name_of(step->path), second = {.path = NULL};

    if (step->path2)
        second = name_of(step->path2);
    if (rc < 0 && step->op == FS_LOCK && k->file) {
        touch(k, lock_thing(k->t->cluster, k->file), TOUCH_READ);
        return;
    }
    if (rc < 0 && step->op != FS_CLOSE) { /* a close that fails has closed */
        failed(k, step, &name, &second);
        if (rc == -ENOENT && makes_name(step->op)) /* its directory is not there */
            touch(k, thing_num(THING_PATH, step->path2 ? second.dir : name.dir), TOUCH_READ);
        return;
    }
    worked(k, step, &name, &second);
    write_above(k, step->path, made);
}

static void event_taken(struct task *t, int rc)
{
    struct queue *q = &t->cluster->nodes[t->node].queue;

    /* Had it been due already, the event and the time-out would have raced. */
    task_touch(t, q->out, TOUCH_WRITE, t->was_due ? TOUCH_RACES : TOUCH_NEEDS_ONE);
    task_touch(t, q->turn, TOUCH_WRITE, TOUCH_CONTENDS);
    q->stale = true;
    if (rc <= 0) /* timed out: an event would have changed that */
        task_touch(t, q->in, TOUCH_READ, TOUCH_RACES);
}

void footprint_step(struct task *t, const struct step *step, const struct step_result *result)
{
    assert(step);
    assert(result);
    if (step->op == WATCH_NEXT) {
        event_taken(t, result->rc);
        return;
    }
    if (t->event >= 0)
        t->cluster->events[t->event].sure = sure(t, step);
    step_touches(&(struct sink){.t = t, .file = t->at_file}, step, result->rc,
                 t->store.made_parents);
}

void footprint_drop(struct task *by, const struct store *s)
{
    assert(by);
    assert(s);

    const struct sink k = {.t = by};

    for (int i = 0; i < s->handle_count; i++) {
        struct name n = name_of(s->handles[i].path);
        const struct sink of = {.t = by, .file = s->handles[i].file};

        close_file(&k, &n, s->handles[i].writes);
        change_lock(&of, s->handles[i].lock, false);
    }
}

void footprint_unwatch(struct task *by, int node)
{
    assert(by);

    const struct cluster *c = by->cluster;
    const struct sink k = {.t = by};

    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].node == node)
            touch(&k, watched(&k, c->watches[i].dir), TOUCH_READ);
}

struct reader { /* of a predicate */
    const struct cluster *c;
    struct footprint *out;
};

static void read_content(const struct reader *r, const struct name *n)
{
    uint64_t set = content_of(r->c->scenario, n);
    int file = file_names_find(r->c, n->path);

    if (!r->c->scenario->by_file)
        footprint_add(r->out, set, TOUCH_READ);
    else if (file)
        footprint_add_member(r->out, set, file_thing(r->c, file), TOUCH_READ);
}

/* What a predicate looks at, on its own. */
static void read_reference(void *ctx, const struct predicate *compare)
{
    const struct reader *r = ctx;
    struct name n;

    if (compare->ref == REF_REGISTER) {
        footprint_add(r->out, thing_id(THING_REGISTER, compare->name), TOUCH_READ);
        return;
    }
    if (compare->ref == REF_UP) {
        footprint_add(r->out, thing_id(THING_NODE, compare->name), TOUCH_READ);
        return;
    }
    n = name_of(compare->name);
    footprint_add(r->out, thing_num(THING_PATH, n.hash), TOUCH_READ);
    for (const char *slash = strchr(n.path, '/'); slash; slash = strchr(slash + 1, '/'))
        footprint_add(r->out, thing_above(n.path, slash), TOUCH_READ);
    if (compare->ref != REF_EXISTS)
        read_content(r, &n);
}

void footprint_await(const struct cluster *c, const struct predicate *p, struct footprint *out)
{
    assert(c);
    assert(p);
    assert(out);

    struct footprint f;

    footprint_clear(&f);
    predicate_each(p, read_reference, &(struct reader){c, &f});
    for (int i = 0; i < f.count; i++) {
        f.v[i].role = TOUCH_AWAITS;
        footprint_add_touch(out, &f.v[i]);
    }
    out->everything |= f.everything;
}

static int depth(const char *path)
{
    int n = 0;

    for (; *path; path++)
        n += *path == '/';
    return n;
}

/* Whether it works or not, and whoever watches by then. */
void footprint_store_may(struct task *t, const struct point *p, struct footprint *out)
{
    static const struct step other = {.truncates = true, .reads = true};
    const struct step *at = p == &t->pending && (int)t->at.op == p->op ? &t->at : &other;
    const struct step step = {.op = (enum step_op)p->op,
                              .path = p->object,
                              .path2 = p->object2,
                              .writes = true,
                              .queue = -1,
                              .truncates = at->truncates,
                              .reads = at->reads,
                              .lock = at->lock};
    const struct sink k = {.t = t, .may = out, .file = p == &t->pending ? t->at_file : 0};
    const struct queue *q = &t->cluster->nodes[t->node].queue;
    bool makes_parents =
        p->op == STORE_PUT || p->op == STORE_PUT_IF_ABSENT || p->op == STORE_PUBLISH;

    if (p->op == WATCH_NEXT) {
        touch(&k, q->out, TOUCH_WRITE);
        touch(&k, q->turn, TOUCH_WRITE);
        touch(&k, q->in, TOUCH_READ);
        return;
    }
    step_touches(&k, &step, -ENOENT, 0);
    step_touches(&k, &step, 0, makes_parents ? depth(p->object) : 0);
}
