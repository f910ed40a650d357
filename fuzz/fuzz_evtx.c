/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input as an EVTX file, read twice by one decoder: what its cache of templates and its plans
 * give must be what compiling them gave, and what another decoder gives without plans. The JSON of
 * every record must be JSON.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/evtx/evtx.h"
#include "decode/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON_MAX = 1 << 18 };

struct state {
    struct evtx_decoder *evtx;
    struct json_decoder *json;
    uint64_t hash;
};

static void mix(struct state *s, const void *p, size_t n)
{
    s->hash = hash_bytes(p, n, s->hash);
}

static void read_event(struct state *s, const struct event *e)
{
    if (e->count > EVENT_FIELDS_MAX)
        abort();
    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        mix(s, f->text, f->n);
        mix(s, &f->key, sizeof(f->key));
        mix(s, &f->type, sizeof(f->type));
        if (f->form == FORM_UTF16 && f->n % 2)
            abort();
    }
    mix(s, &e->sequence, sizeof(e->sequence));
    mix(s, &e->offset, sizeof(e->offset));
    mix(s, &e->flags, sizeof(e->flags));
}

static void read_json(struct state *s, struct slice text)
{
    struct event e;
    struct err err;

    if (json_decode(s->json, text, &e, &err) < 0)
        abort();
}

static void write_json(struct state *s)
{
    struct buf out = BUF_INIT(JSON_MAX);
    struct err err;
    int r = evtx_record_json(s->evtx, &out, &err);

    mix(s, &r, sizeof(r));
    if (r == 0) {
        size_t n = out.len;

        mix(s, out.p, n);
        for (int i = 0; i < JSON_PADDING; i++)
            buf_putc(&out, '"');
        if (out.err == 0)
            read_json(s, slice_of(out.p, n));
    }
    buf_done(&out);
}

static void read_file(struct state *s, struct slice file)
{
    struct evtx_chunk_report report;
    struct evtx_file_info info;
    struct err err = ERR_INIT;
    struct event e;
    int r;

    r = evtx_file_header(file, &info, &err);
    mix(s, &r, sizeof(r));
    for (size_t at = 0, skip; at < file.n;) {
        struct slice window = slice_head(slice_from(file, at), EVTX_CHUNK);

        skip = evtx_chunk_find(window);
        if (skip > 0) {
            at += skip;
            continue;
        }
        skip = evtx_chunk_begin(s->evtx, window, at, &report);
        if (skip == 0 || skip > window.n)
            abort();
        at += skip;
        while ((r = evtx_next(s->evtx, &e, &err)) != 0) {
            mix(s, &r, sizeof(r));
            if (r > 0) {
                read_event(s, &e);
                write_json(s);
            }
        }
    }
}

/* One decoder for all inputs, as in a scan: making one costs more than reading an input. */
static void init(struct state *s)
{
    static const char *const names[] = {"A", "B", "Data", "v", "Event.EventData", "Channel"};
    struct keys *keys = keys_new();

    for (size_t i = 0; keys != NULL && i < CANH_LEN(names); i++) {
        if (keys_intern(keys, slice_str(names[i])) == KEY_NONE)
            abort();
    }
    s->evtx = keys ? evtx_decoder_new(keys, &decode_default_limits) : NULL;
    s->json = keys ? json_decoder_new(keys, &decode_default_limits) : NULL;
    if (s->evtx == NULL || s->json == NULL)
        abort();
    evtx_decoder_recover(s->evtx, true);
}

static uint64_t hash_of(struct state *s, struct slice file)
{
    s->hash = 0;
    read_file(s, file);
    return s->hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct state s, planless;
    struct slice file = slice_of(data, size);
    uint64_t first;

    if (s.evtx == NULL) {
        init(&s);
        init(&planless);
        evtx_decoder_plans(planless.evtx, false);
    }
    first = hash_of(&s, file);
    if (hash_of(&s, file) != first || hash_of(&planless, file) != first)
        abort();
    return 0;
}
