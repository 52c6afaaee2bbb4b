/*
 * linux_tree: empties a directory by looking at it. Slower than a journal, and right whatever has
 * happened.
 *
 * Async-signal-safe (raw getdents64, no allocation), because the way out of a killed fsrace goes
 * through here. Part of port_linux.
 */
#ifndef FSSTORE_PORT_LINUX_TREE_H
#define FSSTORE_PORT_LINUX_TREE_H

#include "fsstore/port/linux_journal.h"

/* Removes all in the root directory but PORT_TMP itself and what `kept` has marked (NULL: nothing).
 * Is all gone? */
bool tree_empty(int root, const struct journal *kept);

/* Removes the whole directory. */
bool tree_remove(const char *dir);

#endif
