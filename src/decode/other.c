/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/other.h"

#include <stdlib.h>

enum { SURE = 50 /* per cent, of one line */ };

struct decoder_other {
    const struct keys *keys;
    struct decode_limits limits;
    struct decode_block block;
    struct decoder *decoder; /* of the last other format; NULL: there was none */
    size_t done;             /* the line up to here has been read */
};

struct decoder_other *decoder_other_new(const struct keys *keys, const struct decode_limits *limits)
{
    struct decoder_other *o = calloc(1, sizeof(*o));

    if (o != NULL) {
        o->keys = keys;
        o->limits = *limits;
    }
    return o;
}

void decoder_other_free(struct decoder_other *o)
{
    if (o != NULL)
        (void)decoder_free(o->decoder);
    free(o);
}

void decoder_other_open(struct decoder_other *o, const struct decode_block *block)
{
    o->block = *block;
    o->done = 0;
}

/* Reads a line as a block of its own. */
static bool read_line(struct decoder_other *o, const struct format *format, struct slice line,
                      uint64_t number, struct event *ret)
{
    struct decode_block block = {.text = line,
                                 .context = o->block.context,
                                 .offset = o->block.offset + (uint64_t)(line.p - o->block.text.p),
                                 .line = number,
                                 .single = true};
    struct decode_fault fault;

    if (o->decoder == NULL || o->decoder->format != format) {
        (void)decoder_free(o->decoder);
        o->decoder = decoder_new(format, o->keys, &o->limits);
    }
    if (o->decoder == NULL)
        return false;
    decoder_open(o->decoder, &block);
    return o->decoder->format->next(o->decoder, ret, &fault) > 0;
}

void decoder_other_event(struct decoder_other *o, const struct format *format, struct event *e)
{
    struct slice line = slice_trim(e->raw);
    const struct format *json;
    struct event got;

    if (!format->lines || format->any_layout || (format->documents && e->count > 2) ||
        o->block.cut || line.n < 2 || line.p[0] != '{' || line.p[line.n - 1] != '}')
        return;
    json = format_by_name(SLICE("json"));
    if (read_line(o, json, line, e->sequence, &got))
        *e = got;
}

/* The line of the block around a place. */
static struct slice line_around(struct slice text, size_t at)
{
    size_t from = CANH_MIN(at, text.n), n;

    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    text = slice_from(text, from);
    n = slice_find_byte(text, '\n');
    return slice_trim(n == SIZE_MAX ? text : slice_head(text, n));
}

/* No half of a document either. */
static bool is_text(struct slice line)
{
    return line.n > 0 && memchr("{[\"}],", line.p[0], 6) == NULL &&
           memchr("}],\"{[", line.p[line.n - 1], 6) == NULL;
}

int decoder_other_fault(struct decoder_other *o, const struct format *format,
                        const struct decode_fault *fault, struct event *e)
{
    struct decode_sample sample = {.begins = true, .ends = true};
    struct slice text = o->block.text;
    const struct format *found;
    int sure;

    if (!format->any_layout || fault->kind != FAULT_RECORD || o->block.cut ||
        fault->err.offset < o->block.offset || fault->err.offset - o->block.offset >= text.n)
        return -1;
    sample.bytes = line_around(text, (size_t)(fault->err.offset - o->block.offset));
    if (!is_text(sample.bytes))
        return -1;
    if ((size_t)(sample.bytes.p - text.p) < o->done)
        return 0;
    found = format_find_sure(&sample, &sure);
    if (found == NULL || found == format || !found->lines || sure < SURE ||
        !read_line(o, found, sample.bytes, fault->err.line, e))
        return -1;
    o->done = (size_t)(sample.bytes.p - text.p) + sample.bytes.n;
    e->flags |= EVENT_KNOWN;
    return 1;
}
