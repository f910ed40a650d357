/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of archives, one a line of a file: never on the command line, where others see them. */
#include "base/file.h"
#include "cli/scan/scan.h"
#include "lang/err_detect.h"

enum { PASSWORDS_BYTES = 64 * 1024 };

static int passwords_read(struct scan_passwords *to, struct slice line, struct err *err)
{
    if (line.n == 0)
        return 0;
    if (to->count == SCAN_PASSWORDS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_DETECT_PASSWORDS_TOO_MANY, SCAN_PASSWORDS_MAX);
    to->items[to->count++] = (const char *)line.p;
    return 0;
}

/* Line ends become the ends of C texts. */
static int passwords_split(struct scan_passwords *to, struct err *err)
{
    struct slice rest, line;
    int r = 0;

    buf_putc(&to->text, 0);
    if (to->text.err)
        return err_code(err, to->text.err);
    for (size_t i = 0; i < to->text.len; i++) {
        if (to->text.p[i] == '\n' || to->text.p[i] == '\r')
            to->text.p[i] = 0;
    }
    rest = buf_slice(&to->text);
    while (r == 0 && slice_cut(&rest, 0, &line))
        r = passwords_read(to, line, err);
    return r;
}

int scan_read_passwords(struct app *app, const char *path, struct scan_passwords *ret)
{
    struct err err = ERR_INIT;
    int r;

    ret->text = BUF_INIT(PASSWORDS_BYTES);
    if (path == NULL)
        return 0;
    r = file_read(path, &ret->text, &err);
    if (r == 0)
        r = passwords_split(ret, &err);
    return r < 0 ? app_fail(app, path, &err) : 0;
}
