/* SPDX-License-Identifier: Apache-2.0 */
/* OpenDocument spreadsheets as LibreOffice writes them. */
#include <stdlib.h>

#include "err_words.h"
#include "office/workbook.h"
#include "tap.h"
#include "zipmake.h"

#define ODS(styles, tables)                                                                        \
    "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:style='s' "    \
    "xmlns:calcext='c'><office:automatic-styles>" styles "</office:automatic-styles><office:body>" \
    "<office:spreadsheet>" tables "</office:spreadsheet></office:body></office:document-content>"
#define TABLE(rows) "<table:table table:name='A'>" rows "</table:table>"
#define ROW(cells)  "<table:table-row>" cells "</table:table-row>"
#define TEXT(t)                                                                                    \
    "<table:table-cell office:value-type='string'><text:p>" t "</text:p></table:table-cell>"
#define VALUE(type, key, value, shown)                                                             \
    "<table:table-cell office:value-type='" type "' office:" key "='" value "'><text:p>" shown     \
    "</text:p></table:table-cell>"

struct read {
    struct arena arena;
    struct workbook *table;
    struct err err;
    int r;
};

static struct read read_ods(const char *content, const struct workbook_limits *limits)
{
    struct zip_part part = {"content.xml", slice_str(content)};
    struct read d = {.arena = ARENA_INIT(WORKBOOK_ARENA_MAX), .err = ERR_INIT};
    struct slice bytes = zip_make(&part, 1, false);

    d.r = workbook_read(&d.arena, bytes, limits, &d.table, &d.err);
    free((void *)(uintptr_t)bytes.p);
    return d;
}

static void is_cell(const struct read *d, uint32_t row, uint32_t col, enum cell_kind kind,
                    const char *text, const char *what)
{
    static const struct cell none = {.p = (const uint8_t *)"", .kind = CELL_KIND_MAX};
    const struct sheet *s = d->r == 0 ? workbook_first(d->table) : NULL;
    const struct cell *c = &none;

    for (uint32_t i = 0; s && i < s->row_count; i++) {
        if (s->rows[i].number == row)
            c = row_cell(&s->rows[i], col);
    }
    is_slice(cell_text(c), slice_str(text), "%s", what);
    is_int(c->kind, kind, "%s: its kind", what);
}

static void test_values(void)
{
    struct read d = read_ods(
        ODS("", TABLE(ROW(TEXT("Họ<text:s text:c='2'/>tên</text:p><text:p>hai")
                              VALUE("float", "value", "1234.5",
                                    "1.234,50") VALUE("percentage", "value", "0.955", "95,5%")
                                  VALUE("date", "date-value", "2026-12-01", "01/12/26")
                                      VALUE("date", "date-value", "2026-12-01T07:30:00",
                                            "x") VALUE("time", "time-value", "PT07H30M00S", "7:30")
                                          VALUE("boolean", "boolean-value", "true", "TRUE")
                                              VALUE("float", "value", "912345678", "0912345678"))
                          ROW("<table:table-cell table:formula='of:=1/0' "
                              "office:value-type='string' office:string-value='' "
                              "calcext:value-type='error'><text:p>#DIV/0!</text:p>"
                              "</table:table-cell>"
                              "<table:table-cell office:value-type='string'>"
                              "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
                              "<text:p>ô</text:p></table:table-cell>"))),
        NULL);

    is_int(d.r, 0, "read: %s", err_words(&d.err));
    is_cell(&d, 1, 1, CELL_TEXT, "Họ  tên\nhai", "two paragraphs");
    is_cell(&d, 1, 2, CELL_NUMBER, "1234.5", "a number is as stored");
    is_cell(&d, 1, 3, CELL_NUMBER, "95.5%", "a percentage");
    is_cell(&d, 1, 4, CELL_DATE, "2026-12-01", "a date");
    is_cell(&d, 1, 5, CELL_DATETIME, "2026-12-01T07:30", "date and time");
    is_cell(&d, 1, 6, CELL_TIME, "07:30", "a time");
    is_cell(&d, 1, 7, CELL_BOOL, "TRUE", "true");
    is_cell(&d, 1, 8, CELL_TEXT, "0912345678", "a number with a zero before it");
    is_cell(&d, 2, 1, CELL_ERROR, "#DIV/0!", "an error");
    is_cell(&d, 2, 2, CELL_TEXT, "ô", "comments are no text");
    arena_done(&d.arena);
}

