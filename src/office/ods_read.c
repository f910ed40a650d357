/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/num.h"
#include "lang/err_office.h"
#include "office/numfmt.h"
#include "office/ods.h"
#include "office/sheetmake.h"
#include "office/xlsx_parts.h"

enum { HIDDEN_STYLES_MAX = 64, STYLE_NAME_MAX = 64, SECONDS_MAX = 1000000000 };

struct ods {
    struct arena *arena;
    const struct workbook_limits *limits;
    struct workbook *out;
    struct err *err;
    struct sheetmake make;
    bool making, in_style;
    uint64_t cells_used;
    uint32_t rows_used;
    unsigned tables, skip; /* depth of tables; of what is left out */
    char style[STYLE_NAME_MAX];
    char hidden[HIDDEN_STYLES_MAX][STYLE_NAME_MAX];
    unsigned hidden_count;
    /* the row and cell being read */
    uint32_t row, row_repeat;
    uint32_t col, col_repeat, col_span, row_span;
    char type[16];
    struct buf value, text;
    bool in_cell, in_para, formula, failed, covered, blank;
    unsigned paras;
    struct merge *merges;
    size_t merge_count, merge_cap;
};

bool ods_is(const struct pack *p)
{
    return pack_has(p, "content.xml") && !pack_has(p, "_rels/.rels");
}

static uint32_t attr_count(const char **attrs, const char *name)
{
    int64_t n;

    return num_range(xml_attr(attrs, name), 1, INT32_MAX, &n) < 0 ? 1 : (uint32_t)n;
}

static void keep_name(char to[STYLE_NAME_MAX], struct slice s)
{
    (void)snprintf(to, STYLE_NAME_MAX, SLICE_FMT, SLICE_ARG(s));
}

/* A hidden sheet is one whose style does not display it. */
static bool is_hidden(const struct ods *o, struct slice style)
{
    for (unsigned i = 0; i < o->hidden_count; i++) {
        if (slice_is(style, o->hidden[i]))
            return true;
    }
    return false;
}

static void read_style(struct ods *o, struct slice name, const char **attrs)
{
    struct slice display = xml_attr(attrs, "display");

    if (slice_is(name, "style") && slice_is(xml_attr(attrs, "family"), "table")) {
        keep_name(o->style, xml_attr(attrs, "name"));
        o->in_style = true;
    } else if (slice_is(name, "style")) {
        o->in_style = false;
    } else if (slice_is(name, "table-properties") && o->in_style && slice_is(display, "false") &&
               o->hidden_count < HIDDEN_STYLES_MAX) {
        memcpy(o->hidden[o->hidden_count++], o->style, STYLE_NAME_MAX);
    }
}

static int start_table(struct ods *o, const char **attrs)
{
    struct sheet *sheets = o->out->sheets;
    int r;

    if (o->out->sheet_count >= o->limits->max_sheets)
        return err_fail(o->err, CE_TOO_BIG, ERR_OFFICE_TABLE_SHEETS, o->limits->max_sheets);
    if (sheets == NULL)
        o->out->sheets = arena_new_array(o->arena, o->limits->max_sheets, struct sheet);
    if (o->out->sheets == NULL)
        return err_nomem(o->err);
    r = sheetmake_init(&o->make, o->arena, o->limits, &o->cells_used, &o->rows_used, o->err);
    if (r < 0)
        return r;
    o->making = true;
    o->make.name = sheetmake_clean(&o->make, xml_attr(attrs, "name"), o->err);
    if (o->make.name.p == NULL)
        return -CE_NOMEM;
    o->out->sheets[o->out->sheet_count].hidden = is_hidden(o, xml_attr(attrs, "style-name"));
    o->row = o->row_repeat = 0;
    o->merge_count = 0;
    return 0;
}

static int end_table(struct ods *o)
{
    struct sheet *s = &o->out->sheets[o->out->sheet_count];
    bool hidden = s->hidden;
    int r = sheetmake_end(&o->make, s, o->err);

    if (r == 0)
        r = sheetmake_merge(&o->make, s, o->merges, o->merge_count, o->err);
    s->hidden = hidden;
    o->out->sheet_count++;
    sheetmake_done(&o->make);
    o->making = false;
    return r;
}

