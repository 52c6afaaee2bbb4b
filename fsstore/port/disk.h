/*
 * disk: what of a store is on the disk, and what only in the machine's memory. The crash model.
 *
 *     disk_clear(&d);
 *     disk_mkdir(&d, "app");
 *     f = disk_open(&d, "app/x", PORT_CREATE);
 *     disk_write(&d, f, 0, "one", 3);
 *     disk_sync_all(&d);                    // what there is from before is on the disk
 *     // … more calls, disk_fsync() …       // what the programs do
 *     while ((what = disk_ask(&d)))         // the power is gone: what was on the disk?
 *         disk_answer(&d, kept);
 *     disk_walk(&d, fn, ctx);               // what is there after the next boot
 *
 * The rules, from fsync(2), rename(2), open(2), and from what journaling file systems do:
 *   - A file's bytes and its name reach the disk apart. fsync() of a file is for its bytes; for its
 *     name one has to fsync() the directory (fsync(2) says so).
 *   - A directory's changes reach the disk in the order in which they were made, so a beginning of
 *     them survives. Directories do not wait for each other. What changes two of them, a rename from one to
 *     another, happens in both or in neither, and comes after what came before it in both.
 *   - A file's bytes are those of its last fsync(), or those at the end; a file that never saw one may
 *     be empty. So a name may be new and the bytes old: the empty file after a rename.
 *   - What has reached the disk stays.
 * Each state that comes of this is one that POSIX permits, so a loss found here is real. POSIX
 * permits more (names of one directory out of order, parts of a write), and ext4 with ordered data permits less:
 * a program that is right here relies on names being kept in order, and on nothing else.
 *
 * Changes inside PORT_TMP are not asked for, and order nothing: nobody looks there after a boot.
 *
 * What is asked, and in which order, depends on what was done in each directory and not on how that
 * was interleaved: of the changes that come next in all of their directories, the first by name.
 *
 * All memory is the disk's own, until disk_release().
 */
#ifndef FSSTORE_PORT_DISK_H
#define FSSTORE_PORT_DISK_H

#include "fsstore/port/port.h"

struct disk_file {
    bool is_dir;
    bool unsynced;          /* the bytes differ from those on the disk */
    const char *now, *safe; /* bytes */
    size_t now_len, safe_len;
    bool cut; /* a directory that has lost a change: it loses all later ones */
};

struct disk_name {
    int dir, file;
    const char *text;
};

struct disk_names {
    struct disk_name *v;
    int count, cap;
};

enum disk_change_kind { DISK_ADD, DISK_REMOVE, DISK_MOVE };

struct disk_change {
    enum disk_change_kind kind;
    int dir, dir2, file; /* dir2: of a move, else -1 */
    const char *text, *text2;
    const char *told; /* "create app/x" */
    bool safe, settled, lost;
};

struct disk {
    struct arena arena;
    struct disk_file *files; /* files[0] is the root */
    int file_count, file_cap;
    struct disk_names now, safe; /* safe: before the first of the changes */
    struct disk_change *changes;
    int change_count, change_cap;
    struct disk_change *asked; /* what disk_answer() is about; NULL: bytes */
    struct disk_names image;   /* once all changes are settled */
    bool has_image;
};

void disk_clear(struct disk *d); /* an empty root */
void disk_release(struct disk *d);

/* As the calls that succeeded. disk_open returns the file's number, for the next two. */
int disk_open(struct disk *d, const char *path, enum port_open how);
void disk_write(struct disk *d, int file, size_t at, const char *data, size_t len);
size_t disk_size(const struct disk *d, int file);
void disk_fsync(struct disk *d, int file);
void disk_rename(struct disk *d, const char *from, const char *to);
void disk_link(struct disk *d, const char *from, const char *to);
void disk_remove(struct disk *d, const char *path);
void disk_mkdir(struct disk *d, const char *path);
void disk_sync_all(struct disk *d);

/* The next change that may be on the disk or not, "rename db.tmp db" or "bytes of db"; NULL: all is settled. */
const char *disk_ask(struct disk *d);
void disk_answer(struct disk *d, bool kept); /* to the last disk_ask() */
/* Directories before what is in them; `file` is the same for two links. data NULL: a directory. */
typedef void disk_walk_fn(void *ctx, const char *path, int file, const char *data, size_t len);
void disk_walk(struct disk *d, disk_walk_fn *fn, void *ctx);

#endif
