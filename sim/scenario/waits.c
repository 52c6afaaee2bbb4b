/*
 * waits: can anybody of this scenario be left waiting for what does not come? Where each step can go
 * at once, or when its time has come, nobody hangs, in whatever order. (Whoever is held back by a pair
 * in "before" for good ends the run with an error.)
 */
#include "sim/scenario/parse.h"

static bool act_waits(const struct act *act);

static bool program_waits(const struct program *p)
{
    for (int i = 0; i < p->count; i++)
        if (act_waits(&p->v[i]))
            return true;
    return false;
}

/* Kinds that are not named here are taken to wait. */
static bool act_waits(const struct act *act)
{
    switch (act->kind) {
    case ACT_STAT:
    case ACT_CREATE_EXCL:
    case ACT_READ:
    case ACT_WRITE:
    case ACT_APPEND:
    case ACT_PUT:
    case ACT_RENAME:
    case ACT_RENAME_NOREPLACE:
    case ACT_LINK:
    case ACT_UNLINK:
    case ACT_MKDIR:
    case ACT_RMDIR:
    case ACT_LIST:
    case ACT_FSYNC:
    case ACT_OPEN:
    case ACT_READ_FD:
    case ACT_WRITE_FD:
    case ACT_SEEK_FD:
    case ACT_TRUNCATE_FD:
    case ACT_FSYNC_FD:
    case ACT_CLOSE:
    case ACT_UNLOCK:
    case ACT_STAT_FD:
    case ACT_WATCH:
    case ACT_SLEEP:
    case ACT_NOTE:
    case ACT_STOP:
    case ACT_BREAK:
    case ACT_SET:
        return false;
    case ACT_FLOCK:
        return act->waits;
    case ACT_IF:
    case ACT_REPEAT:
    case ACT_WHILE:
    case ACT_UNTIL:
        return program_waits(&act->then) || program_waits(&act->otherwise);
    default:
        return true;
    }
}

void collect_waits(struct scenario *s)
{
    s->waits = s->has_services || s->fault_count > 0 || program_waits(&s->init);
    for (int i = 0; i < s->task_count; i++)
        s->waits |= !s->tasks[i].program || program_waits(s->tasks[i].program);
}
