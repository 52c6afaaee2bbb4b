/*
 * node: what a node holds in memory from its start until it goes down, and what a role is.
 */
#ifndef NODES_STREAM_NODE_H
#define NODES_STREAM_NODE_H

#include "fsstore/store/watch.h"
#include "nodes/stream/catalog.h"
#include "nodes/world.h"

struct role;
struct answered;
struct request;
struct response;

#define RELEASE_CREATES 5 /* ingestors of older releases know of no querier, and create nothing */

/* What its .parseable.json says of the deployment and of the queriers that decide: config.h. */
#define CONFIG_ENDPOINTS_MAX 8

struct config {
    char deployment[NAME_MAX_BYTES]; /* its id; "" if the file names none */
    char endpoints[CONFIG_ENDPOINTS_MAX]
                  [NAME_MAX_BYTES]; /* of the queriers that decide, in the order to try them */
    int endpoint_count;
    char token[NAME_MAX_BYTES];
};

static inline const char *config_endpoint(const struct config *c,
                                          int i) /* "" if there are not so many */
{
    return i < c->endpoint_count ? c->endpoints[i] : "";
}

struct node {
    const char *name;
    const struct role *role;
    struct arena
        *arena; /* for what several tasks share; only between world_guard() and world_unguard() */
    struct config config;
    int release; /* of its program, which is the newest version of the configuration it knows */
    struct catalog catalog;
    struct watch_feed feed;          /* queriers that follow inotify */
    const struct answered *answered; /* by nodes that others ask: serve.c */
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

bool node_is(const struct world *w, const char *role); /* of this task's node */

#endif
