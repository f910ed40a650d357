/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text logs, cut into blocks in one piece and in small ones: both must find the same records. The
 * first byte chooses the format, the second the size of the pieces.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "decode/text/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct decode_limits limits = {.max_record = 4096, .max_fields = 200, .max_depth = 8};

/* 2026-03-01T12:00:00Z */
static const struct decode_context context = {.received = INT64_C(1772366400) * TIME_SECOND,
                                              .modified = TIME_NONE};

struct tally {
    uint64_t records, hash;
};

static void read_event(const struct event *e, struct tally *t)
{
    if (e->count > limits.max_fields)
        abort();
    for (uint32_t i = 0; i < e->count; i++) {
        t->hash = hash_bytes(e->fields[i].text, e->fields[i].n, t->hash);
        t->hash = hash_bytes(&e->fields[i].key, sizeof(e->fields[i].key), t->hash);
    }
    t->hash = hash_bytes(&e->sequence, sizeof(e->sequence), t->hash);
    t->hash = hash_bytes(&e->offset, sizeof(e->offset), t->hash);
    t->records++;
}

static void read_block(struct decoder *d, struct decode_block block, struct tally *t)
{
    uint8_t *p = malloc(block.text.n + DECODE_PADDING);
    struct decode_fault fault;
    struct event e;
    int r;

    if (p == NULL)
        abort();
    if (block.text.n > 0)
        memcpy(p, block.text.p, block.text.n);
    memset(p + block.text.n, '7', DECODE_PADDING);
    block.text.p = p;
    decoder_open(d, &block);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r > 0)
            read_event(&e, t);
    }
    free(p);
}

static struct tally read_stream(const struct format *format, struct decoder *d, struct slice text,
                                size_t step)
{
    struct cutter *c = cutter_new(format, &limits, &context);
    struct tally t = {0};
    size_t from = 0, to = 0, taken;
    struct decode_block block;
    struct err err;
    int r;

    if (c == NULL)
        abort();
    for (;;) {
        r = cutter_cut(c, slice_of(text.p + from, to - from), to == text.n, &block, &taken, &err);
        if (r < 0)
            abort();
        if (r > 0)
            read_block(d, block, &t);
        from += taken;
        if (r > 0 || taken > 0)
            continue;
        if (to == text.n)
            break;
        if (to - from > limits.max_record + 65536u)
            abort(); /* no progress */
        to = CANH_MIN(to + step, text.n);
    }
    if (from != text.n)
        abort();
    cutter_free(c);
    return t;
}

/* What has been found in a part that goes on is found in the whole, and nothing before it. */
static void find_later(struct slice text)
{
    size_t at, part_at;
    const struct format *f = format_find_later(text, true, &at);
    const struct format *part = format_find_later(slice_head(text, text.n / 2), false, &part_at);

    if (at > text.n || part_at > text.n / 2 || (f == NULL && at != text.n))
        abort();
    if (part != NULL ? part != f || part_at != at : f != NULL && part_at > at)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct format *const formats[] = {TEXT_FORMATS(TEXT_FORMAT_ROW)};
    static struct decoder *decoders[CANH_LEN(formats)];
    static struct keys *keys;
    struct tally whole, parts;
    struct slice text;
    size_t which;

    if (size < 2)
        return 0;
    if (keys == NULL && (keys = keys_new()) == NULL)
        abort();
    which = data[0] % CANH_LEN(formats);
    if (decoders[which] == NULL)
        decoders[which] = decoder_new(formats[which], keys, &limits);
    if (decoders[which] == NULL)
        abort();
    text = slice_of(data + 2, size - 2);
    find_later(text);
    whole = read_stream(formats[which], decoders[which], text, text.n + 1);
    parts = read_stream(formats[which], decoders[which], text, (size_t)data[1] + 1);
    /* an audit event is what stands together: a block's end may part hostile ones */
    if (text.n <= limits.max_record && formats[which] != &format_auditd &&
        memcmp(&whole, &parts, sizeof(whole)) != 0)
        abort();
    return 0;
}
