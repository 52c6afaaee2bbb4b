/*
 * generate: small scenarios from a seed, of everything that there is; for the checks that compare
 * one way of running a scenario with another.
 *
 *     struct sketch k;
 *     sketch_init(&k);
 *     generate_actors(&k, seed);           or generate_cluster()
 *     sketch_text(&k, &text);              JSON, to be read with scenario_read()
 *     sketch_shrink(&k, still, ctx);       leaves out what the finding does not need
 *     sketch_release(&k);
 *
 * A sketch is a scenario in pieces, each of which can be left out. What is left need not be a
 * scenario any more (a fault of a node that is gone): whoever is asked about it says no then.
 */
#ifndef TESTS_GENERATE_H
#define TESTS_GENERATE_H

#include "base/mem.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

#define SKETCH_PIECES  128
#define SKETCH_CLIENTS 8

enum piece_kind {
    PIECE_SETTING, /* of the cluster */
    PIECE_NODE,
    PIECE_INIT,
    PIECE_CLIENT, /* and all of its steps */
    PIECE_STEP,
    PIECE_FAULT,
    PIECE_PROPERTY,
    PIECE_TOP, /* a key of the file: its order */
};

struct piece {
    enum piece_kind kind;
    int client; /* steps and clients: whose */
    bool dropped;
    const char *text; /* ' stands for " */
};

struct sketch {
    struct arena arena;
    struct piece v[SKETCH_PIECES];
    int count;
};

void sketch_init(struct sketch *k);
void sketch_release(struct sketch *k);
void sketch_add(struct sketch *k, enum piece_kind kind, int client, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Appends the scenario; its name is "t". */
void sketch_text(const struct sketch *k, struct strbuf *out);
/* Drops pieces as long as `still` says yes to what is left. It is asked of smaller sketches only. */
void sketch_shrink(struct sketch *k, bool (*still)(void *ctx, const struct sketch *k), void *ctx);

/* Programs of actors: all verbs, watches, time-outs, conditions, faults, pairs in order. */
void generate_actors(struct sketch *k, uint64_t seed);
/* … so few of them that every order can be tried: six steps at most, none or one fault. */
void generate_small(struct sketch *k, uint64_t seed);
/* Ingestors and queriers: all schemes, deletions, restarts, faults, at times with an actor. */
void generate_cluster(struct sketch *k, uint64_t seed);
/* … so small that often every order can be tried. The seed's remainders say which two faults, so
 * that GENERATE_FAULT_PAIRS seeds in a row have every pair of kinds, with none as one of them. */
#define GENERATE_FAULT_KINDS 12
#define GENERATE_FAULT_PAIRS (GENERATE_FAULT_KINDS * GENERATE_FAULT_KINDS)
void generate_small_cluster(struct sketch *k, uint64_t seed);

#endif
