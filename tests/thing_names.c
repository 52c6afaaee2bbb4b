#include "tests/thing_names.h"
#include <stdlib.h>
#include <string.h>

#define NUMBERS 64 /* things that are numbered */

static void add_name(struct thing_names *n, const char *name)
{
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->v[i], name) == 0)
            return;
    if (n->count == n->cap) {
        n->cap = 2 * n->cap + 64;
        n->v = mem_grow(n->v, (size_t)n->cap, sizeof *n->v);
    }
    n->v[n->count++] = arena_strdup(&n->arena, name);
}

/* … and the directories above it, and its own name. */
static void add_path(struct thing_names *n, const char *path)
{
    char *above = arena_strdup(&n->arena, path), *slash;

    for (add_name(n, path); (slash = strrchr(above, '/')); add_name(n, above)) {
        add_name(n, slash + 1);
        *slash = '\0';
    }
}

void thing_names_init(struct thing_names *n, const struct scenario *s, const struct trace *t)
{
    *n = (struct thing_names){.count = 0};
    add_name(n, "");
    for (int i = 0; i < t->count; i++) {
        add_path(n, t->v[i].object);
        add_path(n, t->v[i].object2);
    }
    for (int i = 0; i < s->node_count; i++)
        add_name(n, s->nodes[i].name);
    for (int i = 0; i < s->task_count; i++)
        add_name(n, s->tasks[i].name);
    for (int i = 0; i < s->register_count; i++)
        add_name(n, s->registers[i]);
    for (int i = 0; s->aliases && s->aliases[i]; i++)
        add_name(n, s->aliases[i]);
}

void thing_names_release(struct thing_names *n)
{
    arena_release(&n->arena);
    free(n->v);
}

static const char *kind_name(enum thing_kind kind)
{
    static const char *const names[] = {
        [THING_PATH] = "path",
        [THING_CONTENT] = "content",
        [THING_LISTING] = "listing",
        [THING_EVENTS] = "events",
        [THING_QUEUE_IN] = "queue-in",
        [THING_QUEUE_OUT] = "queue-out",
        [THING_QUEUE_TURN] = "queue-turn",
        [THING_MAIL_IN] = "mail-in",
        [THING_MAIL_OUT] = "mail-out",
        [THING_LOCK_TAKE] = "lock-take",
        [THING_LOCK_FREE] = "lock-free",
        [THING_MEMORY] = "memory",
        [THING_REGISTER] = "register",
        [THING_NODE] = "node",
        [THING_INVARIANT] = "invariant",
        [THING_FAULT] = "fault",
        [THING_ORDER] = "order",
        [THING_CALLS] = "calls",
        [THING_DELETION] = "deletion",
        [THING_QUEUE_OPEN] = "queue-open",
        [THING_INSIDE] = "inside",
        [THING_JOURNAL] = "journal",
    };

    return (size_t)kind < sizeof names / sizeof *names && names[kind] ? names[kind] : "thing";
}

static bool print_as(const struct thing_names *n, enum thing_kind kind, uint64_t thing,
                     struct strbuf *out)
{
    for (uint64_t i = 0; i < NUMBERS; i++)
        if (thing_num(kind, i) == thing) {
            strbuf_printf(out, "%s %d", kind_name(kind), (int)i);
            return true;
        }
    for (int i = 0; i < n->count; i++) {
        if (thing_id(kind, n->v[i]) == thing) {
            strbuf_printf(out, "%s '%s'", kind_name(kind), n->v[i]);
            return true;
        }
        for (int k = 0; k < n->count; k++)
            if (thing_id2(kind, n->v[i], n->v[k]) == thing) {
                strbuf_printf(out, "%s '%s' of '%s'", kind_name(kind), n->v[k], n->v[i]);
                return true;
            }
    }
    return false;
}

static void print_thing(const struct thing_names *n, uint64_t thing, struct strbuf *out)
{
    for (int kind = THING_PATH; kind <= THING_JOURNAL; kind++)
        if (print_as(n, (enum thing_kind)kind, thing, out))
            return;
    strbuf_printf(out, "thing %016llx", (unsigned long long)thing);
}

void thing_names_print(const struct thing_names *n, const struct footprint *f, struct strbuf *out)
{
    static const char *const modes[] = {"reads", "updates", "writes"};
    static const char *const roles[] = {"", " (enables)", " (needs)", " (needs one)",
                                        " (contends)"};

    for (int i = 0; i < f->count; i++) {
        strbuf_printf(out, "%s%s ", i ? ", " : "", modes[f->v[i].mode]);
        print_thing(n, f->v[i].thing, out);
        strbuf_adds(out, roles[f->v[i].role]);
    }
    strbuf_adds(out, f->everything ? ", everything" : f->count ? "" : "nothing");
}
