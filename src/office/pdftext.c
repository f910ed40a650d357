/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pdftext.h"

#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "lang/err_office.h"
#include "os/child.h"
#include "os/sandbox.h"

enum { MEMORY_MIB = 512, SIGNALS = 128 };

/* pdftotext(1): 1 error opening, 2 error opening the output, 3 permissions, 99 other. */
enum { STATUS_PERMISSION = 3 };

/* Its libraries, and what tells it how characters are encoded. */
static const char *const readable[] = {"/usr",       "/lib",      "/lib64", "/etc/ld.so.cache",
                                       "/etc/fonts", "/dev/null", NULL};

static int run(char *const *argv, int fd, const struct sandbox *sandbox, struct buf *out,
               int *ret_status, struct err *err)
{
    struct child c = {.argv = argv,
                      .in = fd,
                      .timeout = PDFTEXT_SECONDS * TIME_SECOND,
                      .hostile = true,
                      .memory = (uint64_t)MEMORY_MIB << 20,
                      .cpu = PDFTEXT_SECONDS,
                      .sandbox = sandbox};

    (void)lseek(fd, 0, SEEK_SET); /* a pipe stands where it stands */
    return child_run(&c, out, ret_status, err);
}

int pdftext_read(const struct pdftext_options *o, int fd, struct buf *out, struct err *err)
{
    char path[4096], quiet[] = "-q", encoding[] = "-enc", utf8[] = "UTF-8";
    char tsv[] = "-tsv", in[] = "-", to[] = "-";
    char *text[] = {path, quiet, encoding, utf8, in, to, NULL};
    char *places[] = {path, quiet, tsv, encoding, utf8, in, to, NULL};
    char **argv = o->places ? places : text;
    struct sandbox_rules rules = {.read = readable, .degrade = o->degrade};
    struct sandbox *sandbox = NULL;
    size_t n = strlen(o->program);
    int status = 0, r;

    if (n >= sizeof(path))
        return err_fail(err, CE_NOT_FOUND, ERR_OFFICE_NO_PROGRAM, o->program);
    memcpy(path, o->program, n + 1);
    r = sandbox_new(&rules, &sandbox, err);
    if (r < 0)
        return r;
    r = run(argv, fd, sandbox, out, &status, err);
    sandbox_free(sandbox);
    if (r < 0)
        return r;
    if (status == 0)
        return out->len < out->max ? 0 : err_fail(err, CE_TOO_BIG, ERR_OFFICE_PDF_LONG);
    if (status == STATUS_PERMISSION)
        return err_fail(err, CE_DENIED, ERR_OFFICE_PDF_LOCKED);
    if (status >= SIGNALS)
        return err_fail(err, CE_BUSY, ERR_OFFICE_PDF_SIGNAL, o->program, status - SIGNALS);
    return err_fail(err, CE_CORRUPT, ERR_OFFICE_PDF_STATUS, o->program, status);
}