static void test_shape(void)
{
    struct read d = read_ods(
        ODS("<style:style style:name='ta2' style:family='table'><style:table-properties "
            "table:display='false'/></style:style>",
            "<table:table table:name='Cũ' table:style-name='ta2'>" ROW(TEXT(
                "cũ")) "</table:table>" TABLE("<table:table-row><table:table-cell "
                                              "office:value-type='string' "
                                              "table:number-columns-spanned='2' "
                                              "table:number-rows-spanned='1'><text:p>tiêu đề"
                                              "</text:p></"
                                              "table:table-cell><table:covered-table-cell/>"
                                              "<table:table-cell "
                                              "table:number-columns-repeated='16382'/></"
                                              "table:table-row>"
                                              "<table:table-row table:number-rows-repeated='3'>"
                                              "<table:table-cell table:number-columns-repeated='2' "
                                              "office:value-type='string'>"
                                              "<text:p>x</text:p></table:table-cell></"
                                              "table:table-row>"
                                              "<table:table-row table:visibility='filter'>" TEXT(
                                                  "ẩn") "</table:table-row>"
                                                        "<table:table-row "
                                                        "table:number-rows-repeated='1048571'>"
                                                        "<table:table-cell "
                                                        "table:number-columns-repeated='16384'/></"
                                                        "table:table-row>")),
        NULL);
    const struct sheet *s = d.r == 0 ? workbook_first(d.table) : NULL;

    is_int(d.r, 0, "read: %s", err_words(&d.err));
    ok(d.r == 0 && d.table->sheet_count == 2 && d.table->sheets[0].hidden, "a hidden sheet");
    ok(s && slice_is(s->name, "A") && s->row_count == 5, "rows that are repeated, no empty ones");
    is_cell(&d, 1, 2, CELL_TEXT, "tiêu đề", "a merged cell");
    ok(s && row_cell(&s->rows[0], 2)->flags == CELL_COVERED, "is marked");
    is_cell(&d, 4, 2, CELL_TEXT, "x", "the last of three rows, the second of two cells");
    ok(s && s->rows[4].number == 5 && s->rows[4].hidden, "a row that a filter hides");
    arena_done(&d.arena);
}

static void test_refused(void)
{
    static const char million[] =
        ODS("", TABLE("<table:table-row table:number-rows-repeated='1048576'>" TEXT(
                    "x") "</table:table-row>"));
    struct workbook_limits few = workbook_default_limits;
    struct read d;

    few.max_rows = 100;
    d = read_ods(million, &few);
    is_int(d.r, -CE_TOO_BIG, "a row a million times: %s", err_words(&d.err));
    arena_done(&d.arena);
    d = read_ods(ODS("", TABLE(ROW("<table:table-cell table:number-columns-repeated='16384' "
                                   "office:value-type='string'><text:p>x</text:p>"
                                   "</table:table-cell>"))),
                 NULL);
    is_int(d.r, -CE_TOO_BIG, "a cell 16384 times: %s", err_words(&d.err));
    arena_done(&d.arena);
    d = read_ods(ODS("", "<text:p>thư</text:p>"), NULL);
    is_int(d.r, -CE_UNKNOWN, "a letter is no table: %s", err_words(&d.err));
    arena_done(&d.arena);
    d = read_ods(ODS("", TABLE(TEXT("x"))), NULL);
    is_int(d.r, -CE_CORRUPT, "a cell outside a row: %s", err_words(&d.err));
    arena_done(&d.arena);
}

int main(void)
{
    test_values();
    test_shape();
    test_refused();
    return tap_done();
}
