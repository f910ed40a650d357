/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_AUDIT_INTERNAL_H
#define CANH_STATE_AUDIT_INTERNAL_H
/*
 * Between audit.c (adding, reading, erasing) and audit_verify.c.
 */
#include "state/internal.h"

/* An entry of a running statement SQL_AUDIT_FROM. False when its hashes are not hashes. */
bool audit_read_entry(struct db_stmt *st, struct state_audit_entry *x);
bool audit_read_hash(struct slice s, uint8_t to[STATE_HASH]);
void audit_hash_content(struct slice s, uint8_t to[STATE_HASH]);
/* The hash of an entry, given the one before it. docs/state.md describes the same for others. */
void audit_hash_entry(const struct state_audit_entry *x, const uint8_t prev[STATE_HASH],
                      uint8_t to[STATE_HASH]);

/* The last entry, and its time of receipt; none: zeroed. */
CANH_MUST_USE int audit_last(struct state *s, struct state_audit_head *ret, int64_t *ret_received,
                             struct err *err);
/* The number under a name in the content of an entry that this room wrote; 0: none. */
int64_t audit_number(struct slice content, const char *name);

enum { META_MAX = 1 << 20 };

/* What the store says of itself (tables meta and counter) as the audit keeps it. */
CANH_MUST_USE int meta_canonical(struct state *s, struct buf *out, struct err *err);
/* Whether an entry says any of it, and whether the last one says the same. */
CANH_MUST_USE int meta_is_audited(struct state *s, struct buf *content, bool *ret_any,
                                  bool *ret_same, struct err *err);
/* Appends that entry where it is due. */
CANH_MUST_USE int meta_append(struct state *s, const struct state_actor *a, struct err *err);

/* Counts what is not as it was told, and keeps the first name of it. */
void audit_note_changed(struct state_audit_report *rep, const char *thing, struct state_id id);
/* A row that an entry added must be there, or have been dropped. */
CANH_MUST_USE int audit_check_present(struct state *s, const struct state_audit_entry *x,
                                      struct state_audit_report *rep, struct err *err);
/* The results of checks whose hash an entry holds. */
CANH_MUST_USE int audit_check_seal(struct state *s, const struct state_audit_entry *x,
                                   struct state_audit_report *rep, struct err *err);
/* Every row against its last entry, and everything else that the audit can answer for. */
CANH_MUST_USE int audit_compare_rows(struct state *s, struct state_audit_report *rep,
                                     struct err *err);

/* {"rows":2,"hash":"…"} of the results under an entry, in key order (checks.c). */
CANH_MUST_USE int seal_canonical(struct state *s, int64_t seq, struct buf *out, int64_t *ret_rows,
                                 struct err *err);

#endif
