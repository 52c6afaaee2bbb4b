/*
 * open_file: files that a program has open over several steps, by a name of its own ("x"), under
 * STORE_POSIX. Each call is a step; only seek is none, since nobody else can see it.
 *
 *     fd_open(s, "x", "lock", PORT_FLAG_READ | PORT_FLAG_WRITE | PORT_FLAG_CREATE);
 *     fd_lock(s, "x", PORT_EXCLUSIVE, true);     // waits for its turn
 *     // …
 *     fd_close(s, "x");                          // and the lock is free
 *
 * All return 0 or a negative errno; -EBADF: nothing is open by that name. What a task has open is
 * closed when it dies (store_drop), and by itself when its program ends (fd_close_all). A lock is
 * of the open file: flock(2).
 */
#ifndef FSSTORE_STORE_OPEN_FILE_H
#define FSSTORE_STORE_OPEN_FILE_H

#include "fsstore/store/store.h"

/* name and path have to live as long as it is open. What was open by that name is closed first. */
int fd_open(struct store *s, const char *name, const char *path, enum port_open how);
/* At most max bytes, from where the last one ended; < 0: to the end. Memory is the store's arena's. */
int fd_read(struct store *s, const char *name, int64_t max, char **data, size_t *len);
int fd_write(struct store *s, const char *name, const char *data, size_t len);
int fd_seek(struct store *s, const char *name, int64_t at);
int fd_truncate(struct store *s, const char *name, int64_t len);
int fd_fsync(struct store *s, const char *name);
/* contents: its size or its links are asked for, not only what it is. */
int fd_stat(struct store *s, const char *name, bool contents, struct port_stat *out);
/* -EWOULDBLOCK if it does not wait. Another kind of lock that it had is given up first, in a step of
 * its own: flock(2) does not change one into the other at once. PORT_UNLOCKED gives it up. */
int fd_lock(struct store *s, const char *name, enum port_lock lock, bool waits);
int fd_close(struct store *s, const char *name);
void fd_close_all(struct store *s);

const struct store_handle *fd_find(const struct store *s, const char *name); /* NULL */

#endif
