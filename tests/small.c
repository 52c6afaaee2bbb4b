/*
 * small [-e EVERY] [-o OFFSET] [-i INDEX] [-k FILE] [-m MOST] [-r] [-v]
 *
 * Small scope: bugs of a reduction show in small scenarios, so these are all tried, and the reduced
 * search of each has to give what the plain one gives (duel.h). They are numbered:
 *
 *     four of one     four tasks with one step, of the 14 kinds below; x is there or not
 *     three of two    three tasks with two steps of six kinds
 *     two of three    two tasks with three steps of six kinds
 *     drawn           by seed, of everything that an actor can do: two to four tasks, six steps at
 *                     most, none or one fault, object or posix
 *
 * Of those each EVERY-th is run, from OFFSET on (scenarios with more than MOST orders are left out); or the one INDEX, which is told. Differences are
 * told by kind; -k FILE has globs of the kinds that are known, another one makes the exit status 1;
 * -v tells an example of each, made small.
 *
 * At the end, how often each verb has met each error, in executions of the plain search; with -r it
 * has to be 100 times, or the exit status is 1.
 */
#include "base/rng.h"
#include "sim/exec/interrupt.h"
#include "tests/duel.h"
#include "tests/kinds.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KINDS 14 /* one for each row of the table of footprints: store_footprint.c */
#define CORE  6  /* the first of them */
#define DRAWN 600000
#define MET   100 /* times that a verb has to have met an error, if it does */

static const struct {
    const char *step;
    bool data; /* it has some: whose it is, and which step's */
} kinds[KINDS] = {
    {"'put': 'x'", true},
    {"'read': 'x'", false},
    {"'unlink': 'x'", false},
    {"'create_excl': 'x'", true},
    {"'rename': ['x', 'y']", false},
    {"'list': '.'", false},
    {"'stat': 'x'", false},
    {"'write': 'x'", true},
    {"'append': 'x'", true},
    {"'link': ['x', 'y']", false},
    {"'mkdir': 'x'", false},
    {"'rmdir': 'x'", false},
    {"'rename_noreplace': ['y', 'x']", false},
    {"'read': 'y'", false},
};

static const char *const task_names[] = {"A", "B", "C", "D"};

/* --- the families --- */

static void add_task(struct sketch *k, int task)
{
    sketch_add(k, PIECE_NODE, 0, "'%s': {'role': 'actor'}", task_names[task]);
    sketch_add(k, PIECE_CLIENT, task, "'%s'", task_names[task]);
}

static void add_kind(struct sketch *k, int task, int step, int kind)
{
    char data[32] = "";

    if (kinds[kind].data)
        snprintf(data, sizeof data, ", 'data': '%s%d'", task_names[task], step);
    sketch_add(k, PIECE_STEP, task, "{%s%s, 'as': 'r%d'}", kinds[kind].step, data, step);
}

/* So many tasks with so many steps of so many kinds: the number's digits say which. */
static void numbered(struct sketch *k, uint64_t number, int tasks, int steps, int of)
{
    if (number % 2)
        sketch_add(k, PIECE_INIT, 0, "{'write': 'x', 'data': 'init'}");
    number /= 2;
    for (int task = 0; task < tasks; task++) {
        add_task(k, task);
        for (int step = 0; step < steps; step++) {
            add_kind(k, task, step, (int)(number % (uint64_t)of));
            number /= (uint64_t)of;
        }
    }
}

static void four_of_one(struct sketch *k, uint64_t number)
{
    numbered(k, number, 4, 1, KINDS);
}

static void three_of_two(struct sketch *k, uint64_t number)
{
    numbered(k, number, 3, 2, CORE);
}

static void two_of_three(struct sketch *k, uint64_t number)
{
    numbered(k, number, 2, 3, CORE);
}

static const struct family {
    const char *name;
    uint64_t size;
    void (*make)(struct sketch *k, uint64_t number);
} families[] = {
    {"four of one", 2 * 14 * 14 * 14 * 14, four_of_one},
    {"three of two", 2 * 36 * 36 * 36, three_of_two},
    {"two of three", 2 * 216 * 216, two_of_three},
    {"drawn", DRAWN, generate_small},
};

#define FAMILIES (sizeof families / sizeof *families)

/* --- what has been met --- */

static struct met {
    const char *verb, *errno_text; /* the scenario's own, copied */
    int64_t count;
} met[256];
static int met_count;

static void note_met(const char *verb, const char *value)
{
    for (int i = 0; i < met_count; i++)
        if (strcmp(met[i].verb, verb) == 0 && strcmp(met[i].errno_text, value) == 0) {
            met[i].count++;
            return;
        }
    if (met_count < (int)(sizeof met / sizeof *met))
        met[met_count++] = (struct met){mem_strdup(verb), mem_strdup(value), 1};
}

static bool is_errno(const char *value)
{
    return value[0] == 'E' && value[1] >= 'A' && value[1] <= 'Z';
}

