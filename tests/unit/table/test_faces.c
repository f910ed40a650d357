/* SPDX-License-Identifier: Apache-2.0 */
/* The same table as JSON, HTML, CSV and XLSX. */
#include <expat.h>

#include "err_words.h"
#include "office/workbook.h"
#include "table/table.h"
#include "tap.h"

static const struct table_column columns[] = {
    {.key = "id", .heading = "Id", .kind = TABLE_ID},
    {.key = "kind", .heading = "Kind", .kind = TABLE_WORD},
    {.key = "size", .heading = "Size", .kind = TABLE_NUMBER, .unit = "MB"},
    {.key = "share", .heading = "Share", .kind = TABLE_DECIMAL, .unit = "%"},
    {.key = "sent", .heading = "Sent", .kind = TABLE_TIME},
    {.key = "day", .heading = "Day", .kind = TABLE_DATE},
    {.key = "age", .heading = "Age", .kind = TABLE_SPAN},
    {.key = "late", .heading = "Late", .kind = TABLE_FLAG},
    {.key = "roles", .heading = "Roles", .kind = TABLE_LIST},
    {.key = "raw", .heading = "Raw", .reader = TABLE_PROGRAMS},
    {.key = "note", .heading = "Note", .reader = TABLE_PEOPLE},
};
static const struct table_options options = {.name = "things", .lang = LANG_EN, .zone = 7 * 3600};

static void fill(struct table *t)
{
    static const struct slice roles[] = {SLICE("a\"b"), SLICE(""), SLICE("c")};

    table_init(t, columns, CANH_LEN(columns), &options);
    table_id(t, SLICE("0123456789abcdef"));
    table_word_text(t, SLICE("open"), SLICE("still open"));
    table_number(t, -1234567);
    table_decimal(t, 12.345, 1);
    table_time(t, INT64_C(1606782600000000000));
    table_date(t, 18597);
    table_span(t, INT64_C(5400000000000));
    table_flag(t, true);
    table_mark(t, TABLE_BAD);
    table_list(t, roles, 3);
    table_text(t, SLICE("for programs"));
    table_text(t, SLICE("=1+1 <b>&\"' \x01"));
    table_link(t, SLICE("/x?a=1&b=\"2\""));
    table_row_end(t);
    table_row_end(t);
}

static void test_json(const struct table *t)
{
    struct buf out = BUF_INIT(10000);

    table_to_json_lines(t, &out);
    is_slice(buf_slice(&out),
             SLICE(
                 "{\"id\":\"0123456789abcdef\",\"kind\":\"open\",\"size\":-1234567,\"share\":12.3,"
                 "\"sent\":\"2020-12-01T00:30:00.000000000Z\",\"day\":\"2020-12-01\",\"age\":5400,"
                 "\"late\":true,\"roles\":[\"a\\\"b\",\"\",\"c\"],\"raw\":\"for programs\"}\n"
                 "{\"id\":null,\"kind\":null,\"size\":null,\"share\":null,\"sent\":null,"
                 "\"day\":null,\"age\":null,\"late\":null,\"roles\":null,\"raw\":null}\n"),
             "JSON lines");
    buf_done(&out);
}

