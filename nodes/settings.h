/*
 * settings: what the scenario says of the cluster as a whole. Read-only for nodes. The names are
 * those of the scenario format (docs/scenario-format.md).
 */
#ifndef NODES_SETTINGS_H
#define NODES_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

enum create_scheme {
    CREATE_NAIVE,    /* look, then write */
    CREATE_PROXY,    /* forward to a querier, which decides */
    CREATE_MARKER,   /* an O_EXCL marker in the store decides */
    CREATE_PUSH,     /* only queriers create, and tell the live ingestors: before parseable#825 */
    CREATE_VERIFY,   /* write, read back, and believe it */
    CREATE_REGISTRY, /* a node of its own decides, and keeps a version */
    CREATE_HYBRID,   /* marker or registry decides on the definition, not on the schema */
    CREATE_SCHEMES
};

enum delete_scheme {
    DELETE_PLAIN,     /* list, then delete what was listed */
    DELETE_TOMBSTONE, /* mark the generation as over, then sweep it: generation.h */
    DELETE_SCHEMES
};

enum schema_scheme {
    SCHEMA_OWN,       /* each node has a schema object of its own, and readers merge them */
    SCHEMA_VERSIONED, /* numbered, each published once: schema.h */
    SCHEMA_SCHEMES
};

/* Where accepted events wait for their upload. */
enum staging { STAGING_MEMORY, STAGING_DISK, STAGINGS };

enum lock_level { LOCK_NONE, LOCK_MEMORY, LOCK_MARKER, LOCK_TWO_LEVEL, LOCK_LEVELS };

/* How something is written of which there has to be one for all. */
enum decide {
    DECIDE_PUT,       /* look, then put: the last one stands */
    DECIDE_EXCLUSIVE, /* O_EXCL, then write: the first one stands, and may be empty for a while */
    DECIDE_PUBLISH,   /* a whole file moved into place, unless there is one: the first one stands */
    DECIDES
};

struct settings {
    enum create_scheme create;
    bool old_ingestors;        /* some start with a release that cannot create: node.h */
    enum create_scheme hybrid; /* by which it decides: CREATE_MARKER, CREATE_REGISTRY */
    const char *registry;      /* the node; NULL: none */
    enum lock_level lock;
    bool lock_global; /* one lock for all streams, not one for each */
    enum delete_scheme delete;
    enum staging staging;
    enum schema_scheme schema;
    struct {
        bool notify;       /* queriers follow inotify */
        bool load;         /* look in the store for what memory does not have or may have stale */
        int64_t scan_ms;   /* 0: never */
        int64_t gossip_ms; /* 0: never */
    } sync;
    struct {
        int64_t latency_ms, timeout_ms;
        int retries;
    } net;
    struct {
        bool wait; /* for each ingestor's answer, before the next one is told */
    } push;
    struct {
        bool exists_is_error; /* as shipped in #980: the loser of a race gets an error, not the
                                 record */
        bool request_ids;     /* a retry is known to be one */
        bool refuse_self;     /* no node starts that would forward to itself */
        bool metadata;        /* what is forwarded has the schema with it */
    } proxy;
    struct {
        bool kept; /* the store knows of the deployment: else nodes have only their own files */
        enum decide decide;
    } deployment;
    struct {
        int64_t lease_ms, poll_ms;
        bool fenced; /* a holder that is not the holder any more cannot replace what its successor
                        wrote */
        bool succeed_empty; /* a marker that stays empty for a lease is of a dead one */
    } marker;
};

static inline bool has_registry(const struct settings *s)
{
    return (s->create == CREATE_HYBRID ? s->hybrid : s->create) == CREATE_REGISTRY;
}

static inline bool lock_in_memory(const struct settings *s)
{
    return s->lock == LOCK_MEMORY || s->lock == LOCK_TWO_LEVEL;
}

static inline bool lock_in_store(const struct settings *s)
{
    return s->lock == LOCK_MARKER || s->lock == LOCK_TWO_LEVEL;
}

static inline bool makes_markers(const struct settings *s)
{
    return s->create == CREATE_MARKER || (s->create == CREATE_HYBRID && !has_registry(s)) ||
           (s->create == CREATE_PROXY && lock_in_store(s));
}

static inline bool ingestors_are_told(const struct settings *s)
{
    return s->create == CREATE_PUSH || s->old_ingestors;
}

#endif
