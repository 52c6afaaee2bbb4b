/*
 * builtin: the properties that fsrace knows by itself, as data: the loader goes by this table, and
 * sim/check/ has a judge for each row.
 */
#ifndef SIM_SCENARIO_BUILTIN_H
#define SIM_SCENARIO_BUILTIN_H

/* X(name, traits), in the order of reports. */
#define BUILTIN_PROPERTIES(X)                                                                      \
    X(one_creator, OF_SERVICES | LASTING)                                                          \
    X(one_definition, OF_SERVICES)                                                                 \
    X(no_lost_events, OF_SERVICES)                                                                 \
    X(no_lost_update, IF_ASKED | LASTING | BY_ACCESSES)                                            \
    X(converged, OF_SERVICES)                                                                      \
    X(monotonic_versions, OF_SERVICES | OF_VERSIONS)                                               \
    X(no_ghost, OF_SERVICES)                                                                       \
    X(no_torn_read, OF_POSIX | LASTING)                                                            \
    X(linearizable, OF_SERVICES | IF_ASKED | BY_REAL_TIME)                                         \
    X(no_stuck_marker, OF_SERVICES | OF_MARKERS)                                                   \
    X(no_deadlock, 0)                                                                              \
    X(restarts, OF_SERVICES | OF_RESTARTS)                                                         \
    X(no_unauthorized, OF_SERVICES | IF_ASKED)

enum property_trait {
    OF_SERVICES = 1 << 0, /* is about ingestors and queriers */
    OF_POSIX = 1 << 1,    /* can only fail under posix semantics */
    OF_RESTARTS = 1 << 2, /* … where a node is restarted */
    OF_MARKERS = 1 << 3,  /* … where nodes make markers */
    OF_VERSIONS = 1 << 4, /* … where schemas have versions */
    IF_ASKED = 1 << 5,    /* is judged only where a scenario expects it: most have no use for it, or
                            * it costs orders */
    LASTING = 1 << 6,     /* can be judged after any step, from the history alone: once broken, for
                            * good */
    BY_ACCESSES = 1 << 7, /* who reads and writes what is noted for it */
    BY_REAL_TIME = 1 << 8, /* … which call ended before which began */
};

struct builtin_property {
    const char *name;
    unsigned traits;
};

extern const struct builtin_property builtin_properties[];         /* up to one without a name */
const struct builtin_property *builtin_property(const char *name); /* NULL if there is none */

#endif
