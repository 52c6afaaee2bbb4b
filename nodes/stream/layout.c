#include "nodes/stream/layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *layout_config(struct arena *a, const char *node)
{
    assert(a);
    assert(node);
    return arena_printf(a, ".node/%s/.parseable.json", node);
}

const char *layout_joined(struct arena *a, const char *node)
{
    assert(a);
    assert(node);
    return arena_printf(a, ".node/%s/deployment_id", node);
}

const char *layout_migrated(struct arena *a, int version)
{
    assert(a);
    return arena_printf(a, ".parseable/.parseable.v%d.json", version);
}

const char *layout_node_record(struct arena *a, const char *role, const char *node)
{
    assert(a);
    assert(role);
    assert(node);
    return arena_printf(a, ".parseable/%s.%s.json", role, node);
}

const char *layout_stream_dir(struct arena *a, const char *stream)
{
    assert(a);
    assert(stream);
    assert(stream[0]);
    return arena_printf(a, "%s/.stream", stream);
}

const char *layout_stream_json(struct arena *a, const char *stream, const char *node)
{
    assert(a);
    assert(stream);
    if (!node)
        return arena_printf(a, "%s/.stream/.stream.json", stream);
    return arena_printf(a, "%s/.stream/.ingestor.%s.stream.json", stream, node);
}

const char *layout_schema(struct arena *a, const char *stream, const char *node)
{
    assert(a);
    assert(stream);
    if (!node)
        return arena_printf(a, "%s/.stream/.schema", stream);
    return arena_printf(a, "%s/.stream/.ingestor.%s.schema", stream, node);
}

const char *layout_schema_version(struct arena *a, const char *stream, int version)
{
    assert(a);
    assert(stream);
    assert(version > 0);
    return arena_printf(a, "%s/.stream/.v%d.schema", stream, version);
}

int layout_schema_number(const char *path)
{
    assert(path);

    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t digits = strncmp(name, ".v", 2) == 0 ? strspn(name + 2, "0123456789") : 0;

    if (digits == 0 || digits > 6 || strcmp(name + 2 + digits, ".schema") != 0)
        return 0;
    return (int)strtol(name + 2, NULL, 10);
}

const char *layout_schema_beside(struct arena *a, const char *stream_json)
{
    assert(a);
    assert(stream_json);

    size_t stem = strlen(stream_json) - strlen("stream.json");

    return arena_printf(a, "%.*sschema", (int)stem, stream_json);
}

const char *layout_data_dir(struct arena *a, const char *stream)
{
    assert(a);
    assert(stream);
    return arena_printf(a, "%s/data", stream);
}

const char *layout_data(struct arena *a, const char *stream, const char *node, int n)
{
    assert(a);
    assert(stream);
    assert(node);
    assert(n >= 0);
    return arena_printf(a, "%s/data/%s-%d", stream, node, n);
}

const char *layout_marker(struct arena *a, const char *stream, int fence)
{
    assert(a);
    assert(stream);
    assert(fence > 0);
    return arena_printf(a, LAYOUT_MARKERS "/%s.%d", stream, fence);
}

const char *layout_prefix(struct arena *a, const char *stream, int generation)
{
    assert(a);
    assert(stream);
    assert(generation >= 0);
    return generation > 0 ? arena_printf(a, "%s@%d", stream, generation) : stream;
}

const char *layout_tombstones(struct arena *a, const char *stream)
{
    assert(a);
    assert(stream);
    return arena_printf(a, LAYOUT_TOMBSTONES "/%s", stream);
}

const char *layout_tombstone(struct arena *a, const char *stream, int generation)
{
    assert(a);
    assert(stream);
    assert(generation >= 0);
    return arena_printf(a, LAYOUT_TOMBSTONES "/%s/%d", stream, generation);
}

const char *layout_staging_dir(struct arena *a, const char *node)
{
    assert(a);
    assert(node);
    return arena_printf(a, ".node/%s/staging", node);
}

const char *layout_staged(struct arena *a, const char *node, const char *stream, int n)
{
    assert(a);
    assert(node);
    assert(stream);
    assert(n >= 0);
    return arena_printf(a, ".node/%s/staging/%s/%d", node, stream, n);
}

const char *layout_registry(struct arena *a, int64_t version)
{
    assert(a);
    assert(version > 0);
    return arena_printf(a, ".registry/%lld", (long long)version);
}

const char *layout_subscriber(struct arena *a, const char *node)
{
    assert(a);
    assert(node);
    return arena_printf(a, LAYOUT_SUBSCRIBERS "/%s", node);
}

static bool ends_in(const char *s, const char *end)
{
    size_t len = strlen(s), end_len = strlen(end);
    return len >= end_len && strcmp(s + len - end_len, end) == 0;
}

bool layout_is_stream_json(const char *name)
{
    assert(name);
    return ends_in(name, "stream.json");
}

bool layout_is_schema(const char *name)
{
    assert(name);
    return ends_in(name, ".schema");
}

const char *layout_stream_of(struct arena *a, const char *path)
{
    assert(a);
    assert(path);

    size_t len = strcspn(path, "/@");
    if (len == 0 || path[0] == '.')
        return NULL;
    return arena_memdup(a, path, len);
}

int layout_generation_of(const char *path)
{
    assert(path);

    size_t stream = strcspn(path, "/@");
    return path[stream] == '@' ? (int)strtol(path + stream + 1, NULL, 10) : 0;
}

bool layout_watched(const char *dir)
{
    assert(dir);
    if (dir[0] == '\0' || dir[0] == '.')
        return false;
    const char *slash = strchr(dir, '/');
    return !slash || strcmp(slash, "/.stream") == 0;
}
