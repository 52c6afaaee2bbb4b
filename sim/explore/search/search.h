/*
 * search: runs a scenario in the orders it asks for, and adds up what came of it.
 *
 *     struct search *s = search_new(scenario, port, gate, &options, &err);
 *
 *     search_run(s, &err);
 *     // … s->tallies[i].holds, .broken, .witness[] …
 *     search_free(s);
 *
 * Of each property both kinds of execution are counted, and of each kind a shortest order is kept:
 * fewest preemptions first (a task is put aside though it could go on), then fewest steps. The port
 * and the gate belong to the caller.
 */
#ifndef SIM_EXPLORE_SEARCH_SEARCH_H
#define SIM_EXPLORE_SEARCH_SEARCH_H

#include "sim/engine/cluster.h"
#include "sim/explore/search/classes.h"
#include "sim/explore/search/tally.h"

struct search_options {
    bool no_reduction;      /* all: every interleaving */
    bool control;           /* all: by sleep sets and merged states (control.h), on the model */
    bool no_audit;          /* all orders, and then none at random: audit.h */
    bool on_files;          /* executions are on the directory, and slow */
    bool outcome_witnesses; /* keep an order for each outcome */
    struct port *twin;      /* repeats executions; NULL: nobody does */
    int64_t twin_every;     /* each n-th; 0: one of each outcome */
    int check_every;        /* each so many-th execution is run twice and compared; 0: none */
    int64_t max_executions; /* 0: no bound */
    int64_t max_ms;         /* of real time; 0: no bound */
    _Atomic int64_t *spent; /* executions of all processes that share the bound; NULL: of this */
    void (*progress)(void *ctx, int64_t executions); /* now and then; NULL: nobody looks */
    void *progress_ctx;
    double *share; /* of the tree as it is known, before `progress` is called; may be NULL */
    void (*judged)(void *ctx,
                   struct cluster *c); /* each execution, before its reset; may be NULL */
    void *judged_ctx;
};

/* All orders with so many preemptions at most, its index: rounds.h. */
struct round {
    int64_t orders; /* that were tried */
    bool complete;  /* these are all */
};

/* A distinct end: what the clients were told, what is in the store, and what is broken. */
struct outcome {
    uint64_t hash;           /* 0: an empty slot */
    int64_t count;           /* executions that ended so */
    struct schedule witness; /* the shortest that was run; only if options.outcome_witnesses, or
                                for the twin */
};

enum search_end {
    SEARCH_COMPLETE,
    SEARCH_WITHIN,
    SEARCH_SAMPLED,
    SEARCH_SCRIPT,
    SEARCH_BUDGET,
    SEARCH_STOPPED, /* the user has interrupted it */
    SEARCH_BOUND,
    SEARCH_DOUBTED /* all that was to be tried, of programs that were not seen whole: `doubt` */
};

struct search {
    struct scenario *scenario;
    struct search_options options;
    struct port *port;
    struct gate *gate;
    struct cluster *cluster;
    struct cluster *twin; /* on options.twin; crosscheck.h */
    int64_t repeated;     /* executions, on it */
    int outcomes_repeated;
    struct tally *tallies;
    int tally_count;
    int64_t executions, redundant, bounded; /* bounded: reached POINTS_MAX */
    int64_t
        hurried;  /* in which somebody waited for time while others could go on: nobody was slow */
    int64_t held; /* in which a poll was held back that might have done something: clock.h */
    struct outcome *outcomes; /* open hash set of distinct ends */
    int outcome_count, outcome_cap;
    struct classes classes; /* distinct up to the order of independent steps: */
    bool count_classes;     /* if sampled, or without reduction, where executions are more */
    struct round
        *rounds; /* of a search that was ended before its end: what is known all the same */
    int round_count;
    bool keep_classes;      /* for the audit */
    int64_t audited;        /* executions at random after all orders */
    struct schedule missed; /* the one that the search did not have */
    int longest;            /* events of an execution */
    uint64_t last_outcome,
        last_broken;               /* of the last execution that came to its end; tallies as bits */
    int64_t steps, states, merged; /* of the control */
    int pct_tasks, pct_steps;
    struct schedule current;
    int64_t start_ms;
    const struct all_chooser *all; /* while it runs */
    uint64_t never_inside;         /* properties of what nobody ever was inside, as bits */
    int lost_at; /* the script's step, from 1, that could not be followed; 0: none */
    enum search_end end;
    const char *doubt;               /* why no proof comes of it; NULL: it may */
    struct trace_watcher properties; /* search_tell() */
};

struct search *search_new(struct scenario *s, struct port *port, struct gate *gate,
                          const struct search_options *options, struct err *err);
enum err_code search_run(struct search *s, struct err *err);
void search_forget(struct search *s); /* as if nothing had been run */
/* The end of search_run(), for executions that were counted elsewhere (result.h). */
enum err_code search_conclude(struct search *s, struct err *err);
void search_free(struct search *s); /* NULL is allowed */

/* One execution with the given picks, told to `trace` (NULL: nobody). The store is as it ended
 * until search_reset(). why (NULL allowed): per tally, why it does not hold, "" if it does; the
 * caller frees each. */
enum err_code search_replay(struct search *s, const struct schedule *schedule, struct trace *trace,
                            char **why, struct err *err);
enum err_code search_execute(struct search *s, struct chooser *chooser,
                             struct err *err); /* one, and its verdicts */
/* From now on executions are told to `trace`, with what is known of the tallies after each step
 * (trace_record.broken); NULL: to nobody. */
void search_tell(struct search *s, struct trace *trace);
/* What came of the last execution, as a number, before its reset. */
uint64_t search_outcome(struct search *s);
/* Does the property hold in the last execution, before its reset? why: NULL, or gets why not. */
bool search_judge(struct search *s, const struct tally *t, struct strbuf *why);
/* The same of an execution that came to its end (1 or 0), or may not have: -1, that is not known. */
int search_shows(struct search *s, const struct tally *t);
void search_why(struct search *s, char **why); /* of the last execution, before its reset */
enum err_code search_reset(struct search *s, struct err *err);
#endif
