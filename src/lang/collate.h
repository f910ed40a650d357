/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_COLLATE_H
#define CANH_LANG_COLLATE_H
/*
 * Vietnamese text by ICU: NFC, order of words (CLDR vi: a ă â b c d đ …, tones second), order of
 * people by given name, and text without tones for searching. Pure; a struct viet is not for two
 * threads at once, the functions without one are.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Appends s in NFC; invalid UTF-8 becomes U+FFFD. Errors stick in out. */
void viet_nfc(struct slice s, struct buf *out);
/* True when s is surely NFC already (no combining characters), so that no copy is needed. */
bool viet_is_nfc(struct slice s);

/*
 * Appends s for searching: lower case, no tones or other marks, đ as d, blanks of any kind as one
 * space, none at the ends. “Nguyễn  VĂN Đức” → “nguyen van duc”; hoà and hòa give the same.
 */
void viet_fold(struct slice s, struct buf *out);
/* The same, keeping only letters and digits of any script, other runs as one space: for headers. */
void viet_key(struct slice s, struct buf *out);
/* Appends s in capitals. */
void viet_upper(struct slice s, struct buf *out);
/* True when both have the same viet_key(). */
bool viet_same(struct slice a, struct slice b);
/* True when needle (folded) occurs in s (folded). An empty needle does. */
bool viet_contains(struct slice s, struct slice needle);

struct viet;
/* -CE_NOMEM or -CE_IO (ICU has no Vietnamese data). */
CANH_MUST_USE int viet_new(struct viet **ret, struct err *err);
struct viet *viet_free(struct viet *v);
/* Dictionary order: <0, 0, >0; equal only when the same text. */
int viet_cmp(struct viet *v, struct slice a, struct slice b);
/* People: by given name (the last word), then the words between, then the family name. */
int viet_cmp_name(struct viet *v, struct slice a, struct slice b);
/* The given name: the last word. */
struct slice viet_given_name(struct slice name);

#endif