/* Each step has a register of its own, r0, r1 …, that says what came of it. */
static void look_at(void *ctx, struct cluster *c)
{
    const struct sketch *k = ctx;
    char name[32], verb[32];

    for (int i = 0, step = 0, task = -1; i < k->count; i++) {
        const struct piece *p = &k->v[i];
        int at;

        if (p->kind != PIECE_STEP || p->dropped)
            continue;
        step = p->client == task ? step + 1 : 0;
        task = p->client;
        snprintf(name, sizeof name, "%s.r%d", task_names[task], step);
        at = scenario_register(c->scenario, name);
        if (at < 0 || !c->registers[at] || sscanf(p->text, "{'%31[a-z_]", verb) != 1)
            continue;
        note_met(verb, is_errno(c->registers[at]) ? c->registers[at] : "ok");
    }
}

static int by_verb(const void *a, const void *b)
{
    const struct met *x = a, *y = b;
    int verbs = strcmp(x->verb, y->verb);

    return verbs ? verbs : strcmp(x->errno_text, y->errno_text);
}

static int print_met(void)
{
    int rare = 0;

    qsort(met, (size_t)met_count, sizeof *met, by_verb);
    for (int i = 0; i < met_count; i++) {
        bool first = i == 0 || strcmp(met[i].verb, met[i - 1].verb) != 0;

        printf("%s%s%s %" PRId64, first ? (i ? "\n  " : "  ") : ", ", first ? met[i].verb : "",
               first ? ": " : "", met[i].count);
        printf(" %s", met[i].errno_text);
        rare += met[i].count < MET;
    }
    printf("\n");
    return rare;
}

/* --- all of them --- */

static bool verbose, enough;
static int64_t fought, left_out, plain_executions, reduced_executions, classes, given_up;
static struct duel_options options = {.most = 3000};

static void tell(const struct sketch *k, const struct duel *d)
{
    struct strbuf text = STRBUF_INIT;

    sketch_text(k, &text);
    printf("%s", text.s);
    duel_print(d);
    strbuf_release(&text);
}

static void tell_small(const struct family *f, const struct sketch *k, const char *kind,
                       uint64_t index)
{
    struct sketch small = *k; /* its texts are the other's */
    struct duel d;
    void (*look)(void *, struct cluster *) = options.judged;

    printf("--- %s (-i %" PRIu64 ")\n", kind, index);
    options.judged = NULL;
    duel_shrink(&small, f->name, kind, &options, &d);
    options.judged = look;
    tell(&small, &d);
}

static void note(const struct family *f, const struct sketch *k, const struct duel *d,
                 uint64_t index)
{
    struct strbuf kind = STRBUF_INIT;

    duel_kind(f->name, d, &kind);
    if (kind_found(kind.s) && verbose)
        tell_small(f, k, kind.s, index);
    strbuf_release(&kind);
}

static void run_one(const struct family *f, uint64_t number, uint64_t index, bool told)
{
    struct sketch k;
    struct duel d;

    sketch_init(&k);
    f->make(&k, number);
    options.judged = look_at;
    options.judged_ctx = &k;
    if (duel_fight(&k, &options, &d)) {
        fought++;
        plain_executions += d.plain;
        reduced_executions += d.reduced;
        classes += d.classes;
        given_up += d.given_up;
        if (told)
            tell(&k, &d);
        if (d.what)
            note(f, &k, &d, index);
    } else {
        left_out++;
        if (told)
            printf("left out\n");
    }
    sketch_release(&k);
}

static void run_index(uint64_t index, bool told)
{
    uint64_t first = 0;

    for (size_t i = 0; i < FAMILIES; first += families[i++].size)
        if (index < first + families[i].size) {
            run_one(&families[i], index - first, index, told);
            return;
        }
}

static uint64_t all(void)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < FAMILIES; i++)
        sum += families[i].size;
    return sum;
}

int main(int argc, char **argv)
{
    uint64_t every = 1, offset = 0;
    int64_t index = -1;
    int option, unknown, rare;

    while ((option = getopt(argc, argv, "e:o:i:k:m:rv")) != -1) {
        if (option == 'e')
            every = strtoull(optarg, NULL, 10);
        else if (option == 'o')
            offset = strtoull(optarg, NULL, 10);
        else if (option == 'i')
            index = strtoll(optarg, NULL, 10);
        else if (option == 'm')
            options.most = strtoll(optarg, NULL, 10);
        else if (option == 'r')
            enough = true;
        else if (option == 'v')
            verbose = true;
        else if (option != 'k' || !kinds_read_known(optarg))
            return 3;
    }
    interrupt_install();
    options.gate = gate_new(GATE_FIBERS);
    if (index >= 0)
        run_index((uint64_t)index, true);
    for (uint64_t i = offset; index < 0 && i < all() && !interrupted(); i += every ? every : 1)
        run_index(i, false);
    gate_free(options.gate);
    rare = print_met();
    unknown = kinds_print();
    printf("%" PRId64 " scenarios of %" PRIu64 ", %" PRId64 " left out; every order: %" PRId64
           " executions, %" PRId64 " classes; reduced: %" PRId64 ", %" PRId64
           " given up; %d pairs of verb and error, %d of them less than %d times; %d kinds of "
           "differences not "
           "known\n",
           fought, all(), left_out, plain_executions, classes, reduced_executions, given_up,
           met_count, rare, MET, unknown);
    return unknown == 0 && !(enough && rare) && !interrupted() ? 0 : 1;
}
