/* SPDX-License-Identifier: Apache-2.0 */
#include "err_words.h"
#include "office/workbook.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(WORKBOOK_ARENA_MAX);
static struct err err;

static const struct workbook *read_csv(struct slice s)
{
    struct workbook *t = NULL;

    err = ERR_INIT;
    if (workbook_read(&arena, s, NULL, &t, &err) < 0)
        return NULL;
    return t;
}

/* Cells joined by |, rows by / */
static void is_table(struct slice in, const char *want, const char *what)
{
    const struct workbook *t = read_csv(in);
    struct buf b = BUF_INIT(1 << 16);

    for (uint32_t i = 0; t != NULL && i < t->sheets[0].row_count; i++) {
        const struct row *row = &t->sheets[0].rows[i];

        if (i > 0)
            buf_putc(&b, '/');
        for (uint32_t c = 1; c <= row->count; c++) {
            if (c > 1)
                buf_putc(&b, '|');
            buf_append_slice(&b, cell_text(row_cell(row, c)));
        }
    }
    is_slice(buf_slice(&b), slice_str(want), "%s: %s", what, err_words(&err));
    buf_done(&b);
}

static void test_shapes(void)
{
    is_table(SLICE("a,b\n1,2\n"), "a|b/1|2", "commas");
    is_table(SLICE("a;b;c\r\n1,5;2;3\r\n"), "a|b|c/1,5|2|3", "semicolons beside decimal commas");
    is_table(SLICE("a\tb\n1\t2"), "a|b/1|2", "tabs, no line end at the end");
    is_table(SLICE("\xEF\xBB\xBFĐơn vị;Số\nXã A;3\n"), "Đơn vị|Số/Xã A|3", "a byte order mark");
    is_table(SLICE("sep=,\na,b;c\n"), "a|b;c", "Excel's hint line");
    is_table(SLICE("\"a;\"\"b\"\"\";\"x\ny\"\n1;2\n"), "a;\"b\"|x\ny/1|2", "quotes");
    is_table(SLICE("\"a\"b,c\n"), "ab|c", "text after a closing quote");
    is_table(SLICE("=\"0912345678\";x\n"), "0912345678|x", "Excel's guard around a number");
    is_table(SLICE("'=1+1;'a;'\n"), "=1+1|'a|'", "the guard against formulas");
    is_table(SLICE("a,b\r\r\n\n,\n1,\n"), "a|b/1", "empty records and cells are left out");
    is_table(SLICE(" a ,\xC2\xA0"
                   "b\xC2\xA0,c\x01"
                   "d\n"),
             "a|b|c d", "blanks and control bytes");
    is_table(SLICE("mot cot\nhai\n"), "mot cot/hai", "one column");
    is_table(SLICE(""), "", "nothing");
    is_table(SLICE("a,b\n\"Quảng Ngãi, ngày 5\",2\n"), "a|b/Quảng Ngãi, ngày 5|2",
             "delimiters in quotes do not count");
}

static void test_encodings(void)
{
    is_table(SLICE("\xFF\xFE\x54\0\xD5\x1E\x6E\0\x67\0;\0b\0\n\0"), "Tổng|b",
             "UTF-16 little endian");
    is_table(SLICE("\xFE\xFF\0a\0;\0b\0\n"), "a|b", "UTF-16 big endian");
    is_table(SLICE("a\0;\0b\0\r\0\n\0"), "a|b", "UTF-16 without a mark");
    ok(read_csv(SLICE("a,\0b\n")) == NULL && err.code == CE_ENCODING, "a zero byte: %s",
       err_words(&err));
    ok(read_csv(SLICE("C\xE9ng h\xDF"
                      "a x\xB7 h\xE9i ch\xF1 ngh\xDC"
                      "a Vi\xD6t Nam")) == NULL &&
           err.code == CE_ENCODING,
       "TCVN3 bytes: %s", err_words(&err));
    ok(slice_find(slice_str(err_words(&err)), SLICE("TCVN3")) != SIZE_MAX, "are named");
    ok(read_csv(SLICE("Co\xE4ng ho\xF8"
                      "a xa\xF5 ho\xE4i chu\xFB ngh\xF3"
                      "a Vie\xE4t Nam")) == NULL &&
           slice_find(slice_str(err_words(&err)), SLICE("VNI")) != SIZE_MAX,
       "VNI bytes: %s", err_words(&err));
    ok(read_csv(SLICE("caf\xE9;x")) == NULL && err.code == CE_ENCODING, "Latin-1: %s",
       err_words(&err));
    ok(read_csv(SLICE("Müller;Straße;Noël;Đơn vị;của;ở;Việt\n")) != NULL,
       "foreign names are no legacy text");
}