static int ods_read_corrupt(struct ods *o)
{
    const struct err place = workbook_place_err(o->make.name, o->row, o->col);

    return err_fail_at(o->err, CE_CORRUPT, o->row, o->col, ERR_OFFICE_TABLE_BAD_CELL, &place);
}

static int start_row(struct ods *o, const char **attrs)
{
    struct slice seen = xml_attr(attrs, "visibility");

    if (o->make.open || o->in_cell || o->row > INT32_MAX - CANH_MAX(o->row_repeat, 1u))
        return ods_read_corrupt(o);
    o->row += CANH_MAX(o->row_repeat, 1u);
    if (o->row_repeat == 0)
        o->row = 1;
    o->row_repeat = attr_count(attrs, "number-rows-repeated");
    o->col = 0;
    return sheetmake_row(&o->make, o->row, slice_is(seen, "collapse") || slice_is(seen, "filter"),
                         o->err);
}

static int end_row(struct ods *o)
{
    uint32_t used = o->make.line_used;
    int r;

    if (!o->make.open || o->in_cell)
        return ods_read_corrupt(o);
    r = sheetmake_row_end(&o->make, o->err);
    for (uint32_t i = 1; r == 0 && used > 0 && i < o->row_repeat; i++)
        r = sheetmake_row_again(&o->make, o->row + i, used, o->err);
    return r;
}

static bool is_error(const char **attrs)
{
    for (unsigned i = 0; attrs[i] != NULL; i += 2) {
        if (slice_ends(slice_str(attrs[i]), SLICE("value-type")) &&
            strcmp(attrs[i + 1], "error") == 0)
            return true;
    }
    return false;
}

static int start_cell(struct ods *o, const char **attrs, bool covered)
{
    static const char *const values[] = {"value", "date-value", "time-value", "boolean-value",
                                         "string-value"};
    if (!o->make.open || o->in_cell)
        return ods_read_corrupt(o);
    o->col++;
    o->col_repeat = attr_count(attrs, "number-columns-repeated");
    o->col_span = attr_count(attrs, "number-columns-spanned");
    o->row_span = attr_count(attrs, "number-rows-spanned");
    (void)snprintf(o->type, sizeof(o->type), SLICE_FMT, SLICE_ARG(xml_attr(attrs, "value-type")));
    buf_clear(&o->value);
    buf_clear(&o->text);
    for (size_t i = 0; i < CANH_LEN(values) && o->value.len == 0; i++)
        buf_append_slice(&o->value, xml_attr(attrs, values[i]));
    o->formula = xml_attr(attrs, "formula").n > 0;
    o->failed = is_error(attrs);
    o->covered = covered;
    o->in_cell = true;
    o->in_para = false;
    o->paras = 0;
    return 0;
}

static int add_merge(struct ods *o)
{
    const struct merge m = {.row1 = o->row,
                            .row2 = o->row + o->row_span - 1,
                            .col1 = o->col,
                            .col2 = o->col + o->col_span - 1};

    if (o->col_span == 1 && o->row_span == 1)
        return 0;
    if (m.row2 > INT32_MAX || m.col2 > INT32_MAX)
        return ods_read_corrupt(o);
    if (o->merge_count >= o->limits->max_merges)
        return err_fail_at(o->err, CE_TOO_BIG, m.row1, m.col1, ERR_OFFICE_TABLE_MERGES,
                           o->limits->max_merges);
    if (!array_room(o->merges, o->merge_count, o->merge_cap, SIZE_MAX))
        return err_nomem(o->err);
    o->merges[o->merge_count++] = m;
    return 0;
}

/* 0912345678 is shown so by a format of zeros: a code, not the number 912345678. */
static bool is_code(struct slice shown, double v)
{
    size_t zeros = 0;
    double same;

    for (size_t i = 0; i < shown.n; i++) {
        if (!ascii_is_digit(shown.p[i]))
            return false;
        zeros += zeros == i && shown.p[i] == '0';
    }
    return zeros > 0 && shown.n > zeros && shown.n < 16 &&
           num_double(slice_from(shown, zeros), &same) == 0 && same == v;
}

