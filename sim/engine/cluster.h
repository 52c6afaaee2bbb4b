/*
 * cluster: a scenario's nodes, and ONE execution of them.
 *
 *     struct cluster *c = cluster_new(scenario, port, gate, &err);
 *
 *     while (more) {
 *         cluster_run(c, chooser, &err);       // one execution; threads and descriptors are kept
 *         // … c->end, c->history, the store …    what came of it
 *         cluster_reset(c, &err);              // the store is as it was before
 *     }
 *     cluster_free(c);
 *
 * Phases of an execution: set-up (init steps, then every node that is up at the start boots, in the
 * scenario's order; not a matter of choice), the run (every event is one pick of the chooser), the
 * settling (background tasks such as scans come round once more), and the final look, in which
 * queriers and ingestors are asked what they know.
 *
 * Time is virtual. A task has its own clock, which moves when it sleeps and when a message arrives,
 * so that it depends on what the task has seen and on nothing else. When no task is enabled, the
 * base of all clocks jumps to the next timer. cluster.c has the structure and the life of an
 * execution, scheduler.c who is enabled and what is next, world.c, net.c, locks.c what nodes may do.
 */
#ifndef SIM_ENGINE_CLUSTER_H
#define SIM_ENGINE_CLUSTER_H

#include "fsstore/port/port.h"
#include "nodes/stream/wire.h"
#include "sim/engine/strategy.h"
#include "sim/exec/executor.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/footprint.h"
#include "sim/trace/history.h"
#include "sim/trace/point.h"
#include "sim/trace/trace.h"
#include <setjmp.h>

#define TASK_MAX       (SCENARIO_TASKS_MAX + 1)
#define POINTS_MAX     10000 /* events of one execution; more: undecided */
#define SETTLE_ROUNDS  1     /* how often each background task comes round when all else is over */
#define LOCKS_MAX      32
#define MAIL_MAX       256 /* messages waiting in one mailbox */
#define WATCHES_MAX    256
#define MOMENTS_MAX    64
#define CAUSES_MAX     16 /* of one step, that a trace has room for */
#define CLOCK_APART_MS 7  /* how far the clocks of two neighbouring nodes differ */

enum task_kind { TASK_CLIENT, TASK_BACKGROUND, TASK_FAULT, TASK_CLOCK };

enum wait_kind {
    WAIT_NOTHING, /* enabled at once */
    WAIT_MAIL,    /* a message in `mail` */
    WAIT_ANSWER,  /* an answer to request `wait_id` in `mail` */
    WAIT_LOCK,    /* `lock` is free */
    WAIT_EVENT,   /* the task's inotify queue has an event */
    WAIT_TIME,    /* nothing but the deadline */
    WAIT_QUIET,
    WAIT_FAULT,   /* a task of its node to come to the fault's point */
    WAIT_CHANCE,  /* to be let go, or not */
    WAIT_POLL,    /* what it read to change: clock.h */
    WAIT_CLOCK,   /* a moment to go to: clock.h */
    WAIT_RESUME,  /* the deadline, and then to be let go */
    WAIT_HOLDS,   /* `predicate` to hold */
    WAIT_DISK,    /* to say what was on the disk: power.h */
    WAIT_FLOCK,   /* `lock`, an enum port_lock, of the file `id` to be had */
    WAIT_PROGRAM, /* the lock of a file that a program asks for; `id` is its thing */
};

struct mailbox;
struct await {
    enum wait_kind kind;
    int64_t deadline; /* on the task's clock; only if timed */
    bool timed;
    const struct mailbox *mail;        /* WAIT_MAIL, WAIT_ANSWER */
    uint64_t id;                       /* WAIT_ANSWER, WAIT_PROGRAM */
    int lock;                          /* WAIT_LOCK */
    const struct predicate *predicate; /* WAIT_HOLDS */
};

enum unwind { UNWIND_NO, UNWIND_TASK, UNWIND_REQUEST };

struct mail {
    struct msg m;
    int64_t at;         /* when it arrives, on the receiver's clock at the earliest */
    uint64_t thing;     /* this one message */
    int sent_by;        /* the event */
    struct mailbox *to; /* where a late one goes */
    int to_node;        /* … and whose that is */
};

struct mailbox {
    struct mail *v[MAIL_MAX]; /* in the cluster's arena */
    int first, count;
    uint64_t in, out; /* things */
};

