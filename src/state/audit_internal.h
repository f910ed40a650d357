/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_AUDIT_INTERNAL_H
#define CANH_STATE_AUDIT_INTERNAL_H
/*
 * Between audit.c (adding, reading, erasing) and audit_verify.c.
 */
#include "state/internal.h"

/* An entry of a running statement SQL_AUDIT_FROM. False when its hashes are not hashes. */
bool audit_read_entry(struct db_stmt *st, struct state_audit_entry *x);
bool audit_take_hash(struct slice s, uint8_t to[STATE_HASH]);
void audit_hash_content(struct slice s, uint8_t to[STATE_HASH]);
/* The hash of an entry, given the one before it. docs/state.md describes the same for others. */
void audit_hash_entry(const struct state_audit_entry *x, const uint8_t prev[STATE_HASH],
                      uint8_t to[STATE_HASH]);

#endif
