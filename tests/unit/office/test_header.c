/* SPDX-License-Identifier: Apache-2.0 */
#include "office/header.h"

#include "err_words.h"
#include "tap.h"

static const struct header_column columns[] = {
    {"Họ và tên|Họ tên|Full name", true},
    {"Số điện thoại|Điện thoại|SĐT|Phone", true},
    {"Ghi chú|Note", false},
};

static struct arena arena = ARENA_INIT(WORKBOOK_ARENA_MAX);
static struct err err;

static int find(const char *csv, struct header *h, const struct sheet **ret)
{
    struct workbook *t;

    err = ERR_INIT;
    if (workbook_read(&arena, slice_str(csv), NULL, &t, &err) < 0)
        return -CE_BUG;
    *ret = &t->sheets[0];
    return header_find(*ret, columns, CANH_LEN(columns), h, &err);
}

int main(void)
{
    const struct sheet *s;
    struct header h = {0};

    is_int(find("DANH SÁCH CÁN BỘ;;\nnăm 2026;;\nSTT;HỌ TÊN;Sdt (di động)\n1;An;0912\n", &h, &s), 0,
           "a heading under a title: %s", err_words(&err));
    is_int(h.row_index, 2, "its row");
    is_int(h.col[0], 2, "name");
    is_int(h.col[1], 3, "phone, without what is in brackets");
    is_int(h.col[2], 0, "an optional column that is not there");
    is_slice(cell_text(header_cell(&h, &s->rows[3], 0)), SLICE("An"), "a cell by its column");
    is_slice(cell_text(header_cell(&h, &s->rows[3], 2)), SLICE(""), "of a missing column: empty");
    is_int(find("a;b\nHọ và tên;Ghi chú\nAn;x\n", &h, &s), -CE_MISSING,
           "a required one is missing");
    is_str(err_words_in(LANG_VI, &err), "dòng 2: thiếu cột Số điện thoại", "named");
    is_int(find("a;b\n1;2\n", &h, &s), -CE_MISSING, "no heading at all: %s", err_words(&err));
    is_int(find("Họ tên;Phone;SĐT\n", &h, &s), 0, "two names for one thing");
    is_int(h.col[1], 3, "the one that stands first among the names counts");
    is_int(find("Họ tên;SĐT;sđt\n", &h, &s), -CE_CONFLICT, "the same heading twice");
    is_str(err_words_in(LANG_VI, &err), "dòng 1, cột C: hai cột cùng một tiêu đề", "named");
    is_int(find("", &h, &s), -CE_MISSING, "an empty table");
    arena_done(&arena);
    return tap_done();
}
