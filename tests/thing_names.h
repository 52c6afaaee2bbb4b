/*
 * thing_names: what a footprint touches, in words, for whoever reads a failed test: "writes path
 * 'd/x', updates listing 'd'". A thing is a hash; the names of all that a scenario's nodes,
 * registers and steps speak of are tried in turn.
 */
#ifndef TESTS_THING_NAMES_H
#define TESTS_THING_NAMES_H

#include "sim/scenario/scenario.h"
#include "sim/trace/footprint.h"
#include "sim/trace/trace.h"

struct thing_names {
    struct arena arena;
    const char **v;
    int count, cap;
};

/* The trace: of an execution whose footprints are to be told. */
void thing_names_init(struct thing_names *n, const struct scenario *s, const struct trace *t);
void thing_names_release(struct thing_names *n);
void thing_names_print(const struct thing_names *n, const struct footprint *f, struct strbuf *out);

#endif
