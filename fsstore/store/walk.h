/*
 * walk: the store as a tree, in the order of names. No steps: for reports, and for telling how an
 * execution ended. Nodes' own disks and half-made objects are left out.
 */
#ifndef FSSTORE_STORE_WALK_H
#define FSSTORE_STORE_WALK_H

#include "fsstore/store/store.h"

/* data is NULL for a directory. path and data live until it returns. */
typedef void walk_fn(void *ctx, const char *path, int depth, const char *data, size_t len);

/* 0, or the errno of a directory that could not be listed: the rest is told all the same. A file
 * that cannot be read is left out. */
int walk_store(struct store *s, walk_fn *fn, void *ctx);

#endif
