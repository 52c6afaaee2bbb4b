/*
 * contain: what a program may do to the machine: nothing. All but its store is read-only to it; /tmp and /run are empty
 * and its own.
 *
 * For the child, between fork and exec: nothing is allocated. Two walls, of which one at least has to stand: a mount
 * namespace (with a user namespace, for who is not root), and Landlock. Sockets, mounts, traces and signals to others are
 * refused by the table of calls (calls.h); descriptors are closed before.
 * Sources: mount_namespaces(7), user_namespaces(7), mount_setattr(2), landlock(7).
 */
#ifndef SIM_PROGRAM_CONTAIN_H
#define SIM_PROGRAM_CONTAIN_H

struct contain_mount { /* a place in the store is seen there, too */
    const char *at;    /* absolute; it has to be there */
    const char *path;  /* in the store; it has to be there */
};

/* Where it sees its store: no name by chance is in that. Unless the store is in /run, or only the second wall stands. */
#define CONTAIN_STORE "/run/store"

/* The store's path is absolute. 0, or a negative errno: neither wall stands, or a mount could not be made. */
int contain(const char *store, const struct contain_mount *mounts, int mount_count);

#endif
