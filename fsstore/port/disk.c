#include "fsstore/port/disk.h"
#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- tables ------------------------------------------------------------------------------------- */

static int add_file(struct disk *d, bool is_dir)
{
    VEC_ROOM(d->files, d->file_count, d->file_cap, 32);
    d->files[d->file_count] = (struct disk_file){.is_dir = is_dir, .now = "", .safe = ""};
    return d->file_count++;
}

static struct disk_name *find(const struct disk_names *names, int dir, const char *text)
{
    for (int i = 0; i < names->count; i++)
        if (names->v[i].dir == dir && strcmp(names->v[i].text, text) == 0)
            return &names->v[i];
    return NULL;
}

static void take_out(struct disk_names *names, int dir, const char *text)
{
    struct disk_name *it = find(names, dir, text);

    if (it)
        *it = names->v[--names->count];
}

static void put(struct disk_names *names, int dir, const char *text, int file)
{
    take_out(names, dir, text);
    VEC_ROOM(names->v, names->count, names->cap, 32);
    names->v[names->count++] = (struct disk_name){dir, file, text};
}

static void copy(struct disk_names *to, const struct disk_names *from)
{
    to->count = 0;
    for (int i = 0; i < from->count; i++)
        put(to, from->v[i].dir, from->v[i].text, from->v[i].file);
}

static void apply(struct disk_names *names, const struct disk_change *c)
{
    if (c->kind != DISK_ADD)
        take_out(names, c->dir, c->text);
    if (c->kind == DISK_ADD)
        put(names, c->dir, c->text, c->file);
    else if (c->kind == DISK_MOVE)
        put(names, c->dir2, c->text2, c->file);
}

/* --- paths -------------------------------------------------------------------------------------- */

struct spot {
    int dir, file; /* file: -1 if there is none */
    const char *text;
};

static struct spot look_up(struct disk *d, const char *path)
{
    struct spot at = {.dir = 0, .file = 0, .text = ""};

    while (*path && strcmp(path, ".") != 0) {
        size_t len = strcspn(path, "/");
        const struct disk_name *name;

        at.dir = at.file;
        at.text = arena_memdup(&d->arena, path, len);
        name = find(&d->now, at.dir, at.text);
        at.file = name ? name->file : -1;
        path += len + (path[len] == '/');
        if (at.file < 0)
            break;
    }
    return at;
}

/* --- what programs do --------------------------------------------------------------------------- */

static void change(struct disk *d, const struct disk_change *c)
{
    VEC_ROOM(d->changes, d->change_count, d->change_cap, 32);
    apply(&d->now, c);
    d->changes[d->change_count++] = *c;
}

static void add_name(struct disk *d, const struct spot *at, int file, const char *path)
{
    change(d, &(struct disk_change){.kind = DISK_ADD,
                                    .dir = at->dir,
                                    .dir2 = -1,
                                    .file = file,
                                    .text = at->text,
                                    .told = arena_printf(&d->arena, "create %s", path)});
}

static void set_bytes(struct disk_file *f, const char *data, size_t len)
{
    f->now = data;
    f->now_len = len;
    f->unsynced = f->now_len != f->safe_len || memcmp(f->now, f->safe, len) != 0;
}

int disk_open(struct disk *d, const char *path, enum port_open how)
{
    assert(d);
    assert(path);
    assert(how == PORT_READ || how == PORT_CREATE || how == PORT_CREATE_EXCL || how == PORT_APPEND);

    struct spot at = look_up(d, path);

    if (at.file < 0) {
        at.file = add_file(d, false);
        add_name(d, &at, at.file, path);
    } else if (how == PORT_CREATE) {
        set_bytes(&d->files[at.file], "", 0);
    }
    return at.file;
}

void disk_write(struct disk *d, int file, size_t at, const char *data, size_t len)
{
    assert(d);
    assert(file >= 0 && file < d->file_count);
    assert(!d->files[file].is_dir);
    assert(data || len == 0);

    struct disk_file *f = &d->files[file];
    size_t end = at + len > f->now_len ? at + len : f->now_len;
    char *bytes = arena_alloc(&d->arena, end + 1);

    memcpy(bytes, f->now, f->now_len);
    memcpy(bytes + at, data, len);
    set_bytes(f, bytes, end);
}

