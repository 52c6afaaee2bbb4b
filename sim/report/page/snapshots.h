/*
 * snapshots: what was to be seen between the steps of an execution, for a reader who goes through it
 * forwards and back.
 *
 *     struct film film;
 *
 *     film_init(&film, search->cluster, &trace);    // before the run: it is a watcher of the trace
 *     search_replay(search, schedule, &trace, why, &err);
 *     // … film.v[0 … film.count - 1] …               what changed, in order
 *     film_release(&film);
 *
 * What is seen is a set of facts: a kind, a name, a value. Only those that differ from the look
 * before are written down, so that thousands of steps stay small. A look is no step, and leaves no
 * trace in the execution. Memory is the film's.
 */
#ifndef SIM_REPORT_PAGE_SNAPSHOTS_H
#define SIM_REPORT_PAGE_SNAPSHOTS_H

#include "sim/engine/cluster.h"

enum fact_kind {
    FACT_DIR,    /* a directory of the store; its value says nothing */
    FACT_FILE,   /* a file, and its content, quoted and cut */
    FACT_MARKER, /* a marker (nodes/stream/marker.h), and whose claim it is: "i1 until 10007 ms" */
    FACT_NODE,   /* a node: "up", "down", "paused" */
    FACT_KNOWS,  /* "i1 app": a stream that a node has in its catalog, and as what */
    FACT_LOCK,   /* "i1 app": a mutex in a node's memory, and the task that holds it */
    FACT_REGISTER, /* "A.got", and its value */
    FACT_CUT,      /* "i1 q1": two nodes that cannot reach each other */
    FACTS
};

extern const char *const fact_names[FACTS]; /* "dir", "file", … */

struct fact {
    enum fact_kind kind;
    const char *name, *value; /* value NULL: it is gone */
};

struct film_change {
    int record; /* of the trace: it was to be seen after this one; -1: before the first step */
    struct fact fact;
};

struct film {
    struct trace_watcher watcher;
    struct cluster *cluster;
    struct film_change *v;
    int count, cap;
    struct arena arena; /* of what is told */
    struct film_look {  /* all that was to be seen at one time */
        struct fact *v; /* by kind and name */
        int count, cap;
        struct arena arena;
    } now, before;
};

void film_init(struct film *f, struct cluster *c, struct trace *t);
void film_release(struct film *f);

#endif
