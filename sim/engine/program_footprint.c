/*
 * program_footprint: what a program's call on the store read and wrote. Most calls are an actor's, and have its footprint
 * (store_footprint.c); others are made of those. A descriptor stands for the file that was opened, by its inode, which is a
 * number of this execution and is nowhere in a footprint.
 */
#include "base/vec.h"
#include "sim/engine/cluster.h"
#include "sim/engine/programs.h"
#include "sim/program/tree.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>

static void everything(struct task *t)
{
    if (t->event >= 0)
        t->cluster->events[t->event].footprint.everything = true;
}

/* --- which file --- */

static int opened_file(const struct cluster *c, uint64_t inode)
{
    const struct programs *p = &c->programs;

    for (int i = 0; i < p->file_count; i++)
        if (p->files[i].inode == inode)
            return p->files[i].file;
    return 0;
}

static void note_file(struct cluster *c, uint64_t inode, int file)
{
    struct programs *p = &c->programs;

    for (int i = 0; i < p->file_count; i++)
        if (p->files[i].inode == inode) { /* the number was given out once more */
            p->files[i].file = file;
            return;
        }
    VEC_ROOM(p->files, p->file_count, p->file_cap, 32);
    p->files[p->file_count++] = (struct program_file){inode, file};
}

/* What it is made on, by number; 0: that is not known. */
static int file_of(const struct task *t, const struct tree_call *c)
{
    return c->has_path ? file_names_get(t->cluster, c->path) : opened_file(t->cluster, c->inode);
}

/* --- what it touches --- */

static void as_step(struct task *t, enum step_op op, const struct tree_call *c, const char *path2,
                    int rc)
{
    const struct step step = {
        .op = op, .path = c->path, .path2 = path2, .writes = true, .queue = -1};
    const struct step_result result = {.rc = rc};

    t->at_file = c->has_path ? 0 : opened_file(t->cluster, c->inode);
    if (!c->has_path && !t->at_file)
        everything(t);
    if (rc >= 0)
        file_names_step(t, &step);
    footprint_step(t, &step, &result);
    t->at_file = 0;
}

/* What stat(2) tells of it. */
static void meta(struct task *t, const struct tree_call *c, enum touch_mode mode)
{
    int file = file_of(t, c);

    if (file)
        task_touch(t, file_meta_thing(t->cluster, file), mode, TOUCH_RACES);
}

static void name_read(struct task *t, const struct tree_call *c, int rc)
{
    if (c->has_path)
        as_step(t, FS_STAT, c, NULL, rc);
}

static void opened(struct task *t, const struct tree_call *c, int rc)
{
    bool creates = c->flags & O_CREAT || c->rule->what == DO_CREAT;

    if (c->flags & O_EXCL && creates)
        as_step(t, FS_CREATE_EXCL, c, NULL, rc);
    else if (creates)
        as_step(t, FS_CREATE, c, NULL, rc);
    else
        as_step(t, FS_OPEN, c, NULL, rc);
    if (c->flags & O_TRUNC && !creates && rc >= 0)
        as_step(t, FS_WRITE, c, NULL, rc);
    if ((c->flags & O_TMPFILE) == O_TMPFILE)
        everything(t);
}

static void renamed(struct task *t, const struct tree_call *c, int rc)
{
    if (!c->two ||
        c->flags & ~RENAME_NOREPLACE) /* what a name stands for is not known from here on */
        t->cluster->program_links |= rc >= 0;
    else
        as_step(t, c->flags & RENAME_NOREPLACE ? FS_RENAME_NOREPLACE : FS_RENAME, c, c->path2, rc);
}

/* A new name of a file that has one: if it was outside of the store, it is as good as new. */
static void linked(struct task *t, const struct tree_call *c, int rc)
{
    if (c->two)
        as_step(t, FS_LINK, c, c->path2, rc);
    else
        as_step(t, FS_CREATE_EXCL, c, NULL, rc);
}

static void removed(struct task *t, const struct tree_call *c, int rc)
{
    bool dir = c->rule->what == DO_RMDIR || c->flags & AT_REMOVEDIR;

    as_step(t, dir ? FS_RMDIR : FS_UNLINK, c, NULL, rc);
}

/* One for all files: who has a lock may have it under a name that is another one by now. */
uint64_t program_lock_thing(void)
{
    return thing_num(THING_LOCK_TAKE, 0);
}

