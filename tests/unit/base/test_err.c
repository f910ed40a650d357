/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>

#include "tap.h"

/* What an argument is kept as; its words are tested with lang. */
int main(void)
{
    struct err err = ERR_INIT, outer = ERR_INIT;

    is_int(err_fail_at(&err, CE_TOO_BIG, 3, 7, ERR_BASE_FILE_TOO_BIG, "x.yml", (uint8_t)7),
           -CE_TOO_BIG, "worth its code");
    ok(err.code == CE_TOO_BIG && err.line == 3 && err.col == 7 && err.sys == 0, "its place");
    ok(err.id == ERR_BASE_FILE_TOO_BIG && err.count == 2, "which text, and its arguments");
    is_slice(slice_of((const uint8_t *)err.pool + err.arg[0].at, err.arg[0].n), SLICE("x.yml"),
             "a text is copied");
    ok(err.arg[1].kind == ERR_ARG_UINT && err.arg[1].u == 7, "a number");
    is_int(err_fail_sys(&outer, ENOENT, ERR_BASE_FILE, SLICE("y")), -CE_IO, "a system's error");
    ok(outer.sys == ENOENT && outer.line == 0, "its errno");
    (void)err_fail(&outer, CE_BUSY, ERR_BASE_BOTH, &outer, &err);
    ok(outer.count == 6 && outer.arg[0].kind == ERR_ARG_ID && outer.arg[0].n == 2 &&
           outer.arg[2].kind == ERR_ARG_SYS && outer.arg[3].kind == ERR_ARG_ID &&
           outer.arg[3].u == ERR_BASE_FILE_TOO_BIG && outer.arg[3].n == 2,
       "errors in an error, also in itself");
    is_int(err_nomem(&err), -CE_NOMEM, "no memory");
    ok(err.id == 0 && err.count == 0 && err.used == 0, "nothing is left of the one before");
    is_int(err_code(NULL, -CE_BUSY), -CE_BUSY, "no place to tell");
    return tap_done();
}
