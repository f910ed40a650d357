/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of records. NDJSON is scanned in chunks of many lines; a chunk that the scan refuses is
 * scanned again line by line, so that one bad line costs only itself. (A string that is not
 * closed shows up as the line break inside it; so when the scan is content, every line break
 * stands outside of strings.)
 */
#include "decode/json/internal.h"
#include "decode/json/table.h"
#include "lang/err_decode.h"

void json_start(struct json_decoder *d, const struct json_block *block)
{
    d->block = *block;
    d->at = d->chunk_end = d->line_start = d->eol = block->text.p;
    d->text_of = NULL;
    d->end = block->text.p + block->text.n;
    d->line = block->line;
    d->begun = block->begun;
    d->bad_until = block->text.p;
    d->chunk_bad = false;
    d->docs = (struct json_docs){.in_array = block->in_array,
                                 .look = block->answers ? json_lookahead(d->limits.max_record) : 0,
                                 .in_string = block->in_string,
                                 .escape = block->escape,
                                 .tail = block->tail,
                                 .beside = block->beside,
                                 .depth = block->depth,
                                 .columns = &d->columns};
    buf_clear(&d->columns);
    buf_append_slice(&d->columns, block->columns);
    json_set_lines(d, block->mode == JSON_LINES);
}

static const uint8_t *line_end(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *eol = memchr(p, '\n', (size_t)(end - p));

    return eol ? eol : end;
}

static void place_at(const struct json_decoder *d, const uint8_t *record, struct event *e)
{
    e->sequence = d->line;
    e->offset = d->block.offset + (uint64_t)(record - d->block.text.p);
}

static void block_place(const struct json_decoder *d, struct event *e)
{
    place_at(d, e->raw.p, e);
}

static int cut_record(struct json_decoder *d, struct event *ret)
{
    json_truncated(d, d->block.text, ret);
    block_place(d, ret);
    d->at = d->end;
    return 1;
}

/* Scans text as a chunk. 0, -CE_SYNTAX when there is something wrong in it, -CE_NOMEM. */
static int scan_chunk(struct json_decoder *d, const uint8_t *end)
{
    struct slice chunk = slice_of(d->at, (size_t)(end - d->at));

    int r = json_scan(d, &d->maps, chunk);

    d->chunk_end = end;
    json_walk_init(d, &d->walk, &d->maps, chunk);
    return r;
}

/* The line up to end is longer than a record may be; blanks before its first one do not count. */
static bool is_over_limit(struct json_decoder *d, const uint8_t *end)
{
    if ((size_t)(end - d->line_start) <= d->limits.max_record)
        return false;
    if (d->text_of != d->line_start) {
        d->text_of = d->text = d->line_start;
        while (d->text < d->end && (*d->text == ' ' || *d->text == '\t' || *d->text == '\r'))
            d->text++;
    }
    return end > d->text && (size_t)(end - d->text) > d->limits.max_record;
}

/* The next chunk: whole lines, or one line where something is wrong. */
static int next_chunk(struct json_decoder *d)
{
    const uint8_t *end = d->end;
    int r;

    if (d->at < d->bad_until) {
        end = d->at;
    } else if (end - d->at > JSON_CHUNK) {
        end = d->at + JSON_CHUNK;
        while (end > d->at && end[-1] != '\n')
            end--;
    }
    if (end > d->at) {
        r = scan_chunk(d, end);
        if (r != -CE_SYNTAX)
            return r;
        d->bad_until = end;
    }
    end = line_end(d->at, d->end);
    d->chunk_end = end;
    d->chunk_bad = true;
    if (is_over_limit(d, end))
        return 0; /* never looked into */
    r = scan_chunk(d, end);
    d->chunk_bad = r < 0;
    return r == -CE_NOMEM ? r : 0;
}

/* Passes blanks and line breaks; false at the block's end. */
static bool next_line(struct json_decoder *d)
{
    for (; d->at < d->end; d->at++) {
        if (*d->at == '\n') {
            d->line++;
            d->line_start = d->at + 1;
        } else if (*d->at != ' ' && *d->at != '\t' && *d->at != '\r') {
            return true;
        }
    }
    return false;
}

/* The line is within the limit; p is somewhere in it. */
static bool line_fits(struct json_decoder *d, const uint8_t *p)
{
    if (p < d->end && *p != '\n') {
        if (d->eol < p)
            d->eol = line_end(p, d->end);
        p = d->eol;
    }
    return !is_over_limit(d, p);
}

