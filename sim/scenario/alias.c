/*
 * Which paths may come to stand for one file? Renames and links in the actors' steps tell, before
 * anything runs. Their contents are a set (footprint.h): a step that happened touched that of one file,
 * and a step that is yet to come may touch any of them (store_footprint.c).
 */
#include "sim/scenario/parse.h"
#include <assert.h>
#include <string.h>

struct pairs {
    struct scenario *s;
    const char **paths; /* all paths of renames and links */
    int *group;
    int count, cap;
};

static int index_of(struct pairs *p, const char *path)
{
    for (int i = 0; i < p->count; i++)
        if (strcmp(p->paths[i], path) == 0)
            return i;
    if (p->count == p->cap) {
        int cap = p->cap ? 2 * p->cap : 16;
        const char **paths = arena_alloc(&p->s->arena, sizeof *paths * (size_t)cap);
        int *group = arena_alloc(&p->s->arena, sizeof *group * (size_t)cap);

        for (int i = 0; i < p->count; i++) {
            paths[i] = p->paths[i];
            group[i] = p->group[i];
        }
        p->paths = paths;
        p->group = group;
        p->cap = cap;
    }
    p->paths[p->count] = path;
    p->group[p->count] = p->count;
    return p->count++;
}

static void join(struct pairs *p, const char *a, const char *b)
{
    int ia = index_of(p, a), ib = index_of(p, b);
    int from = p->group[ib], to = p->group[ia];

    for (int i = 0; i < p->count; i++)
        if (p->group[i] == from)
            p->group[i] = to;
}

static void join_program(struct pairs *p, const struct program *program)
{
    for (int i = 0; i < program->count; i++) {
        const struct act *act = &program->v[i];

        if (act->path2)
            join(p, act->path, act->path2);
        join_program(p, &act->then);
        join_program(p, &act->otherwise);
    }
}

static bool is_above(const char *dir, const char *path)
{
    size_t len = strlen(dir);

    return path && strncmp(path, dir, len) == 0 && path[len] == '/';
}

static bool has_path_below(const struct program *program, const char *dir)
{
    for (int i = 0; i < program->count; i++) {
        const struct act *act = &program->v[i];

        if (act->kind <= ACT_WATCH && (is_above(dir, act->path) || is_above(dir, act->path2)))
            return true;
        if (has_path_below(&act->then, dir) || has_path_below(&act->otherwise, dir))
            return true;
    }
    return false;
}

/* Does a name that is there stay, and nothing come in its way? */
static bool is_steady(const struct program *program)
{
    for (int i = 0; i < program->count; i++) {
        const struct act *act = &program->v[i];
        bool changes = act->kind == ACT_RENAME || act->kind == ACT_RENAME_NOREPLACE ||
                       act->kind == ACT_LINK || act->kind == ACT_UNLINK || act->kind == ACT_MKDIR ||
                       act->kind == ACT_RMDIR;

        if (changes || (act->kind <= ACT_WATCH && act->path && strchr(act->path, '/')) ||
            act->parts[PART_PATH])
            return false;
        if (!is_steady(&act->then) || !is_steady(&act->otherwise))
            return false;
    }
    return true;
}

void collect_steady(struct scenario *s)
{
    assert(s);
    s->steady = is_steady(&s->init) && !s->has_programs && !s->copy_count;
    for (int i = 0; i < s->task_count; i++)
        s->steady &= !s->tasks[i].program || is_steady(s->tasks[i].program);
    s->steady &= !s->keeps_files && !s->links_seen && !s->inos_seen;
    s->by_file = s->has_actors && !s->steady && !s->power_loss;
}

bool scenario_always_has(const struct scenario *s, const char *path)
{
    assert(s);
    assert(path);
    for (int i = 0; s->steady && i < s->init.count; i++)
        if (s->init.v[i].kind == ACT_WRITE && strcmp(s->init.v[i].path, path) == 0)
            return true;
    return false;
}

/* Whose program, and whether all that it does so far touches the same wherever it comes. */
struct doubt {
    const struct scenario *s;
    const char *task;
    bool any;
};

static void doubt_reference(void *ctx, const struct predicate *compare)
{
    struct doubt *d = ctx;
    size_t len = strlen(d->task);

    if (compare->ref == REF_REGISTER)
        d->any |= strncmp(compare->name, d->task, len) != 0 || compare->name[len] != '.';
    else if (compare->ref == REF_UP)
        d->any = true;
    else if (compare->ref != REF_EXISTS)
        d->any |= !scenario_always_has(d->s, compare->name);
}

static void doubt_program(struct doubt *d, const struct program *program)
{
    for (int i = 0; i < program->count; i++) {
        const struct act *act = &program->v[i];

        if (act->when)
            predicate_each(act->when, doubt_reference, d);
        for (int k = 0; k < PARTS; k++)
            d->any |= act->parts[k] != NULL;
        if (act->kind == ACT_READ)
            d->any |= !scenario_always_has(d->s, act->path);
        else
            d->any |= act->kind != ACT_STAT && act->kind != ACT_LIST && act->kind != ACT_WRITE &&
                      act->kind != ACT_APPEND && act->kind != ACT_PUT && act->kind != ACT_IF &&
                      act->kind != ACT_REPEAT && act->kind != ACT_STOP;
        doubt_program(d, &act->then);
        doubt_program(d, &act->otherwise);
    }
}

void collect_sure(struct scenario *s)
{
    assert(s);

    struct doubt d = {.s = s,
                      .any = !s->steady || s->has_services || s->watches || s->fault_count > 0 ||
                             s->order.pair_count > 0 || s->semantics != STORE_OBJECT};

    for (int i = 0; i < s->task_count; i++) {
        d.task = s->tasks[i].name;
        if (s->tasks[i].program)
            doubt_program(&d, s->tasks[i].program);
    }
    s->sure = !d.any && !s->has_programs && !s->has_inside;
}

void collect_aliases(struct scenario *s)
{
    assert(s);

    struct pairs p = {.s = s};

    join_program(&p, &s->init);
    for (int i = 0; i < s->task_count; i++)
        if (s->tasks[i].program)
            join_program(&p, s->tasks[i].program);
    s->aliases = arena_alloc(&s->arena, sizeof *s->aliases * (size_t)(2 * p.count + 1));
    for (int i = 0; i < p.count; i++) {
        s->aliases[2 * i] = p.paths[i];
        s->aliases[2 * i + 1] = p.paths[p.group[i]];
        for (int k = 0; k < s->task_count; k++)
            if (s->tasks[k].program && has_path_below(s->tasks[k].program, p.paths[i]))
                s->one_content = true; /* a directory is renamed */
    }
    s->one_content |= s->computed_paths && p.count > 0;
    s->one_content |= s->has_programs; /* and what a program renames is not known */
}
