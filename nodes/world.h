/*
 * world: all that a node may do to the world. One `struct world` is one task of one node.
 *
 * Calls marked (point) may keep the task waiting while others run, or never return (the node went
 * down and the task is unwound). What is written between two points happens at once, as far as
 * others can see. So:
 *   - no heap memory across a point: use w->arena (it lives until the node goes down), and
 *     w->self->arena for what tasks share;
 *   - node memory that several tasks share is touched between world_guard() and world_unguard(),
 *     with no point inside, and world_remember()/world_recall() say which fact it was: exploration
 *     swaps such steps.
 *
 * Nodes use nothing else of the machine: no libc I/O, clock, thread or randomness. Implemented by
 * sim/engine/. What clients may do beyond that is in sim/workload/client_world.h.
 */
#ifndef NODES_WORLD_H
#define NODES_WORLD_H

#include "fsstore/store/store.h"
#include "nodes/settings.h"

struct msg;
struct node;
struct record;

struct world {
    struct store *store; /* every step is a (point) */
    struct arena *arena; /* this task's, until its node goes down */
    const struct settings *settings;
    const char *node, *task;
    struct node *self; /* the node's memory */
};

/* The node's own clock, in ms. Clocks of different nodes never agree to the millisecond. */
int64_t world_now(struct world *w);
/* Times are compared by asking; nobody subtracts. A moment is on the node's clock: the one in so many ms,
 * of which somebody will ask whether it has come; and one that was written down, of which others will. */
int64_t world_in(struct world *w, int64_t ms);
void world_expect(struct world *w, int64_t moment_ms);
bool world_passed(struct world *w, int64_t moment_ms);
void world_sleep(struct world *w, int64_t ms); /* (point) clock.sleep */
void world_poll(struct world *w,
                int64_t ms); /* (point) the same, to look again at the same things */
void world_pause(struct world *w,
                 int64_t ms); /* (point) the same, for background work: nobody waits for it */

/* A mutex in the node's memory, by name. Not recursive. */
void world_lock(struct world *w, const char *name);   /* (point) lock.take */
void world_unlock(struct world *w, const char *name); /* (point) lock.release */

/* To a node's request queue. 0, or -ECONNREFUSED if it is down: then it did not get there. */
int world_send(struct world *w, const char *node, const struct msg *m); /* (point) net.send */
/* The next message of this node's request queue; waits. */
void world_receive(struct world *w, struct msg *out); /* (point) net.receive */
/* To the task that sent the request. A task that is gone does not get it. */
void world_answer(struct world *w, const struct msg *request,
                  const struct msg *answer); /* (point) net.answer */
/* The answer to request `id`, waiting at most timeout_ms: 0 or -ETIMEDOUT. Older answers are
 * dropped. */
int world_await_answer(struct world *w, uint64_t id, int64_t timeout_ms,
                       struct msg *out); /* (point) net.await */
uint64_t world_request_id(struct world *w);
/* To another task of this node, "upload"; and the wait for it. Background: no client waits. */
void world_post(struct world *w, const char *task, const struct msg *m);
void world_take(struct world *w, struct msg *out); /* (point) task.take */
/* The names of the other nodes of a role that are up now, NULL-terminated. */
const char *const *world_peers(struct world *w, const char *role);

/* This task's inotify queue, new at the first call. watch.h does the rest. */
int world_queue(struct world *w);
/* The next watch_next() of this task waits at most that long, and then finds nothing: -EAGAIN. */
void world_timeout(struct world *w, int64_t ms);

/* A place in a role's code that scripts and faults may name, "ingestor.after-claim". (point) */
void world_mark(struct world *w, const char *name);

/* The node's memory. */
void world_guard(struct world *w);
void world_unguard(struct world *w);
void world_recall(struct world *w, const char *key, const char *found);  /* looked up */
void world_remember(struct world *w, const char *key, const char *what); /* changed */

/* What the checkers go by: a creation that this node takes for successful, the first of its
 * incarnation. */
void world_created(struct world *w, const struct record *r);

/* … and a deletion. */
void world_deleted(struct world *w, const struct record *r);
/* … and what the node has in its memory of a stream from now on. In the guard. */
void world_knows(struct world *w, const struct record *r);

void world_log(struct world *w, const char *text); /* a line in the trace, and no step */

#endif
