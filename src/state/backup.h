/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_BACKUP_H
#define CANH_STATE_BACKUP_H
/*
 * Backup: a folder with state.db (SQLite's online copy), the evidence files it names, and MANIFEST
 * (format in docs/state.md) with the hash of every table and file. Contacts stay encrypted; the key
 * is left out unless asked for.
 *
 * What is under way stands in a folder of its own (TO.part-XXXXXX, DIR.restore-XXXXXX, or
 * canh-verify-XXXXXX in the scratch folder). What a killed program leaves of these the next backup,
 * restore or verify removes; never one that another program still fills.
 */
#include "state/state.h"

struct state_backup_report {
    uint64_t tables, rows, files, bytes;
    uint64_t absent; /* evidence files that were missing or damaged when the backup was made */
    int64_t made_at;
    int64_t audit_entries;
    bool with_key;
    uint8_t audit_hash[32]; /* of its last entry */
    uint64_t extra;         /* files in the backup's folder that it does not name */
    char first_extra[512];  /* its beginning */
    unsigned plugins_off;   /* checks that run programs, turned off by a restore from elsewhere */
    unsigned swept;         /* folders that an interrupted one had left, now removed */
};

/* The folder beside the state's that holds backups made without a name; appended. */
void state_backup_shelf(struct slice state, struct buf *out);
/* "/2026-11-22T073000Z": such a backup's name, in the order of time. */
void state_backup_stamp(int64_t now, struct buf *out);

struct state_backup_item {
    char name[64];
    int64_t made_at; /* as the name tells it; 0: it is another name */
    uint64_t bytes;  /* of the database; 0: it is not there */
};
/* Those of a folder that are finished, at most `most`, the newest first. */
size_t state_backup_list(const char *shelf, struct state_backup_item *list, size_t most);

/*
 * Writes to a folder that does not exist or is empty; it appears there only when complete. While
 * others write, the copy is of one instant. ADMIN, SYSADMIN and SYSTEM that see every unit. A state
 * that was opened to read writes no entry into the audit: state_backup_note() before it does.
 */
CANH_MUST_USE int state_backup_note(struct state *s, const struct state_actor *a, bool with_key,
                                    struct err *err);
CANH_MUST_USE int state_backup(struct state *s, const struct state_actor *a, const char *to,
                               bool with_key, struct state_backup_report *ret, struct err *err);
/*
 * Really restores to a scratch folder below `scratch` (NULL: $TMPDIR or /tmp), opens it, checks
 * the database, every table's and file's hash, and the audit chain; then removes it.
 */
CANH_MUST_USE int state_backup_verify(const char *from, const char *scratch,
                                      struct state_backup_report *ret, struct err *err);
/*
 * Restores into dir. A folder that already holds a state is refused (-CE_EXISTS) unless overwrite;
 * then the old one is moved aside as dir.before-restore-N, not deleted. The same checks as verify
 * come first. A backup without its key takes the old folder's key along when it is the right one.
 * The restored audit goes on with an entry that names the backup and the head of what it replaced.
 * Checks that run programs are off after it, unless the backup is of the very state that it
 * replaces.
 */
CANH_MUST_USE int state_restore(const char *from, const char *dir, bool overwrite,
                                struct state_backup_report *ret, struct err *err);

#endif
