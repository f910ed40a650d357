/* SPDX-License-Identifier: Apache-2.0 */
#include "office/workbook.h"

#include "lang/collate.h"
#include "lang/err_office.h"
#include "lang/error.h"

enum { PLACE_SHEET_MAX = 150 /* bytes of a name */ };

const struct cell *row_cell(const struct row *row, uint32_t col)
{
    static const struct cell empty = {.p = (const uint8_t *)""};

    return col == 0 || col > row->count ? &empty : &row->cells[col - 1];
}

const struct sheet *workbook_sheet(const struct workbook *t, struct slice name)
{
    for (uint32_t i = 0; i < t->sheet_count; i++) {
        if (viet_same(t->sheets[i].name, name))
            return &t->sheets[i];
    }
    return NULL;
}

const struct sheet *workbook_first(const struct workbook *t)
{
    for (uint32_t i = 0; i < t->sheet_count; i++) {
        if (!t->sheets[i].hidden && t->sheets[i].row_count > 0)
            return &t->sheets[i];
    }
    return NULL;
}

const char *column_name(uint32_t col, char to[8])
{
    char reversed[8];
    unsigned n = 0;

    for (; col > 0 && n < 7; col = (col - 1) / 26)
        reversed[n++] = (char)('A' + (col - 1) % 26);
    for (unsigned i = 0; i < n; i++)
        to[i] = reversed[n - 1 - i];
    to[n] = 0;
    return to;
}

struct err workbook_place_err(struct slice sheet, uint32_t row, uint32_t col)
{
    struct err e = ERR_INIT;
    char letters[8];
    const char *column = column_name(col, letters);

    sheet = slice_head_utf8(sheet, PLACE_SHEET_MAX);
    switch ((sheet.n > 0) | (row > 0) << 1 | (col > 0) << 2) {
    case 1:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_SHEET, sheet);
        break;
    case 2:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_ROW, row);
        break;
    case 3:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_SHEET_ROW, sheet, row);
        break;
    case 4:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_COL, column);
        break;
    case 5:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_SHEET_COL, sheet, column);
        break;
    case 6:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_ROW_COL, row, column);
        break;
    case 7:
        (void)err_fail(&e, CE_SYNTAX, ERR_OFFICE_PLACE_SHEET_ROW_COL, sheet, row, column);
        break;
    default:
        break;
    }
    return e;
}

void workbook_place(struct buf *out, enum lang lang, struct slice sheet, uint32_t row, uint32_t col)
{
    const struct err e = workbook_place_err(sheet, row, col);

    if (e.code != 0)
        error_write(out, lang, &e);
}
