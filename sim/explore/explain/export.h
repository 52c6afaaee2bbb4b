/*
 * export: an execution's picks written down by name, so that they mean the same tomorrow.
 *
 * As a schedule: every step with its task and its point, for `replay --schedule`. As an order: a script (a list as
 * in a scenario's "order") that does it, for the command line and for people. The script is run before it is
 * believed: it is the shortest of a few forms that tells the same story.
 */
#ifndef SIM_EXPLORE_EXPLAIN_EXPORT_H
#define SIM_EXPLORE_EXPLAIN_EXPORT_H

#include "sim/explore/search/search.h"

enum pick_kind {
    PICK_STEP,
    PICK_NO_FAULT /* nobody could go on, and no fault came of those that might have */
};

struct recorded_pick {
    enum pick_kind kind;
    int task;
    int nth;       /* which time this task does this point */
    char *point;   /* its text */
    char *left_at; /* the point at which the task before was put aside; NULL: it ended or blocked */
    int left_nth;
    bool fixed;  /* the fixed order would have picked the same */
    bool waited; /* since the step before, there was a choice at which it could not go on */
};

struct recording {
    struct recorded_pick *v;
    int count, cap;
    uint64_t story; /* a hash of all that a trace tells */
};

/* Runs the schedule once more and writes down its picks. The store is reset. */
enum err_code record_schedule(struct search *s, const struct schedule *schedule,
                              struct recording *out, struct err *err);
void recording_release(struct recording *r);

/* Appends the list of steps that does what was recorded. Runs it, and leaves the search's scenario as it was.
 * ERR_DIVERGE: no list does. */
enum err_code record_as_order(struct search *s, const struct recording *r, struct strbuf *out,
                              struct err *err);
/* The command line that replays the scenario in this order, a list. */
void replay_command(const struct scenario *sc, const char *order, struct strbuf *out);
/* Runs the schedule once more: the command line that replays it. The store is reset. */
enum err_code record_command(struct search *s, const struct schedule *schedule, struct strbuf *out,
                             struct err *err);
void record_as_file(const struct search *s, const struct recording *r, struct strbuf *out);

#endif