static enum cell_kind number_of(struct ods *o, struct buf *out, unsigned *flags)
{
    struct slice shown = slice_trim(buf_slice(&o->text));
    struct numfmt f = {.percent = strcmp(o->type, "percentage") == 0};
    double v;

    if (num_double(slice_trim(buf_slice(&o->value)), &v) < 0 || !isfinite(v)) {
        buf_append_slice(out, buf_slice(&o->value));
        return CELL_ERROR;
    }
    if (is_code(shown, v)) {
        buf_append_slice(out, shown);
        return CELL_TEXT;
    }
    return numfmt_write(out, f, v, false, flags);
}

/* 2026-12-01, 2026-12-01T07:30:00: seconds only when they are not 0, no fractions. */
static enum cell_kind date_of(const struct ods *o, struct buf *out)
{
    struct slice s = buf_slice(&o->value);
    size_t dot = slice_find_byte(s, '.');

    s = slice_head(s, CANH_MIN(dot, s.n));
    if (slice_ends(s, SLICE("T00:00:00")))
        s = slice_head(s, s.n - 9);
    else if (s.n == 19 && slice_ends(s, SLICE(":00")))
        s = slice_head(s, s.n - 3);
    buf_append_slice(out, s);
    return slice_find_byte(s, 'T') == SIZE_MAX ? CELL_DATE : CELL_DATETIME;
}

/* PT07H30M00S → 07:30. */
static enum cell_kind time_of(const struct ods *o, struct buf *out)
{
    struct slice s = buf_slice(&o->value);
    int64_t total = 0, n = 0;

    for (size_t i = 0; i < s.n && total < SECONDS_MAX; i++) {
        if (ascii_is_digit(s.p[i])) {
            n = CANH_MIN(n * 10 + (s.p[i] - '0'), (int64_t)SECONDS_MAX);
            continue;
        }
        total += s.p[i] == 'H' ? n * 3600 : s.p[i] == 'M' ? n * 60 : s.p[i] == 'S' ? n : 0;
        if (s.p[i] == '.')
            total += n;
        if (s.p[i] == '.')
            break;
        n = 0;
    }
    buf_printf(out, "%02d:%02d", (int)(total / 3600), (int)(total / 60 % 60));
    if (total % 60 != 0)
        buf_printf(out, ":%02d", (int)(total % 60));
    return CELL_TIME;
}

static enum cell_kind value_of(struct ods *o, struct buf *out, unsigned *flags)
{
    const char *t = o->type;

    if (o->failed) {
        buf_append_slice(out, o->text.len ? buf_slice(&o->text) : SLICE("#"));
        return CELL_ERROR;
    }
    if (strcmp(t, "float") == 0 || strcmp(t, "percentage") == 0 || strcmp(t, "currency") == 0)
        return number_of(o, out, flags);
    if (strcmp(t, "date") == 0)
        return date_of(o, out);
    if (strcmp(t, "time") == 0)
        return time_of(o, out);
    if (strcmp(t, "boolean") == 0) {
        buf_puts(out, slice_is(buf_slice(&o->value), "true") ? "TRUE" : "FALSE");
        return CELL_BOOL;
    }
    buf_append_slice(out, o->paras > 0 ? buf_slice(&o->text) : buf_slice(&o->value));
    return CELL_TEXT;
}

static int write_cells(struct ods *o, enum cell_kind kind, unsigned flags, struct slice s)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < o->col_repeat; i++)
        r = sheetmake_cell(&o->make, o->col + i, kind, flags, s, o->err);
    return r;
}

static int end_cell(struct ods *o)
{
    unsigned flags = o->formula ? CELL_FORMULA : 0;
    struct buf out = BUF_INIT((size_t)o->limits->max_cell_bytes * 2);
    enum cell_kind kind = CELL_EMPTY;
    int r = 0;

    o->in_cell = false;
    if (o->text.err != 0 || o->value.err != 0) {
        r = err_fail_at(o->err, CE_TOO_BIG, o->row, o->col, ERR_OFFICE_TABLE_CELL_BIG,
                        o->limits->max_cell_bytes);
    } else if (!o->covered) {
        kind = value_of(o, &out, &flags);
        if (out.len > 0 || flags)
            r = write_cells(o, kind, flags, buf_slice(&out));
        if (r == 0)
            r = add_merge(o);
    }
    buf_done(&out);
    if (o->col > INT32_MAX - o->col_repeat)
        return r < 0 ? r : ods_read_corrupt(o);
    o->col += o->col_repeat - 1;
    return r;
}

