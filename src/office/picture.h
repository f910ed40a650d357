/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PICTURE_H
#define CANH_OFFICE_PICTURE_H
/*
 * A photograph that is handed in, without what it says beside the picture: place, time, owner and
 * machine (Exif, XMP, IPTC, comments, makers' notes, thumbnails, films behind the end). JPEG (ITU-T
 * T.81) keeps its tables, frames and scans, and of the application segments JFIF (APP0) and Adobe's
 * transform (APP14); PNG (ISO 15948) its critical chunks and those of colour. Nothing is decoded;
 * the turn that Exif told is lost with it. Pure.
 */
#include "base/buf.h"
#include "base/err.h"

enum { PICTURE_SIDE_MAX = 20000 }; /* pixels */

/* Appends the picture. -CE_UNKNOWN: neither JPEG nor PNG; -CE_SYNTAX: damaged; -CE_RANGE: larger
 * than PICTURE_SIDE_MAX; out's own limit: -CE_TOO_BIG. */
CANH_MUST_USE int picture_clean(struct slice bytes, struct buf *out);

#endif
