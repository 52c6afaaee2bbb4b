/*
 * model_diff [-n SEQUENCES] [-s SEED] [-d DIR]
 *
 * Is the port in memory what the kernel is? Plays sequences of random calls on both and compares
 * all that can be seen: each call's result, what is read and listed, the events of two queues, and
 * at the end all names, contents and events that are left. Names are few, so that calls meet. Every
 * eighth sequence has a mark in it, and resets.
 *
 * Of a difference the shortest sequence is shown that still has one. Exit status 1 if there was
 * any. What each call answered is counted: a suite that never sees an EEXIST proves little.
 */
#include "base/rng.h"
#include "tests/model_diff_play.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- both ---------------------------------------------------------------------------------------
 */

struct pair {
    struct player dir, model;
    const char *parent;
    bool watches;
};

static void pair_init(struct pair *both, const char *parent, bool watches)
{
    struct err err = ERR_INIT;
    struct port *port = port_linux_open(parent, &err);
    if (!port) {
        fprintf(stderr, "model_diff: %s\n", err.story);
        exit(1);
    }
    player_init(&both->dir, port, watches);
    player_init(&both->model, port_model_open(), watches);
    both->parent = parent;
    both->watches = watches;
}

static void pair_release(struct pair *both)
{
    player_release(&both->dir);
    player_release(&both->model);
}

/* The first call whose answers differ, CALLS_MAX for the last look, or -1. What was marked stays
 * over a reset, so a sequence with a mark has ports of its own. */
static int difference(struct pair *both, const struct sequence *s)
{
    if (!both->watches) {
        pair_release(both);
        pair_init(both, both->parent, false);
    }
    play_all(&both->dir, s);
    play_all(&both->model, s);
    for (int i = 0; i <= CALLS_MAX; i++)
        if (strcmp(both->dir.answers[i].s, both->model.answers[i].s) != 0)
            return i;
    return -1;
}

/* Leaves out whatever can be left out. */
static void shrink(struct pair *both, struct sequence *s)
{
    for (int len = s->count / 2; len > 0; len = len > 1 ? len / 2 : 0)
        for (int i = 0; i + len <= s->count;) {
            struct sequence less = *s;
            memmove(&less.v[i], &less.v[i + len],
                    (size_t)(less.count - i - len) * sizeof less.v[0]);
            less.count -= len;
            if (difference(both, &less) >= 0)
                *s = less;
            else
                i++;
        }
}

static void print_call(const struct call *c)
{
    static const char *const hows[OPENS] = {"read",
                                            "create",
                                            "create_excl",
                                            "append",
                                            "read+write",
                                            "read+write+create",
                                            "read+write+create+excl",
                                            "read+write+append",
                                            "write+trunc",
                                            "read+create"};
    printf("  %s", op_names[c->op]);
    if (c->op == OP_OPEN || (c->op >= OP_PUT && c->op <= OP_WATCH_ADD))
        printf(" \"%s\"", paths[c->path]);
    if (c->op == OP_RENAME || c->op == OP_LINK)
        printf(" \"%s\"", paths[c->path2]);
    if (c->op == OP_RENAME && c->n)
        printf(" noreplace");
    if (c->op == OP_OPEN)
        printf(" %s", hows[c->n]);
    if (c->op <= OP_CLOSE || (c->op >= OP_LOOK && c->op <= OP_LOCK))
        printf(" handle %d", c->slot);
    if (c->op == OP_LOOK || c->op == OP_LOCK)
        printf(" %d", c->n);
    if (c->op == OP_READ || c->op == OP_WRITE || c->op == OP_PUT || c->op == OP_SEEK ||
        c->op == OP_TRUNCATE)
        printf(" %zu bytes", sizes[c->n]);
    if (c->op >= OP_WATCH_ADD && c->op <= OP_WATCH_CLEAR)
        printf(" queue %d", c->slot);
    if (c->op == OP_WATCH_READ)
        printf(" max %d", c->n);
}

static void print_difference(struct pair *both, struct sequence *s, uint64_t seed, uint64_t number)
{
    printf("sequence %llu of seed 0x%llx: the model is not the kernel\n",
           (unsigned long long)number, (unsigned long long)seed);
    shrink(both, s);
    difference(both, s);
    for (int i = 0; i <= CALLS_MAX; i++) {
        const char *dir = both->dir.answers[i].s, *model = both->model.answers[i].s;
        if (i < s->count)
            print_call(&s->v[i]);
        else if (i == CALLS_MAX)
            printf("  at the end");
        else
            continue;
        if (strcmp(dir, model) == 0)
            printf(" = %.200s\n", dir);
        else
            printf("\n    kernel: %.2000s\n    model:  %.2000s\n", dir, model);
    }
}

