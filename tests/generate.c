#include "tests/generate.h"
#include "base/rng.h"
#include <assert.h>
#include <stdio.h>

void sketch_init(struct sketch *k)
{
    *k = (struct sketch){.count = 0};
}

void sketch_release(struct sketch *k)
{
    arena_release(&k->arena);
}

void sketch_add(struct sketch *k, enum piece_kind kind, int client, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    int len;

    assert(k->count < SKETCH_PIECES);
    va_start(ap, fmt);
    len = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    assert(len < (int)sizeof text);
    k->v[k->count++] = (struct piece){kind, client, false, arena_strdup(&k->arena, text)};
}

/* --- as text --- */

static void add_text(struct strbuf *out, const char *text)
{
    for (; *text; text++)
        strbuf_addc(out, *text == '\'' ? '"' : *text);
}

/* The pieces of a kind (of a client), with commas between. */
static int add_pieces(const struct sketch *k, enum piece_kind kind, int client, const char *between,
                      struct strbuf *out)
{
    int n = 0;

    for (int i = 0; i < k->count; i++) {
        const struct piece *p = &k->v[i];

        if (p->dropped || p->kind != kind || (client >= 0 && p->client != client))
            continue;
        strbuf_adds(out, n++ ? between : "");
        add_text(out, p->text);
    }
    return n;
}

static void add_clients(const struct sketch *k, struct strbuf *out)
{
    int n = 0;

    for (int i = 0; i < k->count; i++) {
        const struct piece *p = &k->v[i];

        if (p->dropped || p->kind != PIECE_CLIENT)
            continue;
        strbuf_adds(out, n++ ? ",\n  " : "");
        add_text(out, p->text);
        strbuf_adds(out, ": [");
        add_pieces(k, PIECE_STEP, p->client, ", ", out);
        strbuf_addc(out, ']');
    }
}

void sketch_text(const struct sketch *k, struct strbuf *out)
{
    strbuf_adds(out, "{\"fsrace\": 1, \"name\": \"t\",\n \"cluster\": {");
    if (add_pieces(k, PIECE_SETTING, -1, ", ", out))
        strbuf_adds(out, ",\n  ");
    strbuf_adds(out, "\"nodes\": {");
    add_pieces(k, PIECE_NODE, -1, ", ", out);
    strbuf_adds(out, "}},\n \"init\": [");
    add_pieces(k, PIECE_INIT, -1, ", ", out);
    strbuf_adds(out, "],\n \"work\": {");
    add_clients(k, out);
    strbuf_adds(out, "},\n \"faults\": [");
    add_pieces(k, PIECE_FAULT, -1, ",\n  ", out);
    strbuf_adds(out, "],\n \"properties\": {");
    add_pieces(k, PIECE_PROPERTY, -1, ", ", out);
    strbuf_adds(out, "},\n ");
    if (add_pieces(k, PIECE_TOP, -1, ", ", out))
        strbuf_adds(out, ", ");
    strbuf_adds(out, "\"expect\": {}}\n");
}

void sketch_shrink(struct sketch *k, bool (*still)(void *ctx, const struct sketch *k), void *ctx)
{
    bool smaller = true;

    while (smaller) {
        smaller = false;
        for (int i = k->count - 1; i >= 0; i--) {
            if (k->v[i].dropped)
                continue;
            k->v[i].dropped = true;
            if (still(ctx, k))
                smaller = true;
            else
                k->v[i].dropped = false;
        }
    }
}

/* --- chance --- */

struct maker {
    struct sketch *k;
    struct rng rng;
    bool posix, watches, timers, conditions, words;
    bool keeps;  /* files are kept open: not where power may fail */
    bool shared; /* the second client is one of A, too */
};

static uint32_t below(struct maker *m, uint32_t n)
{
    return rng_below(&m->rng, n);
}

static bool one_in(struct maker *m, uint32_t n)
{
    return below(m, n) == 0;
}

#define PICK(m, array) (array)[below((m), (uint32_t)(sizeof(array) / sizeof *(array)))]

/* --- actors --- */

/* Few names, so that much happens to each. */
static const char *const paths[] = {"x", "y", "d", "d/x", "d/y", "e", "d/e"};
static const char *const files[] = {"x", "x", "y", "d/x", "d/y"};
static const char *const dirs[] = {"d", "d", "e", "d/e"};
static const char *const listed[] = {".", "d", "d", "e"};

static const char *second_client(const struct maker *m)
{
    return m->shared ? "A#2" : "B";
}