struct lock {
    const char *name;
    int node, holder;       /* holder: task, -1 free */
    uint64_t take, release; /* things */
};

struct queue {  /* a node's inotify descriptor */
    int handle; /* of the port, -1: none yet; kept from one execution to the next */
    bool used;  /* in this execution */
    bool ready; /* an event is there */
    bool stale; /* … and that may have changed */
    int told;   /* the event that caused the last one taken, for the trace */
    uint64_t in, out, turn, open; /* things */
};

/* What a task did since it polled last: clock.h. */
struct poll {
    struct touch *read; /* what it read, and updated or wrote */
    int count, cap;
    int before;   /* so many of them in the round before */
    bool again;   /* it has to come round once more, whatever others do */
    bool changed; /* others have changed what it read */
    bool wrote;   /* it has written what is not its own */
    bool on;      /* it has polled; */
    bool over;    /* but does not any more */
};

struct task {
    struct cluster *cluster;
    int index; /* also its slot of the gate */
    const char *name;
    enum task_kind kind;
    int node;
    int (*run)(struct task *t);         /* from its start to its end */
    const struct program *program;      /* clients */
    const struct role_task *background; /* nodes' own */
    const struct fault *fault;          /* faults */
    struct world world;
    struct store store;

    bool ended;          /* its program is over: world_ends() */
    bool killed;         /* an actor's program, by a crash: it begins again with its node */
    bool alive, started; /* alive: has work left or waits for some */
    struct point pending;
    struct await wait;  /* what it waits for at its point */
    bool idle;          /* the wait is for background time (world_pause) */
    bool was_due;       /* its last wait's deadline had come, or might have */
    bool timed_out;     /* … and what it waited for had not */
    int rounds;         /* pauses that ended since the clients are done */
    struct mailbox box; /* its own: answers, posts */
    struct arena arena; /* until its node goes down */
    int64_t now;        /* its clock */
    struct poll poll;
    int64_t next_timeout; /* world_timeout, < 0: none */
    int event;            /* the index of its current event, -1 */
    int events;           /* so far */
    int ingested;         /* events given out to its ingest requests */
    int sent;             /* messages */
    struct step at;       /* the step that it is at, of an actor */
    int at_file;          /* what its step is made on, by number; 0: what a name stands for */
    uint64_t told;        /* a hash of all that it was told since its start: state.h */
    uint32_t next_request;
    int failing;            /* the errno that its step fails with, 0 */
    bool tearing;           /* … half way, and the node with it */
    enum trace_fate fate;   /* of its step, for the trace */
    int causes[CAUSES_MAX]; /* … events whose message or inotify events it took */
    int cause_count;
    bool in_request;
    enum unwind unwind;
    int unwind_by; /* who waits for the unwinding: a slot or GATE_CONTROLLER */
    jmp_buf unwind_task, unwind_request;
};

struct node_state {
    struct node node;
    struct arena arena;
    struct mailbox box; /* requests of other nodes */
    struct queue queue;
    bool up, booting; /* booting: somebody restarts it */
    int pauses;       /* that are not over */
    int release;      /* of its next start */
    uint64_t up_thing, paused_thing;
    bool volatile_life; /* it may go down: every step of it depends on it being up */
    bool may_pause;     /* … and this, on it not being paused */
};

struct event {
    int task;
    bool barrier;
    bool in_wait; /* a fault that lies in wait from here on: no matter on which side of a barrier */
    bool looked;  /* polls_look() has seen it */
    bool sure;    /* wherever else it had come, it would have touched just the same */
    struct footprint footprint;
};

enum end {
    END_DONE,     /* all clients finished */
    END_DEADLOCK, /* some wait for ever */
    END_BOUND,    /* POINTS_MAX, or a loop came to its own: c->bound */
    END_CUT,      /* the chooser stopped it */
    END_FAILED,   /* the machine failed us, or the chooser could not follow: c->err */
};

struct fault_state {
    int left;  /* how often it may still happen */
    int seen;  /* how often its point has been done */
    int armed; /* let go, and not yet struck */
};

/* A step that a task was left with: its node went down, or it waits when all is over. It might have
 * been made before. What took the node down, and what kept the task waiting, are two of these. */
