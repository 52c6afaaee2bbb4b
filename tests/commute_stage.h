/*
 * commute_stage: a small scenario, brought to a state, and two neighbouring steps made there, in one
 * order and in the other. Part of commute.
 *
 *     stage_open(&st, text, directory)          "W" has made the state; "A", "B" and faults go next
 *     take_play(&st, &script, x, y, 0, &t)      from the start: the script, x, y, and a look at all
 *     take_release(&t); stage_close(&st);
 */
#ifndef TESTS_COMMUTE_STAGE_H
#define TESTS_COMMUTE_STAGE_H

#include "base/strbuf.h"
#include "sim/engine/cluster.h"

struct stage {
    struct scenario *scenario;
    struct port *port;
    struct gate *gate;
    struct cluster *cluster;
    struct trace trace;
    int power; /* the task of a loss of power, -1: none */
};

/* directory: on a real one, in there; NULL: on the model. false: it is no scenario (stderr says why). */
bool stage_open(struct stage *st, const char *text, const char *directory);
void stage_close(struct stage *st);
int stage_task(const struct stage *st, const char *name); /* -1 */

#define SCRIPT_MAX 16

/* What comes before the two: each task once, or until it is at its note of that name. */
struct script {
    struct {
        int task;
        const char *note; /* NULL: one step */
    } v[SCRIPT_MAX];
    int count;
};

struct take {
    bool reached;     /* the script came to its end */
    bool failed;      /* … and a call of it failed */
    uint64_t enabled; /* there */
    int made;         /* of the two */
    bool sure[2];
    struct footprint did[2], may[2];
    struct strbuf point[2], result[2];
    struct strbuf seen; /* what there is to be seen behind them */
};

/* After the two, power is lost where the stage has that: bits of `policy` say what was on the disk. */
void take_play(struct stage *st, const struct script *s, int first, int second, unsigned policy,
               struct take *out);
void take_release(struct take *t);

#endif
