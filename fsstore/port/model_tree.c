#include "base/vec.h"
#include "fsstore/port/model.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- bytes -------------------------------------------------------------------------------------
 */

static size_t take_bytes(struct port_model *p, size_t size)
{
    size_t at = p->pool_used;
    if (p->pool_cap - at < size) {
        p->pool_cap = 2 * p->pool_cap + size;
        p->pool = mem_grow(p->pool, p->pool_cap, 1);
    }
    p->pool_used += size;
    return at;
}

unsigned char *model_room(struct port_model *p, struct model_file *f, size_t size)
{
    assert(p);
    assert(f);
    if (f->room < size || f->data < p->pool_marked) {
        size_t room = size < 32 ? 64 : 2 * size, at = take_bytes(p, room);
        if (f->len > 0)
            memcpy(p->pool + at, p->pool + f->data, f->len);
        f->data = at;
        f->room = room;
    }
    return p->pool + f->data;
}

/* --- names --------------------------------------------------------------------------------------
 */

static int compare(const struct port_model *p, int name, const char *text, size_t len)
{
    const struct model_name *n = &p->tree.names[name];
    int order = memcmp(p->pool + n->text, text, n->len < len ? n->len : len);
    return order ? order : (n->len > len) - (n->len < len);
}

static int find_in(const struct port_model *p, const struct model_spot *spot)
{
    const struct model_name *names = p->tree.names;
    for (int i = names[spot->dir].first; i; i = names[i].next)
        if (names[i].hash == spot->hash && names[i].len == spot->len &&
            memcmp(p->pool + names[i].text, spot->text, spot->len) == 0)
            return i;
    return 0;
}

/* The part that begins here: its length and its hash (FNV-1a). */
static void measure(struct model_spot *spot, const char *part)
{
    uint32_t h = UINT32_C(2166136261);
    size_t len = 0;
    for (; part[len] && part[len] != '/'; len++)
        h = (h ^ (unsigned char)part[len]) * UINT32_C(16777619);
    spot->text = part;
    spot->len = len;
    spot->hash = h;
}

/* What is wrong with the path itself comes before what is wrong with where it leads. */
static int refuse(const char *path, int rc)
{
    int wrong = port_refuse_path(path);
    return wrong ? wrong : rc;
}

int model_find(struct port_model *p, const char *path, struct model_spot *out)
{
    assert(p);
    assert(path);
    assert(out);

    const char *part = path;
    *out = (struct model_spot){.name = MODEL_ROOT};
    if (!*path || strcmp(path, ".") == 0)
        return 0;
    do {
        int rc = !out->name ? -ENOENT : !model_file_of(p, out->name)->is_dir ? -ENOTDIR : 0;
        if (rc)
            return refuse(path, rc);
        out->dir = out->name;
        measure(out, part);
        out->name = find_in(p, out);
        part += out->len;
    } while (*part++);
    /* What was found has no wrong part, but may be too far away. */
    return out->name && part - path <= PORT_PATH_MAX ? 0 : port_refuse_path(path);
}

int model_find_name(struct port_model *p, const char *path)
{
    assert(p);
    assert(path);

    struct model_spot spot;
    int rc = model_find(p, path, &spot);
    if (rc)
        return rc;
    return spot.name ? spot.name : -ENOENT;
}

int model_add_file(struct port_model *p, bool is_dir)
{
    assert(p);

    struct model_tree *t = &p->tree;
    VEC_ROOM(t->files, t->file_count, t->file_cap, 64);
    t->files[t->file_count] = (struct model_file){.is_dir = is_dir};
    return t->file_count++;
}

/* Gives the name its place among those of the directory. */
static void insert(struct port_model *p, int name, const struct model_spot *spot)
{
    struct model_name *names = p->tree.names, *n = &names[name];
    n->text = take_bytes(p, spot->len);
    n->len = spot->len;
    n->hash = spot->hash;
    memcpy(p->pool + n->text, spot->text, spot->len);
    n->parent = spot->dir;
    int *link = &names[spot->dir].first;
    while (*link && compare(p, *link, spot->text, spot->len) < 0)
        link = &names[*link].next;
    n->next = *link;
    *link = name;
}

static void take_out(struct port_model *p, int name)
{
    struct model_name *names = p->tree.names;
    int *link = &names[names[name].parent].first;
    while (*link != name)
        link = &names[*link].next;
    *link = names[name].next;
}

static int new_name(struct port_model *p, int file)
{
    struct model_tree *t = &p->tree;
    VEC_ROOM(t->names, t->name_count, t->name_cap, 64);
    t->names[t->name_count] = (struct model_name){.file = file};
    t->files[file].links++;
    return t->name_count++;
}

int model_add_name(struct port_model *p, const struct model_spot *spot, int file)
{
    assert(p);
    assert(spot);
    assert(file >= 0 && file < p->tree.file_count);

    int name = new_name(p, file);
    insert(p, name, spot);
    return name;
}

void model_move_name(struct port_model *p, int name, const struct model_spot *to)
{
    assert(p);
    assert(to);
    assert(name > 0 && name < p->tree.name_count);
    take_out(p, name);
    insert(p, name, to);
}

void model_remove_name(struct port_model *p, int name)
{
    assert(p);
    assert(name > 0 && name < p->tree.name_count);

    struct model_name *n = &p->tree.names[name];
    take_out(p, name);
    model_file_of(p, name)->links--;
    n->removed = true;
    n->holds++;
    p->tree.names[n->parent].holds++;
}

/* --- mark and reset -----------------------------------------------------------------------------
 */

static void copy(struct model_tree *to, const struct model_tree *from)
{
    if (to->name_cap < from->name_count) {
        to->name_cap = from->name_count;
        to->names = mem_grow(to->names, (size_t)to->name_cap, sizeof *to->names);
    }
    if (to->file_cap < from->file_count) {
        to->file_cap = from->file_count;
        to->files = mem_grow(to->files, (size_t)to->file_cap, sizeof *to->files);
    }
    memcpy(to->names, from->names, (size_t)from->name_count * sizeof *to->names);
    memcpy(to->files, from->files, (size_t)from->file_count * sizeof *to->files);
    to->name_count = from->name_count;
    to->file_count = from->file_count;
}

/* A reset closes all that is open, so nothing that was marked is held. */
void model_tree_mark(struct port_model *p)
{
    assert(p);
    copy(&p->marked, &p->tree);
    for (int i = 0; i < p->marked.name_count; i++)
        p->marked.names[i].holds = 0;
    p->pool_marked = p->pool_used;
}

void model_tree_reset(struct port_model *p)
{
    assert(p);
    copy(&p->tree, &p->marked);
    p->pool_used = p->pool_marked;
}

void model_tree_init(struct port_model *p)
{
    assert(p);

    struct model_spot tmp = {.dir = MODEL_ROOT};
    measure(&tmp, PORT_TMP);
    new_name(p, model_add_file(p, true)); /* 0 is none */
    int root = new_name(p, model_add_file(p, true));
    assert(root == MODEL_ROOT);
    (void)root;
    model_add_name(p, &tmp, model_add_file(p, true));
    model_tree_mark(p);
}

void model_tree_release(struct port_model *p)
{
    assert(p);
    free(p->tree.names);
    free(p->tree.files);
    free(p->marked.names);
    free(p->marked.files);
    free(p->pool);
}
