#include "fsstore/store/object.h"

#include "fsstore/store/file.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

/* Makes the directories that the key is in, from the top. That others make them, too, is no error.
 */
static int make_parents(struct store *s, const char *key)
{
    for (const char *slash = strchr(key, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *dir = arena_memdup(s->arena, key, (size_t)(slash - key));
        int rc = fs_mkdir(s, dir);
        if (rc < 0 && rc != -EEXIST)
            return rc;
        s->made_parents += rc == 0 && s->depth > 0;
    }
    return 0;
}

static int get(struct store *s, const char *key, char **data, size_t *len)
{
    struct fs_file f = {.handle = -1};
    int rc = fs_open(s, key, PORT_READ, &f);
    if (rc)
        return rc;
    rc = fs_read(s, &f, data, len);
    fs_close(s, &f);
    return rc;
}

int object_get(struct store *s, const char *key, char **data, size_t *len)
{
    assert(s);
    assert(key);
    assert(data);
    assert(len);

    char *got = NULL;
    size_t got_len = 0;
    store_begin(s, STORE_GET, key, NULL);
    int rc = get(s, key, &got, &got_len);
    if (rc == 0) {
        *data = got;
        *len = got_len;
        store_tell_whole(s, WHOLE_READ, key, got, got_len);
    }
    return store_end(s, STORE_GET, key, NULL, rc, got, got_len);
}

int object_head(struct store *s, const char *key)
{
    assert(s);
    assert(key);

    enum port_kind kind = PORT_FILE;
    store_begin(s, STORE_HEAD, key, NULL);
    int rc = fs_stat(s, key, &kind);
    if (rc == 0 && kind == PORT_DIR)
        rc = -EISDIR; /* as reading it would say */
    return store_end(s, STORE_HEAD, key, NULL, rc, NULL, 0);
}

static int write_tmp(struct store *s, const char *data, size_t len)
{
    struct fs_file f = {.handle = -1};
    int rc = fs_open(s, s->tmp, PORT_CREATE, &f);
    if (rc)
        return rc;
    rc = fs_write(s, &f, data, len);
    int closed = fs_close(s, &f);
    return rc ? rc : closed;
}

typedef int move_fn(struct store *s, const char *from, const char *to);

static int move_tmp(struct store *s, const char *key, move_fn *move)
{
    int rc = move(s, s->tmp, key);
    if (rc != -ENOENT)
        return rc;
    rc = make_parents(s, key);
    return rc ? rc : move(s, s->tmp, key);
}

static int put(struct store *s, const char *key, const char *data, size_t len, move_fn *move)
{
    assert(s->tmp[0]);
    int rc = write_tmp(s, data, len);
    if (rc == 0)
        rc = move_tmp(s, key, move);
    if (rc)
        fs_unlink(s, s->tmp); /* may not be there */
    return rc;
}

int object_put(struct store *s, const char *key, const char *data, size_t len)
{
    assert(s);
    assert(key);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_WRITE, key, data, len);
    store_begin(s, STORE_PUT, key, NULL);
    int rc = put(s, key, data, len, fs_rename);
    return store_end(s, STORE_PUT, key, NULL, rc, data, len);
}

int object_publish(struct store *s, const char *key, const char *data, size_t len)
{
    assert(s);
    assert(key);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_WRITE, key, data, len);
    store_begin(s, STORE_PUBLISH, key, NULL);
    int rc = put(s, key, data, len, fs_rename_noreplace);
    return store_end(s, STORE_PUBLISH, key, NULL, rc, data, len);
}

static int open_excl(struct store *s, const char *key, struct fs_file *f)
{
    int rc = fs_open(s, key, PORT_CREATE_EXCL, f);
    if (rc != -ENOENT)
        return rc;
    rc = make_parents(s, key);
    return rc ? rc : fs_open(s, key, PORT_CREATE_EXCL, f);
}

static int put_if_absent(struct store *s, const char *key, const char *data, size_t len)
{
    struct fs_file f = {.handle = -1};
    int rc = open_excl(s, key, &f);
    if (rc)
        return rc;
    rc = fs_write(s, &f, data, len);
    int closed = fs_close(s, &f);
    return rc ? rc : closed;
}

int object_put_if_absent(struct store *s, const char *key, const char *data, size_t len)
{
    assert(s);
    assert(key);
    assert(data || len == 0);
    store_tell_whole(s, WHOLE_WRITE, key, data, len);
    store_begin(s, STORE_PUT_IF_ABSENT, key, NULL);
    int rc = put_if_absent(s, key, data, len);
    return store_end(s, STORE_PUT_IF_ABSENT, key, NULL, rc, data, len);
}

int object_delete(struct store *s, const char *key)
{
    assert(s);
    assert(key);
    store_begin(s, STORE_DELETE, key, NULL);
    int rc = fs_unlink(s, key);
    return store_end(s, STORE_DELETE, key, NULL, rc, NULL, 0);
}

int object_list(struct store *s, const char *prefix, struct port_names *out)
{
    assert(s);
    assert(prefix);
    assert(out);
    assert(s->arena);

    struct port_names names = {0};
    store_begin(s, STORE_LIST, prefix, NULL);
    int rc = fs_list(s, prefix, &names);
    if (rc == -ENOENT)
        rc = 0;
    if (rc == 0)
        *out = names;
    bool told = rc == 0 && s->semantics == STORE_OBJECT;
    const char *joined = told ? store_join(s, &names) : NULL;
    return store_end(s, STORE_LIST, prefix, NULL, rc, joined, joined ? strlen(joined) : 0);
}
