/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FORM_SAY_H
#define CANH_FORM_SAY_H
/*
 * Errors of this room in the reader's language: form_fail(err, lang, CE_TOO_BIG, row, col,
 * MSG_FORM_…, arguments) fills err from the message catalogue and gives -code.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/lang.h"

#define form_fail(err, lang, code, line, col, id, ...)                                             \
    ({                                                                                             \
        struct buf say_ = BUF_INIT(4096);                                                          \
        lang_put(&say_, lang, id, ##__VA_ARGS__);                                      \
        form_fail_take(err, code, line, col, &say_);                                               \
    })

/* Moves the text into err, cut at a character, and frees it. */
int form_fail_take(struct err *err, enum ce code, unsigned line, unsigned col, struct buf *text);

#endif
