/* SPDX-License-Identifier: Apache-2.0 */
#include "office/xlsx_parts.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/num.h"
#include "base/utf.h"
#include "lang/err_office.h"
#include "office/sheetmake.h"

struct relations_parse {
    struct xlsx *x;
    const char *base;
    struct err *err;
};

/* Copies as much as fits; an id that is cut never matches, which is an error later. */
static void xlsx_parts_copy(char *to, size_t size, struct slice s)
{
    size_t n = CANH_MIN(s.n, size - 1);

    if (n > 0)
        memcpy(to, s.p, n);
    to[n] = 0;
}

static int relation_start(void *user, struct slice name, const char **attrs)
{
    struct relations_parse *parse = user;
    struct relations *rels = &parse->x->relations;
    struct relation *rel;

    if (!slice_is(name, "Relationship"))
        return 0;
    if (slice_is(xml_attr(attrs, "TargetMode"), "External") ||
        slice_ends(xml_attr(attrs, "Type"), SLICE("/externalLink"))) {
        parse->x->external = true;
        return 0;
    }
    if (rels->count >= RELATIONS_MAX)
        return err_fail(parse->err, CE_TOO_BIG, ERR_OFFICE_ZIP_ENTRIES, RELATIONS_MAX);
    if (!array_room(rels->rows, rels->count, rels->cap, SIZE_MAX))
        return err_nomem(parse->err);
    rel = &rels->rows[rels->count];
    xlsx_parts_copy(rel->id, sizeof(rel->id), xml_attr(attrs, "Id"));
    xlsx_parts_copy(rel->type, sizeof(rel->type), xml_attr(attrs, "Type"));
    if (pack_resolve(parse->base, xml_attr(attrs, "Target"), rel->part, sizeof(rel->part)))
        rels->count++;
    return 0;
}

static int ignore_end(void *user, struct slice name)
{
    (void)user;
    (void)name;
    return 0;
}

int xlsx_relations(struct xlsx *x, const char *part, const char *base, struct err *err)
{
    static const struct xml_sink sink = {relation_start, ignore_end, NULL};
    struct relations_parse parse = {.x = x, .base = base, .err = err};

    return pack_xml(x->pack, part, &sink, &parse, err);
}

const struct relation *relation_by_type(const struct relations *r, const char *ending)
{
    for (size_t i = 0; i < r->count; i++) {
        if (slice_ends(slice_str(r->rows[i].type), slice_str(ending)))
            return &r->rows[i];
    }
    return NULL;
}

const struct relation *relation_by_id(const struct relations *r, struct slice id)
{
    for (size_t i = 0; i < r->count; i++) {
        if (slice_eq(slice_str(r->rows[i].id), id))
            return &r->rows[i];
    }
    return NULL;
}

struct workbook_parse {
    struct xlsx *x;
    struct sheetmake make; /* for cleaning names */
    unsigned depth;
    struct err *err;
};

static int parse_sheet_entry(struct workbook_parse *parse, const char **attrs)
{
    struct xlsx *x = parse->x;
    struct slice state = xml_attr(attrs, "state");
    struct workbook_sheet *s = &x->sheets[x->sheet_count];

    if (x->sheet_count >= x->limits->max_sheets)
        return err_fail(parse->err, CE_TOO_BIG, ERR_OFFICE_TABLE_SHEETS, x->limits->max_sheets);
    s->name = sheetmake_clean(&parse->make, xml_attr(attrs, "name"), parse->err);
    s->relation = arena_dup(x->arena, xml_attr(attrs, "id"));
    s->hidden = slice_is(state, "hidden") || slice_is(state, "veryHidden");
    if (s->name.p == NULL || s->relation.p == NULL)
        return -CE_NOMEM;
    x->sheet_count++;
    return 0;
}

static int workbook_start(void *user, struct slice name, const char **attrs)
{
    struct workbook_parse *parse = user;

    parse->depth++;
    if (slice_is(name, "workbookPr") && parse->depth == 2) /* extensions have one of their own */
        parse->x->date1904 = xml_attr_true(attrs, "date1904");
    else if (slice_is(name, "sheet"))
        return parse_sheet_entry(parse, attrs);
    return 0;
}

static int workbook_end(void *user, struct slice name)
{
    struct workbook_parse *parse = user;

    (void)name;
    parse->depth--;
    return 0;
}

int xlsx_workbook(struct xlsx *x, struct err *err)
{
    static const struct xml_sink sink = {workbook_start, workbook_end, NULL};
    struct workbook_parse parse = {.x = x, .err = err};
    int r;

    x->sheets = arena_new_array(x->arena, x->limits->max_sheets, struct workbook_sheet);
    if (x->sheets == NULL)
        return err_nomem(err);
    r = sheetmake_init(&parse.make, x->arena, x->limits, &x->cells_used, &x->rows_used, err);
    if (r == 0)
        r = pack_xml(x->pack, x->workbook, &sink, &parse, err);
    sheetmake_done(&parse.make);
    return r;
}

struct strings_parse {
    struct xlsx *x;
    struct sheetmake make;
    struct buf text;
    bool in_text;
    unsigned phonetic; /* inside rPh, which is not part of the value */
    struct err *err;
};

static int strings_start(void *user, struct slice name, const char **attrs)
{
    struct strings_parse *parse = user;

    (void)attrs;
    if (slice_is(name, "si"))
        buf_clear(&parse->text);
    else if (slice_is(name, "rPh"))
        parse->phonetic++;
    else if (slice_is(name, "t"))
        parse->in_text = parse->phonetic == 0;
    return 0;
}

