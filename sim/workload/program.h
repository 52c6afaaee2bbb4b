/*
 * program: what one client does, as a tree of steps. The scenario loader makes it, client.c runs
 * it.
 */
#ifndef SIM_WORKLOAD_PROGRAM_H
#define SIM_WORKLOAD_PROGRAM_H

#include "fsstore/port/port.h"
#include "nodes/role/request.h"
#include "sim/workload/predicate.h"
#include "sim/workload/template.h"

enum act_kind {
    /* file steps, of actors */
    ACT_STAT,
    ACT_CREATE_EXCL,
    ACT_READ,
    ACT_WRITE,
    ACT_APPEND,
    ACT_PUT,
    ACT_RENAME,
    ACT_RENAME_NOREPLACE,
    ACT_LINK,
    ACT_UNLINK,
    ACT_MKDIR,
    ACT_RMDIR,
    ACT_LIST,
    ACT_FSYNC,
    ACT_OPEN,
    ACT_WATCH, /* the last one that has a path */
    ACT_NEXT_EVENT,
    ACT_READ_FD, /* of an open file */
    ACT_WRITE_FD,
    ACT_SEEK_FD,
    ACT_TRUNCATE_FD,
    ACT_FSYNC_FD,
    ACT_CLOSE,
    ACT_FLOCK,
    ACT_UNLOCK,
    ACT_STAT_FD,
    /* of nodes that serve */
    ACT_REQUEST,
    ACT_RESTART,
    ACT_STOP_NODE,
    /* of all */
    ACT_SLEEP,
    ACT_AWAIT_QUIET,
    ACT_AWAIT, /* `test` to hold */
    ACT_NOTE,
    ACT_IF,
    ACT_REPEAT,
    ACT_STOP,  /* the client's program ends */
    ACT_BREAK, /* the loop around it does */
    ACT_WHILE,
    ACT_UNTIL,
    ACT_SET,
    ACT_KINDS
};

struct program {
    struct act *v;
    int count;
};

/* Of the texts of a file step, those with registers in them. */
enum act_part { PART_PATH, PART_PATH2, PART_DATA, PARTS };

enum want_kind { WANT_TYPE, WANT_INO, WANT_SIZE, WANT_NLINK };

struct act {
    enum act_kind kind;
    const char *fd; /* the open file's name */
    enum port_open how;
    enum port_lock lock;
    bool waits;
    int64_t bytes; /* to read (< 0: to the end), or where to go to, or how long it is to be */
    enum want_kind want;
    const char *path, *path2;            /* file steps; the text of a note */
    const char *data;                    /* what to write, or to set; NULL: nothing */
    const struct template *parts[PARTS]; /* NULL: the text is as it stands above */
    const char *as;                      /* the register, "A.got"; NULL: none */
    const struct predicate *when;        /* NULL: always */
    const struct predicate *test;        /* while, until, await */
    int64_t ms;                          /* sleep; next_event's and await's time-out, < 0: none */
    int64_t times;                       /* repeat; while and until: at most */
    int64_t add;                         /* set */
    bool gives_up;   /* while, until: after that it goes on behind the loop, and all is well */
    int64_t release; /* restart: the program that starts then; 0: as before */
    struct request request;
    struct program then, otherwise; /* if; loops use `then` */
};

/* Runs a client's program to its end. Does not return if the node is unwound for good. */
struct world;
void client_run(struct world *w, const struct program *program);

/* Runs one file step: 0 and its data (in the arena, never NULL), or a negative errno. */
int actor_step(struct world *w, const struct act *act, const char **data);

#endif