static bool left_out(struct slice name)
{
    static const char *const names[] = {"annotation",        "shapes",
                                        "tracked-changes",   "forms",
                                        "named-expressions", "database-ranges",
                                        "ruby-text",         "note",
                                        "dde-links",         "frame"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

static void start_text(struct ods *o, struct slice name, const char **attrs)
{
    if (slice_is(name, "p") || slice_is(name, "h")) {
        if (o->paras++ > 0)
            buf_putc(&o->text, '\n');
        o->in_para = o->blank = true;
        return;
    }
    if (!o->in_para)
        return;
    if (slice_is(name, "s")) {
        for (uint32_t i = CANH_MIN(attr_count(attrs, "c"), 200u); i > 0; i--)
            buf_putc(&o->text, ' ');
    } else if (slice_is(name, "tab")) {
        buf_putc(&o->text, ' ');
    } else if (slice_is(name, "line-break")) {
        buf_putc(&o->text, '\n');
    }
    o->blank = false;
}

static int ods_start(void *user, struct slice name, const char **attrs)
{
    struct ods *o = user;

    if (o->skip > 0 || left_out(name) || (slice_is(name, "table") && o->tables > 0)) {
        o->skip++;
        return 0;
    }
    if (slice_is(name, "table")) {
        o->tables++;
        return start_table(o, attrs);
    }
    if (o->tables == 0)
        read_style(o, name, attrs);
    else if (slice_is(name, "table-row"))
        return start_row(o, attrs);
    else if (slice_is(name, "table-cell") || slice_is(name, "covered-table-cell"))
        return start_cell(o, attrs, name.p[0] == 'c');
    else if (o->in_cell)
        start_text(o, name, attrs);
    return 0;
}

static int ods_end(void *user, struct slice name)
{
    struct ods *o = user;

    if (o->skip > 0) {
        o->skip--;
        return 0;
    }
    if (slice_is(name, "p") || slice_is(name, "h"))
        o->in_para = false;
    if (o->tables == 0)
        return 0;
    if (slice_is(name, "table-row"))
        return end_row(o);
    if (slice_is(name, "table-cell") || slice_is(name, "covered-table-cell"))
        return o->in_cell ? end_cell(o) : ods_read_corrupt(o);
    if (slice_is(name, "table")) {
        o->tables--;
        return end_table(o);
    }
    return 0;
}

/* White space of the file itself collapses; only text:s and its like count (ISO 26300-1, 6.1.2). */
static int ods_text(void *user, struct slice text)
{
    struct ods *o = user;

    for (size_t i = 0; o->in_para && o->skip == 0 && i < text.n; i++) {
        bool blank =
            text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r';

        if (!blank || !o->blank)
            buf_putc(&o->text, blank ? ' ' : text.p[i]);
        o->blank = blank;
    }
    return 0;
}

int ods_read(struct arena *arena, struct pack *p, const struct workbook_limits *limits,
             struct workbook *ret, struct err *err)
{
    static const struct xml_sink sink = {ods_start, ods_end, ods_text};
    struct ods *o = calloc(1, sizeof(*o));
    int r;

    if (o == NULL)
        return err_nomem(err);
    *ret = (struct workbook){.format = WORKBOOK_ODS};
    o->arena = arena;
    o->limits = limits;
    o->out = ret;
    o->err = err;
    o->value = BUF_INIT((size_t)limits->max_cell_bytes * 2);
    o->text = BUF_INIT((size_t)limits->max_cell_bytes * 2);
    r = pack_xml(p, "content.xml", &sink, o, err);
    if (r == 0 && ret->sheet_count == 0)
        r = err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_ODS);
    if (o->making)
        sheetmake_done(&o->make);
    buf_done(&o->value);
    buf_done(&o->text);
    free(o->merges);
    free(o);
    return r;
}
