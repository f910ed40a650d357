/* SPDX-License-Identifier: Apache-2.0 */
#include "table/table.h"

#include "base/time.h"

static void write_list(const struct table_cell *c, struct json_write *w)
{
    struct slice rest = c->text, item;

    json_open(w, '[');
    for (int64_t i = 0; i < c->number && slice_cut(&rest, 0, &item); i++)
        json_text(w, item);
    json_close(w, ']');
}

static void write_date(int64_t days, struct json_write *w)
{
    struct buf text = BUF_INIT(32);
    unsigned month, day;
    int year;

    date_from_days(days, &year, &month, &day);
    buf_printf(&text, "%04d-%02u-%02u", year, month, day);
    json_text(w, buf_slice(&text));
    buf_done(&text);
}

static void append_value(const struct table_cell *c, struct json_write *w)
{
    switch ((enum table_kind)c->kind) {
    case TABLE_TEXT:
    case TABLE_ID:
        json_text(w, c->text);
        break;
    case TABLE_WORD:
        json_text(w, c->key);
        break;
    case TABLE_NUMBER:
        json_i64(w, c->number);
        break;
    case TABLE_DECIMAL:
        json_decimal(w, c->decimal, c->digits);
        break;
    case TABLE_TIME:
        json_time(w, c->number);
        break;
    case TABLE_DATE:
        write_date(c->number, w);
        break;
    case TABLE_SPAN:
        json_i64(w, c->number / TIME_SECOND);
        break;
    case TABLE_FLAG:
        json_bool(w, c->number != 0);
        break;
    case TABLE_LIST:
        write_list(c, w);
        break;
    case TABLE_NOTHING:
    case TABLE_ABSENT:
    case TABLE_KIND_MAX:
        json_null(w);
        break;
    }
}

void table_row_to_json(const struct table *t, size_t row, struct json_write *w)
{
    json_open(w, '{');
    for (unsigned i = 0; i < t->count; i++) {
        if (t->columns[i].reader == TABLE_PEOPLE || table_cell(t, row, i)->kind == TABLE_ABSENT)
            continue;
        json_key_slice(w, slice_str(t->columns[i].key));
        append_value(table_cell(t, row, i), w);
    }
    json_close(w, '}');
}

void table_to_json_lines(const struct table *t, struct buf *out)
{
    for (size_t row = 0; row < t->rows; row++) {
        struct json_write w = JSON_WRITE_INIT(out);

        table_row_to_json(t, row, &w);
        buf_putc(out, '\n');
    }
}
