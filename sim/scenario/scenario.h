/*
 * scenario: one variant of a scenario file, validated and ready to run. docs/scenario-format.md
 * describes the file.
 *
 *     struct scenario_file *f = scenario_load("scenarios/dup-create.json", &err);
 *     for (int i = 0; i < f->variant_count; i++) {
 *         struct scenario *s = scenario_variant(f, i, &err);
 *         // …
 *         scenario_free(s);
 *     }
 *     scenario_file_free(f);
 *
 * Errors are ERR_INPUT with file, line, column, what was found and what was meant. A struct
 * scenario owns all it points to.
 */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include "base/json.h"
#include "nodes/stream/node.h"
#include "sim/scenario/program.h"
#include "sim/workload/program.h"

#define SCENARIO_VARIANTS_MAX  10000
#define SCENARIO_REGISTERS_MAX 4096
#define SCENARIO_NODES_MAX     16
#define SCENARIO_TASKS_MAX     60
#define SCENARIO_FAULTS_MAX    16
#define ORDER_PAIRS_MAX        32
#define ORDER_BOUND_MAX        1000
#define PCT_DEPTH              3 /* if none is given */
#define PCT_DEPTH_MAX          16
#define SCENARIO_SCAN_MS       1000
#define SCENARIO_LATENCY_MS    1
#define SCENARIO_TIMEOUT_MS    3000
#define SCENARIO_RETRIES       2
#define SCENARIO_LEASE_MS      10000
#define SCENARIO_POLL_MS       10
#define SCENARIO_DEPLOYMENT    "d1"

struct scenario_node {
    const char *name;
    const struct role *role;
    const char *config;       /* its .parseable.json, JSON text; NULL for actors and programs */
    struct program_spec *run; /* of a program, else NULL */
    int threads;
    int release;
    bool starts_up;
    int64_t clients; /* with one program: so many nodes come of it, "A.1", "A.2" */
};

enum fault_kind {
    FAULT_CRASH,
    FAULT_PAUSE,
    FAULT_CUT,
    FAULT_DROP,
    FAULT_DUPLICATE,
    FAULT_DELAY,
    FAULT_FAIL,
    FAULT_TORN,
    FAULT_POWER_LOSS,
    FAULT_OVERFLOW,
    FAULT_SKEW,
    FAULT_SLOW,
};

struct fault {
    enum fault_kind kind;
    int node;          /* crash, pause, overflow, skew, slow; else -1: any */
    const char *point; /* where; NULL with `anywhere` */
    int nth;
    bool anywhere;      /* wherever exploration chooses, or not at all */
    int times;          /* at most */
    int from, to;       /* messages: -1 any; cut: both ways */
    int message;        /* an enum msg_kind */
    int64_t ms;         /* pause, delay, skew: how long; pause: < 0 of any length */
    int64_t restart_ms; /* crash: < 0 never */
    int64_t from_ms, to_ms;
    int error; /* fail: a negative errno */
    int task;  /* the index of its task, if it has one */
    int line, column;
};

/* A task of the cluster: a client's, a node's own, or a fault that chooses its time. */
struct scenario_task {
    const char *name; /* "i1", "i1#2", "q1/watch", "q1/rpc1" */
    int node;
    const struct program *program;      /* of a client, else NULL */
    const struct program_spec *run;     /* of a program, else NULL */
    const struct role_task *background; /* of a node's own, else NULL */
    const struct fault *fault;          /* of a fault, else NULL; none of the four: the clock's */
};

/* How time passes: sim/engine/clock.h. */
struct time_rule {
    bool free; /* anybody may be slow for any length; else nobody, but whom a fault makes so */
    int64_t at_most; /* free: so often time passes while somebody could go on; < 0: any number */
    bool kept;       /* free: one clock is kept, for times are compared, or counted */
    bool slow;       /* not free: a fault makes somebody slow for as long as it takes */
};

enum order_kind { ORDER_ALL, ORDER_SAMPLE, ORDER_SCRIPT };
enum sampler { SAMPLE_RANDOM, SAMPLE_PCT, SAMPLE_POS };

/* {"run": TASK, "until" | "through": POINT}, {"no_fault": true} */
struct order_step {
    bool no_fault; /* nobody can go on, and no fault comes of those that might: none of the rest */
    const char *task;
    const char *point; /* a glob; NULL: until it ends or blocks */
    int nth;           /* its n-th time in this task, counted from the start of the execution */
    bool through;
    int line, column; /* where it is written; 0 where it is not from a file */
};

/* {"before": [[FIRST, SECOND]]} */
struct order_end {
    const char *task, *point;
    int nth;
};

struct order_pair {
    struct order_end first, second;
    int line, column;
};

