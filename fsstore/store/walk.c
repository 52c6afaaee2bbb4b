#include "fsstore/store/walk.h"
#include "fsstore/store/file.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

static bool is_of_the_store(const char *path)
{
    return strcmp(path, STORE_TMP) != 0 && strcmp(path, ".node") != 0;
}

/* "-> a": it stands for itself, whatever it leads to. */
static int read_link(struct store *s, const char *path, char **data, size_t *len)
{
    char target[PORT_PATH_MAX];
    ssize_t n = s->port->calls->link_text(s->port, path, target, sizeof target);

    if (n < 0)
        return (int)n;
    *data = arena_printf(s->arena, "-> %.*s", (int)n, target);
    *len = strlen(*data);
    return 0;
}

static int walk(struct store *s, const char *dir, int depth, walk_fn *fn, void *ctx)
{
    struct port_names names = {.count = 0};
    int failed = s->port->calls->list(s->port, dir, s->arena, &names);

    for (int i = 0; i < names.count; i++) {
        const char *path = arena_path(s->arena, dir, names.v[i].name);
        char *data = NULL;
        size_t len = 0;

        if (!is_of_the_store(path))
            continue;
        if (names.v[i].kind == PORT_DIR) {
            int below;

            fn(ctx, path, depth, NULL, 0);
            below = walk(s, path, depth + 1, fn, ctx);
            failed = failed ? failed : below;
        } else {
            int rc = file_read(s, path, &data, &len);

            if (rc == -ELOOP && s->port->calls->link_text)
                rc = read_link(s, path, &data, &len);

            if (rc == 0)
                fn(ctx, path, depth, data ? data : "", len);
            else if (rc != -ENOENT && !failed)
                failed = rc;
        }
    }
    return failed;
}

struct telling {
    walk_fn *fn;
    void *ctx;
};

static bool tell(void *ctx, const char *path, int depth, const char *data, size_t len)
{
    const struct telling *t = ctx;

    if (!is_of_the_store(path))
        return false;
    t->fn(t->ctx, path, depth, data, len);
    return true;
}

int walk_store(struct store *s, walk_fn *fn, void *ctx)
{
    assert(s);
    assert(fn);

    struct telling telling = {fn, ctx};

    if (s->port->calls->walk) {
        s->port->calls->walk(s->port, tell, &telling);
        return 0;
    }
    return walk(s, "", 0, fn, ctx);
}