/* --- chance -------------------------------------------------------------------------------------
 */

/* How often each call comes up, in shares. */
static const int shares[OPS] = {
    [OP_OPEN] = 14,       [OP_READ] = 5,      [OP_WRITE] = 7,       [OP_FSYNC] = 1,
    [OP_CLOSE] = 8,       [OP_PUT] = 8,       [OP_STAT] = 3,        [OP_LOOK] = 3,
    [OP_SEEK] = 2,        [OP_TRUNCATE] = 2,  [OP_LOCK] = 6,        [OP_RENAME] = 9,
    [OP_LINK] = 4,        [OP_UNLINK] = 7,    [OP_MKDIR] = 9,       [OP_RMDIR] = 5,
    [OP_LIST] = 3,        [OP_WATCH_ADD] = 9, [OP_WATCH_READY] = 3, [OP_WATCH_READ] = 6,
    [OP_WATCH_CLEAR] = 1, [OP_FLOOD] = 0,     [OP_MARK] = 0,        [OP_RESET] = 0};

static enum op any_op(struct rng *rng, bool watches)
{
    int total = 0, left, op = 0;
    for (int i = 0; i < OPS; i++)
        total += watches || i < OP_WATCH_ADD ? shares[i] : 0;
    left = (int)rng_below(rng, (uint32_t)total);
    while (left >= shares[op])
        left -= shares[op++];
    return (enum op)op;
}

static int any_path(struct rng *rng)
{
    bool common = rng_below(rng, 10) > 0;
    return (int)rng_below(rng, common ? COMMON_PATHS : PATHS);
}

static struct call any_call(struct rng *rng, bool watches)
{
    static const int counts[] = {1, 1, 3, 300};
    struct call c = {.op = any_op(rng, watches), .path = any_path(rng), .path2 = any_path(rng)};
    bool queue = c.op >= OP_WATCH_ADD;
    c.slot = (int)rng_below(rng, queue ? QUEUES : SLOTS);
    if (c.op == OP_OPEN)
        c.n = (int)rng_below(rng, OPENS);
    else if (c.op == OP_LOOK || c.op == OP_LOCK)
        c.n = (int)rng_below(rng, 6);
    else if (c.op == OP_READ || c.op == OP_WRITE || c.op == OP_PUT || c.op == OP_SEEK ||
             c.op == OP_TRUNCATE)
        c.n = (int)rng_below(rng, SIZES);
    else if (c.op == OP_WATCH_READ)
        c.n = counts[rng_below(rng, 4)];
    else if (c.op == OP_RENAME)
        c.n = rng_below(rng, 4) == 0;
    return c;
}

static void any_sequence(struct rng *rng, bool watches, bool flood, struct sequence *s)
{
    s->count = CALLS_MAX;
    for (int i = 0; i < s->count; i++)
        s->v[i] = any_call(rng, watches);
    if (flood) {
        s->v[0] = (struct call){.op = OP_WATCH_ADD, .path = ROOT_PATH};
        s->v[20 + rng_below(rng, 20)].op = OP_FLOOD;
    }
    if (watches)
        return;
    for (int i = 0; i < s->count; i++) { /* what is marked has to be met again */
        s->v[i].path %= 4;
        s->v[i].slot %= 2;
    }
    s->v[rng_below(rng, 20)].op = OP_MARK;
    s->v[25 + rng_below(rng, 10)].op = OP_RESET;
    s->v[40 + rng_below(rng, 20)].op = OP_RESET;
}

int main(int argc, char **argv)
{
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    uint64_t seed = 1, count = 4000;
    struct pair watched, marked;
    struct sequence s;
    int option, found = 0;

    while ((option = getopt(argc, argv, "n:s:d:")) != -1) {
        if (option == 'n')
            count = strtoull(optarg, NULL, 0);
        else if (option == 's')
            seed = strtoull(optarg, NULL, 0);
        else if (option == 'd')
            parent = optarg;
        else
            return 3;
    }
    pair_init(&watched, parent, true);
    pair_init(&marked, parent, false);
    for (uint64_t i = 0; i < count && found < 3; i++) {
        struct pair *both = i % 8 == 7 ? &marked : &watched;
        struct rng rng;
        rng_init(&rng, seed, i);
        any_sequence(&rng, both->watches, i % 500 == 100, &s);
        if (difference(both, &s) < 0)
            continue;
        found++;
        print_difference(both, &s, seed, i);
    }
    pair_release(&watched);
    pair_release(&marked);
    printf("%llu sequences of %d calls, %d different answers\n", (unsigned long long)count,
           CALLS_MAX, kinds_of_answers());
    return found > 0;
}
