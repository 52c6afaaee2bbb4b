/*
 * execution_fixture: a scenario from text, run on a real directory; for the suites of sim.
 *
 *     struct sim s;
 *     sim_open(&s, "\"cluster\": {…}, \"work\": {…}");    the file without its head
 *     sim_run(&s);
 *     UNIT_STR(sim_holds(&s, "one_creator"), "always");
 *     sim_close(&s);
 *
 * What does not load or run leaves its story in s.err; all of these may be called all the same.
 */
#ifndef TESTS_UNIT_EXECUTION_FIXTURE_H
#define TESTS_UNIT_EXECUTION_FIXTURE_H

#include "base/strbuf.h"
#include "sim/explore/search/search.h"

struct sim {
    struct err err;
    struct scenario_file *file;
    struct scenario *scenario;
    struct port *port;
    struct gate *gate;
    struct search *search; /* NULL: it was not loaded */
};

void sim_open(struct sim *s, const char *body);
void sim_open_with(struct sim *s, const char *body, const struct search_options *options);
enum err_code sim_run(struct sim *s); /* s->err is clear before */
void sim_close(struct sim *s);

/* "always", "sometimes", "never"; "unknown" if there is no such property. */
const char *sim_holds(const struct sim *s, const char *property);

/* One execution in the fixed order, told; the caller releases `out`. The store is as it was
 * afterwards. */
enum err_code sim_tell(struct sim *s, struct strbuf *out);

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