static int string_end(struct strings_parse *parse)
{
    struct xlsx *x = parse->x;
    struct slice s;

    if (parse->text.err != 0 || x->string_count >= STRINGS_MAX)
        return err_fail(parse->err, CE_TOO_BIG, ERR_OFFICE_TABLE_CELL_BIG,
                        x->limits->max_cell_bytes);
    if (!array_room(x->strings, x->string_count, x->string_cap, SIZE_MAX))
        return err_nomem(parse->err);
    xlsx_unescape(&parse->text);
    s = sheetmake_clean(&parse->make, buf_slice(&parse->text), parse->err);
    if (s.p == NULL)
        return parse->err && parse->err->code ? -parse->err->code : -CE_NOMEM;
    x->strings[x->string_count++] = s;
    return 0;
}

static int strings_end(void *user, struct slice name)
{
    struct strings_parse *parse = user;

    if (slice_is(name, "si"))
        return string_end(parse);
    if (slice_is(name, "rPh") && parse->phonetic > 0)
        parse->phonetic--;
    else if (slice_is(name, "t"))
        parse->in_text = false;
    return 0;
}

static int strings_text(void *user, struct slice text)
{
    struct strings_parse *parse = user;

    if (parse->in_text)
        buf_append_slice(&parse->text, text);
    return 0;
}

int xlsx_strings(struct xlsx *x, const char *part, struct err *err)
{
    static const struct xml_sink sink = {strings_start, strings_end, strings_text};
    struct strings_parse parse = {.x = x,
                                  .text = BUF_INIT((size_t)x->limits->max_cell_bytes * 2),
                                  .err = err};
    int r = sheetmake_init(&parse.make, x->arena, x->limits, &x->cells_used, &x->rows_used, err);

    if (r == 0)
        r = pack_xml(x->pack, part, &sink, &parse, err);
    sheetmake_done(&parse.make);
    buf_done(&parse.text);
    return r;
}

/* Four hexadecimal digits between _x and _; -1 when it is none. */
static int escaped_char(struct slice s)
{
    uint64_t v;

    if (s.n < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_' ||
        num_hex(slice_of(s.p + 2, 4), &v) < 0 || s.p[3] == 'x' || s.p[3] == 'X')
        return -1;
    return v >= 0xD800 && v < 0xE000 ? -1 : (int)v;
}

void xlsx_unescape(struct buf *text)
{
    size_t to = 0;

    if (slice_find(buf_slice(text), SLICE("_x")) == SIZE_MAX)
        return;
    for (size_t i = 0; i < text->len;) {
        int c = escaped_char(slice_from(buf_slice(text), i));

        if (c >= 0) {
            uint8_t bytes[4];
            unsigned n = utf8_encode(c ? (uint32_t)c : ' ', bytes);

            memcpy(text->p + to, bytes, n);
            to += n;
            i += 7;
        } else {
            text->p[to++] = text->p[i++];
        }
    }
    text->len = to;
}

enum { CUSTOM_MAX = 4096 };

struct styles_parse {
    struct xlsx *x;
    struct {
        uint32_t id;
        struct numfmt format;
    } * custom;
    size_t custom_count, custom_cap;
    bool in_cell_xfs;
    struct err *err;
};

static uint32_t attr_number(const char **attrs, const char *name)
{
    int64_t v;

    return num_range(xml_attr(attrs, name), 0, UINT32_MAX, &v) < 0 ? 0 : (uint32_t)v;
}

static struct numfmt format_of(const struct styles_parse *parse, uint32_t id)
{
    for (size_t i = 0; i < parse->custom_count; i++) {
        if (parse->custom[i].id == id)
            return parse->custom[i].format;
    }
    return numfmt_builtin(id);
}

static int styles_start(void *user, struct slice name, const char **attrs)
{
    struct styles_parse *parse = user;
    struct xlsx *x = parse->x;

    if (slice_is(name, "numFmt") && parse->custom_count < CUSTOM_MAX) {
        if (!array_room(parse->custom, parse->custom_count, parse->custom_cap, SIZE_MAX))
            return err_nomem(parse->err);
        parse->custom[parse->custom_count].id = attr_number(attrs, "numFmtId");
        parse->custom[parse->custom_count++].format = numfmt_code(xml_attr(attrs, "formatCode"));
    } else if (slice_is(name, "cellXfs")) {
        parse->in_cell_xfs = true;
    } else if (slice_is(name, "xf") && parse->in_cell_xfs && x->format_count < FORMATS_MAX) {
        if (!array_room(x->formats, x->format_count, x->format_cap, SIZE_MAX))
            return err_nomem(parse->err);
        x->formats[x->format_count++] = format_of(parse, attr_number(attrs, "numFmtId"));
    }
    return 0;
}

static int styles_end(void *user, struct slice name)
{
    struct styles_parse *parse = user;

    if (slice_is(name, "cellXfs"))
        parse->in_cell_xfs = false;
    return 0;
}

int xlsx_styles(struct xlsx *x, const char *part, struct err *err)
{
    static const struct xml_sink sink = {styles_start, styles_end, NULL};
    struct styles_parse parse = {.x = x, .err = err};
    int r = pack_xml(x->pack, part, &sink, &parse, err);

    free(parse.custom);
    return r;
}
