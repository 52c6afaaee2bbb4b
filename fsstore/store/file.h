/*
 * file: the file calls that a program makes, on a store. fs_* are the primitive ones, one system
 * call each; file_* are whole-file calls made of them (open, read or write, close).
 *
 * All return 0 or a negative errno, as the kernel would. Contents are bytes with a '\0' behind
 * them, in the store's arena. FILE_MAX_BYTES bounds what is read.
 */
#ifndef FSSTORE_STORE_FILE_H
#define FSSTORE_STORE_FILE_H

#include "fsstore/store/store.h"

#define FILE_MAX_BYTES (1u << 20)

struct fs_file {
    int handle;
    const char *path; /* as opened; must outlive the file */
    bool writes;      /* opened for writing: closing it is an event for those who watch */
};

int fs_open(struct store *s, const char *path, enum port_open how, struct fs_file *out);
/* Reads to the end in one step. */
int fs_read(struct store *s, const struct fs_file *f, char **data, size_t *len);
int fs_write(struct store *s, const struct fs_file *f, const char *data, size_t len);
int fs_fsync(struct store *s, const struct fs_file *f);
int fs_close(struct store *s, const struct fs_file *f);
int fs_stat(struct store *s, const char *path, enum port_kind *kind);
/* contents: its size or its links are asked for, not only what it is. */
int fs_look(struct store *s, const char *path, bool contents, struct port_stat *out);
int fs_rename(struct store *s, const char *from, const char *to);
int fs_rename_noreplace(struct store *s, const char *from, const char *to);
int fs_link(struct store *s, const char *from, const char *to);
int fs_unlink(struct store *s, const char *path);
int fs_mkdir(struct store *s, const char *path);
int fs_rmdir(struct store *s, const char *path);
int fs_list(struct store *s, const char *path, struct port_names *out); /* without STORE_TMP */

/* Composite, one step under STORE_OBJECT: fs.read, fs.write, fs.append, fs.create_excl, fs.fsync.
 */
int file_read(struct store *s, const char *path, char **data, size_t *len);
/* Creates or truncates. */
int file_write(struct store *s, const char *path, const char *data, size_t len);
int file_append(struct store *s, const char *path, const char *data, size_t len);
/* data NULL: an empty file, no write. A crash between the open and the write leaves it empty. */
int file_create_excl(struct store *s, const char *path, const char *data, size_t len);
int file_fsync(struct store *s, const char *path); /* opens, fsyncs, closes */

#endif
