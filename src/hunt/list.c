/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/list.h"

#include "base/time.h"
#include "base/width.h"
#include "lang/msg_hunt.h"
#include "table/sheet.h"

enum { PART = 500 /* rows that are in memory together */ };

int list_begin(struct list *l, const struct list_request *request, struct err *err)
{
    *l = (struct list){.request = *request};
    l->request.limit = CANH_MIN(l->request.limit, (uint64_t)PART); /* a part is in memory */
    if (request->face != LIST_XLSX)
        return 0;
    return rows_open(&l->book, SLICE("canh"), time_now() / TIME_SECOND, err);
}

int list_table(struct list *l, const char *name, struct slice title,
               const struct table_column *columns, unsigned count, struct err *err)
{
    struct table_options options = {.name = name,
                                    .lang = l->request.lang,
                                    .zone = l->request.zone_s};

    table_init(&l->table, columns, count, &options);
    l->open = true;
    l->title = title;
    l->rows = l->parts = 0;
    if (l->request.face == LIST_CSV && l->tables)
        buf_puts(l->request.out, "\r\n");
    l->tables++;
    return l->book ? table_sheet_begin(l->book, &l->table, title, err) : 0;
}

/* Of a CSV's later parts only the rows. */
static int write_csv(struct list *l, struct err *err)
{
    struct buf *out = l->request.out;
    size_t from = out->len, n;
    int r = table_to_csv(&l->table, out, err);

    if (r < 0 || (l->parts == 0 && l->tables == 1))
        return r;
    n = slice_find_byte(slice_from(buf_slice(out), from), '\n');
    n = l->parts == 0 ? 3 : n + 1; /* the byte order mark, or the headings */
    if (n <= out->len - from) {
        memmove(out->p + from, out->p + from + n, out->len - from - n);
        out->len -= n;
    }
    return 0;
}

static void write_title(struct list *l)
{
    struct buf *out = l->request.out;

    if (l->title.n == 0)
        return;
    buf_puts(out, l->request.colour ? "\x1b[1m" : "");
    text_write_safe(out, l->title);
    buf_puts(out, l->request.colour ? "\x1b[0m\n" : "\n");
}

/* The rows in memory go to where they belong. */
static int write_part(struct list *l, struct err *err)
{
    const struct table_terminal terminal = {l->request.columns, l->request.colour};
    int r = table_error(&l->table);

    if (r < 0)
        return err_code(err, r);
    switch (l->request.face) {
    case LIST_TEXT:
        if (l->parts == 0)
            write_title(l);
        if (l->table.rows || l->parts == 0)
            table_to_terminal(&l->table, &terminal, l->request.out);
        break;
    case LIST_JSON:
        table_to_json_lines(&l->table, l->request.out);
        break;
    case LIST_CSV:
        r = write_csv(l, err);
        break;
    case LIST_XLSX:
        r = table_sheet_rows(l->book, &l->table, err);
        break;
    }
    l->parts++;
    table_clear(&l->table);
    if (r == 0 && l->request.out->err)
        r = err_code(err, l->request.out->err);
    return r == 0 && l->request.settle && !l->request.settle(l->request.ctx) ? -CE_PEER : r;
}

int list_row(struct list *l, struct err *err)
{
    uint64_t limit = l->request.face == LIST_TEXT ? l->request.limit : 0;

    table_row_end(&l->table);
    l->rows++;
    if (limit && l->rows > limit) {
        table_clear(&l->table); /* what follows is counted only */
        return 0;
    }
    return l->rows == limit || l->table.rows == PART ? write_part(l, err) : 0;
}

int list_table_end(struct list *l, struct err *err)
{
    uint64_t limit = l->request.limit;
    int r = 0;

    if (l->table.rows || l->parts == 0)
        r = write_part(l, err);
    if (r == 0 && l->request.face == LIST_TEXT) {
        if (limit && l->rows > limit) {
            struct buf more = BUF_INIT(64);

            lang_write_number(&more, l->request.lang, l->rows - limit);
            lang_write(l->request.out, l->request.lang, MSG_HUNT_MORE_ROWS, buf_cstr(&more));
            buf_putc(l->request.out, '\n');
            buf_done(&more);
        }
        buf_putc(l->request.out, '\n');
    }
    table_done(&l->table);
    l->open = false;
    return r;
}

int list_end(struct list *l, int fd, struct err *err)
{
    int r;

    if (l->open)
        table_done(&l->table);
    l->open = false;
    r = rows_close(l->book, fd, err);
    l->book = NULL;
    return r;
}
