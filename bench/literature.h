/*
 * literature: the programs by which stateless model checkers are compared, as scenarios of actors,
 * with the number of executions that an optimal search makes of them.
 *
 * A shared variable is a file; an assignment is a write, a look is a read, and a compare-and-swap
 * that wants an empty place is a creation with O_EXCL. What a program computes is left out where
 * only the dependences matter.
 *
 * readers, lastzero, indexer, filesystem: Flanagan and Godefroid, "Dynamic partial-order reduction
 * for model checking software", 2005; Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial
 * order reduction", 2014, whose counts these are. The rest are fsrace's own.
 */
#ifndef BENCH_LITERATURE_H
#define BENCH_LITERATURE_H

#include "base/strbuf.h"
#include <stdint.h>

struct literature {
    const char *name, *what;
    int least, most; /* of n */
    void (*tasks)(int n, struct strbuf *out);
    int64_t (*count)(int n); /* executions of an optimal search */
};

extern const struct literature literature[];
extern const int literature_count;

/* Appends the scenario file of the program with n as its size. */
void literature_print(const struct literature *l, int n, struct strbuf *out);

#endif
