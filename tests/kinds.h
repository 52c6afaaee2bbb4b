/*
 * kinds: what a check has found, by kind, beside what it is known to find.
 *
 *     kinds_read_known("tests/swap.known")      globs, one a line, '#' for remarks
 *     if (kind_found(name)) …                   true: a new kind that is not known: tell an example
 *     kinds_print()                             all kinds, most often first; how many are not known
 *
 * One table a program.
 */
#ifndef TESTS_KINDS_H
#define TESTS_KINDS_H

#include <stdbool.h>

bool kinds_read_known(const char *path); /* false: it cannot be read, which stderr was told */
bool kind_found(const char *name);
int kinds_print(void);

#endif
