/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/time.h"
#include "decode/text/lines_internal.h"
#include "lang/err_decode.h"

enum {
    SAMPLE_LINES = 20,           /* looked at to find out what an input is */
    SAMPLE_LINE_MAX = 16 * 1024, /* of a line that goes on beyond the sample */
};

/* An XML declaration alone in its line says nothing of what follows it. */
static bool is_declaration(struct slice line)
{
    return slice_starts(line, SLICE("<?xml")) && slice_ends(slice_trim(line), SLICE("?>"));
}

int lines_recognise(const struct line_format *format, const struct decode_sample *sample)
{
    struct slice rest = without_mark(sample->bytes), line, names = SLICE_NULL;
    int seen = 0, own = 0;
    bool named = false; /* lines of columns, whatever stands in them */

    if (!sample->begins)
        rest = slice_from(rest, line_at(rest, &line));
    while (rest.n > 0 && seen < SAMPLE_LINES) {
        size_t taken = record_at(format, rest, &line);

        if (taken == rest.n && !sample->ends && rest.p[rest.n - 1] != '\n' &&
            line.n < SAMPLE_LINE_MAX) {
            if (seen == 0)
                return memchr(line.p, 0, line.n) ? RECOGNISE_NO : RECOGNISE_MORE;
            break;
        }
        rest = slice_from(rest, taken);
        if (slice_trim(line).n == 0 || is_declaration(line))
            continue;
        if (memchr(line.p, 0, line.n) != NULL)
            return RECOGNISE_NO;
        if (format->continues && seen > 0 && format->continues(line))
            continue;
        seen++;
        if (names.p != NULL && format->fits != NULL && !format->fits(names, line))
            return RECOGNISE_NO;
        names = lines_role(format, line) == LINE_NAMES ? line : SLICE_NULL;
        named = named || names.p != NULL;
        own += named || format->begins(line, &decode_no_context);
    }
    if (seen == 0)
        return sample->ends ? RECOGNISE_NO : RECOGNISE_MORE;
    if (names.p != NULL && format->fits != NULL && !format->fits(names, SLICE_NULL))
        return sample->ends ? RECOGNISE_NO : RECOGNISE_MORE; /* the row that would tell */
    return own == 0 ? RECOGNISE_NO : CANH_MAX(format->sure * own / seen, 1);
}

struct lines {
    struct decoder base;
    const struct line_format *format;
    const struct keys *keys;
    struct decode_limits limits;
    struct decoder *json; /* of documents in records; NULL: there was none */
    struct line_reader *reader;
    struct decode_block block;
    size_t at;
    uint64_t line;
};

struct decoder *lines_decoder_new(const struct line_format *format, const struct keys *keys,
                                  const struct decode_limits *limits)
{
    struct lines *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->format = format;
    d->keys = keys;
    d->limits = *limits;
    d->reader = line_reader_new(keys);
    if (d->reader == NULL) {
        lines_decoder_free(&d->base);
        return NULL;
    }
    return &d->base;
}

void lines_decoder_free(struct decoder *decoder)
{
    struct lines *d = (struct lines *)decoder;

    if (d == NULL)
        return;
    d->reader = line_reader_free(d->reader);
    (void)decoder_free(d->json);
    free(d);
}

bool lines_joins(const struct line_format *format, struct slice record, struct slice line)
{
    bool (*joins)(struct slice line) = format->joins ? format->joins : format->continues;

    if (format->ends && format->ends(record) > 0)
        return false;
    return line.p == NULL || joins(line);
}

enum line_role lines_role(const struct line_format *format, struct slice line)
{
    if (format->names == NULL || !format->names(line))
        return LINE_RECORD;
    return format->comment && format->comment(line) ? LINE_COMMENT : LINE_NAMES;
}

/* A record that was kept with its names before it. */
static void begin_behind_names(struct lines *d)
{
    struct slice text = d->block.text, line;
    size_t at = 0, n;

    while (at < text.n && (n = line_at(slice_from(text, at), &line)) > 0 &&
           d->format->names(line)) {
        at += n;
        d->line++;
    }
    if (at == 0)
        return;
    d->at = at;
    d->reader->head = slice_head(text, at);
}

void lines_begin(struct decoder *decoder, const struct decode_block *block)
{
    struct lines *d = (struct lines *)decoder;

    d->block = *block;
    d->at = 0;
    d->line = block->line;
    d->reader->context = block->context;
    d->reader->head = block->head;
    if (block->single && d->format->names)
        begin_behind_names(d);
}

/* The first of the records in *ret, which goes on behind it; false when there is none. */
static bool read_first(struct lines *d, struct slice *ret, uint64_t line, size_t at)
{
    size_t n = d->format->ends(*ret);

    if (n == 0) /* what is cut off is one all the same */
        return d->format->begins(*ret, d->reader->context);
    *ret = slice_head(*ret, n);
    d->at = at + n;
    d->line = line + slice_count_byte(*ret, '\n');
    return true;
}

/* Names that no block can carry: keep_names() in lines_cut.c leaves them out. */
static int names_over(struct lines *d, uint64_t line, size_t at, struct decode_fault *ret)
{
    d->base.counts.bad++;
    *ret = (struct decode_fault){.kind = FAULT_RECORD};
    (void)err_fail_at(&ret->err, CE_TOO_BIG, (unsigned)CANH_MIN(line, (uint64_t)UINT32_MAX), 0,
                      ERR_DECODE_COLUMN_NAMES, DECODE_HEAD_MAX / 1024);
    ret->err.offset = d->block.offset + at;
    return -CE_TOO_BIG;
}

