/*
 * intree: a file or a directory that somebody gives us to copy: all that is in it, in memory.
 *
 *     struct err err = ERR_INIT;
 *     struct intree tree = {0};
 *
 *     if (intree_read("races", "fixture", &tree, &err) == OK)     // races/fixture
 *         for (int i = 0; i < tree.count; i++)
 *             show(tree.v[i].path);                               // "", "a", "a/b"
 *     intree_release(&tree);
 *
 * Regular files and directories, in the order of names, a directory before what is in it. No symbolic
 * link is followed, neither on the way nor in it: what is read is beneath `at`.
 */
#ifndef BASE_INTREE_H
#define BASE_INTREE_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

#define INTREE_ENTRIES_MAX 2000
#define INTREE_BYTES_MAX   ((size_t)16 << 20) /* of all files */
#define INTREE_DEPTH_MAX   32

struct intree_entry {
    char *path; /* from `name` on; "" for itself */
    char *data; /* NULL: a directory */
    size_t len;
    bool executable; /* by its owner */
};

struct intree {
    struct intree_entry *v;
    int count, cap;
    size_t bytes;
};

/* name: relative, without "." and ".." but for "." alone, which is `at` itself. ERR_IO with the path
 * and the reason; ERR_INPUT: there is a link or a device, or too much of it. */
enum err_code intree_read(const char *at, const char *name, struct intree *out, struct err *err);
void intree_release(struct intree *tree);

#endif
