/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_CLEAN_H
#define CANH_OFFICE_CLEAN_H
/* Text out of files as the rest of canh wants it: NFC, no control characters, no blank ends. */
#include "base/buf.h"
#include "base/slice.h"

/*
 * Without blanks people cannot see at both ends (also no-break and zero-width ones), line ends as
 * \n, other control characters as spaces, in NFC. The result is part of s or stands in scratch,
 * whose err says when it did not fit.
 */
struct slice clean_text(struct slice s, struct buf *scratch);

#endif
