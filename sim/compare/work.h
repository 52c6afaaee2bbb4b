/*
 * work: the scenarios that `fsrace compare` runs, one for each question.
 *
 * Each is a scenario file as text, whose variants are the creation schemes, by their names; so what
 * it says can be saved, run, replayed and read like any other. All schemes get the same cluster,
 * the same work and the same faults. The caller releases `out`.
 *
 * The schemes are those of create_scheme_names[] that can be run; a new one appears by itself. So
 * does a registry in every cluster, as soon as there is such a role.
 */
#ifndef SIM_COMPARE_WORK_H
#define SIM_COMPARE_WORK_H

#include "base/strbuf.h"
#include "sim/scenario/scenario.h"

#define WORK_SAMPLE   100  /* random orders, where there are too many to try all */
#define WORK_BACK_MS  1000 /* after which a node that crashed is back */
#define WORK_RETRY_MS 250  /* between two tries of a client that was refused */
#define WORK_TRIES    100

struct work {
    char name[64]; /* of the scenario */
    struct strbuf text;
};

/* The schemes, and those of their settings that make a difference of their own. */
struct contestant {
    const char *name; /* of its variant, "proxy-memory" */
    enum create_scheme scheme;
    const char *settings; /* members of "cluster", each behind a comma */
    bool asks_registry;
};

#define WORK_CONTESTANTS_MAX 16

int work_contestants(void);
struct contestant work_contestant(int i);

/* Two ingestors are sent events for one new stream, and a querier is asked for them. `queriers`: 1,
 * or 2, and each ingestor is configured to ask one of its own. `faults`: as in a scenario, "[]" for
 * none. */
void work_race(struct work *out, const char *name, int queriers, const char *faults);
/* … and the first of them is slow, wherever that makes a difference; leases are of 100 ms. */
void work_race_slow(struct work *out);

/* One stream is created, by so many clients at once: of as many ingestors, or of the querier. */
void work_creation(struct work *out, int clients, bool at_querier);

/* One ingestor creates a stream; its configuration has the value "wrong" at PATH ("a/b"). */
void work_misconfigured(struct work *out, const char *path, bool at_querier);

/* `down` stops; then i1 is sent events for a stream that it knows, for one that it has not heard
 * of, and for a new one: registers i1.known, i1.exists, i1.new. */
void work_without(struct work *out, const char *down);

/* `dies` crashes anywhere while a stream is created, and is back after back_ms (< 0: never). i2
 * wants the stream, and tries until it gets it. */
void work_recovery(struct work *out, const char *dies, int64_t back_ms, bool at_querier);

/* The caller's scenario under every scheme: one of its variants, read as `s`, with the scheme put
 * over it. What is of one scheme goes: expectations, and an order that is written down, which
 * becomes "all". Where a registry is needed and there is none, there is one. */
void work_of_file(struct work *out, const struct scenario_file *f, int variant,
                  const struct scenario *s);

/* Is there a registry in these clusters? */
bool work_has_registry(void);

void work_release(struct work *w);

#endif
