/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/say.h"

int say_fail_take(struct err *err, enum ce code, unsigned line, unsigned col, struct buf *text)
{
    size_t n = text->len;

    if (err != NULL && n >= sizeof(err->msg)) {
        n = sizeof(err->msg) - 1;
        while (n > 0 && (text->p[n] & 0xC0) == 0x80)
            n--;
    }
    (void)err_at(err, code, line, col, "%.*s", (int)n, text->p ? (const char *)text->p : "");
    buf_done(text);
    return -(int)code;
}
