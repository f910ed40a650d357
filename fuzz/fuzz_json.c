/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of JSON cut into blocks and decoded, twice: in one piece and in small ones. Both must
 * find the same records. The first byte chooses the size of the pieces.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/decoder.h"
#include "decode/json/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct decode_limits limits = {.max_record = 300, .max_fields = 40, .max_depth = 8};

struct tally {
    uint64_t records, bad, hash;
};

static void mix(struct tally *t, const void *p, size_t n)
{
    t->hash = hash_bytes(p, n, t->hash);
}

static void read_event(const struct event *e, struct tally *t)
{
    struct buf text = BUF_INIT(1 << 20);
    uint32_t flags;

    if (e->count > limits.max_fields || e->raw.n > limits.max_record)
        abort();
    for (uint32_t i = 0; i < e->count; i++) {
        buf_clear(&text);
        field_text(&e->fields[i], &text);
        if (text.err)
            abort();
        mix(t, text.p, text.len);
        mix(t, &e->fields[i].key, sizeof(e->fields[i].key));
        mix(t, &e->fields[i].type, sizeof(e->fields[i].type));
    }
    mix(t, &e->sequence, sizeof(e->sequence));
    mix(t, &e->offset, sizeof(e->offset));
    /* what EVENT_TEXT_IN_RAW says may depend on the neighbours */
    flags = e->flags & ~(uint32_t)EVENT_TEXT_IN_RAW;
    mix(t, &flags, sizeof(flags));
    buf_done(&text);
}

/* One record or fault. */
static int read_one(struct json_decoder *d, struct tally *t)
{
    struct event e;
    struct err err;
    int r = json_next(d, &e, &err);

    if (r > 0) {
        t->records++;
        read_event(&e, t);
    } else if (r < 0) {
        t->bad++;
        mix(t, &err.offset, sizeof(err.offset));
        mix(t, &err.line, sizeof(err.line));
    }
    return r;
}

static void read_block(struct json_decoder *d, struct json_block block, struct tally *t)
{
    uint8_t *p = malloc(block.text.n + DECODE_PADDING);

    if (p == NULL)
        abort();
    if (block.text.n > 0)
        memcpy(p, block.text.p, block.text.n);
    memset(p + block.text.n, '"', DECODE_PADDING);
    block.text.p = p;
    json_start(d, &block);
    while (read_one(d, t) != 0)
        continue;
    free(p);
}

static struct tally read_stream(struct json_decoder *d, struct slice text, size_t step)
{
    struct tally t = {0};
    struct json_split s;
    struct json_block block;
    size_t from = 0, to = 0, taken;
    struct err err;
    int r;

    json_split_init(&s, &limits);
    for (;;) {
        r = json_split_cut(&s, slice_of(text.p + from, to - from), to == text.n, &block, &taken,
                           &err);
        if (r < 0)
            break;
        if (r > 0)
            read_block(d, block, &t);
        from += taken;
        if (r > 0 || taken > 0)
            continue;
        if (to == text.n)
            break;
        if (to - from > limits.max_record)
            abort(); /* no progress */
        to = CANH_MIN(to + step, text.n);
    }
    json_split_done(&s);
    if (r == 0 && from != text.n)
        abort();
    return t;
}

static struct json_decoder *make_decoder(void)
{
    static const char *const names[] = {"a", "b", "a.b", "Image", "Data"};
    struct keys *keys = keys_new();
    struct json_decoder *d;

    for (size_t i = 0; keys != NULL && i < CANH_LEN(names); i++) {
        if (keys_intern(keys, slice_str(names[i])) == KEY_NONE)
            abort();
    }
    d = json_decoder_new(keys, &limits);
    if (d == NULL)
        abort();
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* what one input teaches the decoder stays for the next: it must not matter */
    static struct json_decoder *decoder;
    struct tally whole, parts;
    struct slice text;

    if (size == 0)
        return 0;
    if (decoder == NULL)
        decoder = make_decoder();
    text = slice_of(data + 1, size - 1);
    whole = read_stream(decoder, text, text.n + 1);
    parts = read_stream(decoder, text, (size_t)data[0] + 1);
    if (memcmp(&whole, &parts, sizeof(whole)) != 0)
        abort();
    return 0;
}