struct unmade {
    int task;
    int until;                  /* it could have been made before this event; */
    int gone;                   /* not after this one, that took the node down; -1: all is over */
    bool in_wait;               /* it is to lie in wait for a call or a message */
    struct footprint footprint; /* what may have kept the task from it */
};

struct file_name {
    const char *path; /* the execution's */
    uint64_t hash;
    int file; /* a number, from 1, by when it was first seen: means nothing by itself */
};

/* Of a file: the nth that came to be there; the same in all orders of a class. */
struct file_birth {
    uint64_t path;
    int nth;
    const char *name; /* the path, the execution's */
};

struct file_names { /* which file each name stands for */
    struct file_name *v;
    int count, cap;
    struct file_birth *births; /* by number, from 1 */
    int files, birth_cap;      /* files: the last number that was given out */
    bool found;                /* the last open did not make the file */
    int over;                  /* what the last rename or put took the place of; 0: nothing */
};

struct program_seen { /* an event of the last execution that came to it */
    int task;
    int64_t run;   /* which one */
    uint64_t told; /* the call and what came of it */
    char *text;
};

struct program_file { /* that a program has opened */
    uint64_t inode;
    int file; /* its number: file_names.c */
};

struct programs {
    struct program_file *files; /* of this execution */
    int file_count, file_cap;
    struct tree **trees; /* by node; NULL: it is no program. All NULL: there are none */
    struct program_seen *seen;
    int seen_count, seen_cap;
    int same;                       /* so many picks of this execution are those of the last one */
    int64_t run;                    /* which execution this is */
    char *doubt;                    /* why what is seen is no proof */
    bool ended[SCENARIO_NODES_MAX]; /* programs of this execution that came to their ends */
};

struct known_fact { /* what a node was last known to have of a stream */
    int node;
    uint64_t thing, value;
};

struct watch_mark { /* which node watches which directory */
    int node;
    uint64_t dir;
};

struct cluster {
    struct scenario *scenario;
    struct port *port;
    struct gate *gate;
    struct chooser *chooser;
    struct task *tasks; /* as in the scenario: clients, then each node's own */
    int task_count;
    struct task *clock; /* NULL: there is none; sim/engine/clock.h */
    struct task *host;  /* who does the set-up and the final look; not scheduled */
    struct node_state *nodes;
    struct arena arena; /* of one execution */

    struct event *events;
    int event_count, event_cap;
    int preemptions;   /* steps for which a task was put aside though it could go on */
    int delays;        /* the sum of schedule_delays() of its steps */
    int last_stepped;  /* the task of the last step that was no start, -1 */
    int running;       /* the task that runs, -1: the controller */
    const char *said;  /* the last word of a node that is set up; NULL: none */
    bool silent;       /* set-up and final look: steps are not points */
    bool free_running; /* the gate is open */
    int64_t free_start_ms;
    int64_t base_ms;
    int64_t time_left; /* how often time may pass while somebody could go on; < 0: any number */
    int64_t moments[MOMENTS_MAX]; /* at which a comparison changes, the next one first: clock.h */
    int moment_count;
    bool hurried;     /* while somebody waited for time, others could go on: patient, nobody slow */
    bool held_back;   /* a poll was, that might have done something */
    bool barrier;     /* time has moved since the last event */
    bool barrier_due; /* … since the last one that time matters to: struct event, in_wait */
    bool settling;
    bool telling;       /* tasks keep a hash of what they are told: state.h */
    uint64_t alive;     /* tasks, as bits, so that not each has to be looked at */
    uint64_t starting;  /* of these, the ones that have not begun */
    uint64_t waiting;   /* of these, the ones whose next step needs something first */
    uint64_t quiet_now; /* tasks whose wait for quiet is over */
    struct lock locks[LOCKS_MAX];
    int lock_count;
    struct file_names file_names;
    struct programs programs;
    bool program_links; /* there are symbolic links in the store: a name may stand for any other */
    struct watch_mark watches[WATCHES_MAX];
    int watch_count;
    struct known_fact *facts; /* where polls go by them: clock.h */
    int fact_count, fact_cap;
    uint64_t may_watch;        /* nodes that may ever have one, as bits */
    const char **registers;    /* values, by index in scenario->registers */
    uint64_t *register_things; /* by index, too */
    struct fault_state faults[SCENARIO_FAULTS_MAX];
    int64_t faults_happened[SCENARIO_FAULTS_MAX]; /* how often, over all executions */
    struct port_power *power;                     /* NULL: it does not fail in this scenario */
    const char *asking; /* what may have been on the disk; NULL: nothing to settle */
    int restarts_failed;
    bool looked; /* nobody can go on, and it was let be that way: scheduler.c, last_chance() */
    uint64_t *invariant_things;
    int invariant_thing_count;
    uint64_t inside[SCENARIO_PROPERTIES_MAX]; /* inside.h: who is, as bits, by property */
    uint64_t ever_inside;       /* properties for which somebody was, in any execution */
    uint64_t broken_invariants; /* a bit per scenario property */
    int broken_at[64];          /* the event after which it broke */
    int first_seen[ORDER_PAIRS_MAX], second_seen[ORDER_PAIRS_MAX]; /* order.c */

