#include "sim/engine/invariant.h"
#include "fsstore/store/file.h"
#include "sim/engine/cluster.h"
#include "sim/engine/inside.h"
#include "sim/trace/trace.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

static const char *see_register(void *ctx, const char *name)
{
    struct cluster *c = ctx;
    int i = scenario_register(c->scenario, name);

    return i < 0 ? NULL : c->registers[i];
}

/* Nothing there, or nothing of that kind, is an answer; all else is not. */
static bool there(struct cluster *c, const char *path, int rc)
{
    if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR && rc != -EISDIR)
        cluster_fail(c, ERR_IO, "cannot read %s: %s", path, strerror(-rc));
    return rc == 0;
}

static bool see_exists(void *ctx, const char *path)
{
    struct cluster *c = ctx;
    enum port_kind kind;

    return there(c, path, c->port->calls->stat(c->port, path, &kind));
}

static const char *see_content(void *ctx, const char *path, size_t *len)
{
    struct cluster *c = ctx;
    struct store s = {.port = c->port, .arena = &c->arena};
    char *data;

    return there(c, path, file_read(&s, path, &data, len)) ? data : NULL;
}

static bool see_up(void *ctx, const char *node)
{
    return node_lives(ctx, node_index(ctx, node));
}

struct sight invariant_sight(struct cluster *c)
{
    assert(c);
    return (struct sight){see_register, see_exists, see_content, c, see_up};
}

static void add_thing(struct cluster *c, uint64_t thing)
{
    size_t n = (size_t)c->invariant_thing_count++;

    c->invariant_things = mem_grow(c->invariant_things, n + 1, sizeof *c->invariant_things);
    c->invariant_things[n] = thing;
}

static void add_things(void *ctx, const struct predicate *p)
{
    struct cluster *c = ctx;

    if (p->ref == REF_REGISTER) {
        add_thing(c, thing_id(THING_REGISTER, p->name));
        return;
    }
    if (p->ref == REF_UP) {
        add_thing(c, thing_id(THING_NODE, p->name));
        return;
    }
    add_thing(c, thing_id(THING_PATH, p->name));
    add_thing(c, content_thing(c->scenario, p->name));
    for (const char *slash = strchr(p->name, '/'); slash; slash = strchr(slash + 1, '/')) {
        char parent[PORT_PATH_MAX];

        memcpy(parent, p->name, (size_t)(slash - p->name));
        parent[slash - p->name] = '\0';
        add_thing(c, thing_id(THING_PATH, parent));
    }
}

void invariants_prepare(struct cluster *c)
{
    assert(c);
    for (int i = 0; i < c->scenario->property_count; i++)
        if (c->scenario->properties[i].invariant && !c->scenario->properties[i].inside)
            predicate_each(&c->scenario->properties[i].predicate, add_things, c);
}

void invariants_look(struct cluster *c)
{
    assert(c);

    struct sight sight = invariant_sight(c);

    for (int i = 0; i < c->scenario->property_count; i++) {
        const struct scenario_property *p = &c->scenario->properties[i];

        if (!p->invariant || c->broken_invariants >> i & 1 ||
            (p->inside ? inside_holds(c, i) : predicate_holds(&p->predicate, &sight)))
            continue;
        c->broken_invariants |= UINT64_C(1) << i;
        c->broken_at[i] = c->event_count - 1;
        if (c->event_count > 0)
            task_aside(&c->tasks[c->events[c->event_count - 1].task], TRACE_BROKE, p->name, "");
    }
}
