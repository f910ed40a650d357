/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_FILETYPE_H
#define CANH_STATE_FILETYPE_H
/*
 * What a file is, by its first bytes, never by its name; and a name that is safe to show. Pure.
 */
#include "base/buf.h"
#include "base/slice.h"

enum { FILETYPE_HEAD = 4096 };

/*
 * Media type of a file that begins with these bytes (FILETYPE_HEAD of them, or all there are), or
 * NULL when it is of no kind accepted as evidence: programs, scripts, unknown binaries. Everything
 * that is text is text/plain, whatever it contains: it is never served as anything else.
 */
const char *filetype_of(struct slice head);

/* What one does with a file of a media type. */
enum filetype_class {
    FILETYPE_TEXT,
    FILETYPE_PDF,
    FILETYPE_OFFICE,     /* a package of XML parts */
    FILETYPE_OLD_OFFICE, /* the compound files of before, also what office encrypts */
    FILETYPE_PICTURE,
    FILETYPE_LOG,
    FILETYPE_ARCHIVE /* and everything else */
};
enum filetype_class filetype_class(const char *type);

/*
 * The last part of a name as given, without control, direction-changing and path characters, at
 * most 200 bytes, never empty. For showing only: it is never opened.
 */
void filename_clean(struct buf *out, struct slice given);

#endif
