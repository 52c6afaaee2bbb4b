/*
 * file_names: which file a name stands for, told from the steps that worked. A file has a number,
 * from when it was first seen, and a birth: it is the nth that came to be at that name. All steps
 * that make one there are dependent, so the birth is the same in every order of a class.
 */
#include "base/hash.h"
#include "base/vec.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static struct file_name *find(const struct file_names *n, const char *path)
{
    uint64_t hash = hash_str(HASH_INIT, path);

    for (int i = 0; i < n->count; i++)
        if (n->v[i].hash == hash && strcmp(n->v[i].path, path) == 0)
            return &n->v[i];
    return NULL;
}

static void set(struct cluster *c, const char *path, int file)
{
    struct file_names *n = &c->file_names;
    struct file_name *it = find(n, path);

    if (it) {
        it->file = file;
        return;
    }
    VEC_ROOM(n->v, n->count, n->cap, 16);
    n->v[n->count++] =
        (struct file_name){arena_strdup(&c->arena, path), hash_str(HASH_INIT, path), file};
}

static int born(struct cluster *c, const char *path)
{
    struct file_names *n = &c->file_names;
    struct file_birth it = {hash_str(HASH_INIT, path), 1, arena_strdup(&c->arena, path)};
    int file = n->files + 1;

    for (int i = 1; i <= n->files; i++)
        it.nth += n->births[i].path == it.path;
    if (file >= n->birth_cap) {
        n->birth_cap = n->birth_cap ? 2 * n->birth_cap : 16;
        n->births = mem_grow(n->births, (size_t)n->birth_cap, sizeof *n->births);
    }
    n->births[file] = it;
    set(c, path, file);
    return n->files = file;
}

int file_names_get(struct cluster *c, const char *path)
{
    assert(c);
    assert(path);

    const struct file_name *it = find(&c->file_names, path);

    return it ? it->file : born(c, path);
}

int file_names_find(const struct cluster *c, const char *path)
{
    assert(c);
    assert(path);

    const struct file_name *it = find(&c->file_names, path);

    return it ? it->file : 0;
}

static void forget(struct file_names *n, const char *path)
{
    struct file_name *it = find(n, path);

    if (it)
        *it = n->v[--n->count];
}

static void move_below(struct cluster *c, const char *from, const char *to)
{
    struct file_names *n = &c->file_names;
    size_t len = strlen(from);

    for (int i = 0; i < n->count; i++)
        if (strncmp(n->v[i].path, from, len) == 0 && n->v[i].path[len] == '/') {
            n->v[i].path = arena_printf(&c->arena, "%s%s", to, n->v[i].path + len);
            n->v[i].hash = hash_str(HASH_INIT, n->v[i].path);
        }
}

/* What is in a directory moves with it. */
static void move(struct cluster *c, const char *from, const char *to)
{
    struct file_names *n = &c->file_names;
    int file = file_names_get(c, from);

    n->over = file_names_find(c, to);
    if (file == n->over) /* two names of one file: both stay */
        return;
    set(c, to, file);
    forget(n, from);
    move_below(c, from, to);
}

uint64_t file_meta_thing(const struct cluster *c, int file)
{
    assert(c);
    assert(file > 0);

    const struct file_birth *b = &c->file_names.births[file];

    return thing_num(THING_META, hash_u64(b->path, (uint64_t)b->nth));
}

/* It has a name more, or less, which programs see. */
static void touch_meta(struct task *t, int file)
{
    if (file && t->cluster->scenario->has_programs)
        task_touch(t, file_meta_thing(t->cluster, file), TOUCH_UPDATE, TOUCH_RACES);
}

static void opened(struct task *t, int file)
{
    struct store *s = &t->store;

    if (s->semantics == STORE_POSIX && s->handle_count > 0) /* the last one it is */
        s->handles[s->handle_count - 1].file = file;
}

bool file_names_needed(const struct scenario *s)
{
    assert(s);
    return s->by_file || s->accesses || s->keeps_files;
}

void file_names_step(struct task *t, const struct step *step)
{
    assert(t);
    assert(step);

    struct cluster *c = t->cluster;
    struct file_names *n = &c->file_names;

    n->over = 0;
    switch (step->op) {
    case FS_OPEN:
    case FS_CREATE:
    case FS_CREATE_EXCL:
    case FS_APPEND:
        n->found = file_names_find(c, step->path) != 0;
        opened(t, file_names_get(c, step->path));
        break;
    case FS_MKDIR:
    case STORE_PUT_IF_ABSENT:
        born(c, step->path);
        break;
    case STORE_PUT:
    case STORE_PUBLISH:
        n->over = file_names_find(c, step->path);
        born(c, step->path);
        break;
    case FS_RENAME:
    case FS_RENAME_NOREPLACE:
        move(c, step->path, step->path2);
        touch_meta(t, n->over);
        break;
    case FS_LINK:
        touch_meta(t, file_names_get(c, step->path));
        set(c, step->path2, file_names_get(c, step->path));
        break;
    case FS_UNLINK:
    case FS_RMDIR:
    case STORE_DELETE:
        n->over = file_names_find(c, step->path);
        touch_meta(t, n->over);
        forget(n, step->path);
        break;
    default:
        break;
    }
}
