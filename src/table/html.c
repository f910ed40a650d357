/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"
#include "base/time.h"
#include "lang/msg_table.h"
#include "table/table.h"

static const char *const kind_names[TABLE_KIND_MAX] = {
    [TABLE_TEXT] = "text",     [TABLE_WORD] = "word",       [TABLE_ID] = "id",
    [TABLE_NUMBER] = "number", [TABLE_DECIMAL] = "decimal", [TABLE_TIME] = "time",
    [TABLE_DATE] = "date",     [TABLE_SPAN] = "span",       [TABLE_FLAG] = "flag",
    [TABLE_LIST] = "list",     [TABLE_NOTHING] = "nothing", [TABLE_ABSENT] = "nothing"};

static bool is_number(const struct table_column *c)
{
    if (c->align != TABLE_BY_KIND)
        return c->align == TABLE_RIGHT;
    return c->kind == TABLE_NUMBER || c->kind == TABLE_DECIMAL || c->kind == TABLE_SPAN;
}

static void write_classes(struct buf *out, const struct table_column *c,
                          const struct table_cell *cell)
{
    static const char *const marks[] = {[TABLE_PLAIN] = "",
                                        [TABLE_GOOD] = " is-good",
                                        [TABLE_WARN] = " is-warn",
                                        [TABLE_BAD] = " is-bad",
                                        [TABLE_UNKNOWN] = " is-unknown"};

    buf_printf(out, " class=\"col-%s kind-%s%s%s%s\"", c->key, kind_names[c->kind],
               is_number(c) ? " num" : "",
               cell && cell->mark < CANH_LEN(marks) ? marks[cell->mark] : "",
               cell && (cell->kind == TABLE_NOTHING || cell->kind == TABLE_ABSENT) ? " is-nothing"
                                                                                   : "");
}

static void write_heading(const struct table *t, const struct table_html *o, unsigned i,
                          struct buf *out)
{
    const struct table_column *c = &t->columns[i];
    bool sorted = slice_is(o->sorted_by, c->key);
    struct buf text = BUF_INIT(4096);

    buf_printf(out, "<th scope=\"col\" data-key=\"%s\"", c->key);
    write_classes(out, c, NULL);
    if (sorted)
        buf_puts(out, o->descending ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"");
    buf_putc(out, '>');
    if (o->sort_link.p != NULL) {
        buf_puts(out, "<a href=\"");
        markup_write(out, o->sort_link);
        buf_printf(out, "%s%s\" data-testid=\"sort-%s\">", sorted && !o->descending ? "-" : "",
                   c->key, c->key);
    }
    table_heading_write(t, i, &text);
    markup_write(out, buf_slice(&text));
    buf_puts(out, o->sort_link.p != NULL ? "</a></th>" : "</th>");
    buf_done(&text);
}

/* What a script sorts by, where people read something else. */
static void append_value(struct buf *out, const struct table_cell *c)
{
    switch ((enum table_kind)c->kind) {
    case TABLE_NUMBER:
    case TABLE_DATE:
    case TABLE_FLAG:
        buf_printf(out, " data-value=\"%" PRId64 "\"", c->number);
        break;
    case TABLE_SPAN:
        buf_printf(out, " data-value=\"%" PRId64 "\"", c->number / TIME_SECOND);
        break;
    case TABLE_DECIMAL:
        buf_printf(out, " data-value=\"%.*f\"", c->digits, c->decimal);
        break;
    case TABLE_TIME:
        buf_puts(out, " data-value=\"");
        time_format(out, c->number, 0);
        buf_putc(out, '"');
        break;
    case TABLE_WORD:
        buf_puts(out, " data-value=\"");
        markup_write(out, c->key);
        buf_putc(out, '"');
        break;
    case TABLE_ID:
        buf_puts(out, " data-value=\"");
        markup_write(out, c->text);
        buf_putc(out, '"');
        break;
    default:
        break;
    }
}

static void write_cell(const struct table *t, unsigned i, const struct table_cell *c,
                       struct buf *out)
{
    struct buf text = BUF_INIT(1 << 20);

    buf_puts(out, "<td");
    write_classes(out, &t->columns[i], c);
    buf_puts(out, " data-label=\"");
    table_heading_write(t, i, &text);
    markup_write(out, buf_slice(&text));
    buf_putc(out, '"');
    append_value(out, c);
    buf_putc(out, '>');
    if (c->link.p != NULL) {
        buf_puts(out, "<a href=\"");
        markup_write(out, c->link);
        buf_puts(out, "\">");
    }
    if (c->kind == TABLE_TIME) {
        buf_puts(out, "<time datetime=\"");
        time_format(out, c->number, 0);
        buf_puts(out, "\">");
    }
    buf_clear(&text);
    table_cell_write(t, c, &text);
    markup_write(out, text.len > 0 ? buf_slice(&text) : SLICE("–"));
    buf_puts(out, c->kind == TABLE_TIME ? "</time>" : "");
    buf_puts(out, c->link.p != NULL ? "</a></td>" : "</td>");
    buf_done(&text);
}

static void write_row(const struct table *t, size_t row, struct buf *out)
{
    struct slice id = SLICE_NULL;

    for (unsigned i = 0; i < t->count && id.p == NULL; i++)
        if (table_cell(t, row, i)->kind == TABLE_ID)
            id = table_cell(t, row, i)->text;
    buf_printf(out, "<tr data-testid=\"row-%s-", t->options.name);
    if (id.p != NULL)
        markup_write(out, id);
    else
        buf_append_u64(out, row + 1);
    buf_puts(out, "\">");
    for (unsigned i = 0; i < t->count; i++)
        if (t->columns[i].reader != TABLE_PROGRAMS)
            write_cell(t, i, table_cell(t, row, i), out);
    buf_puts(out, "</tr>\n");
}

static void write_head(const struct table *t, const struct table_html *o, struct buf *out)
{
    buf_printf(out,
               "<table class=\"canh-table table-%s\" data-testid=\"table-%s\" data-rows=\"%zu\">\n",
               t->options.name, t->options.name, t->rows);
    if (o->caption.n > 0) {
        buf_puts(out, "<caption>");
        markup_write(out, o->caption);
        buf_puts(out, "</caption>\n");
    }
    buf_puts(out, "<thead><tr>");
    for (unsigned i = 0; i < t->count; i++)
        if (t->columns[i].reader != TABLE_PROGRAMS)
            write_heading(t, o, i, out);
    buf_puts(out, "</tr></thead>\n<tbody>\n");
}

void table_to_html(const struct table *t, const struct table_html *o, struct buf *out)
{
    size_t stop = t->rows;
    unsigned shown = 0;

    if (o->limit > 0 && o->limit < stop - CANH_MIN(o->first, stop))
        stop = o->first + o->limit;
    write_head(t, o, out);
    for (size_t row = o->first; row < stop; row++)
        write_row(t, row, out);
    for (unsigned i = 0; i < t->count; i++)
        shown += t->columns[i].reader != TABLE_PROGRAMS;
    if (t->rows == 0) {
        buf_printf(out, "<tr class=\"is-empty\"><td colspan=\"%u\">", CANH_MAX(shown, 1u));
        markup_write(out, slice_str(lang_text(t->options.lang, MSG_TABLE_EMPTY)));
        buf_puts(out, "</td></tr>\n");
    }
    buf_puts(out, "</tbody>\n</table>\n");
}
