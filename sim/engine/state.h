/*
 * state: all that what is still to come of an execution can depend on, as numbers. For searches that go on only once from
 * each state (sim/explore/strategy/control.h).
 *
 * Two executions of one scenario that are in one state, and go on with the same picks, end alike: same steps, same verdicts,
 * same outcome. So a state has to hold
 *   - the store by content, with what is held open, and queues with their events (port_state);
 *   - time, each task's clock, and what it waits for;
 *   - registers, locks, mailboxes by value, nodes' memory by value, faults left, seen and armed, pairs in order;
 *   - of each task, where it is and what it has in its hands. That is a function of its program and of all that it was told:
 *     of each step's result, each fact that it looked up, each look at a clock. So tasks keep a hash of that, while
 *     c->telling;
 *   - what properties will ask of the history, as sets where no order is asked for.
 * Numbers of descriptors and watches, the order in which files were made, arenas, and how many steps were made are not in it.
 *
 * The parts are told apart so that, where one and the same step has led from one state to two, it can be said in what they
 * differ: what is missing in the state is of that kind, or was told to a task and not noted.
 */
#ifndef SIM_ENGINE_STATE_H
#define SIM_ENGINE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;
struct msg;
struct step;
struct step_result;
struct task;

#define STATE_PARTS(X)                                                                             \
    X(TIME, "time")                                                                                \
    X(CLOCKS, "clocks")                                                                            \
    X(WAITS, "what tasks wait for")                                                                \
    X(TOLD, "what tasks were told")                                                                \
    X(FILES, "the files")                                                                          \
    X(EVENTS, "inotify events")                                                                    \
    X(REGISTERS, "registers")                                                                      \
    X(LOCKS, "locks")                                                                              \
    X(MAIL, "mailboxes")                                                                           \
    X(NODES, "nodes")                                                                              \
    X(MEMORY, "nodes' memory")                                                                     \
    X(FAULTS, "faults")                                                                            \
    X(HISTORY, "the history")

enum state_part {
#define STATE_PART(name, text) STATE_##name,
    STATE_PARTS(STATE_PART)
#undef STATE_PART
        STATE_PART_COUNT
};

struct state {
    uint64_t part[STATE_PART_COUNT];
};

/* Can this execution's states be told? Not on a directory, and not where power is lost: what is on the disk is not looked at. */
bool state_known(const struct cluster *c);
void state_take(struct cluster *c, struct state *out); /* at a choice, or at the end */
uint64_t state_hash(const struct state *s);
const char *state_part_name(int part);

/* The task that runs was told this; of its step; a message by value. All but the last do nothing unless c->telling. */
void state_tell(struct task *t, uint64_t what);
void state_tell_text(struct task *t, const char *text); /* NULL is not "" */
void state_tell_step(struct task *t, const struct step *step, const struct step_result *result);
void state_tell_msg(struct task *t, const struct msg *m);

#endif
