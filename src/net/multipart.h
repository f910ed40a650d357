/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_MULTIPART_H
#define CANH_NET_MULTIPART_H
/*
 * A body of multipart/form-data (RFC 7578) that is in memory as a whole: fields as the pairs that a
 * form gives, and at most one file. Pure. Nothing is decoded but names; a name of a file loses its
 * folders. Refused, never repaired: a boundary that is none, parts without an end, headers that are
 * too long, names twice, fields that are no UTF-8.
 */
#include "net/uri.h"

enum { MULTIPART_PARTS_MAX = 300, MULTIPART_HEAD_MAX = 4096, MULTIPART_FIELD_MAX = 64 << 10 };

struct multipart {
    struct uri_pairs fields;                  /* in the arena */
    struct slice file_field, file_name, file; /* file: of the body; file_field.p NULL: none came */
};

/* type: the header Content-Type. -CE_SYNTAX, -CE_ENCODING, -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int multipart_parse(struct slice type, struct slice body, struct arena *arena,
                                  struct multipart *ret);

#endif
