/*
 * random_scenario: small scenarios of actors, from a seed; to find out whether exploration with
 * reduction finds what exploration without it finds.
 */
#ifndef TESTS_UNIT_RANDOM_SCENARIO_H
#define TESTS_UNIT_RANDOM_SCENARIO_H

#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

struct random_kind {
    const char *name;
    bool posix;        /* else object */
    bool watches;      /* some watch, and wait for events */
    bool timers;       /* sleeps, and waits that time out */
    bool refs;         /* steps that depend on files or on others' registers */
    bool before;       /* two points are put in order */
    bool shared;       /* the first two are clients of one actor */
    int actors, steps; /* at most; at least 2 and 1 */
};

/* Appends a scenario in the way of scenario_fixture.h: ' for ". */
void random_scenario(const struct random_kind *kind, uint64_t seed, struct strbuf *out);

/* One of ingestors and queriers, which has many more orders. */
void random_services(uint64_t seed, struct strbuf *out);

#endif
