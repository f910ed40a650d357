/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_BACKUP_INTERNAL_H
#define CANH_STATE_BACKUP_INTERNAL_H
/*
 * Between the files of backup.h:
 *
 *     backup.c          making one
 *     restore.c         trying one out, and putting it in place
 *     backup_tables.c   the tables that are hashed, evidence files that are copied
 *     workdir.c         folders under way, and what killed ones left behind
 */
#include "state/backup.h"
#include "state/db.h"
#include "state/manifest.h"
#include "state/store.h"

enum { BACKUP_TABLES = 73, SLOT_EVIDENCE = BACKUP_TABLES, SLOT_COUNT };

struct path {
    char s[STORE_PATH];
};

/* dir/name, or dir for an empty name. */
struct path path_of(const char *dir, const char *name);

/* The table of a name; BACKUP_TABLES when there is none. */
unsigned backup_table(struct slice name);
CANH_MUST_USE int backup_hash_table(struct db *db, unsigned i, struct manifest_table *ret,
                                    struct err *err);
CANH_MUST_USE int backup_hash_file(const char *path, uint8_t to[STORE_HASH], uint64_t *ret_size,
                                   struct err *err);
/* 0 when the copy is what its name says, -CE_NOT_FOUND or -CE_CORRUPT when there is none to be. */
CANH_MUST_USE int backup_copy_evidence(const char *from, const char *to,
                                       const uint8_t sha256[STORE_HASH], struct err *err);
CANH_MUST_USE int backup_copy_key(const char *from, const char *to, struct err *err);
/* Room for a new folder at `to`: nothing there, or an empty folder, which goes. */
CANH_MUST_USE int backup_must_be_free(const char *to, struct err *err);
void backup_report_fill(const struct manifest *m, struct state_backup_report *ret);

#endif
