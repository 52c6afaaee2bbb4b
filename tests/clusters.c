/*
 * clusters [-n COUNT] [-f FIRST] [-m MOST] [-k FILE] [-v]
 *
 * Small clusters from seed FIRST on, until COUNT of them have been looked at: those in which every
 * order can be tried within MOST executions. The reduced search of each has to give what the plain
 * one gives (duel.h); and it has to give the same verdicts and as many outcomes when nodes, clients
 * and settings are written in another order, and when there is a node that does nothing.
 *
 * Differences are told by kind; -k FILE has globs of the kinds that are known, another one makes
 * the exit status 1; -v tells an example of each, made small.
 */
#include "sim/exec/interrupt.h"
#include "tests/duel.h"
#include "tests/kinds.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOPELESS                                                                                   \
    400 /* executions of a reduced search: where it takes more, every order is too much */

static bool verbose;
static int64_t seen, left_out, plain_executions, reduced_executions, classes, turned_round;
static int64_t pairs[GENERATE_FAULT_KINDS][GENERATE_FAULT_KINDS];
static struct duel_options options = {.most = 3000};

/* --- the same cluster, written otherwise --- */

/* What stands in the file in an order that means nothing. */
static bool may_turn(const struct piece *p)
{
    return p->kind == PIECE_NODE || p->kind == PIECE_CLIENT || p->kind == PIECE_SETTING;
}

static void turn(const struct sketch *k, struct sketch *out)
{
    int last = k->count - 1;

    *out = *k; /* its texts are the other's */
    for (int i = 0; i < k->count; i++) {
        if (!may_turn(&k->v[i]))
            continue;
        while (!may_turn(&k->v[last]))
            last--;
        out->v[i] = k->v[last--];
    }
}

static void add_idle_node(const struct sketch *k, struct sketch *out)
{
    *out = *k;
    assert(out->count < SKETCH_PIECES);
    out->v[out->count++] = (struct piece){.kind = PIECE_NODE, .text = "'Z': {'role': 'actor'}"};
}

/* --- what differs --- */

static void (*const others[])(const struct sketch *k, struct sketch *out) = {turn, add_idle_node};
static const char *const other_names[] = {"written in another order", "with an idle node"};

static const char *otherwise_differs(const struct sketch *k, uint64_t verdicts)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct sketch other;

        others[i](k, &other);
        if (duel_verdicts(&other, &options, true) != verdicts)
            return other_names[i];
    }
    return NULL;
}

/* The kind of difference, "" if there is none; false: it is none that can be looked at. Classes are
 * the least of it. */
static bool look(const struct sketch *k, struct duel *d, struct strbuf *kind)
{
    struct duel_options few = {.gate = options.gate, .most = HOPELESS};
    uint64_t verdicts = duel_verdicts(k, &few, true);
    const char *what, *otherwise;

    strbuf_clear(kind);
    if (!verdicts || !duel_fight(k, &options, d))
        return false;
    what = d->what;
    if (!what || strncmp(what, "classes", 7) == 0) {
        otherwise = otherwise_differs(k, verdicts);
        what = otherwise ? otherwise : what;
    }
    if (what)
        strbuf_printf(kind, "%s%s%s", d->faults, *d->faults ? ": " : "", what);
    return true;
}

static bool still(void *ctx, const struct sketch *k)
{
    struct strbuf kind = STRBUF_INIT;
    struct duel d;
    bool same = look(k, &d, &kind) && strcmp(kind.s, ctx) == 0;

    strbuf_release(&kind);
    return same;
}

static void tell(const struct sketch *k, const char *kind, uint64_t seed)
{
    struct sketch small = *k; /* its texts are the other's */
    struct strbuf text = STRBUF_INIT, again = STRBUF_INIT;
    char *wanted = mem_strdup(kind);
    struct duel d;

    printf("--- %s (-f %" PRIu64 " -n 1)\n", kind, seed);
    sketch_shrink(&small, still, wanted);
    look(&small, &d, &again);
    sketch_text(&small, &text);
    printf("%s", text.s);
    duel_print(&d);
    strbuf_release(&text);
    strbuf_release(&again);
    free(wanted);
}

static void run_seed(uint64_t seed)
{
    struct strbuf kind = STRBUF_INIT;
    struct sketch k;
    struct duel d;

    sketch_init(&k);
    generate_small_cluster(&k, seed);
    if (look(&k, &d, &kind)) {
        seen++;
        plain_executions += d.plain;
        reduced_executions += d.reduced;
        classes += d.classes;
        turned_round += 2;
        pairs[seed % GENERATE_FAULT_KINDS][seed / GENERATE_FAULT_KINDS % GENERATE_FAULT_KINDS]++;
        if (kind.len && kind_found(kind.s) && verbose)
            tell(&k, kind.s, seed);
        fflush(stdout);
    } else {
        left_out++;
    }
    sketch_release(&k);
    strbuf_release(&kind);
}

/* Pairs of kinds of faults that were not met. */
static int pairs_lacking(void)
{
    int n = 0;

    for (int i = 0; i < GENERATE_FAULT_KINDS; i++)
        for (int k = i; k < GENERATE_FAULT_KINDS; k++)
            n += !pairs[i][k] && !pairs[k][i];
    return n;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1;
    int64_t count = 100;
    int option, unknown;

    while ((option = getopt(argc, argv, "n:f:m:k:v")) != -1) {
        if (option == 'n')
            count = strtoll(optarg, NULL, 10);
        else if (option == 'f')
            seed = strtoull(optarg, NULL, 10);
        else if (option == 'm')
            options.most = strtoll(optarg, NULL, 10);
        else if (option == 'v')
            verbose = true;
        else if (option != 'k' || !kinds_read_known(optarg))
            return 3;
    }
    interrupt_install();
    options.gate = gate_new(GATE_FIBERS);
    while (seen < count && !interrupted())
        run_seed(seed++);
    gate_free(options.gate);
    unknown = kinds_print();
    printf("%" PRId64 " clusters, %" PRId64 " left out, %d pairs of faults not met; every order: "
           "%" PRId64 " executions, %" PRId64 " classes; reduced: %" PRId64 "; %" PRId64
           " written otherwise; %d kinds of differences not known\n",
           seen, left_out, pairs_lacking(), plain_executions, classes, reduced_executions,
           turned_round, unknown);
    return unknown == 0 && !interrupted() ? 0 : 1;
}
