/*
 * duel: the reduced search of a scenario against the plain one, which tries every interleaving, or against the control, which
 * merges states (sim/explore/strategy/control.h).
 *
 *     struct duel d;
 *     if (duel_fight(&sketch, &options, &d) && d.what) …      they differ: "outcomes missed", …
 *
 * What both have to share: the verdict of each property, the set of outcomes, and the set of
 * classes (classes.h) without what makes no difference: starts, which the plain search does not try
 * in every order, faults in vain, and that time passed. Of each class the reduced search has to
 * make one execution. Of classes the control knows the number alone.
 */
#ifndef TESTS_DUEL_H
#define TESTS_DUEL_H

#include "sim/explore/search/search.h"
#include "tests/generate.h"

struct duel_options {
    struct gate *gate;
    bool control; /* in place of the plain search */
    int64_t most; /* executions of the plain search; a scenario that has more is left out */
    void (*judged)(void *ctx, struct cluster *c); /* each execution of the plain one; may be NULL */
    void *judged_ctx;
};

struct duel {
    int64_t plain, reduced, given_up; /* executions; those of the reduced one that were redundant */
    int64_t classes, outcomes;        /* of the plain one */
    int64_t steps, states, merged;    /* of the control */
    int64_t missed, invented, twice;  /* of what differs */
    const char *what;                 /* the worst difference; NULL: none */
    struct err err;                   /* of "an error" */
    uint64_t verdicts;                /* of the plain one, hashed */
    char faults[64]; /* as the scenario calls them, "crash, fail anywhere"; "": none */
};

/* False: it is no scenario, or left out. */
bool duel_fight(const struct sketch *k, const struct duel_options *options, struct duel *out);
void duel_print(const struct duel *d); /* a line, on stdout */
/* "FAMILY, FAULTS: WHAT": the kind of what differs. */
void duel_kind(const char *family, const struct duel *d, struct strbuf *out);
/* Makes k as small as it can be and still differ in that kind, and fights it: sketch_shrink(). */
void duel_shrink(struct sketch *k, const char *family, const char *kind,
                 const struct duel_options *options, struct duel *out);
/* … of a variant of a file. */
bool duel_fight_variant(const struct scenario_file *f, int variant,
                        const struct duel_options *options, struct duel *out);
/* The verdicts and outcomes of one search, hashed; 0: it did not come to its end. */
uint64_t duel_verdicts(const struct sketch *k, const struct duel_options *options, bool reduced);

#endif
