/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_PHONE_H
#define CANH_LANG_PHONE_H
/*
 * Telephone numbers as people write them: blanks, dots, dashes, slashes and brackets do not count.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum { PHONE_SIZE = 20 };

/*
 * → E.164 (+84912345678). A lost first 0 is put back; 0, 84, +84, 0084 are the same; foreign ones
 * with +. -CE_RANGE for the wrong number of digits, -CE_UNKNOWN for the eleven-digit mobile numbers
 * (012…, 016…, 018…, 019…) that were renumbered in 2018, else -CE_SYNTAX.
 */
CANH_MUST_USE int phone_e164(struct slice s, char ret[PHONE_SIZE]);
/* Numbers that are dialled as they are: 113, 1900xxxx. 3 to 8 digits, no 0 in front; -CE_SYNTAX. */
CANH_MUST_USE int phone_short(struct slice s, char ret[PHONE_SIZE]);

/* Appends an E.164 number as it is written: +84912345678 → 0912 345 678. */
void phone_write(struct buf *out, struct slice e164);

#endif
