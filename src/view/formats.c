/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decoder.h"
#include "decode/layout.h"
#include "lang/msg_decode.h"
#include "view/event.h"

static const struct table_column columns[] = {
    {.key = "name", .title = MSG_DECODE_COL_NAME},
    {.key = "layout", .title = MSG_DECODE_COL_LAYOUT, .reader = TABLE_PROGRAMS},
    {.key = "lines", .title = MSG_DECODE_COL_NAME, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "text", .title = MSG_DECODE_COL_TEXT, .width = 30, .wrap = true},
    {.key = "recognised", .title = MSG_DECODE_COL_RECOGNISED, .rank = 1, .width = 20, .wrap = true},
    {.key = "fields", .title = MSG_DECODE_COL_FIELDS, .rank = 2, .width = 30, .wrap = true},
    {.key = "tested", .title = MSG_DECODE_COL_TESTED, .rank = 3, .width = 24, .wrap = true},
};

static void write_format(struct table *t, const struct format *f)
{
    table_text(t, slice_str(f->name));
    table_absent(t);
    table_flag(t, f->lines);
    table_text(t, slice_str(lang_text(t->options.lang, f->text)));
    table_text(t, slice_str(f->recognised));
    table_text(t, slice_str(f->fields));
    table_text(t, slice_str(f->tested));
    table_row_end(t);
}

static void write_layouts(struct table *t, const struct layout *l, const char *fields)
{
    for (; l->name != NULL; l++) {
        table_text(t, SLICE("json"));
        table_text(t, slice_str(l->name));
        table_absent(t);
        table_text(t, slice_str(l->name));
        table_text(t, slice_str(l->marks));
        table_text(t, slice_str(l->fields[0] ? l->fields : fields));
        table_text(t, SLICE("system/shapes, decode/shape_rows"));
        table_row_end(t);
    }
}

int view_formats(const struct view_ctx *c, struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "formats", columns);
    for (size_t i = 0; decode_formats[i] != NULL; i++)
        write_format(ret, decode_formats[i]);
    write_layouts(ret, windows_layouts, "System's names and the data's");
    write_layouts(ret, layouts, "the record's own names");
    return view_end(ret, 0, err);
}
