/*
 * scenario_fixture: a scenario from a text, its cluster on a real directory, and executions of it;
 * for the suites of sim.
 *
 * Texts are JSON in which ' stands for ", so that they can be read in C. The file is called t.json.
 */
#ifndef TESTS_UNIT_SCENARIO_FIXTURE_H
#define TESTS_UNIT_SCENARIO_FIXTURE_H

#include "sim/explore/search/search.h"

struct lab {
    struct scenario *scenario;
    struct port *port;
    struct gate *gate;
    struct search *search;
    struct trace trace; /* lab_run() writes it */
    struct err err;
    struct arena arena;
};

/* What is wrong with the text, "t.json:1:2: …": with the file, or with any of its variants. "" if
 * nothing is. In the arena. */
const char *lab_error(struct arena *a, const char *text);

/* before + text + after is refused with "t.json:" + error. {A} in a text stands for an actor's
 * node. */
struct lab_refusal {
    const char *text, *error;
};
void lab_refused(const char *before, const struct lab_refusal *v, size_t count, const char *after);

/* The variant of the text by number; NULL and err. scenario_free() it. */
struct scenario *lab_scenario(const char *text, int variant, struct err *err);

/* The first variant, ready to run. Fails the test and returns false if it is none. */
bool lab_open(struct lab *l, const char *text);
bool lab_open_with(struct lab *l, const char *text, int variant,
                   const struct search_options *options);
bool lab_open_freely(struct lab *l, const char *text); /* with an open gate */
/* A text without its head, `"cluster": {…}, "work": {…}`. What does not load leaves its story in
 * l->err, and l->search NULL. No options: NULL. */
void lab_try(struct lab *l, const char *body, const struct search_options *options);
void lab_close(struct lab *l); /* after lab_open() that failed, too */

/* One execution in the scenario's own order: a script, else the fixed order. Its trace is in
 * l->trace; the store is as it ended until lab_reset(). */
enum err_code lab_run(struct lab *l);
void lab_reset(struct lab *l);

const char *lab_register(const struct lab *l, const char *name); /* NULL: unset */
const char *lab_trace(struct lab *l);                            /* as a story; in the arena */
/* The n-th event as "i1 store.put app/x = ok", from 0; asides are not counted. NULL: there is none.
 * In the arena. */
const char *lab_event(struct lab *l, int n);
bool lab_runs(struct lab *l, const char *text,
              enum end end);                      /* lab_open() and lab_run(), to that end */
int lab_count(struct lab *l, const char *line);   /* events that are just so */
bool lab_traced(struct lab *l, const char *text); /* is in the trace */
/* All there is in the store, without .tmp and .node: "a: one, d/, d/x: two". In the arena. */
const char *lab_store(struct lab *l);
const char *
lab_why(struct lab *l,
        const char *property); /* of the last execution; "" if it holds. In the arena. */

enum err_code lab_try_search(struct lab *l); /* the search that the scenario asks for; l->err */
/* The same. Fails the test if it does not come to its end. */
void lab_search(struct lab *l);
const struct tally *lab_tally(const struct lab *l, const char *property);
const char *lab_found(const struct lab *l,
                      const char *property); /* "always", "sometimes", "never", "-": not judged */

/* The distinct ends of all that was run. */
struct outcomes {
    uint64_t v[512];
    int count;
};

void outcomes_add(struct outcomes *o, const char *body,
                  bool no_reduction); /* all that this scenario can come to */
bool outcomes_within(const struct outcomes *a, const struct outcomes *b); /* all of a are in b */
bool outcomes_same(const struct outcomes *a, const struct outcomes *b);

#endif
