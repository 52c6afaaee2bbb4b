/*
 * linux_journal: what has been made in a port's directory, so that a reset need not look for it.
 *
 * Every successful call that makes, removes or moves something is told here. Entries are in an
 * order in which each directory precedes what is in it, so that removing backwards works. Entries
 * before `marked` stay over a reset.
 *
 * The journal would rather say too much than miss a change: whatever it does not understand makes
 * it `dirty` (what was marked may have changed: remove all) or `walk` (only the marks are still
 * right: look at the whole directory). Part of port_linux.
 */
#ifndef FSSTORE_PORT_LINUX_JOURNAL_H
#define FSSTORE_PORT_LINUX_JOURNAL_H

#include "fsstore/port/port.h"

struct journal_entry {
    uint32_t at; /* of the path, in the pool */
    uint32_t hash;
    uint16_t len;
    uint8_t kind; /* enum port_kind */
    bool alias;   /* a hard link to something marked: writing to it changes that */
};

struct journal {
    struct journal_entry *v;
    int count, cap, marked;
    char *pool; /* the paths, each with its '\0' */
    size_t used, pool_cap, pool_marked;
    bool dirty, walk, linked;
};

void journal_made(struct journal *j, const char *path,
                  enum port_kind kind); /* or opened for writing */
void journal_linked(struct journal *j, const char *from, const char *to);
void journal_renamed(struct journal *j, const char *from, const char *to);
void journal_removed(struct journal *j, const char *path);

void journal_mark(struct journal *j);
void journal_rewind(struct journal *j); /* forgets what came after the mark */
void journal_clear(struct journal *j);  /* forgets everything */
void journal_release(struct journal *j);

bool journal_is_marked(const struct journal *j, const char *path);
const char *journal_path(const struct journal *j, int index);

#endif
