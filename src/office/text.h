/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_TEXT_H
#define CANH_OFFICE_TEXT_H
/*
 * Plain text that people hand in → UTF-8: UTF-8 with or without a byte order mark, UTF-16 of both
 * orders (with a mark, or recognised by its zero bytes). Anything else is refused, and text in the
 * Vietnamese encodings of the time before Unicode is recognised so that the message can say what to
 * do: TCVN3 (the .Vn… “ABC” fonts) and VNI (the VNI-… fonts), as raw bytes or as the Latin letters
 * that a spreadsheet keeps for them.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"

enum text_encoding { TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE };
enum text_legacy { TEXT_MODERN, TEXT_TCVN3, TEXT_VNI, TEXT_UNKNOWN_8BIT };

/*
 * Appends the text as UTF-8 without its byte order mark. -CE_ENCODING with a hint for legacy text,
 * binary content (a zero byte) and bytes that are no UTF-8; -CE_TOO_BIG over out's maximum.
 */
CANH_MUST_USE int text_decode(struct slice bytes, struct buf *out, enum text_encoding *ret,
                              struct err *err);

/* Counts over words of UTF-8 text; add up as many pieces as there are. */
struct text_tally {
    uint64_t marked; /* words with anything but ASCII */
    uint64_t odd;    /* of these, words with letters that no Vietnamese word has */
    uint64_t modern; /* words with letters beyond Latin-1: ă đ ơ ư ế … */
    uint64_t tcvn3, vni;
};
void text_count(struct text_tally *t, struct slice utf8);
/* What the tally says: legacy when most words with marks are odd. */
enum text_legacy text_judge(const struct text_tally *t);
/* -CE_ENCODING with the hint for a kind of legacy text at a place (row, col may be 0). */
int text_refuse(enum text_legacy kind, unsigned row, unsigned col, struct err *err);

#endif