    enum end end;
    struct unmade *unmade;
    int unmade_count, unmade_cap;
    bool early_events; /* from before the first step: of inotify, tasks at the points of faults */
    const char *deadlock; /* END_DEADLOCK: who waits for whom */
    const char *bound;    /* the loop that came to its bound; NULL: none */
    struct err err;
    struct history history;
    struct trace *trace; /* NULL: nobody reads along */
};

struct cluster *cluster_new(struct scenario *s, struct port *port, struct gate *gate,
                            struct err *err);
void cluster_free(struct cluster *c); /* NULL is allowed */
/* One execution, to c->end. ERR_IO, ERR_INPUT, ERR_DIVERGE: c->end is END_FAILED. */
enum err_code cluster_run(struct cluster *c, struct chooser *chooser, struct err *err);
enum err_code cluster_reset(struct cluster *c, struct err *err);

/* A request to a node that is up, between two steps: it is none itself. Only for requests that
 * look at its memory and at nothing else (REQ_INFO, REQ_LIST). The answer's memory is the arena's.
 */
void cluster_ask(struct cluster *c, int node, const struct request *req, struct response *res,
                 struct arena *arena);

/* --- for the files of this room, and for strategies --- */

/* lookup.c */
int node_index(const struct cluster *c, const char *name); /* -1 */
struct task *task_of(struct world *w);
struct task *task_named(struct cluster *c, const char *name); /* NULL */

