/* SPDX-License-Identifier: Apache-2.0 */
#include "search/record_decoder.h"

void record_decoder_init(struct record_decoder *d, const struct keys *keys, size_t max)
{
    *d = (struct record_decoder){.keys = keys, .text = BUF_INIT(max + DECODE_PADDING)};
}

void record_decoder_done(struct record_decoder *d)
{
    for (size_t i = 0; i < CANH_LEN(d->decoders); i++)
        d->decoders[i] = decoder_free(d->decoders[i]);
    buf_done(&d->text);
}

/* Whether enough bytes that may be read stand behind the record. */
static bool is_padded(const struct record_decoder *d, struct slice raw)
{
    uintptr_t from = (uintptr_t)d->within.p, at = (uintptr_t)raw.p;

    return at >= from && at - from < d->within.n &&
           d->within.n - (at - from) >= raw.n + DECODE_PADDING;
}

struct slice record_padded(struct record_decoder *d, struct slice raw)
{
    if (is_padded(d, raw))
        return raw;
    buf_clear(&d->text);
    d->text.err = 0;
    if (buf_reserve(&d->text, raw.n + DECODE_PADDING))
        buf_append_slice(&d->text, raw);
    return buf_slice(&d->text);
}

const struct format *record_format(struct slice raw)
{
    struct decode_sample sample = {.bytes = raw, .begins = true, .ends = true};
    bool more;

    return format_find(&sample, &more);
}

static struct decoder *decoder_of(struct record_decoder *d, const struct format *format)
{
    size_t i = 0;

    while (decode_formats[i] && decode_formats[i] != format)
        i++;
    if (decode_formats[i] == NULL || i >= CANH_LEN(d->decoders))
        return NULL;
    if (d->decoders[i] == NULL)
        d->decoders[i] = decoder_new(format, d->keys, &decode_default_limits);
    return d->decoders[i];
}

struct decode_context record_context(const struct journal_record *record)
{
    return (struct decode_context){.received = record->received,
                                   .modified = record->received,
                                   .canonical = (record->flags & JOURNAL_CANONICAL) != 0};
}

const struct event *record_decode(struct record_decoder *d, const struct format *format,
                                  const struct journal_record *record)
{
    struct decoder *decoder = format ? decoder_of(d, format) : NULL;
    struct decode_block block = {.single = true, .line = 1, .context = &d->context};
    struct decode_fault fault;

    if (decoder == NULL)
        return NULL;
    d->context = record_context(record);
    block.text = record_padded(d, record->raw);
    decoder_open(decoder, &block);
    return decoder_next(decoder, &d->event, &fault) > 0 ? &d->event : NULL;
}
