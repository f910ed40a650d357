/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "lang/value.h"
#include "office/grid.h"

/* What a spreadsheet would run as a formula when the file is opened. */
static bool looks_like_formula(struct slice s)
{
    return s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL && s.p[0] != 0;
}

static void write_text(struct buf *out, struct slice s)
{
    bool guard = looks_like_formula(s);
    bool quote = guard;

    for (size_t i = 0; i < s.n && !quote; i++)
        quote = strchr(";,\"\n\r\t'", s.p[i]) != NULL || s.p[i] == 0;
    if (!quote) {
        buf_append_slice(out, s);
        return;
    }
    buf_putc(out, '"');
    if (guard)
        buf_putc(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, s.p[i] == 0 ? ' ' : s.p[i]);
    }
    buf_putc(out, '"');
}

/* Decimal comma, no groups: what Excel with Vietnamese settings takes for a number. */
static void write_number(struct buf *out, double v)
{
    char text[64];
    int n = snprintf(text, sizeof(text), "%.15g", v);

    for (int i = 0; i < n; i++)
        buf_putc(out, text[i] == '.' ? ',' : (uint8_t)text[i]);
}

static void write_cell(struct buf *out, const struct grid_cell *c)
{
    int64_t n = (int64_t)floor(c->number), day;

    switch (c->kind) {
    case GRID_EMPTY:
        break;
    case GRID_TEXT:
        write_text(out, c->text);
        break;
    case GRID_NUMBER:
        write_number(out, c->number);
        break;
    case GRID_DATE:
        date_write(out, n);
        break;
    case GRID_TIME:
        clock_write(out, (int)n);
        break;
    case GRID_DATETIME:
        day = (n - ((n % 1440) + 1440) % 1440) / 1440;
        date_write(out, day);
        buf_putc(out, ' ');
        clock_write(out, (int)(n - day * 1440));
        break;
    }
}

int sheet_csv(const struct grid *g, struct buf *out, struct err *err)
{
    buf_puts(out, "\xEF\xBB\xBF");
    for (uint32_t row = 0; row < g->rows; row++) {
        for (uint32_t col = 0; col < g->cols; col++) {
            if (col > 0)
                buf_putc(out, ';');
            write_cell(out, &g->cells[(size_t)row * g->cols + col]);
        }
        buf_puts(out, "\r\n");
    }
    return out->err == 0 ? 0 : err_code(err, out->err);
}
