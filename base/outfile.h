/*
 * outfile: a file that is written for the user: as a whole or not at all, and never over an input.
 *
 *     struct used_files used = {0};
 *     struct outfile f;
 *
 *     used_files_add(&used, "scenario.json");                    // all that is read
 *     if (outfile_begin(&f, "page.html", &used, &err) == OK) {   // before the work: what cannot be
 *         // …                                                   // written is known at once
 *         outfile_end(&f, &text, &err);                          // writes, unless err is set; releases
 *     }
 *     used_files_release(&used);
 *
 * What is there and is a regular file, or is not there, is written beside and renamed; links are
 * followed, and mode and owner of what was there are kept. What is no regular file (a terminal, a
 * pipe, a device) is written through and never replaced, and so is the file that stdout or stderr
 * goes to: behind what it has.
 *
 * The file beside is called ".fsrace-PID-N.tmp" and locked (flock(2)) by its owner; what dead owners
 * have left is swept by the next one in that directory.
 *
 * ERR_IO with the path and the reason; ERR_INPUT: it is in use; ERR_STOP: a signal came while a pipe
 * waited for its reader.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <sys/types.h>

struct used_file {
    char *path; /* absolute, without links */
    dev_t dev;
    ino_t ino; /* 0: it is not there yet */
};

struct used_files { /* zeroed: none */
    struct used_file *v;
    int count;
    char *swept; /* the directory that was swept last */
};

struct outfile {     /* zeroed: none is wanted, and outfile_end() does nothing */
    char *path;      /* absolute, without links; NULL: written through */
    char *temporary; /* beside it */
    char *name;      /* as the user says it */
    int fd;          /* valid if there is a name */
};

void used_files_add(struct used_files *used, const char *path); /* one that is not there, too */
void used_files_cut(struct used_files *used, int count);        /* to the first so many */
void used_files_release(struct used_files *used);

/* Counts as used from then on. On an error there is nothing to end. */
enum err_code outfile_begin(struct outfile *f, const char *path, struct used_files *used,
                            struct err *err);
/* err set: what was there stays as it is. */
enum err_code outfile_end(struct outfile *f, const struct strbuf *text, struct err *err);
void outfile_drop(struct outfile *f); /* instead of outfile_end(): nothing was written */
/* Async-signal-safe: removes what this process has begun beside, on the way out. */
void outfile_remove_all(void);
/* Begin and end at once. */
enum err_code outfile_write(const char *path, const struct strbuf *text, struct used_files *used,
                            struct err *err);

#endif
