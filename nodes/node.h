/*
 * node: what a node holds in memory from its start until it goes down, and what a role is.
 */
#ifndef NODES_NODE_H
#define NODES_NODE_H

#include "fsstore/store/watch.h"
#include "nodes/role/config.h"
#include "nodes/stream/catalog.h"
#include "nodes/world.h"

struct role;
struct answered;

#define RELEASE_CREATES 5 /* ingestors of older releases know of no querier, and create nothing */

struct node {
    const char *name;
    const struct role *role;
    struct arena
        *arena; /* for what several tasks share; only between world_guard() and world_unguard() */
    struct config config;
    int release; /* of its program, which is the newest version of the configuration it knows */
    struct catalog catalog;
    struct watch_feed feed;          /* queriers that follow inotify */
    const struct answered *answered; /* by nodes that others ask: ask.c */
    int64_t registry_version;        /* up to which it has heard of changes */
    int made; /* incarnations made by this node since it was set up, in memory and across restarts
               */
    int uploads; /* batches numbered */
};

/* A background task of a role: q1/watch. */
struct role_task {
    const char *name;             /* "watch"; "rpc" gets a number and one task per request thread */
    void (*run)(struct world *w); /* does not return */
    bool (*wanted)(const struct settings *s);
};

struct role {
    const char *name;
    int (*start)(struct world *w); /* boot: from the store alone */
    void (*request)(struct world *w, const struct request *req, struct response *res);
    const struct role_task *tasks; /* up to one with name NULL */
    bool serves;                   /* has requests of clients; an actor has file steps instead */
};

const struct role *role_find(const char *name); /* NULL if there is none */
extern const char *const role_names[];          /* NULL-terminated */

bool node_is(const struct world *w, const char *role); /* of this task's node */

extern const struct role role_ingestor, role_querier, role_registry, role_actor;

#endif
