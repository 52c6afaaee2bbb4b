/*
 * footprint: what a step on the store read and wrote, from what came of it.
 *
 * This table is what every proof rests on. For each call: what its result depends on (read), and
 * what others could see of it (write). A failed call has only read. Names in a directory are
 * updates, not writes: two different names made in one directory commute, a listing sees both. A
 * name also depends on the directories above it being there, where the scenario has somebody who
 * makes or removes directories by hand.
 */
#include "base/hash.h"
#include "sim/cluster.h"
#include <string.h>

/* Files that can become one by rename or link, which the scenario's steps tell, share their
 * content's thing. */
uint64_t content_thing(const struct scenario *s, const char *path)
{
    const char *name = path;

    if (s->one_content)
        return thing_num(THING_CONTENT, 0);
    for (int i = 0; s->aliases && s->aliases[i]; i += 2)
        if (strcmp(s->aliases[i], path) == 0)
            name = s->aliases[i + 1];
    return thing_id(THING_CONTENT, name);
}

static uint64_t parent_hash(enum thing_kind kind, const char *path)
{
    char parent[PORT_PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;

    memcpy(parent, path, len);
    parent[len] = '\0';
    return thing_id(kind, parent);
}

static void touch(struct task *t, uint64_t thing, enum touch_mode mode)
{
    task_touch(t, thing, mode, TOUCH_RACES);
}

/* Every directory above the path is there, or not: it matters to all who do not make them as they
 * go. */
static void read_above(struct task *t, const char *path)
{
    char above[PORT_PATH_MAX];

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        memcpy(above, path, (size_t)(slash - path));
        above[slash - path] = '\0';
        touch(t, thing_id(THING_PATH, above), TOUCH_READ);
    }
}

static void read_path(struct task *t, const char *path)
{
    touch(t, thing_id(THING_PATH, path), TOUCH_READ);
    if (t->cluster->scenario->has_actors)
        read_above(
            t, path); /* else nobody removes a directory, and a missing one is a missing object */
}

/* A node's feed takes all events that are there as a set, so two events commute; an actor takes one
 * at a time, so their order matters. */
static void event_to(struct task *t, int node)
{
    struct cluster *c = t->cluster;
    struct queue *q = &c->nodes[node].queue;

    touch(t, q->in, c->scenario->nodes[node].role->serves ? TOUCH_UPDATE : TOUCH_WRITE);
    touch(t, q->out, TOUCH_UPDATE);
    q->stale = true;
}

/* Nodes that watch the directory get an event. */
static void event_in(struct task *t, uint64_t dir)
{
    struct cluster *c = t->cluster;

    touch(t, dir, TOUCH_UPDATE);
    for (int i = 0; i < c->watch_count; i++)
        if (c->watches[i].dir == dir)
            event_to(t, c->watches[i].node);
}

/* Watches follow what they are on, not its name. Where names are moved or linked, a step at this
 * name may be told to whoever watches at another one: to anybody. */
static void event_anywhere(struct task *t)
{
    struct cluster *c = t->cluster;
    uint64_t told = 0;

    touch(t, thing_num(THING_EVENTS, 0), TOUCH_UPDATE);
    for (int i = 0; i < c->watch_count; i++) {
        int node = c->watches[i].node;

        if (!(told >> node & 1))
            event_to(t, node);
        told |= UINT64_C(1) << node;
    }
}

static bool has_aliases(const struct task *t)
{
    return t->cluster->scenario->aliases[0] != NULL;
}

static void event_at(struct task *t, const char *path)
{
    if (!t->cluster->scenario->watches)
        return;
    if (has_aliases(t)) {
        event_anywhere(t);
        return;
    }
    event_in(t, parent_hash(THING_EVENTS, path));
    event_in(t, thing_id(THING_EVENTS, path)); /* those who watch the thing itself */
}

/* A name comes, goes or stands for something else. */
static void write_name(struct task *t, const char *path)
{
    touch(t, thing_id(THING_PATH, path), TOUCH_WRITE);
    touch(t, parent_hash(THING_LISTING, path), TOUCH_UPDATE);
    read_above(t, path);
    event_at(t, path);
}

/* An object call made the `made` lowest directories above it: their names are new in theirs. */
static void write_above(struct task *t, const char *path, int made)
{
    char above[PORT_PATH_MAX];
    size_t len = strlen(path);

    for (memcpy(above, path, len + 1); made > 0; made--) {
        *strrchr(above, '/') = '\0';
        touch(t, thing_id(THING_PATH, above), TOUCH_UPDATE);
        touch(t, parent_hash(THING_LISTING, above), TOUCH_UPDATE);
        event_at(t, above);
    }
}

