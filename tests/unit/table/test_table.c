/* SPDX-License-Identifier: Apache-2.0 */
#include "table/table.h"
#include "tap.h"

static const struct table_column columns[] = {
    {.key = "name", .heading = "Name"},
    {.key = "size", .heading = "Size", .kind = TABLE_NUMBER, .unit = "MB"},
};
static const struct table_options options = {.name = "files", .lang = LANG_VI, .zone = 7 * 3600};

static void add(struct table *t, const char *name, int64_t size)
{
    table_text(t, slice_str(name));
    if (size < 0)
        table_nothing(t);
    else
        table_number(t, size);
    table_row_end(t);
}

static void is_order(struct table *t, const char *want)
{
    struct buf got = BUF_INIT(1000);

    for (size_t i = 0; i < t->rows; i++) {
        table_cell_write(t, table_cell(t, i, 0), &got);
        buf_putc(&got, ' ');
    }
    is_slice(buf_slice(&got), slice_str(want), "order");
    buf_done(&got);
}

static void finds(const char *words, const char *want)
{
    struct table t;

    table_init(&t, columns, CANH_LEN(columns), &options);
    add(&t, "Máy kế toán", 3);
    add(&t, "Máy chủ", 20);
    add(&t, "Đồng hồ", 320);
    table_find(&t, slice_str(words));
    is_order(&t, want);
    is_int(table_error(&t), 0, "“%s” is looked for", words);
    table_done(&t);
}

static void test_find(void)
{
    finds("", "Máy kế toán Máy chủ Đồng hồ ");
    finds("may", "Máy kế toán Máy chủ ");
    finds("MÁY", "Máy kế toán Máy chủ ");
    finds("  toan  may ", "Máy kế toán ");
    finds("dong", "Đồng hồ ");
    finds("may 20", "Máy chủ ");
    finds("mayke", "");
    finds("xe", "");
}

/* Of a row that is too long it is not known what it says: it is told, not passed over. */
static void test_find_long(void)
{
    struct buf text = BUF_INIT(3 << 20);
    struct table t;

    for (size_t i = 0; i < 2 << 20; i++)
        buf_putc(&text, 'a');
    buf_puts(&text, "xe");
    table_init(&t, columns, CANH_LEN(columns), &options);
    add(&t, buf_cstr(&text), 1);
    add(&t, "Đồng hồ", 320);
    table_find(&t, SLICE("xe"));
    is_int(table_error(&t), -CE_TOO_BIG, "a row that is too long");
    table_done(&t);
    buf_done(&text);
}

static void test_sort(void)
{
    struct viet *words = NULL;
    struct table t;

    table_init(&t, columns, CANH_LEN(columns), &options);
    add(&t, "đò", 3);
    add(&t, "dê", -1);
    add(&t, "ăn", 20);
    add(&t, "", 3);
    add(&t, "an", 100);
    ok(viet_new(&words, NULL) == 0, "collation");
    ok(table_sort(&t, SLICE("name"), false, words), "by name");
    is_order(&t, "an ăn dê đò  ");
    ok(table_sort(&t, SLICE("size"), false, words), "by size");
    is_order(&t, "đò  ăn an dê ");
    ok(table_sort(&t, SLICE("size"), true, words), "descending: nothing stays last");
    is_order(&t, "an ăn đò  dê ");
    ok(!table_sort(&t, SLICE("colour"), true, words), "no such column");
    viet_free(words);
    table_done(&t);
}

static void test_rows(void)
{
    struct table t;

    table_init(&t, columns, CANH_LEN(columns), &options);
    table_text(&t, SLICE("a"));
    table_row_end(&t);
    is_int(table_cell(&t, 0, 1)->kind, TABLE_NOTHING, "a short row is filled");
    table_text(&t, SLICE("a"));
    table_number(&t, 1);
    table_number(&t, 2);
    table_row_end(&t);
    is_int(t.rows, 2, "two rows");
    is_int(table_cell(&t, 1, 1)->number, 1, "a cell too many is dropped");
    for (unsigned i = 0; i < 1000; i++)
        add(&t, "x", i);
    is_int(t.rows, 1002, "rows grow");
    is_int(table_cell(&t, 1001, 1)->number, 999, "the last");
    is_int(table_error(&t), 0, "no error");
    while (table_error(&t) == 0 && t.rows <= TABLE_ROWS)
        add(&t, "x", 1);
    is_int(table_error(&t), -CE_TOO_BIG, "too many rows are an error");
    is_int(t.rows, TABLE_ROWS, "and the beginning is there");
    table_done(&t);
}

static void is_span(int64_t s, const char *want)
{
    struct buf b = BUF_INIT(100);

    table_span_write(&b, LANG_EN, s * INT64_C(1000000000));
    is_slice(buf_slice(&b), slice_str(want), "%lld s", (long long)s);
    buf_done(&b);
}

int main(void)
{
    test_sort();
    test_find();
    test_find_long();
    test_rows();
    is_span(0, "0 s");
    is_span(45, "45 s");
    is_span(750, "12 min");
    is_span(12600, "3.5 h");
    is_span(12 * 86400, "12 d");
    return tap_done();
}
