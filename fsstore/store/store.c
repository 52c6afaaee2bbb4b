#include "fsstore/store/store.h"

#include "base/strbuf.h"
#include <assert.h>

static const char *const op_names[STEP_OPS] = {
    [FS_STAT] = "fs.stat",
    [FS_OPEN] = "fs.open",
    [FS_CREATE] = "fs.create",
    [FS_CREATE_EXCL] = "fs.create_excl",
    [FS_APPEND] = "fs.append",
    [FS_READ] = "fs.read",
    [FS_WRITE] = "fs.write",
    [FS_FSYNC] = "fs.fsync",
    [FS_CLOSE] = "fs.close",
    [FS_RENAME] = "fs.rename",
    [FS_RENAME_NOREPLACE] = "fs.rename_noreplace",
    [FS_LINK] = "fs.link",
    [FS_UNLINK] = "fs.unlink",
    [FS_MKDIR] = "fs.mkdir",
    [FS_RMDIR] = "fs.rmdir",
    [FS_LIST] = "fs.list",
    [FS_TRUNCATE] = "fs.truncate",
    [FS_FSTAT] = "fs.fstat",
    [FS_LOCK] = "fs.flock",
    [FS_UNLOCK] = "fs.unlock",
    [STORE_GET] = "store.get",
    [STORE_PUT] = "store.put",
    [STORE_PUT_IF_ABSENT] = "store.put_if_absent",
    [STORE_PUBLISH] = "store.publish",
    [STORE_HEAD] = "store.head",
    [STORE_LIST] = "store.list",
    [STORE_DELETE] = "store.delete",
    [WATCH_ADD] = "watch.add",
    [WATCH_NEXT] = "watch.next",
};

const char *step_op_name(enum step_op op)
{
    assert(op < STEP_OPS && op_names[op]);
    return op_names[op];
}

/* Whoever is not inside an announced call speaks for itself. Under STORE_POSIX nobody ever is,
 * since composite calls do not announce themselves there. */
static bool is_step(const struct store *s)
{
    return s->hooks && s->depth == 0;
}

void store_step_begin(struct store *s, const struct step *step)
{
    assert(step->op < STEP_OPS);
    assert(step->path);
    if (s->depth == 0)
        s->made_parents = 0;
    if (is_step(s) && s->hooks->before)
        s->hooks->before(s->ctx, step);
}

int store_step_end(struct store *s, const struct step *step, int rc, const char *data, size_t len)
{
    assert(step);
    if (is_step(s) && s->hooks->after) {
        struct step_result result = {.rc = rc, .data = data, .len = len};
        s->hooks->after(s->ctx, step, &result);
    }
    return rc;
}

void store_begin(struct store *s, enum step_op op, const char *path, const char *path2)
{
    if (s->semantics == STORE_POSIX)
        return;
    struct step step = {.op = op, .path = path, .path2 = path2, .queue = -1};
    store_step_begin(s, &step);
    s->depth++;
}

int store_end(struct store *s, enum step_op op, const char *path, const char *path2, int rc,
              const char *data, size_t len)
{
    assert(op < STEP_OPS);
    if (s->semantics == STORE_POSIX)
        return rc;
    assert(s->depth > 0);
    s->depth--;
    struct step step = {.op = op, .path = path, .path2 = path2, .queue = -1};
    return store_step_end(s, &step, rc, data, len);
}

void store_tell_whole(struct store *s, enum store_whole whole, const char *path, const char *data,
                      size_t len)
{
    assert(s);
    assert(path);
    assert(whole == WHOLE_READ || whole == WHOLE_WRITE || whole == WHOLE_APPEND);
    if (s->semantics == STORE_POSIX && s->hooks && s->hooks->whole)
        s->hooks->whole(s->ctx, whole, path, data ? data : "", len);
}

const char *store_join(struct store *s, const struct port_names *names)
{
    assert(s);
    assert(names);
    if (!s->hooks)
        return NULL;
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < names->count; i++) {
        if (i > 0)
            strbuf_addc(&sb, ' ');
        strbuf_adds(&sb, names->v[i].name);
    }
    const char *joined = arena_memdup(s->arena, sb.s, sb.len);
    strbuf_release(&sb);
    return joined;
}

void store_drop(struct store *s)
{
    assert(s);
    assert(s->handle_count >= 0 && s->handle_count <= STORE_HANDLES);
    while (s->handle_count > 0)
        s->port->calls->close(s->port, s->handles[--s->handle_count].handle);
    s->depth = 0;
}