static void failed(struct task *t, const struct step *step)
{
    read_path(t, step->path);
    if (step->path2)
        read_path(t, step->path2);
    if (step->op == FS_RMDIR || step->op == FS_RENAME || step->op == FS_LIST)
        touch(t, thing_id(THING_LISTING, step->path2 ? step->path2 : step->path), TOUCH_READ);
}

static void worked(struct task *t, const struct step *step)
{
    const struct scenario *s = t->cluster->scenario;
    bool whole =
        t->store.semantics == STORE_OBJECT; /* read and write are whole-file calls, by name */
    uint64_t content = content_thing(s, step->path);

    switch (step->op) {
    case FS_STAT:
    case FS_OPEN:
    case FS_FSYNC:
    case STORE_HEAD:
        read_path(t, step->path);
        break;
    case FS_READ:
        if (whole)
            read_path(t, step->path);
        touch(t, content, TOUCH_READ);
        break;
    case STORE_GET:
        read_path(t, step->path);
        touch(t, content, TOUCH_READ);
        break;
    case FS_CREATE:
    case FS_CREATE_EXCL:
    case FS_APPEND:
    case STORE_PUT_IF_ABSENT:
        write_name(t, step->path);
        touch(t, content, TOUCH_WRITE);
        break;
    case FS_WRITE:
        if (whole)
            write_name(t, step->path);
        touch(t, content, TOUCH_WRITE);
        break;
    case FS_CLOSE:
        if (step->writes)
            event_at(t, step->path);
        break;
    case STORE_PUT:
    case STORE_PUBLISH:
    case FS_UNLINK:
    case FS_MKDIR:
    case STORE_DELETE:
        write_name(t, step->path);
        break;
    case FS_RMDIR:
        write_name(t, step->path);
        touch(t, thing_id(THING_LISTING, step->path), TOUCH_READ);
        break;
    case FS_RENAME:
    case FS_RENAME_NOREPLACE:
        write_name(t, step->path);
        write_name(t, step->path2);
        break;
    case FS_LINK:
        read_path(t, step->path);
        write_name(t, step->path2);
        break;
    case FS_LIST:
        read_path(t, step->path);
        touch(t, thing_id(THING_LISTING, step->path), TOUCH_READ);
        break;
    case STORE_LIST:
        touch(t, thing_id(THING_LISTING, step->path), TOUCH_READ);
        break;
    case WATCH_ADD:
        read_path(t, step->path);
        touch(t, has_aliases(t) ? thing_num(THING_EVENTS, 0) : thing_id(THING_EVENTS, step->path),
              TOUCH_READ);
        break;
    case WATCH_NEXT:
    case STEP_OPS:
        break;
    }
}

/* A step that worked touches all that it would touch if it failed, except for a rename; a look
 * touches the same if it fails. What an actor does behind it is to set a register. Watches, faults
 * and pairs in order see more. */
static bool sure(const struct task *t, const struct step *step, const struct step_result *result)
{
    const struct scenario *s = t->cluster->scenario;
    bool looks = step->op == FS_STAT || step->op == FS_LIST;

    return (result->rc >= 0 || looks) && step->op != FS_RENAME && step->op != FS_RENAME_NOREPLACE &&
           t->store.made_parents == 0 && !s->has_services && !s->watches && s->fault_count == 0 &&
           s->order.pair_count == 0;
}

void footprint_step(struct task *t, const struct step *step, const struct step_result *result)
{
    struct cluster *c = t->cluster;

    if (step->op == WATCH_NEXT) {
        struct queue *q = &c->nodes[t->node].queue;

        /* Had it been due already, the event and the time-out would have raced. */
        task_touch(t, q->out, TOUCH_WRITE, t->was_due ? TOUCH_RACES : TOUCH_NEEDS_ONE);
        task_touch(t, q->turn, TOUCH_WRITE, TOUCH_CONTENDS);
        q->stale = true;
        if (result->rc <= 0) /* timed out: an event would have changed that */
            touch(t, q->in, TOUCH_READ);
        return;
    }
    if (t->event >= 0)
        c->events[t->event].sure = sure(t, step, result);
    if (result->rc < 0) {
        failed(t, step);
        return;
    }
    worked(t, step);
    write_above(t, step->path, t->store.made_parents);
}
