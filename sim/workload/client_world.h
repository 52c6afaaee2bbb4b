/*
 * client_world: what a client may do to the world beyond what a node may (nodes/world.h).
 * Implemented by sim/engine/.
 */
#ifndef SIM_WORKLOAD_CLIENT_WORLD_H
#define SIM_WORKLOAD_CLIENT_WORLD_H

#include "nodes/role/request.h"
#include "nodes/world.h"
#include "sim/workload/predicate.h"

/* A client's request to its node, "client.ingest app": gives the events their ids, calls the role,
 * and answers ST_UNKNOWN if the node is down or goes down meanwhile. (point) */
void world_serve(struct world *w, const struct request *req, struct response *res);
void world_await_quiet(
    struct world *w); /* (point) nothing left to do anywhere but background time */

/* Until the predicate holds: 0, or -ETIMEDOUT; timeout_ms < 0: as long as it takes. (point) */
int world_await_holds(struct world *w, const struct predicate *p, int64_t timeout_ms);

/* Registers of this client, and of any ("A.got"): NULL if never set. */
void world_set(struct world *w, const char *name, const char *value);
const char *world_get(struct world *w, const char *ref);
/* Does the node's process live: it is up, and a program of it has not ended? (point) */
bool world_lives(struct world *w, const char *node);
void world_ends(
    struct world *w); /* the client's program is over, with the step that it made last */
/* Which file the name stands for, or is open by that name: its birth, "f#2". NULL: none. */
const char *world_ino(struct world *w, const char *path);
const char *world_fd_ino(struct world *w, const char *fd);
/* A loop has come to its bound: what comes of this execution is not known. Its program has to end. */
void world_bound(struct world *w, const char *what);
/* The scenario asks for what cannot be: the run ends with an error. */
void world_wrong(struct world *w, const char *what);
void world_note(struct world *w, const char *text); /* (point) a line in the trace */

/* Node life, asked for by its own client. (points) */
void world_stop_node(struct world *w);
/* release: of the program that starts then; 0: as before */
enum status world_restart_node(struct world *w, int release);

#endif