struct order {
    enum order_kind kind; /* of what comes after the steps */
    enum sampler sampler; /* sample */
    int64_t runs;
    uint64_t seed;
    int depth;   /* pct */
    bool within; /* all: at most `bound` preemptions, or delays */
    bool delays;
    int bound;
    bool
        search_if_lost; /* a script whose point is not reached: every order from before that step */
    struct order_step *steps;
    int step_count;
    struct order_pair *pairs;
    int pair_count;
};

enum holds { HOLDS_ALWAYS, HOLDS_SOMETIMES, HOLDS_NEVER, HOLDS_UNNAMED };

struct inside {
    const char *from, *to; /* globs of points */
    int at_most;
};

#define SCENARIO_PROPERTIES_MAX 32

struct scenario_property { /* of the file's "properties" */
    const char *name;
    bool invariant;              /* else finally */
    const struct inside *inside; /* an invariant that is no predicate, else NULL */
    struct predicate predicate;
};

struct scenario_expect {
    const char *property;
    enum holds holds;
    int line, column;
};

struct scenario {
    struct arena arena;
    const char *file, *name, *title, *variant;
    const char *doc;      /* "" if there is none */
    const char **sources; /* NULL-terminated */
    uint64_t hash;        /* of the file's text and the variant's name */
    struct settings settings;
    enum store_semantics semantics;
    struct scenario_node nodes[SCENARIO_NODES_MAX];
    int node_count;
    struct scenario_task
        tasks[SCENARIO_TASKS_MAX]; /* the clients first, as in the file, then the nodes' */
    int task_count;
    struct fault faults[SCENARIO_FAULTS_MAX];
    int fault_count;
    const char *deployment; /* what the store's .parseable.json is at the start; NULL: there is none
                             */
    struct program init;
    struct program_copy *copies; /* are in the store before that */
    int copy_count;
    struct order order;
    struct time_rule time;
    struct scenario_property *properties;
    int property_count;
    struct scenario_expect *expects;
    int expect_count;
    /* Every "as", "A.got"; and behind them those that only another variant has, which are never set.
     * NULL-terminated. */
    const char **registers;
    int register_count, registers_known; /* its own; all */
    const char **aliases; /* PATH, NAME: renamed or linked paths, and one name for all that may be
                             one file */
    bool steady;          /* all files are in the top directory, and none goes or is moved */
    bool by_file; /* names are moved, linked or removed: contents are told apart by their file */
    bool sure;    /* each step touches the same wherever it comes */
    bool one_content;    /* directories are renamed: any file may be any other */
    bool real_time;      /* which call ended before which began is asked for: linearizable */
    bool keeps_files;    /* … open over several steps */
    bool ups_seen;       /* somebody asks whether a node's process lives */
    bool links_seen;     /* somebody asks how many names a file has */
    bool inos_seen;      /* … or which file it is */
    bool bounded_loops;  /* of whose bound nothing is said but that it is one */
    bool computed_paths; /* some have registers in them */
    bool uncontained;    /* … and they may do to the machine what fsrace may */
    bool has_programs;   /* so that all that is known of steps beforehand is not known here */
    bool has_actors, has_services, has_invariants, has_inside, watches, restarts, power_loss;
    bool waits;    /* somebody may be left waiting: else no order hangs */
    bool accesses; /* who reads and writes what is to be noted */
};

struct names { /* NULL-terminated if there is one */
    const char **v;
    int count, cap;
};

struct scenario_file {
    struct arena arena;
    struct json_doc *doc;
    const char *path;
    const char **variants; /* names */
    int variant_count;
    struct names registers; /* of all variants */
    uint64_t hash;          /* of the text */
};

struct scenario_file *scenario_load(const char *path, struct err *err);
/* The same of a text, which messages call `path`. */
struct scenario_file *scenario_read(const char *path, const char *text, size_t len,
                                    struct err *err);
void scenario_file_free(struct scenario_file *f); /* NULL is allowed */
/* NULL and err: it is not a scenario. */
struct scenario *scenario_variant(const struct scenario_file *f, int index, struct err *err);
void scenario_free(struct scenario *s); /* NULL is allowed */
int scenario_variant_index(const struct scenario_file *f, const char *name,
                           struct err *err); /* -1 */

/* An order written as JSON on the command line. Memory is the scenario's. */
enum err_code scenario_order(struct scenario *s, const char *name, const char *text,
                             struct err *err);

/* What it would run on this machine, a line for each node, "  A: sh lock.sh"; false: nothing. */
bool scenario_programs(const struct scenario *s, struct strbuf *out);

/* Is the file there before anything starts, and stays? */
bool scenario_always_has(const struct scenario *s, const char *path);
bool scenario_seed(const char *text, uint64_t *out); /* "0x2a", "42" */

const char *holds_name(enum holds h);     /* "always"; "-" of HOLDS_UNNAMED */
extern const char *const sampler_names[]; /* NULL-terminated, by enum sampler */

/* The index of a register, -1 if there is none. Fast for a name that is the scenario's own. */
int scenario_register(const struct scenario *s, const char *name);

#endif
