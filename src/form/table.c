/* SPDX-License-Identifier: Apache-2.0 */
#include "form/table.h"

#include "form/csv.h"
#include "form/pack.h"
#include "form/say.h"
#include "form/text.h"
#include "form/viet.h"
#include "form/xlsx.h"

const struct table_limits table_default_limits = {
    .max_bytes = (size_t)64 << 20,
    .max_unpacked = (size_t)1 << 30,
    .max_ratio = 250,
    .max_entries = 4096,
    .max_sheets = 256,
    .max_rows = 1000000,
    .max_cols = 1024,
    .max_cells = 20000000,
    .max_merges = 65536,
    .max_cell_bytes = 128 * 1024,
    .lang = LANG_VI,
};

static int check_sheet_legacy(const struct sheet *s, enum lang lang, struct err *err)
{
    struct text_tally all = {0};
    unsigned row = 0, col = 0;

    for (uint32_t i = 0; i < s->row_count; i++) {
        for (uint32_t c = 0; c < s->rows[i].count; c++) {
            uint64_t before = all.odd;

            text_count(&all, cell_text(&s->rows[i].cells[c]));
            if (before == 0 && all.odd > 0) {
                row = s->rows[i].number;
                col = c + 1;
            }
        }
    }
    if (text_judge(&all) == TEXT_MODERN)
        return 0;
    return text_refuse(text_judge(&all), lang, row, col, err);
}

static int read_any(struct arena *arena, struct slice bytes, const struct table_limits *l,
                    struct table *t, struct err *err)
{
    if (bytes.n > l->max_bytes)
        return form_fail(err, l->lang, CE_TOO_BIG, 0, 0, MSG_FORM_FILE_BIG,
                         (uint64_t)(l->max_bytes >> 20));
    switch (file_kind(bytes)) {
    case FILE_ZIP:
        return xlsx_read(arena, bytes, l, t, err);
    case FILE_OTHER:
        return csv_read(arena, bytes, l, t, err);
    case FILE_ENCRYPTED:
        return form_fail(err, l->lang, CE_DENIED, 0, 0, MSG_FORM_FILE_ENCRYPTED);
    case FILE_OLE:
        return form_fail(err, l->lang, CE_UNKNOWN, 0, 0, MSG_FORM_FILE_XLS);
    case FILE_HTML:
        return form_fail(err, l->lang, CE_UNKNOWN, 0, 0, MSG_FORM_FILE_HTML);
    case FILE_PDF:
    case FILE_RTF:
    case FILE_IMAGE:
    case FILE_RAR_7Z:
        break;
    }
    return form_fail(err, l->lang, CE_UNKNOWN, 0, 0, MSG_FORM_FILE_OTHER);
}

int table_read(struct arena *arena, struct slice bytes, const struct table_limits *limits,
               struct table **ret, struct err *err)
{
    const struct table_limits *l = limits ? limits : &table_default_limits;
    struct table *t = arena_new(arena, struct table);
    struct err local = ERR_INIT;
    int r;

    if (t == NULL)
        return err_set(err, CE_NOMEM, "%s", ce_to_str(CE_NOMEM));
    r = read_any(arena, bytes, l, t, &local);
    for (uint32_t i = 0; r == 0 && i < t->sheet_count; i++)
        r = check_sheet_legacy(&t->sheets[i], l->lang, &local);
    if (r == 0)
        *ret = t;
    else if (err != NULL)
        *err = local;
    return r;
}

const struct cell *row_cell(const struct row *row, uint32_t col)
{
    static const struct cell empty = {.p = (const uint8_t *)""};

    return col == 0 || col > row->count ? &empty : &row->cells[col - 1];
}

const struct sheet *table_sheet(const struct table *t, struct slice name)
{
    for (uint32_t i = 0; i < t->sheet_count; i++) {
        if (viet_same(t->sheets[i].name, name))
            return &t->sheets[i];
    }
    return NULL;
}

const struct sheet *table_first(const struct table *t)
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

void table_place(struct buf *out, enum lang lang, struct slice sheet, uint32_t row, uint32_t col)
{
    const char *comma = "";
    char letters[8];

    if (sheet.n > 0) {
        lang_put(out, lang, MSG_FORM_PLACE_SHEET, (int)CANH_MIN(sheet.n, 200u),
                 (const char *)sheet.p);
        comma = ", ";
    }
    if (row > 0) {
        buf_puts(out, comma);
        lang_put(out, lang, MSG_FORM_PLACE_ROW, row);
        comma = ", ";
    }
    if (col > 0) {
        buf_puts(out, comma);
        lang_put(out, lang, MSG_FORM_PLACE_COL, column_name(col, letters));
    }
}
