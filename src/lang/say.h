/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_SAY_H
#define CANH_LANG_SAY_H
/*
 * Errors in the reader's language: say_fail(err, lang, CE_TOO_BIG, row, col, MSG_…, arguments)
 * fills err from the message catalogue and gives -code.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"

#define say_fail(err, lang, code, line, col, id, ...)                                              \
    ({                                                                                             \
        struct buf say_ = BUF_INIT(4096);                                                          \
        lang_put(&say_, lang, id, ##__VA_ARGS__);                                                  \
        say_fail_take(err, code, line, col, &say_);                                                \
    })

/* The beginning of what somebody wrote, for a message: at most 60 bytes, cut at a character. */
CANH_INLINE struct slice say_cut(struct slice s)
{
    size_t n = CANH_MIN(s.n, (size_t)60);

    while (n > 0 && n < s.n && (s.p[n] & 0xC0) == 0x80)
        n--;
    return slice_head(s, n);
}

/* Moves the text into err, cut at a character, and frees it. */
int say_fail_take(struct err *err, enum ce code, unsigned line, unsigned col, struct buf *text);

#endif
