/*
 * model_diff_play: a sequence of calls, and one port that it is played on. Part of model_diff.
 */
#ifndef TESTS_MODEL_DIFF_PLAY_H
#define TESTS_MODEL_DIFF_PLAY_H

#include "base/mem.h"
#include "base/strbuf.h"
#include "fsstore/port/port.h"

#define CALLS_MAX 60
#define SLOTS     3
#define QUEUES    2
#define FLOOD     8200 /* makes and removes a directory so often: more events than a queue takes */

enum op {
    OP_OPEN,
    OP_READ,
    OP_WRITE,
    OP_FSYNC,
    OP_CLOSE,
    OP_PUT, /* open, write, close */
    OP_STAT,
    OP_LOOK, /* at a handle, or a path */
    OP_SEEK,
    OP_TRUNCATE,
    OP_LOCK,
    OP_RENAME,
    OP_LINK,
    OP_UNLINK,
    OP_MKDIR,
    OP_RMDIR,
    OP_LIST,
    OP_WATCH_ADD,
    OP_WATCH_READY,
    OP_WATCH_READ,
    OP_WATCH_CLEAR,
    OP_FLOOD,
    OP_MARK,
    OP_RESET,
    OPS
};

#define SIZES        5
#define PATHS        20
#define COMMON_PATHS 11 /* the first ones are asked for more often */
#define ROOT_PATH    11

struct call {
    enum op op;
    int path, path2; /* of paths */
    int slot;        /* a handle, or a queue */
    int n;           /* how to open; which size; how many events; no replacing; which lock */
};

struct sequence {
    struct call v[CALLS_MAX];
    int count;
};

/* A port, the handles that a sequence has open on it, and what the calls answered. */
struct player {
    struct port *port;
    int slots[SLOTS], queues[QUEUES];
    bool is_root[SLOTS]; /* the handle is on the root, whose lock fsrace has */
    const struct sequence *sequence;
    int marked; /* calls before the mark; -1: there is none */
    struct arena arena;
    struct strbuf answers[CALLS_MAX + 1]; /* and of the last look */
};

#define OPENS 10 /* ways to open */
extern const enum port_open open_hows[OPENS];
extern const char *const op_names[OPS], *const paths[PATHS];
extern const size_t sizes[SIZES];

void player_init(struct player *p, struct port *port, bool watches); /* the port is the player's */
void player_release(struct player *p);
/* Plays the sequence, looks at what is left, and clears the port for the next one. */
void play_all(struct player *p, const struct sequence *s);

/* How many different answers calls have given, of all that were ever played. */
int kinds_of_answers(void);

#endif
