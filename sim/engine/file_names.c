/*
 * file_names: which file a name stands for, told from the steps that worked; for no_lost_update,
 * which goes by the file and not by its name. A file has a number from when it was first seen.
 */
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static struct file_name *find(struct file_names *n, const char *path)
{
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->v[i].path, path) == 0)
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
    if (n->count == n->cap) {
        n->cap = n->cap ? 2 * n->cap : 16;
        n->v = mem_grow(n->v, (size_t)n->cap, sizeof *n->v);
    }
    n->v[n->count++] = (struct file_name){arena_strdup(&c->arena, path), file};
}

int file_names_get(struct cluster *c, const char *path)
{
    assert(c);
    assert(path);

    const struct file_name *it = find(&c->file_names, path);

    if (it)
        return it->file;
    set(c, path, ++c->file_names.files);
    return c->file_names.files;
}

static void forget(struct file_names *n, const char *path)
{
    struct file_name *it = find(n, path);

    if (it)
        *it = n->v[--n->count];
}

/* What is in a directory moves with it. */
static void move(struct cluster *c, const char *from, const char *to)
{
    struct file_names *n = &c->file_names;
    size_t len = strlen(from);
    int file = file_names_get(c, from);

    if (file == file_names_get(c, to)) /* two names of one file: both stay */
        return;
    set(c, to, file);
    forget(n, from);
    for (int i = 0; i < n->count; i++)
        if (strncmp(n->v[i].path, from, len) == 0 && n->v[i].path[len] == '/')
            n->v[i].path = arena_printf(&c->arena, "%s%s", to, n->v[i].path + len);
}

void file_names_step(struct task *t, const struct step *step)
{
    assert(t);
    assert(step);

    struct cluster *c = t->cluster;

    switch (step->op) {
    case FS_OPEN:
    case FS_CREATE:
    case FS_CREATE_EXCL:
    case FS_APPEND:
        t->open_file = file_names_get(c, step->path);
        break;
    case STORE_PUT:
    case STORE_PUBLISH:
        set(c, step->path, ++c->file_names.files);
        break;
    case FS_RENAME:
    case FS_RENAME_NOREPLACE:
        move(c, step->path, step->path2);
        break;
    case FS_LINK:
        set(c, step->path2, file_names_get(c, step->path));
        break;
    case FS_UNLINK:
    case STORE_DELETE:
        forget(&c->file_names, step->path);
        break;
    default:
        break;
    }
}