static uint64_t freed_thing(void)
{
    return thing_num(THING_LOCK_FREE, 0);
}

/* Whoever gets a lock may have waited for that, or not: others share it, or have it of other bytes. So each change of who has
 * it is a race, and hides none that came before it; what turns out to be impossible is given up. */
void program_locks_freed(struct task *by)
{
    task_touch(by, freed_thing(), TOUCH_WRITE, TOUCH_DISABLES);
}

static void locked(struct task *t, int rc)
{
    enum touch_mode mode = rc < 0 ? TOUCH_READ : TOUCH_WRITE;
    enum touch_role role = rc < 0 ? TOUCH_RACES : TOUCH_DISABLES;

    task_touch(t, program_lock_thing(), mode, role);
    task_touch(t, freed_thing(), mode, role);
}

/* It looks at a name, or at what is open there, and changes nothing. */
static void looked(struct task *t, const struct tree_call *c, int rc)
{
    bool bytes = c->rule->what == DO_STAT || c->rule->what == DO_LSTAT || c->rule->what == DO_EXEC;

    name_read(t, c, rc);
    if (rc < 0)
        return;
    if (bytes) { /* how many there are of a file; and of names in a directory */
        as_step(t, FS_READ, c, NULL, rc);
        task_touch(t, thing_id(THING_LISTING, c->path), TOUCH_READ, TOUCH_RACES);
    }
    meta(t, c, TOUCH_READ);
}

/* The file itself: its bytes, or what is known of it. */
static void of_file(struct task *t, const struct tree_call *c, int rc)
{
    switch ((enum call_do)c->rule->what) {
    case DO_TRUNCATE:
    case DO_WRITE:
        name_read(t, c, rc);
        as_step(t, FS_WRITE, c, NULL, rc);
        break;
    case DO_READ:
    case DO_SEEK:
    case DO_MMAP:
        as_step(t, FS_READ, c, NULL, rc);
        break;
    case DO_LIST:
        as_step(t, FS_LIST, c, NULL, rc);
        break;
    case DO_FSYNC:
        as_step(t, FS_FSYNC, c, NULL, rc);
        break;
    case DO_FLOCK:
    case DO_FCNTL:
        locked(t, rc);
        break;
    case DO_CLOSE:
        as_step(t, FS_CLOSE, c, NULL, rc);
        break;
    case DO_EXIT:
        if (t->cluster->scenario->watches) /* it closes what it has open */
            everything(t);
        break;
    default:
        everything(t);
        break;
    }
}

static void by_call(struct task *t, const struct tree_call *c, int rc)
{
    switch ((enum call_do)c->rule->what) {
    case DO_OPEN:
    case DO_CREAT:
        opened(t, c, rc);
        break;
    case DO_STAT:
    case DO_LSTAT:
    case DO_ACCESS:
    case DO_READLINK:
    case DO_GETXATTR:
    case DO_CHDIR:
    case DO_EXEC:
        looked(t, c, rc);
        break;
    case DO_MKDIR:
    case DO_SYMLINK:
        as_step(t, FS_MKDIR, c, NULL, rc);
        break;
    case DO_MKNOD:
        as_step(t, FS_CREATE_EXCL, c, NULL, rc);
        break;
    case DO_RMDIR:
    case DO_UNLINK:
        removed(t, c, rc);
        break;
    case DO_RENAME:
        renamed(t, c, rc);
        break;
    case DO_LINK:
        linked(t, c, rc);
        break;
    case DO_CHMOD:
    case DO_CHOWN:
    case DO_UTIME:
    case DO_SETXATTR:
        name_read(t, c, rc);
        if (rc >= 0)
            meta(t, c, TOUCH_WRITE);
        break;
    default:
        of_file(t, c, rc);
        break;
    }
}

void program_footprint(struct task *t, const struct tree_call *call,
                       const struct tree_result *result)
{
    assert(t);
    assert(call);
    assert(result);

    int rc = result->rc < 0 ? (int)result->rc : 0;

    by_call(t, call, rc);
    if (result->inode)
        note_file(t->cluster, result->inode, file_names_get(t->cluster, call->path));
    if (call->unsure || t->cluster->program_links)
        everything(t);
    if (result->released_count > 0)
        program_locks_freed(t);
}

void program_footprint_may(struct task *t, const struct point *p, struct footprint *out)
{
    (void)t;
    (void)p;
    out->everything = true;
}
