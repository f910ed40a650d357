/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_HANDED_H
#define CANH_RECORD_HANDED_H
/*
 * A file that a person hands in as evidence: what it is, and whether a marking of classified
 * material (state/marking.h) stands in it. Text, office packages in all their parts and PDFs are
 * read. What cannot be read is not checked, and says why: a person has to declare that it is not
 * classified before it is kept.
 */
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "office/pdftext.h"

enum handed_outcome {
    HANDED_READ,   /* all of its text was read; no marking */
    HANDED_MARKED, /* it is marked as classified */
    HANDED_EMPTY,
    HANDED_TYPE,    /* of no type that is accepted */
    HANDED_TOO_BIG, /* over HANDED_MAX */
    /* not checked, because it is … */
    HANDED_PICTURE,
    HANDED_SCAN,      /* a PDF with pages without text: *ret_pages of them */
    HANDED_OLD_FONTS, /* its text is in an encoding of the time before Unicode */
    HANDED_LOCKED,    /* behind a password */
    HANDED_ARCHIVE,
    HANDED_NO_READER,  /* a PDF, but pdftotext is not installed */
    HANDED_NO_SANDBOX, /* a PDF, but this system cannot lock its reader in */
    HANDED_OTHER,      /* damaged, too slow to read, of a format that canh does not read */
    HANDED_MAX_OUTCOME
};

enum { HANDED_MAX = 64 << 20 }; /* bytes: the state's own limit */

/* Looks at the file open at fd, a regular one, from its start. -CE_* when it cannot be read. */
CANH_MUST_USE int handed_examine(int fd, const struct pdftext_options *pdf,
                                 enum handed_outcome *ret, unsigned *ret_pages, struct err *err);

#endif
