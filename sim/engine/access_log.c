/*
 * access_log: who reads and writes which file, in the order in which it happens; what no_lost_update
 * goes by. Not in an open gate, where that order is not known.
 */
#include "sim/engine/cluster.h"
#include <errno.h>

static void note(struct task *t, enum access_kind kind, const char *path)
{
    struct cluster *c = t->cluster;
    struct history_access access = {.task = t->index,
                                    .kind = kind,
                                    .thing = content_thing(c->scenario, path),
                                    .path = arena_strdup(&c->arena, path)};

    history_access(&c->history, &access);
}

static void note_read(struct task *t, const char *path)
{
    note(t, ACCESS_OPEN, path);
    note(t, ACCESS_READ, path);
}

/* Under object, reading and writing a file are one step each, by name; under posix, of an open
 * file. */
void access_note(struct task *t, const struct step *step, const struct step_result *result)
{
    bool whole = t->store.semantics == STORE_OBJECT;

    if (result->rc < 0 && result->rc != -ENOENT)
        return;
    switch (step->op) {
    case STORE_GET:
        note_read(t, step->path);
        break;
    case FS_OPEN:
        note(t, ACCESS_OPEN, step->path);
        if (result->rc < 0)
            note(t, ACCESS_READ, step->path);
        break;
    case FS_READ:
        if (whole)
            note_read(t, step->path);
        else
            note(t, ACCESS_READ, step->path);
        break;
    case FS_CREATE:
    case FS_WRITE:
        if (result->rc >= 0)
            note(t, ACCESS_WRITE, step->path);
        break;
    case FS_APPEND:
        if (result->rc >= 0)
            note(t, ACCESS_ADD, step->path);
        break;
    case STORE_PUT:
        if (result->rc >= 0)
            note(t, ACCESS_REPLACE, step->path);
        break;
    case FS_RENAME:
        if (result->rc >= 0)
            note(t, ACCESS_REPLACE, step->path2);
        break;
    default: /* what is made only if it was not there replaces nothing */
        break;
    }
}