/* effect.c: of the current step. */
void task_touch(struct task *t, uint64_t thing, enum touch_mode mode, enum touch_role role);
void task_touch_member(struct task *t, uint64_t set, uint64_t thing, enum touch_mode mode);
/* The trace's line for the current event, with its result. printf-like; cheap when nobody reads. */
void task_told(struct task *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* … and for what it does in its memory afterwards: an aside. */
void task_aside(struct task *t, enum trace_kind kind, const char *object, const char *result);
void task_caused(struct task *t, int event);  /* the current step takes what that event left */
void cluster_look_healthy(struct cluster *c); /* cluster_fail() if the port is not (port_health) */
void cluster_fail(struct cluster *c, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* lookup.c: is it up, and a client of it not over? */
bool node_lives(const struct cluster *c, int node);

/* wait.c */
void task_needs(struct task *t, const struct await *wait); /* sets t->wait */
void task_over(struct task *t);                            /* not alive any more */
bool task_due(const struct task *t);                       /* its deadline has come */
bool task_has(const struct task *t);                       /* what it waits for is there */
bool task_served(const struct task *t);                    /* … or its deadline has come */
const struct task *flock_holder(const struct task *t);     /* of the lock it waits for; NULL */
bool task_ready(const struct task *t);                     /* … and no fault holds it */

/* scheduler.c: who goes on: a task, or GATE_CONTROLLER if the execution is over (c->end says how). */
int schedule_next(struct cluster *c);
/* How many enabled tasks are passed over if that one makes the next step: those that stand before it
 * in the cyclic order that begins with the task of the last step. 0 for one of them, always. After
 * Emmi, Qadeer, Rakamarić, "Delay-bounded scheduling", POPL 2011. */
int schedule_delays(const struct choice *choice, int task);
uint64_t schedule_enabled(const struct cluster *c);
int64_t schedule_earliest(
    const struct cluster *c); /* the next deadline that somebody cares for; -1: none */
/* The task will not make the step that it is at; by: the event that takes its node down, -1. Killed: it
 * will make none. Goes: faults that were about to strike it at its point will not, either. */
void schedule_left(struct cluster *c, const struct task *t, int by);
/* It could have made its step before that event, as `f`, and cannot make the same any more. */
void schedule_missed(struct cluster *c, const struct task *t, int by, const struct footprint *f);
void schedule_goes(struct cluster *c, const struct task *t, int by);
void schedule_killed(struct cluster *c, const struct task *t, int by);

/* task.c: the task that runs says what it is about to do and waits for its turn; returns as an event
 * of its own. In an open gate it returns with the gate entered. task_await: the step needs something
 * first. */
void task_point(struct task *t, int op, const char *object, const char *object2);
void task_await(struct task *t, const struct await *wait, int op, const char *object,
                const char *object2);
void task_acted(
    struct task *t); /* the step's effect on the simulation is done: leaves an open gate */
void task_begin(struct task *t);           /* ready to run from its start */
void task_launch(struct task *t);          /* in an open gate: now */
void task_unwind(struct task *t, int by);  /* ends it where it is; `by` waits for that */
_Noreturn void task_leave(struct task *t); /* by itself: it, or the request that it is at */

/* queues.c */
bool node_watches(const struct cluster *c, int node); /* anything, now */
void queues_note_watch(struct task *t, const struct step *step, const struct step_result *result);
/* After whatever may have put something into a queue, or taken something out. */
void queues_look(struct cluster *c);

/* store_hooks.c */
extern const struct store_hooks task_hooks;
/* store_footprint.c: the footprint of a step on the store, from what came of it. */
void footprint_step(struct task *t, const struct step *step, const struct step_result *result);
/* … of a step that closes all that this store has open, for its task is dead. */
void footprint_drop(struct task *by, const struct store *s);
/* … that ends all the watches of a node. */
void footprint_unwatch(struct task *by, int node);
/* footprint_may.c: the most that a task's step at this point may touch, up to its next point, whatever
 * the state it comes to: at least what footprint_step() and all others ever add for it. Its touches
 * have no role but to race. Known of actors; `everything` of others. */
void footprint_may(struct task *t, const struct point *p, struct footprint *out);
/* … the part of it that is a call of the store. */
void footprint_store_may(struct task *t, const struct point *p, struct footprint *out);
/* … of a task that waits for a predicate: whatever came before the step may have held it up, or made
 * it possible, also before time moved. */
void footprint_await(const struct cluster *c, const struct predicate *p, struct footprint *out);
/* … for the lock of a file. */
void footprint_await_lock(const struct cluster *c, int file, enum port_lock lock,
                          struct footprint *out);
/* The contents of all files that the name may come to stand for, as one. */
uint64_t content_thing(const struct scenario *s, const char *path);
/* file_names.c: the number of the file that the name stands for; a new one if it was not seen yet. */
int file_names_get(struct cluster *c, const char *path);
int file_names_find(const struct cluster *c, const char *path); /* 0: none that was seen */
void file_names_step(struct task *t, const struct step *step);  /* that worked */
/* What stat(2) tells of it, but for its bytes; where there are programs. */
uint64_t file_meta_thing(const struct cluster *c, int file);
bool file_names_needed(const struct scenario *s);
/* access_log.c: for no_lost_update; of steps in the set-up, too */
void access_note(struct task *t, const struct step *step, const struct step_result *result);
/* causality.c: it takes inotify events, "CREATE app, MOVED_TO app/x". */
void cause_note(struct task *t, const char *events);

/* freerun.c: an open gate */
void free_wait(struct task *t); /* in the gate: until something may have changed */
void free_ended(struct task *t);

/* node.c */
int node_boot(struct cluster *c, int node, struct world *w); /* 0 or a negative errno */
void node_down(struct cluster *c, int node, struct task *by);
/* The kernel closes what a dead process had open, which is an event for those who watch: by whose
 * step it dies. */
void node_drop_files(struct task *t, struct task *by);
void node_forget_watches(struct cluster *c, int node);

/* net.c, for messages that are delayed */
void net_take_late(struct task *t, struct mail *out);
void net_deliver(struct task *t, const struct mail *mail);

/* net.c, locks.c: as new */
void mail_reset(struct mailbox *box, uint64_t in, uint64_t out);
bool mail_has_answer(const struct mailbox *box, uint64_t id);
void locks_reset(struct cluster *c, int node); /* node < 0: all */

#endif
