/*
 * session: searches of scenario variants on a real directory, in memory, or both. A session has the
 * gate for all of them.
 */
#ifndef SIM_EXPLORE_SEARCH_SESSION_H
#define SIM_EXPLORE_SEARCH_SESSION_H

#include "sim/explore/search/search.h"

enum backend {
    BACKEND_BEST, /* searches on the model, and repeats on the directory; one order on the latter */
    BACKEND_DIR,
    BACKEND_MODEL,
    BACKEND_BOTH,
};

struct session_options {
    const char *dir; /* where work directories are made; NULL: in memory, if there is some */
    bool keep;       /* … and left */
    enum backend backend;
    int64_t sample; /* BACKEND_BOTH: one execution in so many; 0: all */
    bool threads;   /* a thread for each task */
};

struct session {
    struct gate *gate;
    const char *parent; /* where work directories are made */
    bool keep;
    enum backend backend;
    int64_t sample; /* BACKEND_BOTH: one execution in so many */
    bool open_gate;
};

void session_init(struct session *s, const struct session_options *o, bool open_gate);
void session_release(struct session *s);
/* A search on ports of its own. NULL and err. */
struct search *session_search(struct session *s, struct scenario *sc,
                              const struct search_options *options, struct err *err);
void session_done(struct session *s, struct search *search); /* and its ports; NULL is allowed */

#endif
