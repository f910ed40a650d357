/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_FILE_H
#define CANH_BASE_FILE_H
/*
 * The only door to write, fsync, rename and unlink. Not for pure rooms.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Closes *fd unless negative, for CANH_CLEANUP. */
void fd_closep(int *fd);
/* Gives it to the caller: fd_closep() will find nothing. */
int fd_take(int *fd);

/* Appends a whole regular file (or pipe) to out; over out's maximum is -CE_TOO_BIG. */
CANH_MUST_USE int file_read(const char *path, struct buf *out, struct err *err);
/* The same from an open descriptor; name is for messages. */
CANH_MUST_USE int file_read_fd(int fd, const char *name, struct buf *out, struct err *err);

/* Writes all of s to fd. */
CANH_MUST_USE int file_write_fd(int fd, const char *name, struct slice s, struct err *err);

/*
 * Replaces the file as a whole or not at all: temporary file in the same folder, fsync, rename,
 * fsync of the folder. It gets this mode, whatever the umask.
 */
CANH_MUST_USE int file_replace(const char *path, struct slice s, unsigned mode, struct err *err);

/*
 * Hands a result over at a path that a person named. A regular file, or none yet: as
 * file_replace(), so that no half of it is ever seen. Through a symbolic link its target, and the
 * link stays. A device, FIFO, socket of /dev/fd or anything else that is no regular file is written
 * to as it is: never replaced, truncated by name or unlinked.
 */
CANH_MUST_USE int file_deliver(const char *path, struct slice s, unsigned mode, struct err *err);

/* The same for a result that is written bit by bit, so that what was there is gone at once.
 * Standard output under a name of its own (/dev/stdout) goes on where the shell has it stand. */
CANH_MUST_USE int file_open_result(const char *path, unsigned mode, int *ret_fd, struct err *err);

/* Renames, replacing what is there, and makes both folders durable. */
CANH_MUST_USE int file_rename(const char *from, const char *to, struct err *err);
/* Two existing paths of one file system change names, at one instant; -CE_UNKNOWN where the file
 * system cannot. */
CANH_MUST_USE int file_exchange(const char *a, const char *b, struct err *err);
/* Makes the entries of a folder durable. */
CANH_MUST_USE int file_sync_folder(const char *folder, struct err *err);
/* Makes everything written to the file system of this folder durable. */
CANH_MUST_USE int file_sync_all(const char *folder, struct err *err);
/* Removes a file; one that is not there is fine. */
int file_remove(const char *path, struct err *err);
/* Removes an empty folder. */
int file_rmdir(const char *path, struct err *err);
/* Removes a folder with all that is in it, following no links; best effort. */
int file_remove_tree(const char *path, struct err *err);
/* Copies a regular file to a new one (-CE_EXISTS when there is one), synced. */
CANH_MUST_USE int file_copy(const char *from, const char *to, unsigned mode, struct err *err);

/* Writes a new file (missing folders too), or replaces the content of an old one, without waiting
 * for the disk: file_sync_all() does, for many files at once. */
CANH_MUST_USE int file_create(const char *path, struct slice s, unsigned mode, struct err *err);

/* A new file in $TMPDIR (without it /tmp) that has no name: gone once it is closed. */
CANH_MUST_USE int file_temporary(int *ret_fd, struct err *err);
/*
 * For a file that grows while it is open: a new one (-CE_EXISTS when there is one) or one that is
 * there, for writing; bytes at an offset; the same made durable (fdatasync); the rest cut off.
 * After file_sync_data() has failed nothing is known of what the file holds: do not use fd again.
 */
CANH_MUST_USE int file_open_new(const char *path, unsigned mode, int *ret_fd, struct err *err);
CANH_MUST_USE int file_open_write(const char *path, int *ret_fd, struct err *err);
CANH_MUST_USE int file_write_at(int fd, const char *name, uint64_t offset, struct slice s,
                                struct err *err);
CANH_MUST_USE int file_sync_data(int fd, const char *name, struct err *err);
int file_cut(int fd, const char *name, uint64_t size, struct err *err);
/* Gives a file its size on disk, so that the space is there. */
CANH_MUST_USE int file_allocate(int fd, const char *name, uint64_t size, struct err *err);
/* Opens (or makes) a file and takes its lock for as long as *ret_fd is open; -CE_BUSY when another
 * process has it. */
CANH_MUST_USE int file_lock(const char *path, unsigned mode, int *ret_fd, struct err *err);

/* Makes a folder and its missing parents. An existing folder is fine, anything else an error. */
CANH_MUST_USE int file_mkdirs(const char *path, unsigned mode, struct err *err);

#endif
