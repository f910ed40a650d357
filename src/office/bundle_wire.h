/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_BUNDLE_WIRE_H
#define CANH_OFFICE_BUNDLE_WIRE_H
/*
 * The files of rules of an archive that somebody handed in, as bytes between the process that reads
 * it and the one that keeps them: u32 'CNB1', for each file u8 1, text name, text content; u8 0,
 * what was counted, text of the licences. The reader takes nothing for granted: a name leads
 * nowhere but below the folder that it is put into.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { BUNDLE_FILES_MAX = 20000, BUNDLE_NAME_MAX = 1000, BUNDLE_FILE_MAX = 8 << 20 };

struct bundle_counts {
    uint64_t rules;     /* files of them */
    uint64_t loaded;    /* rules that can be used */
    uint64_t refused;   /* rules that cannot */
    uint64_t left_out;  /* files: links, unsafe or double names, too large */
    int64_t newest_day; /* of the newest rule; INT64_MIN: none says */
};

struct bundle_file {
    struct slice name, text;
};

struct bundle {
    struct bundle_counts counts;
    struct slice licences; /* names of their files, ", " between */
    struct bundle_file *files;
    uint32_t count;
};

/* In this order; errors stick in out. */
void bundle_begin(struct buf *out);
void bundle_put(struct buf *out, struct slice name, struct slice text);
void bundle_end(struct buf *out, const struct bundle_counts *counts, struct slice licences);

/* Borrows from bytes; the list is in the arena. -CE_PEER, -CE_NOMEM. */
CANH_MUST_USE int bundle_decode(struct slice bytes, struct arena *arena, struct bundle *ret);

/* What may be the name of a folder of rules: letters, digits, '.', '_', '-', the first no '.'. */
bool bundle_name_is_good(struct slice name);

#endif
