/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ITEM_TEXT_H
#define CANH_DUTY_ITEM_TEXT_H
/* Open items in words, as lists and papers have them. */
#include "duty/items.h"
#include "lang/lang.h"

/* "Yêu cầu", "Lịch trực" …: what kind of thing it is. */
const char *duty_item_kind_text(enum lang lang, enum duty_item_kind kind);
/* Appends its title, or what canh found. */
void duty_item_words(struct buf *out, enum lang lang, const struct duty_item *x);
/* Appends "YC-2026-0001: … (từ 23/11/2026 07:30, hạn …)"; and the same behind its kind. */
void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s);
void duty_item_describe(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s);

#endif