/* The next record's bytes without the last line break: 1; 0 at the block's end; -CE_TOO_BIG. */
static int next_record(struct lines *d, struct slice *ret, uint64_t *ret_line, size_t *ret_at,
                       struct decode_fault *ret_fault)
{
    struct slice text = d->block.text, line;

    while (d->at < text.n) {
        size_t at = d->at;

        *ret_line = d->line;
        d->at += record_at(d->format, slice_from(text, at), &line);
        d->line +=
            only_ends(d->format) ? slice_count_byte(slice_of(text.p + at, d->at - at), '\n') : 1;
        *ret = line;
        *ret_at = at;
        if (d->block.cut || d->block.single) {
            *ret = without_break(slice_from(text, at));
            d->at = text.n;
        }
        if (slice_trim(line).n == 0)
            continue;
        if (d->format->names && d->format->names(line)) {
            if (line.n < DECODE_HEAD_MAX)
                continue;
            return names_over(d, *ret_line, at, ret_fault);
        }
        while (d->format->continues && d->at < text.n) {
            size_t taken = line_at(slice_from(text, d->at), &line);

            if (!d->format->continues(line))
                break;
            d->at += taken;
            d->line++;
            *ret = slice_of(text.p + at, (size_t)(line.p - text.p) + line.n - at);
        }
        if (d->format->ends && !only_ends(d->format) && !d->block.cut &&
            !read_first(d, ret, *ret_line, at))
            continue;
        return 1;
    }
    return 0;
}

/* By its own format, which may name another, else by any; else as text. */
static void read_record(struct lines *d, struct slice record)
{
    struct line_reader *r = d->reader;

    if (d->format->parse(r, record))
        fields_write_new(&r->fields, NAME_MODULE, slice_str(d->format->name));
    else if (!line_reader_any(r, record, d->format))
        fields_write(&r->fields, NAME_MESSAGE, record);
}

/* Of the first `count` fields. */
static bool lines_has_value(const struct fields *f, uint32_t count, const struct field *want)
{
    struct buf text = BUF_INIT((size_t)want->n + 1);
    bool found = false;

    field_text(want, &text);
    for (uint32_t i = 0; i < count && !found; i++)
        found = f->items[i].key == want->key &&
                slice_eq(slice_of(f->items[i].text, f->items[i].n), buf_slice(&text));
    buf_done(&text);
    return found;
}

/* A time that names its zone is surer than a clock on a wall. */
static void read_time(struct fields *f, const struct event *e)
{
    bool local;
    int64_t t = event_clock(e, &local);

    if (t != TIME_NONE && (f->time == TIME_NONE || (f->local && !local))) {
        f->time = t;
        f->local = local;
    }
}

/* Reads the document in the record as one of its own. */
static bool read_document(struct lines *d, struct slice text, struct event *ret)
{
    const struct format *json = format_by_name(SLICE("json"));
    struct decode_block block = {.text = text,
                                 .context = d->block.context,
                                 .line = 1,
                                 .single = true};
    struct decode_fault fault;

    if (d->json == NULL)
        d->json = decoder_new(json, d->keys, &d->limits);
    if (d->json == NULL)
        return false;
    decoder_open(d->json, &block);
    return json->next(d->json, ret, &fault) > 0;
}

/* What the document says and the record does not, as far as somebody asks for it. A value stays
 * beside another of the same name: a route looks at the first, which is the record's own. */
static void add_document(struct lines *d, unsigned *ret_flags)
{
    struct line_reader *r = d->reader;
    struct fields *f = &r->fields;
    uint32_t own = f->count;
    struct event e;

    if (buf_reserve(&r->document, DECODE_PADDING) == NULL ||
        !read_document(d, buf_slice(&r->document), &e)) {
        f->lost |= r->document.err != 0 || slice_starts(buf_slice(&r->document), SLICE("{\""));
        return;
    }
    for (uint32_t i = 0; i < e.count; i++) {
        if (e.fields[i].key != KEY_NONE && !lines_has_value(f, own, &e.fields[i]))
            fields_adopt(f, &e.fields[i], keys_name(d->keys, e.fields[i].key));
    }
    read_time(f, &e);
    f->lost |= (e.flags & (EVENT_FIELDS_LOST | EVENT_TRUNCATED)) != 0;
    *ret_flags |= e.flags & EVENT_KNOWN;
}

int lines_next(struct decoder *decoder, struct event *ret, struct decode_fault *ret_fault)
{
    struct lines *d = (struct lines *)decoder;
    struct fields *f = &d->reader->fields;
    unsigned flags = EVENT_RAW_PLAIN;
    struct slice record;
    uint64_t line;
    size_t at;
    int r = next_record(d, &record, &line, &at, ret_fault);

    if (r <= 0)
        return r;
    fields_begin(f);
    buf_clear(&d->reader->document);
    if (d->block.cut)
        fields_write(f, NAME_MESSAGE, record);
    else
        read_record(d, record);
    if (d->reader->document.len > 0 && d->keys != NULL)
        add_document(d, &flags);
    fields_event(f, &d->block, &d->limits, &d->base.counts, ret);
    ret->flags |= flags;
    ret->raw = record;
    ret->sequence = line;
    ret->offset = d->block.offset + at;
    return 1;
}
