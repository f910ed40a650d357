/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_TONE_H
#define CANH_LANG_TONE_H
/*
 * Vietnamese letters taken apart: base letter and marks, composed (NFC), decomposed (NFD) and mixed
 * writing alike. For recognising headings and searching without tones ("đơn vị" = "don vi"); for
 * sorting use ICU.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum viet_mark {
    VIET_CIRCUMFLEX = 1, /* â ê ô */
    VIET_BREVE = 2,      /* ă */
    VIET_HORN = 4,       /* ơ ư */
    VIET_STROKE = 8,     /* đ */
    VIET_GRAVE = 16,
    VIET_ACUTE = 32,
    VIET_HOOK = 64,
    VIET_TILDE = 128,
    VIET_DOT = 256,
};

/*
 * Takes the next character off *s (not empty) with the combining marks that follow it: its base
 * letter in lower case (of Vietnamese and ASCII letters; other characters as they are, invalid
 * bytes as utf8_decode() gives them) and its marks.
 */
uint32_t viet_next(struct slice *s, unsigned *ret_marks);

/* Appends s in ASCII: letters without marks in their own case, dashes and quotes as ASCII has them,
 * `?` for what it has not. For SMS, where one letter with a mark halves the message. */
void viet_write_plain(struct buf *out, struct slice s);

#endif