static void make_condition(struct maker *m, char *out, size_t size)
{
    const char *const clients[] = {"A", second_client(m)};
    static const char *const truth[] = {"true", "false"};

    *out = '\0';
    if (!m->conditions || !one_in(m, 3))
        return;
    switch (below(m, 3)) {
    case 0:
        snprintf(out, size, ", 'when': {'exists:%s': %s}", PICK(m, paths), PICK(m, truth));
        break;
    case 1:
        snprintf(out, size, ", 'when': {'content:%s': {'ne': 'A0'}}", PICK(m, files));
        break;
    default:
        snprintf(out, size, ", 'when': {'%s.r0': {'ne': 'ok'}}", PICK(m, clients));
    }
}

static void make_verb(struct maker *m, int client, int step, char *out, size_t size)
{
    static const char *const looks[] = {"stat", "read", "read", "unlink", "unlink", "fsync"};
    static const char *const writes[] = {"create_excl", "write", "append", "put", "put"};
    static const char *const moves[] = {"rename", "rename", "link", "rename_noreplace"};
    static const char *const makes[] = {"mkdir", "mkdir", "rmdir"};

    switch (below(m, 10)) {
    case 0:
    case 1:
    case 2:
        snprintf(out, size, "'%s': '%s'", PICK(m, looks), PICK(m, paths));
        break;
    case 3:
    case 4:
    case 5:
        snprintf(out, size, "'%s': '%s', 'data': '%c%d'", PICK(m, writes), PICK(m, files),
                 'A' + client, step);
        break;
    case 6:
        snprintf(out, size, "'%s': ['%s', '%s']", PICK(m, moves), PICK(m, paths), PICK(m, paths));
        break;
    case 7:
        snprintf(out, size, "'create_excl': '%s'", PICK(m, files));
        break;
    case 8:
        snprintf(out, size, "'list': '%s'", PICK(m, listed));
        break;
    default:
        snprintf(out, size, "'%s': '%s'", PICK(m, makes), PICK(m, dirs));
    }
}

static void make_timed(struct maker *m, char *out, size_t size)
{
    if (one_in(m, 3))
        snprintf(out, size, "'await': 'quiet'");
    else
        snprintf(out, size, "'sleep_ms': %d", one_in(m, 2) ? 10 : 20);
}

static void make_watching(struct maker *m, char *out, size_t size)
{
    if (one_in(m, 3))
        snprintf(out, size, "'watch': '%s'", PICK(m, paths));
    else if (m->timers && one_in(m, 2))
        snprintf(out, size, "'next_event': true, 'timeout_ms': %d", one_in(m, 2) ? 10 : 20);
    else
        snprintf(out, size, "'next_event': true");
}

/* Waits for a predicate, loops, texts with registers. */
static void add_word(struct maker *m, int client, int step)
{
    const char *const clients[] = {"A", second_client(m)};
    static const char *const truth[] = {"true", "false"};
    static const char *const tries[] = {"create_excl", "mkdir", "stat", "unlink"};

    switch (below(m, 7)) {
    case 6:
        sketch_add(m->k, PIECE_STEP, client, "{'write': '%s', 'when': {'up:A': %s}, 'as': 'r%d'}",
                   PICK(m, files), PICK(m, truth), step);
        break;
    case 0:
        sketch_add(m->k, PIECE_STEP, client, "{'await': {'exists:%s': %s}, 'as': 'r%d'}",
                   PICK(m, paths), PICK(m, truth), step);
        break;
    case 1:
        sketch_add(m->k, PIECE_STEP, client,
                   "{'await': {'any': [{'content:%s': {'ne': 'A0'}}, {'%s.r0': 'ok'}]}, "
                   "'as': 'r%d'}",
                   PICK(m, files), PICK(m, clients), step);
        break;
    case 2:
        sketch_add(m->k, PIECE_STEP, client, "{'await': {'%s.r0': {'ne': '%c'}}, 'as': 'r%d'}",
                   PICK(m, clients), 'A' + client, step);
        break;
    case 3:
        sketch_add(m->k, PIECE_STEP, client, "{'write': '%s', 'data': '${%s.r0}', 'as': 'r%d'}",
                   PICK(m, files), PICK(m, clients), step);
        break;
    case 4:
        sketch_add(m->k, PIECE_STEP, client,
                   "{'until': {'self.r%d': 'ok'}, 'at_most': 2, 'or': 'give_up', 'do': [{'%s': "
                   "'%s', 'as': 'r%d'}]}",
                   step, PICK(m, tries), PICK(m, paths), step);
        break;
    default:
        sketch_add(m->k, PIECE_STEP, client, "{'set': 'r%d', 'to': '${%s.r0}%c'}", step,
                   PICK(m, clients), 'A' + client);
    }
}

