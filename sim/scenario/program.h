/*
 * program: what a node of the role "program" runs, and what is copied into the store for it.
 *
 *     "nodes": {"A": {"role": "program", "run": ["sh", "lock.sh"], "env": {"LANG": "C"}}},
 *     "init":  [ {"copy": "lock.sh"} ]
 *
 * A program is somebody's code, so nothing is run because a file was read: whoever runs a scenario
 * asks scenario_programs() first. The memory is the scenario's.
 */
#ifndef SIM_SCENARIO_PROGRAM_H
#define SIM_SCENARIO_PROGRAM_H

#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

#define PROGRAM_ARGS_MAX  256
#define PROGRAM_BYTES_MAX 65536 /* of all arguments; of all of env; of input */
#define PROGRAM_PAIRS_MAX 64    /* of env, of mount */

enum program_clock { PROGRAM_CLOCK_VIRTUAL, PROGRAM_CLOCK_REAL };

struct program_pair {
    const char *name, *value;
};

struct program_spec {
    const char **argv; /* argc of them, and a NULL; one text is {"sh", "-c", TEXT} */
    int argc;
    struct program_pair *env; /* on top of what every program has */
    int env_count;
    const char *cwd;   /* a directory of the store, "" its root */
    const char *input; /* what it reads on its standard input; NULL: nothing */
    enum program_clock clock;
    struct program_pair *mounts; /* an absolute path, and what of the store is seen there */
    int mount_count;
    const char *exit, *out, *errors; /* its registers, "A.exit" … */
};

/* What "init" copies into the store, read when the scenario was: a directory, or a file. */
struct program_copy {
    const char *path; /* in the store */
    const char *data; /* NULL: a directory */
    size_t len;
    bool executable;
};

/* As one would type it: "LANG=C sh lock.sh". */
void program_spec_print(const struct program_spec *p, struct strbuf *out);

#endif
