/*
 * infile: a file that somebody gives us to read: a regular one, and not more than we asked for.
 *
 * A pipe could keep us waiting for ever, and a device has no end; both are refused when they are
 * opened.
 */
#ifndef BASE_INFILE_H
#define BASE_INFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Appends all of the file. ERR_IO with the path and the reason; ERR_INPUT: it is no regular file, or
 * longer than max. */
enum err_code infile_read(const char *path, size_t max, struct strbuf *out, struct err *err);
/* The same of a descriptor, from where it is. */
enum err_code infile_read_fd(int fd, const char *path, size_t max, struct strbuf *out,
                             struct err *err);

#endif