size_t disk_size(const struct disk *d, int file)
{
    assert(d);
    assert(file >= 0 && file < d->file_count);
    return d->files[file].now_len;
}

void disk_rename(struct disk *d, const char *from, const char *to)
{
    assert(d);
    assert(from);
    assert(to);

    struct spot a = look_up(d, from), b = look_up(d, to);

    if (a.file == b.file) /* two links to one file: nothing happens */
        return;
    change(d, &(struct disk_change){.kind = DISK_MOVE,
                                    .dir = a.dir,
                                    .dir2 = b.dir,
                                    .file = a.file,
                                    .text = a.text,
                                    .text2 = b.text,
                                    .told = arena_printf(&d->arena, "rename %s %s", from, to)});
}

void disk_link(struct disk *d, const char *from, const char *to)
{
    assert(d);
    assert(from);
    assert(to);

    struct spot a = look_up(d, from), b = look_up(d, to);

    add_name(d, &b, a.file, to);
}

void disk_remove(struct disk *d, const char *path)
{
    assert(d);
    assert(path);

    struct spot at = look_up(d, path);

    change(d, &(struct disk_change){.kind = DISK_REMOVE,
                                    .dir = at.dir,
                                    .dir2 = -1,
                                    .file = at.file,
                                    .text = at.text,
                                    .told = arena_printf(&d->arena, "remove %s", path)});
}

void disk_mkdir(struct disk *d, const char *path)
{
    assert(d);
    assert(path);

    struct spot at = look_up(d, path);

    add_name(d, &at, add_file(d, true), path);
}

static bool is_tmp(const struct disk *d, int dir)
{
    const struct disk_name *tmp = find(&d->now, 0, PORT_TMP);

    return tmp && tmp->file == dir;
}

/* The directory's changes before `end`, and with a change of two directories what came before it in
 * the other one. */
static void sync_names(struct disk *d, int dir, int end)
{
    for (int i = 0; i < end; i++) {
        struct disk_change *c = &d->changes[i];

        if (c->safe || (c->dir != dir && c->dir2 != dir))
            continue;
        c->safe = true;
        if (!is_tmp(d, c->dir))
            sync_names(d, c->dir, i);
        if (c->dir2 >= 0 && !is_tmp(d, c->dir2))
            sync_names(d, c->dir2, i);
    }
}

static void sync_bytes(struct disk_file *f)
{
    f->safe = f->now;
    f->safe_len = f->now_len;
    f->unsynced = false;
}

void disk_fsync(struct disk *d, int file)
{
    assert(d);
    assert(file >= 0 && file < d->file_count);
    if (d->files[file].is_dir)
        sync_names(d, file, d->change_count);
    else
        sync_bytes(&d->files[file]);
}

void disk_sync_all(struct disk *d)
{
    assert(d);
    for (int i = 0; i < d->file_count; i++)
        sync_bytes(&d->files[i]);
    copy(&d->safe, &d->now);
    d->change_count = 0;
}

/* --- what is left ------------------------------------------------------------------------------- */

static bool is_cut(const struct disk *d, int dir)
{
    return dir >= 0 && d->files[dir].cut;
}

static void lose(struct disk *d, struct disk_change *c)
{
    c->lost = true;
    d->files[c->dir].cut = !is_tmp(d, c->dir);
    if (c->dir2 >= 0)
        d->files[c->dir2].cut = !is_tmp(d, c->dir2);
}

static void make_image(struct disk *d)
{
    copy(&d->image, &d->safe);
    for (int i = 0; i < d->change_count; i++)
        if (!d->changes[i].lost)
            apply(&d->image, &d->changes[i]);
    d->has_image = true;
}

static const char *path_of(struct disk *d, const struct disk_name *name)
{
    for (int i = 0; name->dir != 0 && i < d->image.count; i++)
        if (d->image.v[i].file == name->dir)
            return arena_printf(&d->arena, "%s/%s", path_of(d, &d->image.v[i]), name->text);
    return name->text;
}

