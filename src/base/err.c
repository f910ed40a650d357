/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[CE_MAX] = {
    [CE_OK] = "success",
    [CE_NOMEM] = "out of memory",
    [CE_TRUNCATED] = "ends too early",
    [CE_TOO_BIG] = "too big",
    [CE_DEPTH] = "nested too deep",
    [CE_SYNTAX] = "syntax error",
    [CE_ENCODING] = "invalid character encoding",
    [CE_UNKNOWN] = "unknown",
    [CE_MISSING] = "missing",
    [CE_CONFLICT] = "conflict",
    [CE_RANGE] = "out of range",
    [CE_DENIED] = "not permitted",
    [CE_NOT_FOUND] = "not found",
    [CE_EXISTS] = "exists already",
    [CE_CORRUPT] = "corrupt",
    [CE_BUSY] = "busy",
    [CE_PEER] = "peer misbehaved",
    [CE_IO] = "input/output error",
    [CE_BUG] = "internal error",
};

const char *ce_to_str(int code)
{
    if (code < 0)
        code = -code;
    return code < CE_MAX ? texts[code] : "unknown error";
}

/* A message that was cut must not end inside a character. */
static void end_whole(char *msg)
{
    size_t n = strlen(msg), from = n;

    while (from > 0 && n - from < 3 && ((uint8_t)msg[from - 1] & 0xC0) == 0x80)
        from--;
    if (from == 0 || (uint8_t)msg[from - 1] < 0xC0)
        return;
    from--;
    if (n - from < (size_t)((uint8_t)msg[from] >= 0xF0 ? 4 : (uint8_t)msg[from] >= 0xE0 ? 3 : 2))
        msg[from] = 0;
}

CANH_PRINTF(6, 0)
static void fill(struct err *err, enum ce code, int sys, unsigned line, unsigned col,
                 const char *fmt, va_list ap)
{
    if (err == NULL)
        return;
    *err = (struct err){.code = (int)code, .sys = sys, .line = line, .col = col};
    (void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    end_whole(err->msg);
}

void err_put(struct err *err, enum ce code, unsigned line, unsigned col, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, code, 0, line, col, fmt, ap);
    va_end(ap);
}

void err_put_sys(struct err *err, int sys, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, CE_IO, sys, 0, 0, fmt, ap);
    va_end(ap);
    if (err != NULL) {
        size_t n = strlen(err->msg);

        (void)snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", strerror(sys));
        end_whole(err->msg);
    }
}
