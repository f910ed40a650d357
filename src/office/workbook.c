/* SPDX-License-Identifier: Apache-2.0 */
#include "office/workbook.h"

#include "lang/collate.h"
#include "lang/msg_form.h"

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

void workbook_place(struct buf *out, enum lang lang, struct slice sheet, uint32_t row, uint32_t col)
{
    const char *comma = "";
    char letters[8];

    if (sheet.n > 0) {
        lang_write(out, lang, MSG_FORM_PLACE_SHEET, (int)CANH_MIN(sheet.n, 200u),
                   (const char *)sheet.p);
        comma = ", ";
    }
    if (row > 0) {
        buf_puts(out, comma);
        lang_write(out, lang, MSG_FORM_PLACE_ROW, row);
        comma = ", ";
    }
    if (col > 0) {
        buf_puts(out, comma);
        lang_write(out, lang, MSG_FORM_PLACE_COL, column_name(col, letters));
    }
}
