#include "tests/unit/random_scenario.h"
#include "base/rng.h"

/* Few names, so that much happens to each: files, a directory and what is in it. */
static const char *const paths[] = {"x", "y", "d", "d/x", "e"};
static const char *const dirs[] = {".", "d", "e"};
static const char *const watched[] = {".", "d", "x"};

#define PICK(r, array) (array)[rng_below((r), (uint32_t)(sizeof(array) / sizeof *(array)))]

struct maker {
    const struct random_kind *kind;
    struct rng rng;
    struct strbuf *out;
    int actor, step;
};

static bool one_in(struct maker *m, uint32_t n)
{
    return rng_below(&m->rng, n) == 0;
}

static void add_path_step(struct maker *m, const char *verb, const char *path, bool data)
{
    strbuf_printf(m->out, "{'%s': '%s'", verb, path);
    if (data)
        strbuf_printf(m->out, ", 'data': '%c%d'", 'A' + m->actor, m->step);
}

static void add_file_step(struct maker *m)
{
    static const struct {
        const char *verb;
        bool data;
    } one[] = {{"stat", false},
               {"create_excl", true},
               {"create_excl", false},
               {"read", false},
               {"read", false},
               {"write", true},
               {"append", true},
               {"put", true},
               {"put", true},
               {"unlink", false},
               {"unlink", false},
               {"mkdir", false},
               {"rmdir", false},
               {"fsync", false},
               {"list", false},
               {"rename", false},
               {"rename", false},
               {"link", false},
               {"rename_noreplace", false}};
    uint32_t i = rng_below(&m->rng, sizeof one / sizeof *one);
    const char *verb = one[i].verb;

    if (verb[0] == 'l' && verb[2] == 's')
        add_path_step(m, verb, PICK(&m->rng, dirs), false);
    else if (verb[0] == 'm')
        add_path_step(m, verb, one_in(m, 2) ? "d" : "e", false);
    else if (verb[0] == 'l' || (verb[0] == 'r' && verb[1] == 'e' && verb[2] == 'n'))
        strbuf_printf(m->out, "{'%s': ['%s', '%s']", verb, PICK(&m->rng, paths),
                      PICK(&m->rng, paths));
    else
        add_path_step(m, verb, PICK(&m->rng, paths), one[i].data);
}

static void add_condition(struct maker *m)
{
    int other = (int)rng_below(&m->rng, 2);

    if (one_in(m, 3))
        strbuf_printf(m->out, ", 'when': {'exists:%s': %s}", PICK(&m->rng, paths),
                      one_in(m, 2) ? "true" : "false");
    else if (one_in(m, 2))
        strbuf_printf(m->out, ", 'when': {'content:%s': {'ne': 'A0'}}", PICK(&m->rng, paths));
    else
        strbuf_printf(m->out, ", 'when': {'%c.r0': {'ne': 'ok'}}", 'A' + other);
}

static void add_step(struct maker *m)
{
    bool watcher = m->kind->watches && (m->actor == 0 || (m->kind->shared && m->actor == 1));

    if (watcher && m->actor == 0 && m->step == 0) {
        strbuf_printf(m->out, "{'watch': '%s'", PICK(&m->rng, watched));
    } else if (watcher && one_in(m, 3) == 0) {
        strbuf_adds(m->out, "{'next_event': true");
        if (m->kind->timers && !one_in(m, 3))
            strbuf_printf(m->out, ", 'timeout_ms': %d", one_in(m, 2) ? 10 : 20);
    } else if (m->kind->timers && one_in(m, 3)) {
        strbuf_printf(m->out, "{'sleep_ms': %d", one_in(m, 2) ? 10 : 20);
    } else {
        add_file_step(m);
    }
    if (m->kind->refs && one_in(m, 2))
        add_condition(m);
    strbuf_printf(m->out, ", 'as': 'r%d'}", m->step);
}

static void add_init(struct maker *m)
{
    static const char *const firsts[] = {
        "[]",
        "[{'mkdir': 'd'}]",
        "[{'write': 'x', 'data': 'init'}]",
        "[{'mkdir': 'd'}, {'write': 'd/x', 'data': 'init'}, {'write': 'x', 'data': 'first'}]",
        "[{'mkdir': 'd'}, {'write': 'x', 'data': 'init'}, {'link': ['x', 'y']}]",
        "[{'mkdir': 'd'}, {'mkdir': 'e'}, {'write': 'd/x', 'data': 'init'}]",
    };

    strbuf_printf(m->out, " 'init': %s,\n", PICK(&m->rng, firsts));
}

/* A's note is there for sure, and so is B's. */
static void add_order(struct maker *m)
{
    if (m->kind->before)
        strbuf_adds(m->out, " 'order': {'before': [['A: note here', 'B: note there']]},\n");
}

static const char *client_name(const struct maker *m, int actor)
{
    static const char *const names[] = {"A", "B", "C", "D"};

    return m->kind->shared && actor == 1 ? "A#2" : names[actor];
}

