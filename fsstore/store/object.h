/*
 * object: the shared directory as an object store. Keys are paths; a prefix is a directory.
 *
 * Under STORE_OBJECT each call is one atomic step. Under STORE_POSIX it is the sequence of file
 * calls that it is made of: `put` writes a temporary file and renames it (atomic for readers),
 * `put_if_absent` opens with O_EXCL and then writes, so a reader may find the object while it is
 * still empty. Both make missing parent directories. A crash in the middle of a put leaves a file
 * in STORE_TMP; in the middle of put_if_absent an empty object.
 *
 * Return 0 or a negative errno: -ENOENT (no such object), -EEXIST (put_if_absent), -EISDIR (the key
 * is a prefix of others), others from the file system.
 */
#ifndef FSSTORE_STORE_OBJECT_H
#define FSSTORE_STORE_OBJECT_H

#include "fsstore/store/store.h"

int object_get(struct store *s, const char *key, char **data, size_t *len);
int object_head(struct store *s, const char *key);
int object_put(struct store *s, const char *key, const char *data, size_t len);
int object_put_if_absent(struct store *s, const char *key, const char *data, size_t len);
/* Puts the whole object, unless there is one: a temporary file, moved into place by rename without
 * replacing. Readers find all of it or nothing, and of two who publish one gets -EEXIST. A crash
 * leaves a file in STORE_TMP. */
int object_publish(struct store *s, const char *key, const char *data, size_t len);
int object_delete(struct store *s, const char *key);

/* What is directly under the prefix ("app/.stream", "" for the root), sorted. A missing prefix is
 * an empty one. */
int object_list(struct store *s, const char *prefix, struct port_names *out);

#endif
