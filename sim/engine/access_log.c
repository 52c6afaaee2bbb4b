/*
 * access_log: who reads and writes which file, in the order in which it happens; what no_lost_update
 * goes by. Not in an open gate, where that order is not known.
 */
#include "sim/engine/cluster.h"
#include <errno.h>

static void note(struct task *t, enum access_kind kind, const char *path, int file, int over)
{
    struct cluster *c = t->cluster;
    struct history_access access = {.task = t->index,
                                    .kind = kind,
                                    .file = file,
                                    .over = over,
                                    .path = arena_strdup(&c->arena, path)};

    history_access(&c->history, &access);
}

static void note_read(struct task *t, const char *path, int file)
{
    note(t, ACCESS_OPEN, path, file, 0);
    note(t, ACCESS_READ, path, file, 0);
}

/* Under object, reading and writing a file are one step each, by name; under posix, of an open
 * file. */
void access_note(struct task *t, const struct step *step, const struct step_result *result)
{
    bool whole = t->store.semantics == STORE_OBJECT, there = result->rc >= 0;
    int over = 0, file = 0;

    if (!there && result->rc != -ENOENT)
        return;
    if (there) {
        over = t->cluster->file_names.over;
        file = step->open ? step->open->file
                          : file_names_get(t->cluster, step->path2 ? step->path2 : step->path);
    }
    if (t->cluster->silent)
        return;
    switch (step->op) {
    case STORE_GET:
        note_read(t, step->path, file);
        break;
    case FS_OPEN:
        note(t, ACCESS_OPEN, step->path, file, 0);
        if (!there)
            note(t, ACCESS_READ, step->path, 0, 0);
        break;
    case FS_READ:
        if (whole)
            note_read(t, step->path, file);
        else
            note(t, ACCESS_READ, step->path, file, 0);
        break;
    case FS_CREATE:
    case FS_WRITE:
        if (there)
            note(t, ACCESS_WRITE, step->path, file, file);
        break;
    case FS_APPEND:
        if (there)
            note(t, ACCESS_ADD, step->path, file, file);
        break;
    case STORE_PUT:
    case FS_RENAME:
        if (there)
            note(t, ACCESS_REPLACE, step->path2 ? step->path2 : step->path, file, over);
        break;
    default: /* what is made only if it was not there replaces nothing */
        break;
    }
}