static void add_work(struct maker *m, int actors)
{
    for (m->actor = 0; m->actor < actors; m->actor++) {
        int steps = 1 + (int)rng_below(&m->rng, (uint32_t)m->kind->steps);
        int note = (int)rng_below(&m->rng, (uint32_t)steps);

        if (m->kind->watches && m->actor == 0 && steps < 2)
            steps = 2;
        strbuf_printf(m->out, "%s'%s': [", m->actor ? ",\n  " : "", client_name(m, m->actor));
        for (m->step = 0; m->step < steps; m->step++) {
            strbuf_adds(m->out, m->step ? ", " : "");
            add_step(m);
            if (m->kind->before && m->actor < 2 && m->step == note)
                strbuf_printf(m->out, ", {'note': '%s'}", m->actor ? "there" : "here");
        }
        strbuf_adds(m->out, "]");
    }
}

void random_scenario(const struct random_kind *kind, uint64_t seed, struct strbuf *out)
{
    struct maker m = {.kind = kind, .out = out};
    int actors;

    rng_init(&m.rng, 1, seed);
    actors = 2 + (int)rng_below(&m.rng, (uint32_t)kind->actors - 1);
    strbuf_printf(
        out, "{'fsrace': 1, 'name': 't', 'cluster': {'store': {'semantics': '%s'},\n  'nodes': {",
        kind->posix ? "posix" : "object");
    for (int i = 0; i < actors; i++)
        strbuf_printf(out, "%s'%c': {'role': 'actor'}", i ? ", " : "", 'A' + i);
    strbuf_adds(out, "}},\n");
    add_init(&m);
    add_order(&m);
    strbuf_adds(out, " 'work': {");
    add_work(&m, actors);
    strbuf_adds(out, "}}\n");
}

/* --- services --- */

static void add_request(struct maker *m, const char *node)
{
    static const char *const fields[] = {"{'a': 'int'}", "{'a': 'string'}", "{'b': 'int'}"};
    bool querier = node[0] == 'q';

    switch (rng_below(&m->rng, 8)) {
    case 0:
        strbuf_adds(m->out, "{'create': 'app'");
        break;
    case 1:
        strbuf_adds(m->out, "{'list': true");
        break;
    case 2:
        strbuf_adds(m->out, "{'restart': true");
        break;
    case 3:
        strbuf_adds(m->out, "{'stop': true");
        break;
    case 4:
        strbuf_printf(m->out, "{'sleep_ms': %d", one_in(m, 2) ? 1 : 20);
        break;
    case 5:
        strbuf_adds(m->out, querier ? "{'delete': 'app'" : "{'create': 'app'");
        break;
    default:
        if (querier)
            strbuf_adds(m->out, "{'query': 'app'");
        else
            strbuf_printf(m->out, "{'ingest': 'app', 'fields': %s", PICK(&m->rng, fields));
    }
    strbuf_printf(m->out, ", 'as': 'r%d'}", m->step);
}

static void add_client(struct maker *m, const char *client)
{
    int requests = 1 + (int)rng_below(&m->rng, 2);

    strbuf_printf(m->out, "%s'%s': [", m->actor++ ? ",\n  " : "", client);
    for (m->step = 0; m->step < requests; m->step++) {
        strbuf_adds(m->out, m->step ? ", " : "");
        add_request(m, client);
    }
    strbuf_adds(m->out, "]");
}

void random_services(uint64_t seed, struct strbuf *out)
{
    static const char *const schemes[] = {"naive", "proxy", "marker", "push"};
    static const char *const locks[] = {"none", "memory", "two-level"};
    static const char *const clients[][2] = {
        {"i1", "i1#2"}, {"i1", "i2"}, {"i1", "q1"}, {"q1", "q1#2"}};
    struct maker m = {.out = out};
    uint32_t pair;

    rng_init(&m.rng, 2, seed);
    strbuf_printf(out, "{'fsrace': 1, 'name': 't',\n 'cluster': {'create': '%s', 'lock': '%s',\n",
                  PICK(&m.rng, schemes), PICK(&m.rng, locks));
    strbuf_printf(out,
                  "  'sync': {'notify': %s, 'load': %s, 'scan_ms': 0}, 'net': {'retries': %d, "
                  "'timeout_ms': 20},\n",
                  one_in(&m, 4) ? "true" : "false", one_in(&m, 2) ? "true" : "false",
                  one_in(&m, 3));
    strbuf_printf(out,
                  "  'marker': {'lease_ms': 20, 'poll_ms': 10},\n"
                  "  'nodes': {'i1': {'role': 'ingestor'}, 'i2': {'role': 'ingestor'}, 'q1': "
                  "{'role': 'querier', 'threads': %d}}},\n",
                  one_in(&m, 3) ? 2 : 1);
    strbuf_adds(out, " 'work': {");
    pair = rng_below(&m.rng, sizeof clients / sizeof *clients);
    add_client(&m, clients[pair][0]);
    add_client(&m, clients[pair][1]);
    if (pair != 2 && pair != 3 && one_in(&m, 3))
        add_client(&m, "q1");
    strbuf_adds(out, "}}\n");
}
