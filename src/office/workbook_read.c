/* SPDX-License-Identifier: Apache-2.0 */
#include "office/workbook.h"

#include "lang/collate.h"
#include "lang/err_office.h"
#include "office/csv_read.h"
#include "office/ods.h"
#include "office/pack.h"
#include "office/text.h"
#include "office/xlsx.h"

const struct workbook_limits workbook_default_limits = {
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
};

static int check_sheet_legacy(const struct sheet *s, struct err *err)
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
    return text_refuse(text_judge(&all), row, col, err);
}

static int read_package(struct arena *arena, struct slice bytes, const struct workbook_limits *l,
                        struct workbook *t, struct err *err)
{
    const struct pack_limits limits = {.max_bytes = l->max_bytes,
                                       .max_unpacked = l->max_unpacked,
                                       .max_ratio = l->max_ratio,
                                       .max_entries = l->max_entries};
    struct pack *p = NULL;
    int r = pack_open(&p, bytes, &limits, err);

    if (r == 0)
        r = ods_is(p) ? ods_read(arena, p, l, t, err) : xlsx_read(arena, p, l, t, err);
    pack_free(p);
    return r;
}

static int read_any(struct arena *arena, struct slice bytes, const struct workbook_limits *l,
                    struct workbook *t, struct err *err)
{
    if (bytes.n > l->max_bytes)
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_BIG, (uint64_t)(l->max_bytes >> 20));
    switch (file_kind(bytes)) {
    case FILE_ZIP:
        return read_package(arena, bytes, l, t, err);
    case FILE_OTHER:
        return csv_read(arena, bytes, l, t, err);
    case FILE_ENCRYPTED:
        return err_fail(err, CE_DENIED, ERR_OFFICE_FILE_ENCRYPTED);
    case FILE_OLE:
        return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_XLS);
    case FILE_HTML:
        return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_HTML);
    case FILE_PDF:
    case FILE_RTF:
    case FILE_IMAGE:
    case FILE_RAR_7Z:
        break;
    }
    return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_OTHER);
}

int workbook_read(struct arena *arena, struct slice bytes, const struct workbook_limits *limits,
                  struct workbook **ret, struct err *err)
{
    const struct workbook_limits *l = limits ? limits : &workbook_default_limits;
    struct workbook *t = arena_new(arena, struct workbook);
    struct err local = ERR_INIT;
    int r;

    if (t == NULL)
        return err_nomem(err);
    r = read_any(arena, bytes, l, t, &local);
    for (uint32_t i = 0; r == 0 && i < t->sheet_count; i++)
        r = check_sheet_legacy(&t->sheets[i], &local);
    if (r == 0)
        *ret = t;
    else if (err != NULL)
        *err = local;
    return r;
}
