/*
 * point: a place where another task may go first, and what the step behind it touches.
 *
 * A point has a text, by which scripts, schedules and faults name it: "store.put app/.schema",
 * "net.send q1 create".
 */
#ifndef SIM_TRACE_POINT_H
#define SIM_TRACE_POINT_H

#include "base/strbuf.h"
#include "fsstore/store/store.h"
#include <stdbool.h>
#include <stdint.h>

/* Operations of points: those of the store, and then these. */
enum point_op {
    POINT_START = STEP_OPS, /* a task begins; no step at all */
    POINT_REQUEST,          /* client.ingest app */
    POINT_RESTART,          /* node.restart i1 */
    POINT_STOP,             /* node.stop i1 */
    POINT_SEND,             /* net.send q1 create */
    POINT_RECEIVE,          /* net.receive */
    POINT_ANSWER,           /* net.answer i1 */
    POINT_AWAIT,            /* net.await */
    POINT_TAKE,             /* task.take */
    POINT_LOCK,             /* lock.take app */
    POINT_UNLOCK,           /* lock.release app */
    POINT_SLEEP,            /* clock.sleep 10 ms */
    POINT_PAUSE,            /* clock.pause 1000 ms */
    POINT_QUIET,            /* clock.quiet */
    POINT_CLOCK,            /* clock.moves */
    POINT_HOLDS,            /* client.await */
    POINT_MARK,             /* naive.after-look: the text is all of it */
    POINT_NOTE,             /* note … */
    POINT_REGISTER,         /* register.get A.got */
    POINT_UP,               /* node.lives A */
    POINT_FAULT,            /* fault.crash i1 */
    POINT_CALL, /* lock.flock f: a program's call that no actor makes; the text is all of it */
    POINT_OPS
};

struct point {
    int op;              /* enum step_op or enum point_op */
    const char *object;  /* may be NULL */
    const char *object2; /* may be NULL */
};

const char *point_op_name(int op);
void point_text(const struct point *p, struct strbuf *out); /* appends */

/* Is the glob (fnmatch(3): * ? [] \) one of this point's text? NULL matches nothing. */
bool point_matches(const struct point *p, const char *glob);

/* Could any point ever match? For messages about misspelt ones: checks the operation's name. */
bool point_glob_possible(const char *glob);
extern const char *const point_op_names[]; /* NULL-terminated, for "did you mean" */

#endif
