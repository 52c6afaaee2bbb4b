/*
 * machine: what a machine has to allow, so that programs can be run under the gate; tried, not guessed,
 * each in a process of its own that is gone afterwards.
 *
 *     struct machine_finding f;
 *
 *     for (int i = 0; machine_look(i, dir, &f); i++)
 *         show(f.name, f.state, f.says);
 */
#ifndef SIM_PROGRAM_MACHINE_H
#define SIM_PROGRAM_MACHINE_H

#include <stdbool.h>

enum machine_state {
    MACHINE_GOOD,
    MACHINE_LESS, /* it goes without */
    MACHINE_BAD,  /* it does not */
};

struct machine_finding {
    const char *name;
    enum machine_state state;
    char says[200];     /* what was seen */
    const char *remedy; /* what has to be set, and where; NULL if it is good */
};

/* The i-th of them, from 0; false: there are no more. dir: where work directories are made. */
bool machine_look(int i, const char *dir, struct machine_finding *out);

#endif
