/*
 * watch: a feed of changed objects from inotify, with the two repairs that inotify needs
 * (inotify(7), "Limitations and caveats"):
 *   - what is made in a new directory before its watch is attached gives no event, so a new
 *     directory is watched first and then listed;
 *   - when the queue overflows, events are lost, so everything is listed again.
 *
 *     struct watch_feed feed = {0};
 *
 *     watch_feed_start(&feed, s, queue, wanted, &changes);      // all that is there already
 *     for (;;) {
 *         watch_feed_next(&feed, &changes);                     // waits: the step "watch.next"
 *         for (int i = 0; i < changes.count; i++)
 *             look_at(&changes.v[i]);
 *     }
 *
 * What comes of a batch depends on which events it has, not on their order: changes are sorted by
 * path and named once.
 *
 * A change names an object that was put or removed, or a directory that is gone with all that was
 * in it; the reader looks at it itself, so an object named twice does no harm, and one that is
 * named as soon as it is made may still be empty: it will be named again when its writer closes it.
 * Memory is the store's arena.
 *
 * The watch on a directory that was moved away goes on under its old name: what it then tells of is
 * not there.
 */
#ifndef FSSTORE_STORE_WATCH_H
#define FSSTORE_STORE_WATCH_H

#include "fsstore/store/store.h"

#define WATCH_BATCH 256

struct watch_change {
    const char *path;
    bool gone; /* removed or moved away */
};

struct watch_changes {
    struct watch_change *v;
    int count, cap;
    bool rescanned; /* an overflow: v holds everything that is there */
};

/* Shall this directory be followed? "" (the root) is always. */
typedef bool watch_wanted_fn(const char *dir);

struct watch_feed {
    struct store *store;
    int queue;
    watch_wanted_fn *wanted;
    bool late_list_off; /* do not list after a watch is attached: for showing what then is missed */
};

/* 0 or a negative errno. changes is overwritten; set late_list_off before. One step reads what is
 * there, up to WATCH_BATCH events; -EAGAIN if nothing is. */
int watch_feed_start(struct watch_feed *f, struct store *s, int queue, watch_wanted_fn *wanted,
                     struct watch_changes *changes);
int watch_feed_next(struct watch_feed *f, struct watch_changes *changes);

/* A queue < 0 is the errno of why there is none, and is returned. The bare steps, for programs that
 * are not ours: no repairs. next: one event, -EAGAIN if there is none. */
int watch_add(struct store *s, int queue, const char *path);
int watch_next(struct store *s, int queue, int max, struct port_event *out); /* how many */

#endif