static void test_html(const struct table *t)
{
    static const char *const parts[] = {
        "<caption>Things &lt;1&gt;</caption>",
        "data-testid=\"row-things-0123456789abcdef\"",
        "data-testid=\"row-things-2\"",
        "class=\"col-size kind-number num\"",
        "<th scope=\"col\" data-key=\"size\" class=\"col-size kind-number num\" "
        "aria-sort=\"ascending\"><a href=\"?sort=-size\" data-testid=\"sort-size\">Size "
        "(MB)</a></th>",
        "data-value=\"-1234567\">-1,234,567</td>",
        "data-value=\"open\">still open</td>",
        "<time datetime=\"2020-12-01T00:30:00Z\">07:30 01/12/2020</time>",
        "class=\"col-late kind-flag is-bad\"",
        "<a href=\"/x?a=1&amp;b=&quot;2&quot;\">=1+1 &lt;b&gt;&amp;&quot;&#39; \xEF\xBF\xBD</a>",
        "is-nothing",
    };
    struct table_html o = {.caption = SLICE("Things <1>"),
                           .sort_link = SLICE("?sort="),
                           .sorted_by = SLICE("size")};
    XML_Parser xml = XML_ParserCreate("UTF-8");
    struct buf out = BUF_INIT(100000);

    table_to_html(t, &o, &out);
    for (size_t i = 0; i < CANH_LEN(parts); i++)
        ok(slice_find(buf_slice(&out), slice_str(parts[i])) != SIZE_MAX, "has %s", parts[i]);
    ok(slice_find(buf_slice(&out), SLICE("for programs")) == SIZE_MAX, "not for people");
    is_int(XML_Parse(xml, (const char *)out.p, (int)out.len, true), XML_STATUS_OK, "well-formed");
    XML_ParserFree(xml);
    if (slice_find(buf_slice(&out), SLICE("is-bad")) == SIZE_MAX)
        tap_note("%.*s", SLICE_ARG(buf_slice(&out)));
    buf_clear(&out);
    o = (struct table_html){.first = 1, .limit = 1};
    table_to_html(t, &o, &out);
    ok(slice_find(buf_slice(&out), SLICE("0123456789abcdef")) == SIZE_MAX &&
           slice_find(buf_slice(&out), SLICE("row-things-2")) != SIZE_MAX &&
           slice_find(buf_slice(&out), SLICE("data-rows=\"2\"")) != SIZE_MAX,
       "a page of it");
    buf_done(&out);
}

static void test_csv(const struct table *t)
{
    struct buf out = BUF_INIT(10000);
    struct err err = ERR_INIT;

    is_int(table_to_csv(t, &out, &err), 0, "CSV");
    is_slice(buf_slice(&out),
             SLICE("\xEF\xBB\xBFId;Kind;Size (MB);Share (%);Sent;Day;Age;Late;Roles;Note\r\n"
                   "01234567;still open;-1234567;12,345;01/12/2020 07:30;01/12/2020;1.5 h;yes;"
                   "\"a\"\"b, , c\";\"'=1+1 <b>&\"\"' \x01\"\r\n"
                   ";;;;;;;;;\r\n"),
             "as Excel reads it");
    buf_done(&out);
}

static void test_xlsx(const struct table *t)
{
    struct arena arena = ARENA_INIT(WORKBOOK_ARENA_MAX);
    struct buf out = BUF_INIT(1 << 20);
    struct workbook *w = NULL;
    struct err err = ERR_INIT;
    const struct sheet *s;

    is_int(table_to_xlsx(&t, 1, SLICE("Things"), 1606782600, &out, &err), 0, "XLSX: %s",
           err_words(&err));
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &w, &err), 0, "is read: %s",
           err_words(&err));
    s = w ? workbook_first(w) : NULL;
    if (ok(s != NULL && s->row_count >= 2, "a heading and a row")) {
        const struct row *row = &s->rows[1];

        is_slice(cell_text(row_cell(&s->rows[0], 3)), SLICE("Size (MB)"), "heading");
        is_int(row_cell(row, 3)->kind, CELL_NUMBER, "a number");
        is_slice(cell_text(row_cell(row, 3)), SLICE("-1234567"), "its value");
        is_slice(cell_text(row_cell(row, 5)), SLICE("2020-12-01T07:30"), "a time, local");
        is_slice(cell_text(row_cell(row, 6)), SLICE("2020-12-01"), "a day");
        is_int(row_cell(row, 10)->flags & CELL_FORMULA, 0, "no formula");
    }
    buf_done(&out);
    arena_done(&arena);
}

int main(void)
{
    struct table t;

    fill(&t);
    test_json(&t);
    test_html(&t);
    test_csv(&t);
    test_xlsx(&t);
    table_done(&t);
    return tap_done();
}
