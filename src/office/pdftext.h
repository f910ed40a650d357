/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PDFTEXT_H
#define CANH_OFFICE_PDFTEXT_H
/*
 * The text of a PDF, by poppler's pdftotext: a program of its own, since poppler is under another
 * licence, in a process with little memory and time in a sandbox that lets it read its own
 * libraries and nothing else, since the file is a stranger's.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* Debian: poppler-utils. */
#define PDFTEXT_PROGRAM "/usr/bin/pdftotext"

struct pdftext_options {
    const char *program; /* PDFTEXT_PROGRAM */
    bool degrade;        /* read it with as much of the sandbox as the system has */
    bool places;         /* each word with its place (pdftable.h) instead of the text */
};

enum { PDFTEXT_MAX = 16 << 20, PDFTEXT_SECONDS = 30 };

/*
 * Appends the text of the PDF open at fd, its pages ended by form feeds, at most PDFTEXT_MAX bytes.
 * -CE_NOT_FOUND without the program, -CE_DENIED for a file with a password, -CE_BUSY when it takes
 * too long or too much memory, -CE_UNKNOWN where the system has no sandbox, -CE_CORRUPT when it
 * cannot be read, -CE_TOO_BIG.
 */
CANH_MUST_USE int pdftext_read(const struct pdftext_options *o, int fd, struct buf *out,
                               struct err *err);

#endif
