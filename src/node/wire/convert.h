/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_CONVERT_H
#define CANH_NODE_WIRE_CONVERT_H
/*
 * What canh-convert answers of a log: u32 'CNV2', u64 events, logs, alerts, unreadable, damaged,
 * u32 count, rows: u32 level, seven texts, u64 count, i64 first, last. Whoever reads it takes
 * nothing for granted: the writer has read what a stranger sent.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { CONVERT_ROWS_MAX = 500, CONVERT_TEXT_MAX = 4000, CONVERT_ANSWER_MAX = 1 << 20 };

struct convert_row {
    int32_t level; /* 1 … 5 */
    struct slice title, title_vi, advice, advice_vi, description, rule, host;
    uint64_t count;
    int64_t first, last; /* TIME_NONE: no time */
};

struct convert_answer {
    uint64_t events, logs, alerts, unreadable, damaged;
    struct convert_row *rows;
    uint32_t row_count;
};

/*
 * What it answers of a table, a photograph, a list or a log of which a page is wanted: u8 0,
 * office/workbook_wire.h or the file alone, and its length as u32, so that the whole of it differs
 * from what a writer leaves who dies half way; or u8 1, and why not, in Vietnamese and in English.
 */
enum {
    CONVERT_FILE_MAX = 16 << 20,
    CONVERT_FILE_ANSWER_MAX = CONVERT_FILE_MAX + 5,
    CONVERT_WHY_MAX = 2000
};
enum convert_fate { CONVERT_READ, CONVERT_REFUSED };
struct convert_file {
    bool read;
    struct slice bytes;  /* read */
    struct slice vi, en; /* not: why */
};
/* Around the bytes of a file that is read; out has nothing but these. */
void convert_file_begin(struct buf *out);
void convert_file_end(struct buf *out);
/* Borrows. -CE_PEER. */
CANH_MUST_USE int convert_file_get(struct slice s, struct convert_file *ret);

void convert_write(struct buf *out, const struct convert_answer *x);
/* Texts borrow from the answer, rows are in the arena. -CE_PEER. */
CANH_MUST_USE int convert_get(struct slice s, struct arena *arena, struct convert_answer *ret);

#endif
