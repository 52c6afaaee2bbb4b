/*
 * journal: a file of lines that is only ever added to, and survives being killed at any time.
 *
 * The first line says what the rest is about. Each line begins with a checksum of its text and is
 * on the disk (fsync(2)) before journal_add() returns. If the last line is torn it is taken for not
 * written, and cut off by the next opening. A file belongs to one process at a time (flock(2)).
 */
#ifndef SIM_EXPLORE_PARALLEL_JOURNAL_H
#define SIM_EXPLORE_PARALLEL_JOURNAL_H

#include "base/err.h"
#include <stddef.h>

#define JOURNAL_MAX_BYTES ((size_t)256 << 20)

struct journal {
    const char *path;
    int fd;
};

typedef void journal_line_fn(void *ctx, const char *text, size_t len);

/* Makes the file, or goes on with it: then its first line has to be `header`, and fn gets the
 * others. ERR_INPUT: it is no journal, damaged, or of something else. */
enum err_code journal_open(struct journal *j, const char *path, const char *header,
                           journal_line_fn *fn, void *ctx, struct err *err);
enum err_code journal_add(struct journal *j, const char *text, struct err *err);
void journal_close(struct journal *j); /* of one that is not open: nothing */

/* Reads a journal, as it is; fn gets the first line, too. */
enum err_code journal_read(const char *path, journal_line_fn *fn, void *ctx, struct err *err);

#endif
