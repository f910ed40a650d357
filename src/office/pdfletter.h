/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PDFLETTER_H
#define CANH_OFFICE_PDFLETTER_H
/*
 * A PDF as the text of a letter: with its tables as rows and its body column by column where it has
 * any (pdftable.h), else in the order that it was written, without the numbers of its pages.
 *
 * In two steps, so that a process can give up its rights between them: the program that reads the
 * PDF is in a sandbox of its own, and what it says is a stranger's.
 *
 *     r = pdfletter_run(&p, fd, degrade, &err);
 *     …the sandbox is entered…
 *     r = pdfletter_write(&arena, &p, &out, &err);
 *     pdfletter_done(&p);
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct pdfletter {
    struct buf places, text; /* as pdftotext printed them */
};

/* Errors as pdftext_read(). */
CANH_MUST_USE int pdfletter_run(struct pdfletter *p, int fd, bool degrade, struct err *err);
/* Appends. -CE_NOMEM, -CE_TOO_BIG. */
CANH_MUST_USE int pdfletter_write(struct arena *arena, const struct pdfletter *p, struct buf *out,
                                  struct err *err);
void pdfletter_done(struct pdfletter *p);

#endif
