/*
 * no_lost_update: nobody writes over what he has not seen. A task reads a file (or finds that there
 * is none) and writes it later, and between the two another one has written it: what that one wrote
 * is gone, although each write was whole. What only adds to a file (append), or makes it if it is
 * not there, loses nothing. A file is the same by whatever name.
 *
 * It is judged where it is named: a program may well read a file, and write it later without meaning
 * to keep what is there.
 */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static bool is_write(const struct history_access *a)
{
    return a->kind == ACCESS_WRITE || a->kind == ACCESS_REPLACE;
}

/* Is it about what the write is about: the file that it changes or replaces, or the name? */
static bool concerns(const struct history_access *a, const struct history_access *write, bool own)
{
    if (write->over && a->file == write->over)
        return true;
    return own && strcmp(a->path, write->path) == 0;
}

/* Looking back from the write at v[at]: the other's write that its task had not seen, or NULL. A
 * file that another one replaced was seen if it was found after that; one that was changed in place,
 * if it was read after that. */
static const struct history_access *overwritten(const struct history_access *v, int at)
{
    const struct history_access *lost = NULL;
    bool had_read = false;

    for (int i = at - 1; i >= 0; i--) {
        bool own = v[i].task == v[at].task;

        if (!concerns(&v[i], &v[at], own))
            continue;
        switch (v[i].kind) {
        case ACCESS_OPEN:
            if (own)
                return lost;
            break;
        case ACCESS_READ:
            had_read |= own;
            break;
        case ACCESS_WRITE:
        case ACCESS_ADD:
            if (!own && !had_read)
                lost = &v[i];
            break;
        case ACCESS_REPLACE:
            if (!own)
                lost = &v[i];
            break;
        }
        if (own && v[i].kind != ACCESS_READ) /* it goes on with its own */
            return NULL;
    }
    return NULL; /* it never read it */
}

bool check_no_lost_update(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;

    for (int i = 0; i < h->access_count; i++) {
        const struct history_access *lost =
            is_write(&h->accesses[i]) ? overwritten(h->accesses, i) : NULL;

        if (!lost)
            continue;
        if (why)
            strbuf_printf(why, "%s wrote over %s, and had not seen what %s wrote there",
                          c->tasks[h->accesses[i].task].name, h->accesses[i].path,
                          c->tasks[lost->task].name);
        return false;
    }
    return true;
}
