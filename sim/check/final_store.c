#include "sim/check/final_store.h"
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

void check_store(struct cluster *c, struct store *out)
{
    assert(c);
    assert(out);
    *out =
        (struct store){.port = c->port, .hooks = &task_hooks, .ctx = c->host, .arena = &c->arena};
}

bool check_is_over(struct store *s, const char *stream, int generation)
{
    assert(s);
    assert(stream);
    assert(generation >= 0);
    return object_head(s, layout_tombstone(s->arena, stream, generation)) == 0;
}

static int add_definitions(struct store *s, const char *stream, struct record **out, int count)
{
    const char *dir = layout_stream_dir(s->arena, stream);
    struct port_names names;

    if (object_list(s, dir, &names) != 0)
        return count;
    for (int i = 0; i < names.count; i++) {
        struct record *more = arena_alloc(s->arena, sizeof *more * (size_t)(count + 1));
        char *data;
        size_t len;

        if (!layout_is_stream_json(names.v[i].name))
            continue;
        if (count)
            memcpy(more, *out, sizeof *more * (size_t)count);
        if (object_get(s, arena_printf(s->arena, "%s/%s", dir, names.v[i].name), &data, &len) ==
                0 &&
            record_parse(data, len, &more[count])) {
            count++;
            *out = more;
        }
    }
    return count;
}

int check_definitions(struct cluster *c, struct record **out)
{
    assert(c);
    assert(out);

    struct port_names names;
    struct store s;
    int count = 0;

    *out = NULL;
    check_store(c, &s);
    if (object_list(&s, "", &names) != 0)
        return 0;
    for (int i = 0; i < names.count; i++) {
        const char *prefix = names.v[i].name, *stream = layout_stream_of(s.arena, prefix);

        if (names.v[i].kind == PORT_DIR && stream &&
            !check_is_over(&s, stream, layout_generation_of(prefix)))
            count = add_definitions(&s, prefix, out, count);
    }
    return count;
}
