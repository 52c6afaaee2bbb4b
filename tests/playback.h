/*
 * playback: one execution, written down so that another can be compared with it.
 *
 *     record_choices(search, chooser, &a, &err);               what the chooser picks
 *     record_picks(search, picks, count, &b, &lost, &err);     these tasks, one after the other
 *     playback_release(&a);
 *
 * Both run, judge and reset; the search counts nothing. Errors are those of cluster_run(). The
 * memory of a playback is its own, and used again by the next one.
 */
#ifndef TESTS_PLAYBACK_H
#define TESTS_PLAYBACK_H

#include "sim/explore/search/search.h"

struct recorded_step {
    int task, op;
    uint64_t enabled; /* of whom it was chosen */
    uint64_t text;    /* its point, hashed */
    bool barrier;
    bool
        in_wait; /* a fault that lies in wait: behind the last step it would do so in vain, and cannot */
    struct footprint footprint;
};

struct playback { /* zeroed: empty */
    struct recorded_step *steps;
    int count, cap;
    enum end end;
    uint64_t outcome, broken; /* broken: a bit per tally */
};

enum err_code record_choices(struct search *s, struct chooser *chooser, struct playback *out,
                             struct err *err);
/* lost: the number of the pick that was not possible, or that was missing; -1: all was followed. */
enum err_code record_picks(struct search *s, const uint8_t *picks, int count, struct playback *out,
                           int *lost, struct err *err);
bool playback_whole(const struct playback *r); /* it came to its end */
void playback_release(struct playback *r);

#endif
