#include "sim/walk.h"
#include "fsstore/file.h"
#include <string.h>

static bool is_of_the_store(const char *path)
{
    return strcmp(path, STORE_TMP) != 0 && strcmp(path, ".node") != 0;
}

static int walk(struct store *s, const char *dir, int depth, walk_fn *fn, void *ctx)
{
    struct port_names names = {.count = 0};
    int failed = s->port->calls->list(s->port, dir, s->arena, &names);

    for (int i = 0; i < names.count; i++) {
        const char *path = arena_printf(s->arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);
        char *data = NULL;
        size_t len = 0;

        if (!is_of_the_store(path))
            continue;
        if (names.v[i].kind == PORT_DIR) {
            int below;

            fn(ctx, path, depth, NULL, 0);
            below = walk(s, path, depth + 1, fn, ctx);
            failed = failed ? failed : below;
        } else if (file_read(s, path, &data, &len) == 0) {
            fn(ctx, path, depth, data ? data : "", len);
        }
    }
    return failed;
}

int walk_store(struct store *s, walk_fn *fn, void *ctx)
{
    return walk(s, "", 0, fn, ctx);
}
