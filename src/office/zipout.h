/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ZIPOUT_H
#define CANH_OFFICE_ZIPOUT_H
/* Packs parts into a ZIP file in memory, in the order given, dated 1980-01-01. */
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct zipout_part {
    const char *name;
    struct slice content;
    bool stored; /* not compressed: ODF's mimetype */
};

CANH_MUST_USE int zipout(const struct zipout_part *parts, size_t count, struct buf *out,
                         struct err *err);

#endif
