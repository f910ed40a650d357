/* SPDX-License-Identifier: Apache-2.0 */
/* One worksheet: rows, cells, merged areas (ECMA-376 part 1, 18.3). */
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/num.h"
#include "lang/err_office.h"
#include "office/sheetmake.h"
#include "office/xlsx_parts.h"

struct sheet_parse {
    struct xlsx *x;
    struct sheetmake make;
    struct err *err;
    /* the cell being read */
    uint32_t row, col, style;
    char type[12];
    struct buf text;
    bool in_cell, capture, formula, has_value;
    unsigned phonetic;
    struct merge *merges;
    size_t merge_count, merge_cap;
};

/* C12 → column 3, row 12; the row may be missing. */
static bool parse_ref(struct slice s, uint32_t *ret_col, uint32_t *ret_row)
{
    size_t i = 0;
    uint32_t col = 0;
    int64_t row = 0;

    for (; i < s.n && i < 4; i++) {
        uint8_t c = fold_ascii(s.p[i]);

        if (s.p[i] == '$')
            return false;
        if (c < 'a' || c > 'z')
            break;
        col = col * 26 + (uint32_t)(c - 'a') + 1;
    }
    if (col == 0 || (i < s.n && num_range(slice_from(s, i), 1, INT32_MAX, &row) < 0))
        return false;
    *ret_col = col;
    *ret_row = (uint32_t)row;
    return true;
}

static int xlsx_sheet_corrupt(struct sheet_parse *p)
{
    const struct err place = workbook_place_err(p->make.name, p->row, p->col);

    return err_fail_at(p->err, CE_CORRUPT, p->row, p->col, ERR_OFFICE_TABLE_BAD_CELL, &place);
}

static int start_row(struct sheet_parse *p, const char **attrs)
{
    struct slice number = xml_attr(attrs, "r");
    int64_t v = (int64_t)p->row + 1;

    if (p->in_cell || (number.n > 0 && num_range(number, 1, INT32_MAX, &v) < 0))
        return xlsx_sheet_corrupt(p);
    p->row = (uint32_t)v;
    p->col = 0;
    return sheetmake_row(&p->make, p->row, xml_attr_true(attrs, "hidden"), p->err);
}

static int start_cell(struct sheet_parse *p, const char **attrs)
{
    struct slice ref = xml_attr(attrs, "r"), type = xml_attr(attrs, "t");
    int64_t style = 0;
    uint32_t row, col = p->col + 1;

    if (!p->make.open || p->in_cell || (ref.n > 0 && !parse_ref(ref, &col, &row)))
        return xlsx_sheet_corrupt(p);
    p->col = col;
    if (num_range(xml_attr(attrs, "s"), 0, FORMATS_MAX, &style) < 0)
        style = 0;
    p->style = (uint32_t)style;
    (void)snprintf(p->type, sizeof(p->type), SLICE_FMT, SLICE_ARG(type));
    buf_clear(&p->text);
    p->in_cell = true;
    p->formula = p->has_value = p->capture = false;
    p->phonetic = 0;
    return 0;
}

static int add_merge(struct sheet_parse *p, struct slice ref)
{
    size_t colon = slice_find_byte(ref, ':');
    struct merge m;

    if (colon == SIZE_MAX)
        return 0; /* a single cell */
    if (!parse_ref(slice_head(ref, colon), &m.col1, &m.row1) ||
        !parse_ref(slice_from(ref, colon + 1), &m.col2, &m.row2) || m.row1 == 0 || m.row2 == 0 ||
        m.row2 < m.row1 || m.col2 < m.col1)
        return xlsx_sheet_corrupt(p);
    if (p->merge_count >= p->x->limits->max_merges)
        return err_fail_at(p->err, CE_TOO_BIG, m.row1, m.col1, ERR_OFFICE_TABLE_MERGES,
                           p->x->limits->max_merges);
    if (!array_room(p->merges, p->merge_count, p->merge_cap, SIZE_MAX))
        return err_nomem(p->err);
    p->merges[p->merge_count++] = m;
    return 0;
}

static int sheet_start(void *user, struct slice name, const char **attrs)
{
    struct sheet_parse *p = user;

    if (slice_is(name, "c"))
        return start_cell(p, attrs);
    if (slice_is(name, "row"))
        return start_row(p, attrs);
    if (slice_is(name, "mergeCell"))
        return add_merge(p, xml_attr(attrs, "ref"));
    if (!p->in_cell)
        return 0;
    if (slice_is(name, "f"))
        p->formula = true;
    else if (slice_is(name, "rPh"))
        p->phonetic++;
    else if (slice_is(name, "v") || (slice_is(name, "t") && p->phonetic == 0))
        p->capture = p->has_value = true;
    return 0;
}