static void test_errors(void)
{
    struct workbook_limits few = workbook_default_limits;
    struct workbook *t;
    struct buf b = BUF_INIT(1 << 20);

    ok(read_csv(SLICE("a,b\n1,\"2\n3,4\n")) == NULL && err.code == CE_SYNTAX, "an open quote");
    is_int(err.line, 2, "names its row");
    is_str(err_words_in(LANG_VI, &err), "dấu ngoặc kép mở ở dòng 2 không được đóng",
           "in Vietnamese");
    few.max_rows = 2;
    is_int(workbook_read(&arena, SLICE("1\n2\n3\n"), &few, &t, &err), -CE_TOO_BIG, "too many rows");
    is_str(err_words(&err), "the spreadsheet has more than 2 rows with data; split the file",
           "in English");
    for (int i = 0; i < 1100; i++)
        buf_puts(&b, "x,");
    is_int(workbook_read(&arena, buf_slice(&b), NULL, &t, &err), -CE_TOO_BIG, "too many columns");
    is_int(err.col, 1025, "names the column");
    few = workbook_default_limits;
    few.max_cell_bytes = 10;
    is_int(workbook_read(&arena, SLICE("a;\"12345678901\""), &few, &t, &err), -CE_TOO_BIG,
           "a cell too long: %s", err_words(&err));
    few.max_bytes = 5;
    is_int(workbook_read(&arena, SLICE("123456"), &few, &t, &err), -CE_TOO_BIG, "a file too large");
    buf_done(&b);
}

static void test_memory(void)
{
    struct arena small = ARENA_INIT(4096);
    struct buf b = BUF_INIT(1 << 20);
    struct workbook *t;

    for (int i = 0; i < 1000; i++)
        buf_puts(&b, "một dòng dài vừa phải;hai\n");
    is_int(workbook_read(&small, buf_slice(&b), NULL, &t, &err), -CE_TOO_BIG, "over the arena: %s",
           err_words(&err));
    buf_done(&b);
    arena_done(&small);
}

static void test_places(void)
{
    struct buf b = BUF_INIT(1000);
    char to[8];

    is_str(column_name(1, to), "A", "column 1");
    is_str(column_name(26, to), "Z", "column 26");
    is_str(column_name(27, to), "AA", "column 27");
    is_str(column_name(16384, to), "XFD", "the last column of Excel");
    workbook_place(&b, LANG_VI, SLICE("Lịch"), 12, 3);
    is_slice(buf_slice(&b), SLICE("trang “Lịch”, dòng 12, cột C"), "a place");
    buf_clear(&b);
    workbook_place(&b, LANG_EN, SLICE_NULL, 12, 0);
    is_slice(buf_slice(&b), SLICE("row 12"), "only a row");
    buf_clear(&b);
    for (int i = 0; i < 51; i++)
        buf_puts(&b, i ? "ệ" : "a");
    is_int((int)workbook_place_err(buf_slice(&b), 0, 0).used, 148, "a long name: cut at a letter");
    buf_done(&b);
}

int main(void)
{
    test_shapes();
    test_encodings();
    test_errors();
    test_memory();
    test_places();
    arena_done(&arena);
    return tap_done();
}
