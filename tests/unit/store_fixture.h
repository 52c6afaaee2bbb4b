/*
 * store_fixture: a real directory, a store on it, and a record of the steps that were announced;
 * for the suites of fsstore.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "base/strbuf.h"
#include "fsstore/store/store.h"

struct fix {
    struct port *port;
    const struct port_calls *calls; /* the port's, whatever a test has put in their place */
    struct arena arena;
    struct store store;
    struct strbuf log;
    int inside; /* steps begun and not ended */
};

void fix_open(struct fix *f, enum store_semantics semantics);
void fix_close(struct fix *f);

/* Another task on the same port that records into the same log. */
struct store fix_task(struct fix *f, const char *tmp);

/* "fs.open a; fs.rename .tmp/t a/b ENOENT": the steps since it was last asked. In the arena. */
const char *fix_log(struct fix *f);

/* "CREATE d/, MOVED_TO d/x": reads up to max events, "EAGAIN" if there are none. In the arena. */
const char *fix_events(struct fix *f, int queue, int max);

/* All there is in the directory, looked at without the port: kinds, links, contents. In the arena.
 */
const char *fix_tree(struct fix *f);

/* With the port's bare calls: no steps. They return what the call that failed returned, or 0. */
int fix_write(struct fix *f, const char *path, enum port_open how, const char *data);
const char *fix_read(struct fix *f, const char *path); /* NULL if it cannot be read */

/* The absolute path of one in the directory. In the arena. */
const char *fix_path(struct fix *f, const char *path);

/* How many events the kernel keeps in a queue, or 0 if those are too many for a test. */
#define FIX_QUEUE_LIMIT 200000
int fix_queue_limit(void);
void fix_flood(struct fix *f, const char *dir, int times); /* two events each time */
bool fix_overflow(struct fix *f); /* of a queue that watches the root; false: there can be none */

const char *fix_parent(void); /* where test directories are made */

#endif
