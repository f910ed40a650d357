/* SPDX-License-Identifier: Apache-2.0 */
#include "office/csv_read.h"

#include "lang/err_office.h"
#include "office/sheetmake.h"
#include "office/text.h"

enum { DELIMITERS = 3, SAMPLE_RECORDS = 20 };
static const char delimiters[DELIMITERS] = {';', ',', '\t'};

struct csv {
    const uint8_t *p, *end;
    char delimiter;
    struct sheetmake make;
    struct buf quoted; /* a field with doubled quotes taken out */
};

static bool at_line_end(const struct csv *c)
{
    return c->p == c->end || *c->p == '\n' || *c->p == '\r';
}

static void skip_line_end(struct csv *c)
{
    if (c->p < c->end && *c->p == '\r')
        c->p++;
    if (c->p < c->end && *c->p == '\n')
        c->p++;
}

/*
 * How often each delimiter stands outside quotes in the first records: the one that gives every
 * record the same number of fields wins, then the most frequent.
 */
static char guess_delimiter(struct slice s)
{
    unsigned first[DELIMITERS] = {0}, now[DELIMITERS] = {0}, total[DELIMITERS] = {0};
    bool same[DELIMITERS] = {true, true, true}, in_quotes = false;
    unsigned records = 0, best = 1;

    for (size_t i = 0; i <= s.n && records < SAMPLE_RECORDS; i++) {
        uint8_t c = i < s.n ? s.p[i] : '\n';

        if (c == '"')
            in_quotes = !in_quotes;
        for (unsigned d = 0; d < DELIMITERS && !in_quotes; d++)
            now[d] += c == (uint8_t)delimiters[d];
        if (c != '\n' || (in_quotes && i < s.n))
            continue;
        for (unsigned d = 0; d < DELIMITERS; d++) {
            if (records == 0)
                first[d] = now[d];
            same[d] = same[d] && now[d] == first[d];
            total[d] += now[d];
            now[d] = 0;
        }
        records++;
    }
    for (unsigned d = 0; d < DELIMITERS; d++) {
        bool better = same[d] && total[d] > 0, held = same[best] && total[best] > 0;

        if (total[d] > 0 && (better != held ? better : total[d] > total[best]))
            best = d;
    }
    return delimiters[best];
}

/* Excel's own hint line: sep=; */
static bool read_hint(struct csv *c)
{
    struct slice s = slice_of(c->p, (size_t)(c->end - c->p));

    if (s.n < 5 || !slice_eq_nocase(slice_head(s, 4), SLICE("sep=")) ||
        (s.n > 5 && s.p[5] != '\r' && s.p[5] != '\n'))
        return false;
    c->delimiter = (char)s.p[4];
    c->p += 5;
    skip_line_end(c);
    return true;
}

/* A field in quotes; p stands after the opening one. */
static int read_quoted(struct csv *c, struct slice *ret, struct err *err)
{
    *ret = SLICE_NULL;
    buf_clear(&c->quoted);
    for (;;) {
        const uint8_t *q = memchr(c->p, '"', (size_t)(c->end - c->p));

        if (q == NULL)
            return err_fail_at(err, CE_SYNTAX, c->make.row_number, 0, ERR_OFFICE_CSV_QUOTE,
                               c->make.row_number);
        buf_append(&c->quoted, c->p, (size_t)(q - c->p));
        c->p = q + 1;
        if (c->p == c->end || *c->p != '"')
            break;
        buf_putc(&c->quoted, '"');
        c->p++;
    }
    /* text after the closing quote belongs to the field, as Excel reads it */
    while (!at_line_end(c) && *c->p != (uint8_t)c->delimiter)
        buf_putc(&c->quoted, *c->p++);
    *ret = buf_slice(&c->quoted);
    if (c->quoted.err == 0)
        return 0;
    return err_fail_at(err, CE_TOO_BIG, c->make.row_number, 0, ERR_OFFICE_TABLE_CELL_BIG,
                       c->make.limits->max_cell_bytes);
}

static void read_plain(struct csv *c, struct slice *ret)
{
    const uint8_t *start = c->p;

    while (!at_line_end(c) && *c->p != (uint8_t)c->delimiter)
        c->p++;
    *ret = slice_of(start, (size_t)(c->p - start));
}

/*
 * ="0912 345 678" is how programs make Excel keep a leading zero, '=1+1 how they keep it from being
 * a formula.
 */
static struct slice csv_read_unguard(struct slice s)
{
    if (s.n >= 3 && s.p[0] == '=' && s.p[1] == '"' && s.p[s.n - 1] == '"')
        return slice_of(s.p + 2, s.n - 3);
    if (s.n >= 2 && s.p[0] == '\'' && strchr("=+-@\t\r", s.p[1]) != NULL && s.p[1] != 0)
        return slice_from(s, 1);
    return s;
}

static int read_field(struct csv *c, uint32_t col, struct err *err)
{
    struct slice s;

    if (!at_line_end(c) && *c->p == '"') {
        int r;

        c->p++;
        r = read_quoted(c, &s, err);
        if (r < 0)
            return r;
    } else {
        read_plain(c, &s);
    }
    return sheetmake_cell(&c->make, col, CELL_TEXT, 0, csv_read_unguard(s), err);
}

static int read_record(struct csv *c, uint32_t number, struct err *err)
{
    int r = sheetmake_row(&c->make, number, false, err);

    for (uint32_t col = 1; r == 0; col++) {
        r = read_field(c, col, err);
        if (r < 0 || at_line_end(c))
            break;
        c->p++; /* the delimiter */
    }
    if (r == 0)
        r = sheetmake_row_end(&c->make, err);
    skip_line_end(c);
    return r;
}

static int read_records(struct csv *c, struct workbook *ret, struct err *err)
{
    int r = 0;

    for (uint32_t number = 1; r == 0 && c->p < c->end; number++)
        r = read_record(c, number, err);
    ret->sheets = r == 0 ? arena_new(c->make.arena, struct sheet) : NULL;
    if (ret->sheets == NULL)
        return r < 0 ? r : err_nomem(err);
    ret->sheet_count = 1;
    return sheetmake_end(&c->make, ret->sheets, err);
}

int csv_read(struct arena *arena, struct slice bytes, const struct workbook_limits *limits,
             struct workbook *ret, struct err *err)
{
    struct buf text = BUF_INIT(limits->max_unpacked);
    struct csv c = {.quoted = BUF_INIT(limits->max_cell_bytes)};
    enum text_encoding encoding;
    uint64_t cells = 0;
    uint32_t rows = 0;
    int r = text_decode(bytes, &text, &encoding, err);

    if (r == 0)
        r = sheetmake_init(&c.make, arena, limits, &cells, &rows, err);
    if (r == 0) {
        c.p = text.p ? text.p : (const uint8_t *)"";
        c.end = c.p + text.len;
        if (!read_hint(&c))
            c.delimiter = guess_delimiter(slice_of(c.p, text.len));
        *ret = (struct workbook){.format = WORKBOOK_CSV, .delimiter = c.delimiter};
        r = read_records(&c, ret, err);
        sheetmake_done(&c.make);
    }
    buf_done(&c.quoted);
    buf_done(&text);
    return r;
}