/* A line that was refused: too long (1 and its beginning), bad (negative), or to be skipped (0). */
static int refused_line(struct json_decoder *d, struct event *ret, struct err *err)
{
    const uint8_t *record = d->at, *eol = line_end(record, d->end);
    struct slice line = slice_of(record, (size_t)(eol - record));
    const uint8_t *bad_at = d->walk.bad_at;
    unsigned why = d->walk.why;
    enum ce code = d->walk.code;
    size_t at;

    d->at = eol;
    if (is_over_limit(d, eol)) {
        json_truncated(d, slice_of(d->text, (size_t)(eol - d->text)), ret);
        block_place(d, ret);
        return 1;
    }
    if (json_record_line(slice_of(record, line.n + (eol < d->end))) > 0)
        return 0;
    if (d->chunk_bad) {
        json_explain(line, &at, &code, &why);
        bad_at = record + at;
    }
    d->base.counts.bad++;
    (void)err_fail_at(err, code, (unsigned)CANH_MIN(d->line, (uint64_t)UINT32_MAX),
                      (unsigned)(bad_at - d->line_start) + 1, ERR_BASE_TEXT, ERR_ID(why));
    if (err != NULL)
        err->offset = d->block.offset + (uint64_t)(bad_at - d->block.text.p);
    return -(int)code;
}

static int next_in_lines(struct json_decoder *d, struct event *ret, struct err *err)
{
    while (next_line(d)) {
        const uint8_t *end = NULL;
        int r;

        if (d->at >= d->chunk_end) {
            d->chunk_bad = false;
            if (next_chunk(d) < 0) {
                d->at = d->end;
                return err_nomem(err);
            }
        }
        if (CANH_LIKELY(!d->chunk_bad))
            end = json_walk(d, d->at, ret);
        if (CANH_LIKELY(end != NULL && line_fits(d, end))) {
            d->at = end;
            json_count(d, ret);
            block_place(d, ret);
            return 1;
        }
        r = refused_line(d, ret, err);
        if (r != 0)
            return r;
    }
    return 0;
}

static void block_pass(struct json_decoder *d, const uint8_t *to)
{
    for (; d->at < to; d->at++) {
        if (*d->at == '\n') {
            d->begun = 0;
            d->line++;
            d->line_start = d->at + 1;
        }
    }
}

/* Turns a place in a record into one in the input. */
static void place_error(const struct json_decoder *d, const uint8_t *record, struct err *err)
{
    if (err == NULL)
        return;
    if (err->line == 1)
        err->col += (unsigned)(d->begun + (uint64_t)(record - d->line_start));
    err->line = (unsigned)CANH_MIN(d->line + err->line - 1, (uint64_t)UINT32_MAX);
    err->offset += d->block.offset + (uint64_t)(record - d->block.text.p);
}

/* A row of a table, whose record is the document with the names of its columns. */
static int decode_row(struct json_decoder *d, struct slice row, struct event *ret, struct err *err)
{
    int r;

    if (!json_row(buf_slice(&d->columns), row, &d->row)) {
        d->base.counts.bad++;
        r = err_fail_at(err, CE_SYNTAX, 1, 1, ERR_DECODE_ROW_COLUMNS);
    } else if (d->row.len > d->limits.max_record) {
        json_truncated(d, row, ret);
        return 0;
    } else {
        r = json_decode_one(d, buf_slice(&d->row), ret, err);
    }
    if (r < 0 && err != NULL) {
        err->line = err->col = 1; /* of the row: places in the document are none of the input's */
        err->offset = 0;
    }
    return r;
}

static int next_in_docs(struct json_decoder *d, struct event *ret, struct err *err)
{
    struct slice record;
    int r;

    if (json_docs_next(&d->docs, d->block.text, true, &record) == 0) {
        block_pass(d, d->end);
        return 0;
    }
    block_pass(d, record.p);
    if (record.n > d->limits.max_record) {
        json_truncated(d, record, ret);
    } else {
        r = record.n > 0 && record.p[0] == '[' && d->columns.len > 0
                ? decode_row(d, record, ret, err)
                : json_decode_one(d, record, ret, err);
        if (r < 0) {
            place_error(d, record.p, err);
            return r;
        }
    }
    place_at(d, record.p, ret);
    return 1;
}

/* What says nothing is an element without content: null and empty. */
static void empty_elements(struct event *e)
{
    for (uint32_t i = 0; i < e->count; i++) {
        struct field *f = &e->fields[i];

        if (f->type == VALUE_NULL || (f->type == VALUE_STRING && f->n == 0))
            f->type = VALUE_EMPTY;
    }
}

int json_next(struct json_decoder *d, struct event *ret, struct err *err)
{
    int r;

    if (d->block.cut)
        return d->at < d->end ? cut_record(d, ret) : 0;
    r = d->block.mode == JSON_LINES ? next_in_lines(d, ret, err) : next_in_docs(d, ret, err);
    if (r > 0 && d->block.elements)
        empty_elements(ret);
    return r;
}
