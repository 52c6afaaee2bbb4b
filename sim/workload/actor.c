/*
 * actor: a program that is not ours. It makes file steps and nothing else, so that the races of
 * other people's locks, markers and watches can be written down as they are.
 */
#include "fsstore/store/file.h"
#include "fsstore/store/object.h"
#include "fsstore/store/open_file.h"
#include "fsstore/store/watch.h"
#include "nodes/stream/node.h"
#include "sim/workload/client_world.h"
#include "sim/workload/program.h"
#include "sim/workload/roles.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

static int start(struct world *w)
{
    (void)w;
    return 0;
}

static void request(struct world *w, const struct request *req, struct response *res)
{
    (void)w;
    (void)req;
    res->status = ST_REJECTED;
}

static int step_stat(struct world *w, const char *path, const char **data)
{
    enum port_kind kind;
    int rc = fs_stat(w->store, path, &kind);

    *data = kind == PORT_DIR && rc == 0 ? "dir" : "file";
    return rc;
}

static const char *look_text(struct world *w, const struct act *act, const struct port_stat *st)
{
    switch (act->want) {
    case WANT_INO:
        return act->fd ? world_fd_ino(w, act->fd) : world_ino(w, act->path);
    case WANT_SIZE:
        return arena_printf(w->arena, "%lld", (long long)st->size);
    case WANT_NLINK:
        return arena_printf(w->arena, "%d", st->links);
    case WANT_TYPE:
        break;
    }
    return st->kind == PORT_DIR ? "dir" : "file";
}

/* Of a directory neither is told: it is the file system's affair. */
static bool is_of_files(enum want_kind want)
{
    return want == WANT_SIZE || want == WANT_NLINK;
}

static int step_look(struct world *w, const struct act *act, const char **data)
{
    struct port_stat st = {.kind = PORT_FILE};
    bool contents = is_of_files(act->want);
    int rc = act->fd ? fd_stat(w->store, act->fd, contents, &st)
                     : fs_look(w->store, act->path, contents, &st);

    if (rc == 0 && contents && st.kind == PORT_DIR)
        return -EISDIR;
    if (rc == 0)
        *data = look_text(w, act, &st);
    return rc;
}

static int step_read_fd(struct world *w, const struct act *act, const char **data)
{
    char *content = NULL;
    size_t len;
    int rc = fd_read(w->store, act->fd, act->bytes, &content, &len);

    *data = rc == 0 ? content : NULL;
    return rc;
}

static int step_read(struct world *w, const char *path, const char **data)
{
    char *content;
    size_t len;
    int rc = file_read(w->store, path, &content, &len);

    *data = rc == 0 ? content : NULL;
    return rc;
}

static int step_list(struct world *w, const char *path, const char **data)
{
    struct port_names names;
    const char *joined = "";
    int rc = fs_list(w->store, path, &names);

    for (int i = 0; rc == 0 && i < names.count; i++)
        joined = arena_printf(w->arena, "%s%s%s", joined, *joined ? " " : "", names.v[i].name);
    *data = joined;
    return rc;
}

static int step_next_event(struct world *w, int64_t timeout_ms, const char **data)
{
    struct port_event event;
    int rc;

    if (timeout_ms >= 0)
        world_timeout(w, timeout_ms);
    rc = watch_next(w->store, world_queue(w), 1, &event);
    if (rc < 0)
        return rc == -EAGAIN ? -ETIMEDOUT : rc;
    *data = event.kind == EVENT_OVERFLOW
                ? "OVERFLOW"
                : arena_printf(w->arena, "%s %s", port_event_name(event.kind), event.path);
    return 0;
}

static int open_file_step(struct world *w, const struct act *act, const char **data)
{
    struct store *s = w->store;
    const char *text = act->data ? act->data : "";

    switch (act->kind) {
    case ACT_OPEN:
        return fd_open(s, act->fd, act->path, act->how);
    case ACT_READ_FD:
        return step_read_fd(w, act, data);
    case ACT_WRITE_FD:
        return fd_write(s, act->fd, text, strlen(text));
    case ACT_SEEK_FD:
        return fd_seek(s, act->fd, act->bytes);
    case ACT_TRUNCATE_FD:
        return fd_truncate(s, act->fd, act->bytes);
    case ACT_FSYNC_FD:
        return fd_fsync(s, act->fd);
    case ACT_CLOSE:
        return fd_close(s, act->fd);
    case ACT_FLOCK:
        return fd_lock(s, act->fd, act->lock, act->waits);
    case ACT_UNLOCK:
        return fd_lock(s, act->fd, PORT_UNLOCKED, false);
    case ACT_STAT_FD:
        return step_look(w, act, data);
    default:
        return -ENOSYS;
    }
}

int actor_step(struct world *w, const struct act *act, const char **data)
{
    assert(w);
    assert(act);
    assert(data);

    struct store *s = w->store;
    size_t len = act->data ? strlen(act->data) : 0;
    const char *text = act->data ? act->data : "";

    *data = "ok";
    switch (act->kind) {
    case ACT_STAT:
        return act->want == WANT_TYPE ? step_stat(w, act->path, data) : step_look(w, act, data);
    case ACT_CREATE_EXCL:
        return file_create_excl(s, act->path, act->data, len);
    case ACT_READ:
        return step_read(w, act->path, data);
    case ACT_WRITE:
        return file_write(s, act->path, text, len);
    case ACT_APPEND:
        return file_append(s, act->path, text, len);
    case ACT_PUT:
        return object_put(s, act->path, text, len);
    case ACT_RENAME:
        return fs_rename(s, act->path, act->path2);
    case ACT_RENAME_NOREPLACE:
        return fs_rename_noreplace(s, act->path, act->path2);
    case ACT_LINK:
        return fs_link(s, act->path, act->path2);
    case ACT_UNLINK:
        return fs_unlink(s, act->path);
    case ACT_MKDIR:
        return fs_mkdir(s, act->path);
    case ACT_RMDIR:
        return fs_rmdir(s, act->path);
    case ACT_LIST:
        return step_list(w, act->path, data);
    case ACT_FSYNC:
        return file_fsync(s, act->path);
    case ACT_WATCH:
        return watch_add(s, world_queue(w), act->path);
    case ACT_NEXT_EVENT:
        return step_next_event(w, act->ms, data);
    default:
        return open_file_step(w, act, data);
    }
}

static const struct role_task tasks[] = {{NULL, NULL, NULL}};

const struct role role_actor = {"actor", start, request, tasks, false};
const struct role role_program = {"program", start, request, tasks, false};
