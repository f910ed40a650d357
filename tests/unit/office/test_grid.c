/* SPDX-License-Identifier: Apache-2.0 */
#include "office/grid.h"

#include "err_words.h"
#include "office/workbook.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(WORKBOOK_ARENA_MAX);
static struct err err;

#define TEXT(s)                                                                                    \
    {                                                                                              \
        .kind = GRID_TEXT, .style = GRID_CELL, .text = SLICE(s)                                    \
    }
#define HEAD(s)                                                                                    \
    {                                                                                              \
        .kind = GRID_TEXT, .style = GRID_HEAD, .text = SLICE(s)                                    \
    }
#define VALUE(k, n)                                                                                \
    {                                                                                              \
        .kind = k, .style = GRID_INPUT, .number = n                                                \
    }

static const struct grid_cell cells[] = {
    {.kind = GRID_TEXT, .style = GRID_TITLE, .text = SLICE("DANH BẠ KHẨN")},
    {0},
    {0},
    {0},
    HEAD("Họ và tên"),
    HEAD("Điện thoại"),
    HEAD("Ngày"),
    HEAD("Giờ"),
    TEXT("Nguyễn Văn An"),
    TEXT("0912345678"),
    VALUE(GRID_DATE, 18540),
    VALUE(GRID_TIME, 450),
    TEXT("=HYPERLINK(\"http://x\")"),
    TEXT("+84912345678"),
    VALUE(GRID_NUMBER, -1234.5),
    VALUE(GRID_DATETIME, 18540.0 * 1440 + 450),
};
static const struct slice choices[] = {SLICE("có"), SLICE("không")};
static const struct slice long_choices[] = {SLICE("a,b"), SLICE("c")};
static const struct grid_check checks[] = {
    {.row = 2, .col = 2, .kind = GRID_CHECK_DATE, .prompt = SLICE("dd/mm/yyyy")},
    {.row = 2, .col = 3, .kind = GRID_CHECK_TIME},
    {.row = 3, .col = 2, .kind = GRID_CHECK_NUMBER, .min = 1, .max = 0},
    {.row = 3, .col = 0, .kind = GRID_CHECK_LIST, .choices = choices, .choice_count = 2},
    {.row = 3, .col = 1, .kind = GRID_CHECK_LIST, .choices = long_choices, .choice_count = 2},
    {.row = 1, .col = 1, .kind = GRID_CHECK_COUNT, .min = 0, .max = 5, .refusal = SLICE("0 đến 5")},
};
static const struct grid_span spans[] = {{0, 0, 0, 3}};
static const struct grid grid = {
    .name = SLICE("Danh bạ: khẩn/2026"),
    .rows = 4,
    .cols = 4,
    .cells = cells,
    .freeze_rows = 2,
    .protect = true,
    .checks = checks,
    .check_count = CANH_LEN(checks),
    .spans = spans,
    .span_count = 1,
};

#define is_cell(s, row, col, kind_, text_, what)                                                   \
    do {                                                                                           \
        is_slice(cell_text(row_cell(&(s)->rows[row], col)), SLICE(text_), "%s", what);             \
        is_int(row_cell(&(s)->rows[row], col)->kind, kind_, "%s: kind", what);                     \
    } while (0)

static void test_xlsx(void)
{
    struct buf out = BUF_INIT(1 << 20), again = BUF_INIT(1 << 20);
    struct workbook *t = NULL;
    const struct sheet *s;

    is_int(sheet_xlsx(&grid, 1, SLICE("Danh bạ"), 1601856000, &out, &err), 0, "writes: %s",
           err_words(&err));
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &t, &err), 0, "reads back: %s",
           err_words(&err));
    if (t == NULL)
        return;
    is_int(t->sheet_count, 2, "the choices stand in a sheet of their own");
    ok(t->sheets[1].hidden, "which is hidden");
    s = &t->sheets[0];
    is_slice(s->name, SLICE("Danh bạ  khẩn 2026"), "a name fit for Excel");
    is_int(s->formulas, 0, "no formulas");
    is_cell(s, 0, 1, CELL_TEXT, "DANH BẠ KHẨN", "the title");
    is_int(s->merge_count, 1, "over all columns");
    is_cell(s, 2, 2, CELL_TEXT, "0912345678", "a phone keeps its 0");
    is_cell(s, 2, 3, CELL_DATE, "2020-10-05", "a date");
    is_cell(s, 2, 4, CELL_TIME, "07:30", "a time");
    is_cell(s, 3, 1, CELL_TEXT, "=HYPERLINK(\"http://x\")", "no formula, but text");
    is_cell(s, 3, 3, CELL_NUMBER, "-1234.5", "a number");
    is_cell(s, 3, 4, CELL_DATETIME, "2020-10-05T07:30", "date and time");
    is_int(sheet_xlsx(&grid, 1, SLICE("Danh bạ"), 1601856000, &again, &err), 0, "writes again");
    ok(slice_eq(buf_slice(&out), buf_slice(&again)), "the same bytes");
    buf_done(&out);
    buf_done(&again);
}

/* Bytes of a log that XML cannot hold. */
static void test_hostile(void)
{
    static const struct grid_cell cell = TEXT("a\xFF\x01\xEF\xBF\xBF\xED\xA0\x80 b");
    static const struct grid log = {.name = SLICE("log"), .rows = 1, .cols = 1, .cells = &cell};
    struct buf out = BUF_INIT(1 << 20);
    struct workbook *t = NULL;

    is_int(sheet_xlsx(&log, 1, SLICE("log"), 0, &out, &err), 0, "writes");
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &t, &err), 0, "reads back: %s",
           err_words(&err));
    if (t != NULL)
        is_cell(&t->sheets[0], 0, 1, CELL_TEXT, "a������ b", "marks where they were");
    buf_done(&out);
}

static void test_csv(void)
{
    struct buf out = BUF_INIT(1 << 20);
    struct workbook *t = NULL;

    is_int(sheet_csv(&grid, &out, &err), 0, "writes");
    is_slice(buf_slice(&out),
             SLICE("\xEF\xBB\xBF"
                   "DANH BẠ KHẨN;;;\r\nHọ và tên;Điện thoại;Ngày;Giờ\r\n"
                   "Nguyễn Văn An;0912345678;05/10/2020;07:30\r\n"
                   "\"'=HYPERLINK(\"\"http://x\"\")\";\"'+84912345678\";-1234,5;"
                   "05/10/2020 07:30\r\n"),
             "mark, semicolons, guarded formulas, decimal comma");
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &t, &err), 0, "reads back");
    if (t != NULL)
        is_cell(&t->sheets[0], 3, 1, CELL_TEXT, "=HYPERLINK(\"http://x\")", "without the guard");
    buf_done(&out);
}

static void test_limits(void)
{
    struct buf out = BUF_INIT(100);
    struct grid wide = {.rows = 1, .cols = GRID_COLS_MAX + 1};

    is_int(sheet_xlsx(&wide, 1, SLICE(""), 0, &out, &err), -CE_TOO_BIG, "too many columns");
    is_int(sheet_xlsx(&grid, 0, SLICE(""), 0, &out, &err), -CE_BUG, "no sheets");
    is_int(sheet_xlsx(&grid, 1, SLICE(""), 0, &out, &err), -CE_TOO_BIG, "over the buffer");
    buf_done(&out);
}

int main(void)
{
    test_xlsx();
    test_hostile();
    test_csv();
    test_limits();
    arena_done(&arena);
    return tap_done();
}
