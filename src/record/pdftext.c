/* SPDX-License-Identifier: Apache-2.0 */
#include "record/pdftext.h"

#include "base/child.h"
#include "base/time.h"
#include "lang/err_record.h"

enum { MEMORY_MIB = 512, SIGNALS = 128 };

/* pdftotext(1): 1 error opening, 2 error opening the output, 3 permissions, 99 other. */
enum { STATUS_OPEN = 1, STATUS_PERMISSION = 3 };

int pdftext_read(const char *program, int fd, struct buf *out, struct err *err)
{
    char path[4096], quiet[] = "-q", encoding[] = "-enc", utf8[] = "UTF-8";
    char in[] = "/dev/stdin", to[] = "-";
    char *argv[] = {path, quiet, encoding, utf8, in, to, NULL};
    struct child c = {.argv = argv,
                      .in = fd,
                      .timeout = PDFTEXT_SECONDS * TIME_SECOND,
                      .hostile = true,
                      .memory = (uint64_t)MEMORY_MIB << 20,
                      .cpu = PDFTEXT_SECONDS};
    size_t n = strlen(program);
    int status = 0, r;

    if (n >= sizeof(path))
        return err_set(err, CE_NOT_FOUND, "%s", program);
    memcpy(path, program, n + 1);
    r = child_run(&c, out, &status, err);
    if (r < 0)
        return r;
    if (status == 0)
        return out->len < out->max ? 0 : err_fail(err, CE_TOO_BIG, ERR_RECORD_TEXT_PDF);
    if (status == STATUS_PERMISSION)
        return err_fail(err, CE_DENIED, ERR_RECORD_PDF_MAY_NOT_READ);
    if (status >= SIGNALS)
        return err_fail(err, CE_BUSY, ERR_RECORD_ENDED_BY_SIGNAL, program, status - SIGNALS);
    return err_fail(err, CE_CORRUPT, ERR_RECORD_STATUS, program, status);
}
