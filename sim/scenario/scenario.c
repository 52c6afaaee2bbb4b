#include "sim/scenario/scenario.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "sim/scenario/parse.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum err_code read_variants(struct scenario_file *f, struct err *err)
{
    struct json root = json_root(f->doc), variants;
    bool has = json_get(&root, "variants", &variants);

    if (has && json_want(&variants, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (has && json_len(&variants) == 0)
        return json_fail(&variants, err,
                         "expected at least one variant, or no \"variants\" at all");
    if (has && json_len(&variants) > SCENARIO_VARIANTS_MAX)
        return json_fail(&variants, err, "%d variants, at most %d are taken", json_len(&variants),
                         SCENARIO_VARIANTS_MAX);
    f->variants = mem_alloc(sizeof *f->variants * (size_t)(has ? json_len(&variants) + 1 : 2));
    if (!has)
        f->variants[f->variant_count++] = "default";
    for (struct json it = {0}; has && json_next(&variants, &it);) {
        if (!name_ok(it.key, 64, true))
            return json_fail_key(&it, err,
                                 "variant \"%s\": expected letters, digits, '_', '-', '.'", it.key);
        if (json_want(&it, JSON_OBJECT, err) != OK)
            return ERR_INPUT;
        f->variants[f->variant_count++] = it.key;
    }
    return OK;
}

/* A variant may look at what only another one, or the file without it, sets: there it is unset. */
static void collect_all_registers(struct scenario_file *f)
{
    struct json root = json_root(f->doc), variants;

    collect_registers(&f->registers, &f->arena, &root);
    if (json_get(&root, "variants", &variants))
        for (struct json it = {0}; json_next(&variants, &it);)
            collect_registers(&f->registers, &f->arena, &it);
}

static struct scenario_file *file_of(const char *path, struct json_doc *doc, struct err *err)
{
    struct scenario_file *f = mem_alloc(sizeof *f);
    struct json root = json_root(doc);
    size_t len;
    const char *text = json_text(doc, &len);

    f->path = mem_strdup(path);
    f->doc = doc;
    if (json_want(&root, JSON_OBJECT, err) == OK && read_variants(f, err) == OK) {
        collect_all_registers(f);
        f->hash = hash_bytes(HASH_INIT, text, len);
        if (f->registers.count <= SCENARIO_REGISTERS_MAX)
            return f;
        json_fail(&root, err, "more than %d registers (\"as\")", SCENARIO_REGISTERS_MAX);
    }
    scenario_file_free(f);
    return NULL;
}

struct scenario_file *scenario_load(const char *path, struct err *err)
{
    assert(path);

    struct json_doc *doc = json_load(path, err);

    return doc ? file_of(path, doc, err) : NULL;
}

struct scenario_file *scenario_read(const char *path, const char *text, size_t len, struct err *err)
{
    assert(path);
    assert(text);

    struct json_doc *doc = json_parse(path, text, len, err);

    return doc ? file_of(path, doc, err) : NULL;
}

void scenario_file_free(struct scenario_file *f)
{
    union {
        const char *path;
        char *mine;
    } path;

    if (!f)
        return;
    path.path = f->path;
    free(path.mine);
    json_free(f->doc);
    arena_release(&f->arena);
    free(f->variants);
    free(f);
}

int scenario_variant_index(const struct scenario_file *f, const char *name, struct err *err)
{
    assert(f);
    assert(name);

    const char *near;

    for (int i = 0; i < f->variant_count; i++)
        if (strcmp(f->variants[i], name) == 0)
            return i;
    near = near_word(name, f->variants);
    err_set(err, ERR_INPUT, "%s: no variant \"%s\"%s%s%s", f->path, name,
            near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    return -1;
}

/* --- one variant --- */

enum { NAME_MAX_LEN = 128 };

/* What reports call it, and pages: most are called like their file. */
static enum err_code read_name(struct scenario *s, const struct json *root, struct err *err)
{
    const char *name;
    struct json j;

    if (!json_get(root, "name", &j))
        return json_fail(root, err, "\"name\" is missing");
    if (json_string(&j, &name, err) != OK)
        return ERR_INPUT;
    if (!*name || *name == '.' || strlen(name) > NAME_MAX_LEN || strchr(name, '/') ||
        !text_is_visible(name))
        return json_fail(&j, err,
                         "name \"%s\": expected 1 to %d visible characters without '/', and no "
                         "'.' in front",
                         name, NAME_MAX_LEN);
    s->name = arena_strdup(&s->arena, name);
    return OK;
}

static enum err_code read_sources(struct scenario *s, const struct json *root, struct err *err)
{
    struct json j, it = {0};
    int n = 0;

    s->sources = arena_alloc(&s->arena, sizeof *s->sources);
    if (!json_get(root, "source", &j))
        return OK;
    if (json_want(&j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    s->sources = arena_alloc(&s->arena, sizeof *s->sources * (size_t)(json_len(&j) + 1));
    while (json_next(&j, &it)) {
        if (json_string(&it, &s->sources[n], err) != OK)
            return ERR_INPUT;
        s->sources[n] = arena_strdup(&s->arena, s->sources[n]);
        n++;
    }
    return OK;
}

static enum err_code read_texts(struct scenario *s, const struct json *root, struct err *err)
{
    const char *text;
    struct json j;

    s->doc = "";
    if (json_get(root, "title", &j)) {
        if (json_string(&j, &text, err) != OK)
            return ERR_INPUT;
        s->title = arena_strdup(&s->arena, text);
    }
    if (json_get(root, "doc", &j)) {
        if (json_string(&j, &text, err) != OK)
            return ERR_INPUT;
        s->doc = arena_strdup(&s->arena, text);
    }
    return read_sources(s, root, err);
}

static enum err_code check_registers(const struct json *root, struct err *err)
{
    struct json names;
    const char *name;

    if (!json_get(root, "registers", &names))
        return OK;
    if (json_want(&names, JSON_ARRAY, err) != OK)
        return err->code;
    for (struct json it = {0}; json_next(&names, &it);)
        if (json_string(&it, &name, err) != OK)
            return err->code;
    return OK;
}

static enum err_code check_head(struct scenario *s, const struct json *root, struct err *err)
{
    static const char *const keys[] = {
        "fsrace", "name",   "title", "doc",    "source",    "cluster",    "init",    "work",
        "order",  "faults", "time",  "expect", "registers", "properties", "$schema", NULL};
    int64_t version;
    struct json j;

    if (json_only(root, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(root, "fsrace", &j))
        return json_fail(root, err, "\"fsrace\": 1 is missing: the version of the format");
    if (json_int(&j, 1, 1, &version, err) != OK)
        return ERR_INPUT;
    if (read_name(s, root, err) != OK || check_registers(root, err) != OK)
        return ERR_INPUT;
    return read_texts(s, root, err);
}

static enum err_code want_member(const struct json *root, const char *key, struct json *out,
                                 struct err *err)
{
    return json_get(root, key, out) ? OK : json_fail(root, err, "\"%s\" is missing", key);
}

static enum err_code parse_body(struct scenario *s, const struct json *root, struct err *err)
{
    struct json cluster, work, j;

    if (want_member(root, "cluster", &cluster, err) != OK || parse_cluster(s, &cluster, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "work", &work) ? parse_work(s, &work, err) != OK : !s->has_programs)
        return err->code ? err->code : want_member(root, "work", &work, err);
    if (add_program_tasks(s, &cluster, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "faults", &j) && parse_faults(s, &j, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "time", &j) && parse_time(s, &j, err) != OK)
        return ERR_INPUT;
    if (settle_time(s, root, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "init", &j) && parse_init(s, &j, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "order", &j) && parse_order(s, &j, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "properties", &j) && parse_properties(s, &j, err) != OK)
        return ERR_INPUT;
    if (json_get(root, "expect", &j) && parse_expect(s, &j, err) != OK)
        return ERR_INPUT;
    collect_aliases(s);
    collect_steady(s);
    collect_sure(s);
    collect_waits(s);
    return OK;
}

static void read_registers(struct scenario *s, const struct scenario_file *f,
                           const struct json *root)
{
    struct names all = {.count = 0};

    collect_registers(&all, &s->arena, root);
    s->register_count = all.count;
    for (int i = 0; i < f->registers.count; i++)
        names_add(&all, &s->arena, arena_strdup(&s->arena, f->registers.v[i]));
    s->registers_known = all.count;
    s->registers = all.count ? all.v : arena_alloc(&s->arena, sizeof *s->registers);
}

struct scenario *scenario_variant(const struct scenario_file *f, int index, struct err *err)
{
    assert(f);
    assert(index >= 0 && index < f->variant_count);

    struct json root = json_root(f->doc), variants;
    bool has = json_get(&root, "variants", &variants);
    struct json_doc *doc = json_patched(f->doc, "variants", has ? f->variants[index] : NULL);
    struct scenario *s = mem_alloc(sizeof *s);

    s->file = arena_strdup(&s->arena, f->path);
    s->variant = arena_strdup(&s->arena, f->variants[index]);
    s->hash = hash_mix(hash_str(f->hash, s->variant));
    root = json_root(doc);
    read_registers(s, f, &root);
    if (check_head(s, &root, err) != OK || parse_body(s, &root, err) != OK) {
        scenario_free(s);
        s = NULL;
    }
    json_free(doc);
    return s;
}

void scenario_free(struct scenario *s)
{
    struct arena arena;

    if (!s)
        return;
    arena = s->arena;
    arena_release(&arena);
    free(s);
}

int scenario_register(const struct scenario *s, const char *name)
{
    assert(s);
    assert(name);
    for (int i = 0; i < s->registers_known; i++)
        if (s->registers[i] == name)
            return i;
    for (int i = 0; i < s->registers_known; i++)
        if (strcmp(s->registers[i], name) == 0)
            return i;
    return -1;
}
