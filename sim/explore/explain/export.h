/*
 * export: an execution's picks written down by name, so that they mean the same tomorrow.
 *
 * As a schedule: every step with its task and its point, for `replay --schedule`. As an order: the
 * shortest script (a list as in a scenario's "order") that does it, for the command line and for
 * people.
 */
#ifndef SIM_EXPLORE_EXPLAIN_EXPORT_H
#define SIM_EXPLORE_EXPLAIN_EXPORT_H

#include "sim/explore/search/search.h"

struct recorded_pick {
    int task;
    int nth;       /* which time this task does this point */
    char *point;   /* its text */
    char *left_at; /* the point at which the task before was put aside; NULL: it ended or blocked */
    int left_nth;
    bool fixed; /* the fixed order would have picked the same */
};

struct recording {
    struct recorded_pick *v;
    int count, cap;
};

/* Runs the schedule once more and writes down its picks. The store is as it ended. */
enum err_code record_schedule(struct search *s, const struct schedule *schedule,
                              struct recording *out, struct err *err);
void recording_release(struct recording *r);

/* Runs the schedule once more: the command line that replays it. The store is reset. */
enum err_code record_command(struct search *s, const struct schedule *schedule, struct strbuf *out,
                             struct err *err);
void record_as_order(const struct search *s, const struct recording *r, struct strbuf *out);
void record_as_file(const struct search *s, const struct recording *r, struct strbuf *out);

/* named: picks from a schedule file. A step that is not possible ends the execution with
 * ERR_DIVERGE. */
struct named_step {
    const char *task, *point;
};

struct named_chooser {
    struct chooser chooser;
    struct named_step *steps;
    int count, at;
    struct arena arena;
};

enum err_code named_load(struct named_chooser *n, const struct scenario *s, const char *path,
                         struct err *err);
void named_release(struct named_chooser *n);

#endif