/* A file whose bytes are not settled, that has a name outside of PORT_TMP: the first by path. */
static const struct disk_name *open_bytes(struct disk *d, const char **path)
{
    const struct disk_name *first = NULL;

    for (int i = 0; i < d->image.count; i++) {
        const struct disk_name *name = &d->image.v[i];
        const char *its;

        if (!d->files[name->file].unsynced || is_tmp(d, name->dir))
            continue;
        its = path_of(d, name);
        if (!first || strcmp(its, *path) < 0) {
            first = name;
            *path = its;
        }
    }
    return first;
}

static bool share_dir(const struct disk *d, const struct disk_change *a,
                      const struct disk_change *b)
{
    bool at_dir = (a->dir == b->dir || a->dir == b->dir2) && !is_tmp(d, a->dir);
    bool at_dir2 = a->dir2 >= 0 && (a->dir2 == b->dir || a->dir2 == b->dir2) && !is_tmp(d, a->dir2);

    return at_dir || at_dir2;
}

/* Nothing before it in its directories is left. */
static bool is_next(const struct disk *d, const struct disk_change *c)
{
    for (const struct disk_change *before = d->changes; before < c; before++)
        if (!before->settled && share_dir(d, before, c))
            return false;
    return !c->settled;
}

static struct disk_change *next_change(struct disk *d)
{
    struct disk_change *next = NULL;

    for (int i = 0; i < d->change_count; i++) {
        struct disk_change *c = &d->changes[i];

        if (is_next(d, c) && (!next || strcmp(c->told, next->told) < 0))
            next = c;
    }
    return next;
}

const char *disk_ask(struct disk *d)
{
    assert(d);

    const char *path;

    while ((d->asked = next_change(d))) {
        struct disk_change *c = d->asked;

        if (is_cut(d, c->dir) || is_cut(d, c->dir2))
            lose(d, c);
        else if (!c->safe && !(is_tmp(d, c->dir) && (c->dir2 < 0 || is_tmp(d, c->dir2))))
            return c->told;
        c->settled = true;
    }
    if (!d->has_image)
        make_image(d);
    return open_bytes(d, &path) ? arena_printf(&d->arena, "bytes of %s", path) : NULL;
}

void disk_answer(struct disk *d, bool kept)
{
    assert(d);

    struct disk_file *f;
    const char *path;

    if (d->asked) {
        if (!kept)
            lose(d, d->asked);
        d->asked->settled = true;
        return;
    }
    f = &d->files[open_bytes(d, &path)->file];
    if (kept)
        sync_bytes(f);
    else
        set_bytes(f, f->safe, f->safe_len);
}

struct walk {
    struct disk *d;
    disk_walk_fn *fn;
    void *ctx;
};

static int by_text(const void *a, const void *b)
{
    const struct disk_name *x = a, *y = b;

    return x->dir != y->dir ? (x->dir > y->dir) - (x->dir < y->dir) : strcmp(x->text, y->text);
}

static void walk_dir(const struct walk *w, int dir, const char *path)
{
    const struct disk_names *image = &w->d->image;

    for (int i = 0; i < image->count; i++) {
        const struct disk_file *f = &w->d->files[image->v[i].file];
        const char *below =
            arena_printf(&w->d->arena, "%s%s%s", path, *path ? "/" : "", image->v[i].text);

        if (image->v[i].dir != dir)
            continue;
        w->fn(w->ctx, below, image->v[i].file, f->is_dir ? NULL : f->now, f->now_len);
        if (f->is_dir)
            walk_dir(w, image->v[i].file, below);
    }
}

void disk_walk(struct disk *d, disk_walk_fn *fn, void *ctx)
{
    assert(fn);

    struct walk w = {d, fn, ctx};

    assert(d->has_image);
    if (d->image.count > 0)
        qsort(d->image.v, (size_t)d->image.count, sizeof *d->image.v, by_text);
    walk_dir(&w, 0, "");
}

/* --- life --------------------------------------------------------------------------------------- */

void disk_clear(struct disk *d)
{
    assert(d);
    arena_clear(&d->arena);
    d->file_count = d->now.count = d->safe.count = d->image.count = 0;
    d->change_count = 0;
    d->asked = NULL;
    d->has_image = false;
    add_file(d, true);
}

void disk_release(struct disk *d)
{
    assert(d);
    arena_release(&d->arena);
    free(d->files);
    free(d->now.v);
    free(d->safe.v);
    free(d->image.v);
    free(d->changes);
    *d = (struct disk){.file_count = 0};
}