/* A file that is kept open, and what is done with it. */
static void add_open_file(struct maker *m, int client, int step)
{
    static const char *const opens[] = {"'mode': 'r'",
                                        "'mode': 'r'",
                                        "'flags': ['create']",
                                        "'flags': ['create']",
                                        "'mode': 'w', 'flags': ['trunc']",
                                        "'flags': ['create', 'excl']",
                                        "'flags': ['append']"};
    static const char *const uses[] = {
        "{'flock': 'f', 'as': 'r%d'}",
        "{'flock': 'f', 'as': 'r%d'}",
        "{'flock': 'f', 'mode': 'shared', 'as': 'r%d'}",
        "{'flock': 'f', 'wait': false, 'as': 'r%d'}",
        "{'flock': 'f', 'mode': 'shared'}, {'flock': 'f', 'wait': false, 'as': 'r%d'}",
        "{'flock': 'f'}, {'unlock': 'f', 'as': 'r%d'}",
        "{'flock': 'f'}, {'stat_fd': 'f', 'want': 'nlink', 'as': 'r%d'}, {'close': 'f'}",
        "{'read_fd': 'f', 'as': 'r%d'}",
        "{'seek_fd': ['f', 1]}, {'read_fd': 'f', 'bytes': 1, 'as': 'r%d'}",
        "{'write_fd': 'f', 'data': 'w', 'as': 'r%d'}",
        "{'truncate_fd': ['f', 1], 'as': 'r%d'}",
        "{'stat_fd': 'f', 'want': 'ino', 'as': 'r%d'}",
        "{'stat_fd': 'f', 'want': 'size', 'as': 'r%d'}"};
    static const char *const wants[] = {"ino", "size", "nlink"};
    char use[160];

    if (one_in(m, 6)) {
        sketch_add(m->k, PIECE_STEP, client, "{'stat': '%s', 'want': '%s', 'as': 'r%d'}",
                   PICK(m, files), PICK(m, wants), step);
        return;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    m->keeps = true;
    snprintf(use, sizeof use, PICK(m, uses), step);
#pragma GCC diagnostic pop
    sketch_add(m->k, PIECE_STEP, client, "{'open': '%s', %s, 'fd': 'f'}, %s", PICK(m, files),
               PICK(m, opens), use);
}

static void add_actor_step(struct maker *m, int client, int step)
{
    bool watcher = m->watches && client < 2;
    char verb[160], when[96];

    if (m->words && m->posix && one_in(m, 2)) {
        add_open_file(m, client, step);
        return;
    }
    if (m->words && one_in(m, 3)) {
        add_word(m, client, step);
        return;
    }
    make_condition(m, when, sizeof when);
    if (watcher && step == 0 && client == 0)
        snprintf(verb, sizeof verb, "'watch': '%s'", PICK(m, listed));
    else if (watcher && one_in(m, 3))
        make_watching(m, verb, sizeof verb);
    else if (m->timers && one_in(m, 4))
        make_timed(m, verb, sizeof verb);
    else
        make_verb(m, client, step, verb, sizeof verb);
    sketch_add(m->k, PIECE_STEP, client, "{%s, 'as': 'r%d'%s}", verb, step, when);
}

static void add_init(struct maker *m)
{
    static const char *const firsts[][4] = {
        {NULL},
        {"{'mkdir': 'd'}", NULL},
        {"{'write': 'x', 'data': 'init'}", NULL},
        {"{'mkdir': 'd'}", "{'write': 'd/x', 'data': 'init'}", "{'write': 'x', 'data': 'first'}",
         NULL},
        {"{'mkdir': 'd'}", "{'write': 'x', 'data': 'init'}", "{'link': ['x', 'y']}", NULL},
        {"{'mkdir': 'd'}", "{'mkdir': 'd/e'}", "{'write': 'd/x', 'data': 'init'}", NULL},
    };
    const char *const *first = PICK(m, firsts);

    for (int i = 0; i < 4 && first[i]; i++)
        sketch_add(m->k, PIECE_INIT, 0, "%s", first[i]);
}

static void add_actors(struct maker *m, int actors)
{
    static const char *const names[] = {"A", "B", "C", "D"};

    for (int i = 0; i < actors; i++) {
        int steps = 1 + (int)below(m, actors > 2 ? 2 : 4);

        sketch_add(m->k, PIECE_NODE, 0, "'%s': {'role': 'actor'}", names[i]);
        sketch_add(m->k, PIECE_CLIENT, i, "'%s'", i == 1 ? second_client(m) : names[i]);
        for (int step = 0; step < steps; step++)
            add_actor_step(m, i, step);
    }
}

static const char *actor_point(struct maker *m)
{
    static const char *const posix[] = {"fs.open *",    "fs.read *",    "fs.write *",  "fs.close *",
                                        "fs.create* *", "fs.write *#2", "fs.unlink *", "fs.* d*"};
    static const char *const object[] = {"store.put *", "store.put *#2", "fs.read *", "fs.write *"};
    static const char *const both[] = {"fs.stat *",   "fs.rename *", "fs.link *",
                                       "fs.unlink *", "fs.mkdir *",  "fs.list *",
                                       "fs.* *#2",    "watch.next",  "fs.rmdir *"};

    if (one_in(m, 2))
        return PICK(m, both);
    return m->posix ? PICK(m, posix) : PICK(m, object);
}

/* Where a fault strikes, and how often. */
static void make_place(struct maker *m, const char *point, char *out, size_t size)
{
    if (one_in(m, 2))
        snprintf(out, size, "'anywhere': true%s", one_in(m, 4) ? ", 'times': 2" : "");
    else
        snprintf(out, size, "'at': '%s'%s", point, one_in(m, 4) ? ", 'times': 2" : "");
}

static void add_failing(struct maker *m, const char *point)
{
    static const char *const errnos[] = {"ENOSPC", "EIO", "ENOENT", "EEXIST", "EINTR"};

    sketch_add(m->k, PIECE_FAULT, 0, "{'fail': '%s', 'errno': '%s'%s%s}", point, PICK(m, errnos),
               one_in(m, 2) ? ", 'anywhere': true" : "", one_in(m, 3) ? ", 'times': 2" : "");
}

static void add_slowness(struct maker *m, const char *node, const char *place)
{
    static const char *const lengths[] = {", 'for_ms': 5", ", 'for_ms': 50", ""};

    if (one_in(m, 5))
        sketch_add(m->k, PIECE_FAULT, 0, "{'slow': '%s', 'anywhere': true}", node);
    else
        sketch_add(m->k, PIECE_FAULT, 0, "{'pause': '%s', %s%s}", node, place, PICK(m, lengths));
}

/* Of any cluster: of this node. */
static void add_node_fault(struct maker *m, const char *node, const char *point)
{
    char place[128];

    make_place(m, point, place, sizeof place);
    switch (below(m, 6)) {
    case 0:
    case 1:
        sketch_add(m->k, PIECE_FAULT, 0, "{'crash': '%s', %s%s}", node, place,
                   one_in(m, 2) ? ", 'restart_ms': 5" : "");
        break;
    case 2:
        add_slowness(m, node, place);
        break;
    case 3:
        sketch_add(m->k, PIECE_FAULT, 0, "{'overflow': '%s', %s}", node, place);
        break;
    case 4:
        if (m->posix)
            sketch_add(m->k, PIECE_FAULT, 0, "{'torn': 'fs.write *'%s}",
                       one_in(m, 2) ? ", 'anywhere': true" : "");
        else
            sketch_add(m->k, PIECE_FAULT, 0, "{'skew': '%s', 'ms': 15}", node);
        break;
    default:
        add_failing(m, point);
    }
}

static void add_actor_faults(struct maker *m)
{
    static const char *const nodes[] = {"A", "B"};
    uint32_t n = one_in(m, 3) ? 0 : 1 + below(m, 2);

    if (n && one_in(m, 5)) {
        if (!m->keeps)
            sketch_add(m->k, PIECE_FAULT, 0, "{'power_loss': true}");
        n--;
    }
    while (n-- > 0)
        add_node_fault(m, PICK(m, nodes), actor_point(m));
}

static void add_time(struct maker *m)
{
    static const char *const rules[] = {"'free'", "'free'", "'free'", "{'free': 1}", "{'free': 2}"};

    if (one_in(m, m->timers ? 2 : 5))
        sketch_add(m->k, PIECE_TOP, 0, "'time': %s", PICK(m, rules));
}

static void add_actor_properties(struct maker *m)
{
    const char *path = PICK(m, files);

    if (one_in(m, 2))
        sketch_add(m->k, PIECE_PROPERTY, 0, "'p': {'invariant': {'exists:%s': %s}}", path,
                   one_in(m, 2) ? "true" : "false");
    if (one_in(m, 3))
        sketch_add(m->k, PIECE_PROPERTY, 0, "'q': {'finally': {'content:%s': 'A0'}}", path);
    if (one_in(m, 6))
        sketch_add(m->k, PIECE_TOP, 0, "'order': {'before': [['A: fs.* *', '%s: fs.* *']]}",
                   second_client(m));
}

void generate_actors(struct sketch *k, uint64_t seed)
{
    struct maker m = {.k = k};

    rng_init(&m.rng, 3, seed);
    m.posix = one_in(&m, 2);
    m.watches = one_in(&m, 2);
    m.timers = one_in(&m, 3);
    m.conditions = one_in(&m, 3);
    m.shared = one_in(&m, 5);
    m.words = seed % 4 == 3;
    if (m.posix)
        sketch_add(k, PIECE_SETTING, 0, "'store': {'semantics': 'posix'}");
    add_init(&m);
    add_actors(&m, 2 + (int)below(&m, 3));
    add_actor_faults(&m);
    add_actor_properties(&m);
    add_time(&m);
}

/* The programs: of three tasks with two steps, and the like. */
static void add_small_actors(struct maker *m)
{
    static const int shapes[][4] = {{1, 1, 1, 1}, {2, 1, 1, 0}, {2, 2, 1, 0}, {2, 2, 2, 0},
                                    {3, 2, 0, 0}, {3, 3, 0, 0}, {1, 2, 1, 0}, {2, 1, 1, 1}};
    static const char *const names[] = {"A", "B", "C", "D"};
    const int *shape = PICK(m, shapes);

    for (int i = 0; i < 4 && shape[i]; i++) {
        sketch_add(m->k, PIECE_NODE, 0, "'%s': {'role': 'actor'}", names[i]);
        sketch_add(m->k, PIECE_CLIENT, i, "'%s'", names[i]);
        for (int step = 0; step < shape[i]; step++)
            add_actor_step(m, i, step);
    }
}

void generate_small(struct sketch *k, uint64_t seed)
{
    static const char *const nodes[] = {"A", "B"};
    struct maker m = {.k = k};

    rng_init(&m.rng, 6, seed);
    m.posix = one_in(&m, 4);
    m.watches = one_in(&m, 3);
    m.timers = one_in(&m, 4);
    m.conditions = one_in(&m, 6);
    m.words = seed % 4 == 3;
    if (m.posix)
        sketch_add(k, PIECE_SETTING, 0, "'store': {'semantics': 'posix'}");
    add_init(&m);
    add_small_actors(&m);
    if (one_in(&m, 20) && !m.keeps)
        sketch_add(k, PIECE_FAULT, 0, "{'power_loss': true}");
    else if (one_in(&m, 3))
        add_node_fault(&m, PICK(&m, nodes), actor_point(&m));
    add_time(&m);
}

/* --- clusters --- */

static const char *const streams[] = {"app", "app", "app", "b"};

static void add_scheme(struct maker *m, bool *registry)
{
    static const char *const schemes[] = {"naive", "proxy",  "proxy",  "marker",
                                          "push",  "verify", "hybrid", "registry"};
    static const char *const locks[] = {"none", "none", "memory", "marker", "two-level"};
    const char *scheme = PICK(m, schemes);
    bool by_registry = scheme[0] == 'h' && one_in(m, 2);

    *registry = scheme[0] == 'r' || by_registry;
    sketch_add(m->k, PIECE_SETTING, 0, "'create': '%s'", scheme);
    if (by_registry)
        sketch_add(m->k, PIECE_SETTING, 0, "'hybrid': {'by': 'registry'}");
    sketch_add(m->k, PIECE_SETTING, 0, "'lock': '%s'", PICK(m, locks));
}

/* A lease that does not take a thousand polls. */
static void add_marker(struct maker *m)
{
    static const char *const more[] = {"", "", "", ", 'fenced': false", ", 'succeed_empty': true"};

    sketch_add(m->k, PIECE_SETTING, 0, "'marker': {'lease_ms': 20, 'poll_ms': 10%s}",
               PICK(m, more));
}

static void add_rare_settings(struct maker *m)
{
    static const char *const rare[] = {
        "'delete': 'tombstone'",
        "'delete': 'tombstone'",
        "'staging': 'disk'",
        "'schema': 'versioned'",
        "'lock_scope': 'global'",
        "'push': {'wait': true}",
        "'deployment': {}",
        "'deployment': {'new': true, 'decide': 'exclusive'}",
        "'deployment': {'new': true, 'decide': 'publish'}",
        "'proxy': {'exists': 'error'}",
        "'proxy': {'request_ids': false}",
        "'proxy': {'metadata': true}",
    };

    if (one_in(m, 2))
        sketch_add(m->k, PIECE_SETTING, 0, "%s", PICK(m, rare));
}

static void add_settings(struct maker *m, bool *registry)
{
    add_scheme(m, registry);
    sketch_add(m->k, PIECE_SETTING, 0,
               "'sync': {'notify': %s, 'load': %s, 'scan_ms': %d, 'gossip_ms': %d}",
               one_in(m, 3) ? "true" : "false", one_in(m, 2) ? "true" : "false",
               one_in(m, 5) ? 30 : 0, one_in(m, 8) ? 30 : 0);
    sketch_add(m->k, PIECE_SETTING, 0, "'net': {'latency_ms': %d, 'timeout_ms': %d, 'retries': %d}",
               (int)below(m, 2), one_in(m, 2) ? 5 : 20, one_in(m, 3));
    m->posix = one_in(m, 4);
    if (m->posix)
        sketch_add(m->k, PIECE_SETTING, 0, "'store': {'semantics': 'posix'}");
    add_rare_settings(m);
    add_marker(m);
}

static void add_nodes(struct maker *m, bool registry, bool actor)
{
    sketch_add(m->k, PIECE_NODE, 0, "'i1': {'role': 'ingestor'}");
    sketch_add(m->k, PIECE_NODE, 0, "'i2': {'role': 'ingestor'%s}",
               one_in(m, 8) ? ", 'starts': 'down'" : "");
    sketch_add(m->k, PIECE_NODE, 0, "'q1': {'role': 'querier', 'threads': %d}",
               one_in(m, 3) ? 2 : 1);
    if (registry)
        sketch_add(m->k, PIECE_NODE, 0, "'g1': {'role': 'registry'}");
    if (actor)
        sketch_add(m->k, PIECE_NODE, 0, "'A': {'role': 'actor'}");
}

static void make_request(struct maker *m, bool querier, char *out, size_t size)
{
    static const char *const fields[] = {"{'a': 'int'}", "{'a': 'string'}", "{'b': 'int'}"};

    switch (below(m, 10)) {
    case 0:
        snprintf(out, size, "'list': true");
        break;
    case 1:
        snprintf(out, size, "'restart': true");
        break;
    case 2:
        snprintf(out, size, "'stop': true");
        break;
    case 3:
        snprintf(out, size, "'sleep_ms': %d", one_in(m, 2) ? 1 : 20);
        break;
    case 4:
        snprintf(out, size, "'await': 'quiet'");
        break;
    case 5:
        snprintf(out, size, "'delete': '%s'", PICK(m, streams));
        break;
    case 6:
    case 7:
        snprintf(out, size, "'create': '%s', 'schema': {}", PICK(m, streams));
        break;
    default:
        if (querier)
            snprintf(out, size, "'query': '%s'", PICK(m, streams));
        else
            snprintf(out, size, "'ingest': '%s', 'fields': %s", PICK(m, streams), PICK(m, fields));
    }
}

static void add_service_client(struct maker *m, int client, const char *name)
{
    int requests = 1 + (int)below(m, 2);
    char request[160];

    sketch_add(m->k, PIECE_CLIENT, client, "'%s'", name);
    for (int i = 0; i < requests; i++) {
        make_request(m, name[0] == 'q', request, sizeof request);
        sketch_add(m->k, PIECE_STEP, client, "{%s, 'as': 'r%d'}", request, i);
    }
}

/* Somebody who meddles with the store by hand. */
static void add_meddler(struct maker *m, int client)
{
    static const char *const steps[] = {
        "'mkdir': 'app'",        "'rmdir': 'app'",
        "'stat': 'app'",         "'list': 'app'",
        "'list': '.'",           "'unlink': 'app/.stream/.stream.json'",
        "'mkdir': '.markers'",   "'rename': ['app', 'b']",
        "'list': 'app/.stream'", "'rmdir': '.markers'",
        "'stat': '.markers'",    "'read': 'app/.stream/.stream.json'"};
    int n = 1 + (int)below(m, 2);

    sketch_add(m->k, PIECE_CLIENT, client, "'A'");
    for (int i = 0; i < n; i++)
        sketch_add(m->k, PIECE_STEP, client, "{%s, 'as': 'r%d'}", PICK(m, steps), i);
}

static const char *cluster_point(struct maker *m)
{
    static const char *const object[] = {"store.put *",  "store.put *#2",         "store.get *",
                                         "store.list *", "store.put_if_absent *", "store.delete *"};
    static const char *const posix[] = {"fs.mkdir *", "fs.write *", "fs.rename *", "fs.open *",
                                        "fs.write *#2"};
    static const char *const both[] = {"net.send *", "net.receive", "net.answer *", "lock.take *",
                                       "net.send *#2"};

    if (one_in(m, 3))
        return PICK(m, both);
    return m->posix ? PICK(m, posix) : PICK(m, object);
}

static void add_message_fault(struct maker *m)
{
    static const char *const messages[] = {"create", "create", "answer", "sync", "changed"};
    static const char *const faults[] = {"drop", "duplicate", "duplicate"};
    const char *message = PICK(m, messages);

    if (one_in(m, 2))
        sketch_add(m->k, PIECE_FAULT, 0, "{'delay': '%s', 'ms': %d%s}", message,
                   one_in(m, 2) ? 6 : 50, one_in(m, 4) ? ", 'times': 2" : "");
    else
        sketch_add(m->k, PIECE_FAULT, 0, "{'%s': '%s'%s%s}", PICK(m, faults), message,
                   one_in(m, 2) ? ", 'anywhere': true" : "", one_in(m, 4) ? ", 'times': 2" : "");
}

static void add_cluster_faults(struct maker *m)
{
    static const char *const nodes[] = {"i1", "i2", "q1"};
    static const uint32_t counts[] = {0, 1, 1, 2};

    for (uint32_t n = PICK(m, counts); n > 0; n--) {
        if (one_in(m, 3))
            add_message_fault(m);
        else if (one_in(m, 12))
            sketch_add(m->k, PIECE_FAULT, 0, "{'cut': ['i1', 'q1'], 'from_ms': 0, 'to_ms': 10}");
        else
            add_node_fault(m, PICK(m, nodes), cluster_point(m));
    }
}

void generate_cluster(struct sketch *k, uint64_t seed)
{
    static const char *const clients[][2] = {{"i1", "i1#2"}, {"i1", "i2"}, {"i1", "i2"},
                                             {"i1", "q1"},   {"i2", "q1"}, {"q1", "q1#2"}};
    struct maker m = {.k = k};
    const char *const *two;
    bool registry, actor;

    rng_init(&m.rng, 4, seed);
    add_settings(&m, &registry);
    actor = one_in(&m, 6);
    add_nodes(&m, registry, actor);
    two = PICK(&m, clients);
    add_service_client(&m, 0, two[0]);
    add_service_client(&m, 1, two[1]);
    if (actor)
        add_meddler(&m, 2);
    add_cluster_faults(&m);
    add_time(&m);
}

/* --- small clusters --- */

static void add_small_settings(struct maker *m, bool *registry)
{
    add_scheme(m, registry);
    sketch_add(m->k, PIECE_SETTING, 0,
               "'sync': {'notify': %s, 'load': %s, 'scan_ms': 0, 'gossip_ms': 0}",
               one_in(m, 6) ? "true" : "false", one_in(m, 6) ? "true" : "false");
    sketch_add(m->k, PIECE_SETTING, 0, "'net': {'latency_ms': %d, 'timeout_ms': %d, 'retries': %d}",
               (int)below(m, 2), one_in(m, 2) ? 5 : 20, one_in(m, 6));
    if (m->posix)
        sketch_add(m->k, PIECE_SETTING, 0, "'store': {'semantics': 'posix'}");
    if (one_in(m, 3))
        add_rare_settings(m);
    add_marker(m);
}

/* The one who does something. */
static void add_first_client(struct maker *m)
{
    static const char *const works[] = {
        "'create': 'app', 'schema': {}", "'create': 'app', 'schema': {}",
        "'ingest': 'app', 'fields': {'a': 'int'}", "'list': true", "'delete': 'app'"};

    sketch_add(m->k, PIECE_CLIENT, 0, "'i1'");
    sketch_add(m->k, PIECE_STEP, 0, "{%s, 'as': 'r0'}", PICK(m, works));
    if (one_in(m, 4))
        sketch_add(m->k, PIECE_STEP, 0, "{'delete': 'app', 'as': 'r1'}");
}

/* … and one who comes in its way. */
static void add_second_client(struct maker *m)
{
    static const char *const names[] = {"i1#2", "i2", "i2", "q1", "q1"};
    static const char *const works[] = {
        "'stop': true",    "'restart': true", "'create': 'app', 'schema': {}",
        "'list': true",    "'query': 'app'",  "'create': 'b', 'schema': {}",
        "'delete': 'app'", "'stop': true",    "'restart': true",
    };
    int step = 0;

    sketch_add(m->k, PIECE_CLIENT, 1, "'%s'", PICK(m, names));
    if (one_in(m, 3))
        sketch_add(m->k, PIECE_STEP, 1, "{%s, 'as': 'r%d'}",
                   one_in(m, 2) ? "'await': 'quiet'" : "'sleep_ms': 6", step++);
    sketch_add(m->k, PIECE_STEP, 1, "{%s, 'as': 'r%d'}", PICK(m, works), step);
}

static void add_small_nodes(struct maker *m, bool registry)
{
    sketch_add(m->k, PIECE_NODE, 0, "'i1': {'role': 'ingestor'}");
    sketch_add(m->k, PIECE_NODE, 0, "'i2': {'role': 'ingestor'}");
    sketch_add(m->k, PIECE_NODE, 0, "'q1': {'role': 'querier', 'threads': %d}",
               one_in(m, 4) ? 2 : 1);
    if (registry)
        sketch_add(m->k, PIECE_NODE, 0, "'g1': {'role': 'registry'}");
}

static void add_fault_of_kind(struct maker *m, uint64_t kind)
{
    static const char *const nodes[] = {"i1", "i1", "q1"};
    static const char *const messages[] = {"create", "answer", "create", "sync"};
    const char *node = PICK(m, nodes), *message = PICK(m, messages), *point = cluster_point(m);
    const char *anywhere = one_in(m, 2) ? ", 'anywhere': true" : "";
    const char *times = one_in(m, 4) ? ", 'times': 2" : "";
    char place[128];

    make_place(m, point, place, sizeof place);
    switch (kind) {
    case 1:
        sketch_add(m->k, PIECE_FAULT, 0, "{'crash': '%s', %s%s}", node, place,
                   one_in(m, 2) ? ", 'restart_ms': 5" : "");
        break;
    case 2:
        add_slowness(m, node, place);
        break;
    case 3:
    case 4:
        sketch_add(m->k, PIECE_FAULT, 0, "{'%s': '%s'%s%s}", kind == 3 ? "drop" : "duplicate",
                   message, anywhere, times);
        break;
    case 5:
        sketch_add(m->k, PIECE_FAULT, 0, "{'delay': '%s', 'ms': %d%s}", message,
                   one_in(m, 2) ? 6 : 50, times);
        break;
    case 6:
        add_failing(m, point);
        break;
    case 7:
        sketch_add(m->k, PIECE_FAULT, 0, "{'torn': 'fs.write *'%s}", anywhere);
        break;
    case 8:
        sketch_add(m->k, PIECE_FAULT, 0, "{'overflow': '%s', %s}", node, place);
        break;
    case 9:
        sketch_add(m->k, PIECE_FAULT, 0, "{'cut': ['i1', 'q1'], 'from_ms': 0, 'to_ms': 10}");
        break;
    case 10:
        sketch_add(m->k, PIECE_FAULT, 0, "{'skew': '%s', 'ms': 15}", node);
        break;
    case 11:
        sketch_add(m->k, PIECE_FAULT, 0, "{'power_loss': true}");
        break;
    default:
        break;
    }
}

void generate_small_cluster(struct sketch *k, uint64_t seed)
{
    struct maker m = {.k = k};
    uint64_t first = seed % GENERATE_FAULT_KINDS;
    uint64_t second = seed / GENERATE_FAULT_KINDS % GENERATE_FAULT_KINDS;
    bool registry;

    rng_init(&m.rng, 7, seed);
    m.posix = first == 7 || second == 7 || one_in(&m, 4); /* only there a write is torn */
    add_small_settings(&m, &registry);
    add_small_nodes(&m, registry);
    add_first_client(&m);
    if (!one_in(&m, 3))
        add_second_client(&m);
    add_fault_of_kind(&m, first);
    add_fault_of_kind(&m, first == 11 && second == 11 ? 0 : second); /* power is lost once */
    add_time(&m);
}
