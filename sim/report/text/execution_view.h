/*
 * execution_view: one execution, and what is needed to draw it. Everything that shows an execution
 * step by step (columns, list, sequence diagrams, files for other tools) takes one of these.
 *
 *     struct picture p;
 *     picture_init(&p, search);
 *     search_tell(search, &p.trace);
 *     // … one execution …
 *     search_tell(search, NULL);
 *     picture_end(&p);
 *     find_format("mermaid", &err)->draw(&p, &style, &out);
 *     picture_release(&p);
 *
 * A lane is a task that did something, or all tasks of a node.
 */
#ifndef SIM_REPORT_TEXT_EXECUTION_VIEW_H
#define SIM_REPORT_TEXT_EXECUTION_VIEW_H

#include "sim/explore/search/search.h"

#define PICTURE_WIDTH 80 /* where there is no terminal */

struct style {
    int width; /* columns of the terminal */
    bool colour;
};

struct picture {
    struct search *search; /* its scenario and tallies; its cluster's final state */
    struct trace trace;
    struct trace_watcher watcher; /* notes: */
    char *held[TALLIES_TOLD];     /* what the store held when a tally broke; NULL: it did not */
    char **why;                   /* per tally, why it does not hold, "" if it does */
    int broke_at[TALLIES_TOLD];   /* … from which record on; -1: not broken, or no such moment */
    int race_of;                  /* the tally that this is about: */
    int raced[2]; /* records of two steps that come the other way round in the nearest order in
                     which it holds; -1: not known */
};

void picture_init(struct picture *p, struct search *s);
void picture_release(struct picture *p);
void picture_race(struct picture *p, int tally, const int events[2]);
void picture_end(struct picture *p); /* the execution is over, and not yet reset: its verdicts */

struct lanes {
    const char *names[SCENARIO_TASKS_MAX]; /* of tasks or nodes, the scenario's */
    int count;
    bool by_node;
};

/* Those that have a step, in the scenario's order; faults have no lane of their own. */
void lanes_init(struct lanes *l, const struct picture *p, bool by_node);
int lane_of(const struct lanes *l, const struct trace_record *r); /* -1: a fault */
/* The lane that a message goes to: who takes it, else who would. -1: nobody. */
int lane_to(const struct lanes *l, const struct picture *p, int record);

/* Of the longest task name: the column of a trace. */
int report_task_width(const struct scenario *sc);

bool is_store_step(const struct trace_record *r); /* reads or changes the store */
bool is_message(const struct trace_record *r);    /* sends one */
/* The record of the first step that takes what this one sent, -1: nobody does. */
int taken_by(const struct trace *t, int record);
/* The first tally that is broken from this record on, -1: none is. */
int broke_here(const struct picture *p, int record);
/* A step's call without its result, "create_excl lock", or an aside. */
void call_words(const struct trace_record *r, struct strbuf *out);

typedef void draw_fn(const struct picture *p, const struct style *style, struct strbuf *out);

struct format {
    const char *name;
    draw_fn *draw;
    const char *line; /* what it is, for --help */
};

draw_fn draw_columns, draw_list;

#endif
