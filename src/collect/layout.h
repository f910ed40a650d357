/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_LAYOUT_H
#define CANH_COLLECT_LAYOUT_H
/*
 * What the bytes of a followed log are: in which encoding, in which format, and under which names
 * of columns the next line stands. So lines become records that can be read by themselves: one with
 * those that go on with it (format.joins), behind the names of its columns (format.role).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/utf.h"
#include "decode/decoder.h"

enum {
    LAYOUT_NAMES_MAX = DECODE_HEAD_MAX, /* more are left out: names.err is set */
    LAYOUT_SAMPLE = 64 * 1024,          /* of a file's beginning, that is looked at */
    LAYOUT_BACK = 1024 * 1024,          /* before an offset, that is looked through for names */
};

struct layout {
    bool begun; /* the encoding is known */
    enum utf_kind encoding;
    uint32_t mark;               /* bytes of the byte order mark */
    bool looked;                 /* for the format: enough of the file was there */
    const struct format *format; /* NULL: none that is known, so far */
    struct buf names;            /* lines; of columns, for the lines that come next */
    bool in_names;               /* no record has come since the last of them */
};

#define LAYOUT_INIT ((struct layout){.names = BUF_INIT(LAYOUT_NAMES_MAX)})
void layout_done(struct layout *l);
/* Another content begins. */
void layout_clear(struct layout *l);

/* The encoding by the file's first bytes. 1; 0: too few are there; -1: errno. */
CANH_MUST_USE int layout_begin(struct layout *l, int fd);
/*
 * The format by the file's beginning, and the names that stand before offset, of which the file's
 * first LAYOUT_SAMPLE bytes and the LAYOUT_BACK before it are looked at. Call again while
 * !l->looked.
 */
void layout_learn(struct layout *l, int fd, uint64_t offset);

/* Bytes as UTF-8, without the beginning of a character that does not end; how many were used. */
size_t layout_decode(const struct layout *l, struct slice bytes, struct buf *out);
/* Bytes of the file that text was made of. */
uint64_t layout_bytes(const struct layout *l, struct slice text);

/* A line that is next: false for one that is no record; names of columns are kept. */
bool layout_is_record(struct layout *l, struct slice line);
bool layout_joins(const struct layout *l, struct slice record, struct slice line);

#endif