/* A date written as ISO 8601 (t="d"). */
static enum cell_kind iso_kind(struct slice s)
{
    if (slice_find_byte(s, 'T') != SIZE_MAX)
        return CELL_DATETIME;
    return slice_find_byte(s, '-') != SIZE_MAX ? CELL_DATE : CELL_TIME;
}

static int write_number(struct sheet_parse *p, struct slice s, unsigned flags)
{
    const struct xlsx *x = p->x;
    struct numfmt format = p->style < x->format_count ? x->formats[p->style] : (struct numfmt){0};
    struct buf out = BUF_INIT(1024);
    enum cell_kind kind;
    double v;
    int r = num_double(slice_trim(s), &v);

    if (r < 0) /* NaN, INF and what no program writes */
        return sheetmake_cell(&p->make, p->col, CELL_ERROR, flags, s, p->err);
    kind = numfmt_write(&out, format, v, x->date1904, &flags);
    r = sheetmake_cell(&p->make, p->col, kind, flags, buf_slice(&out), p->err);
    buf_done(&out);
    return r;
}

static int write_shared(struct sheet_parse *p, struct slice s, unsigned flags)
{
    int64_t index;
    struct slice text;

    if (num_range(slice_trim(s), 0, STRINGS_MAX, &index) < 0 || (size_t)index >= p->x->string_count)
        return xlsx_sheet_corrupt(p);
    text = p->x->strings[index];
    if (text.n == 0 && flags == 0)
        return 0;
    return sheetmake_cell_ready(&p->make, p->col, text.n ? CELL_TEXT : CELL_EMPTY, flags, text,
                                p->err);
}

static int end_cell(struct sheet_parse *p)
{
    struct slice s = buf_slice(&p->text);
    unsigned flags = p->formula ? CELL_FORMULA : 0;

    p->in_cell = false;
    if (p->text.err != 0)
        return err_fail_at(p->err, CE_TOO_BIG, p->row, p->col, ERR_OFFICE_TABLE_CELL_BIG,
                           p->x->limits->max_cell_bytes);
    if (!p->has_value || s.n == 0)
        return flags ? sheetmake_cell(&p->make, p->col, CELL_EMPTY, flags, s, p->err) : 0;
    if (strcmp(p->type, "s") == 0)
        return write_shared(p, s, flags);
    if (strcmp(p->type, "b") == 0)
        return sheetmake_cell(&p->make, p->col, CELL_BOOL, flags,
                              slice_is(slice_trim(s), "1") ? SLICE("TRUE") : SLICE("FALSE"),
                              p->err);
    if (strcmp(p->type, "e") == 0)
        return sheetmake_cell(&p->make, p->col, CELL_ERROR, flags, s, p->err);
    if (strcmp(p->type, "d") == 0)
        return sheetmake_cell(&p->make, p->col, iso_kind(s), flags, s, p->err);
    if (strcmp(p->type, "str") == 0 || strcmp(p->type, "inlineStr") == 0) {
        xlsx_unescape(&p->text);
        return sheetmake_cell(&p->make, p->col, CELL_TEXT, flags, buf_slice(&p->text), p->err);
    }
    return write_number(p, s, flags);
}

static int paper_end(void *user, struct slice name)
{
    struct sheet_parse *p = user;

    if (slice_is(name, "c"))
        return p->in_cell ? end_cell(p) : xlsx_sheet_corrupt(p);
    if (slice_is(name, "row"))
        return sheetmake_row_end(&p->make, p->err);
    if (slice_is(name, "rPh") && p->phonetic > 0)
        p->phonetic--;
    else if (slice_is(name, "v") || slice_is(name, "t"))
        p->capture = false;
    return 0;
}

static int sheet_text(void *user, struct slice text)
{
    struct sheet_parse *p = user;

    if (p->capture)
        buf_append_slice(&p->text, text);
    return 0;
}

int xlsx_sheet(struct xlsx *x, const char *part, struct slice name, struct sheet *ret,
               struct err *err)
{
    static const struct xml_sink sink = {sheet_start, paper_end, sheet_text};
    struct sheet_parse p = {.x = x,
                            .err = err,
                            .text = BUF_INIT((size_t)x->limits->max_cell_bytes * 2)};
    int r = sheetmake_init(&p.make, x->arena, x->limits, &x->cells_used, &x->rows_used, err);

    p.make.name = name;
    if (r == 0)
        r = pack_xml(x->pack, part, &sink, &p, err);
    if (r == 0)
        r = sheetmake_end(&p.make, ret, err);
    if (r == 0)
        r = sheetmake_merge(&p.make, ret, p.merges, p.merge_count, err);
    sheetmake_done(&p.make);
    buf_done(&p.text);
    free(p.merges);
    return r;
}
