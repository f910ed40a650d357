/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decoder.h"
#include "decode/other.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/num.h"
#include "base/time.h"

const struct decode_context decode_no_context = {.received = TIME_NONE, .modified = TIME_NONE};

struct cutter {
    const struct format *format;
    const struct decode_context *context;
    void *own; /* the format's */
};

const struct format *format_by_name(struct slice name)
{
    for (size_t i = 0; decode_formats[i] != NULL; i++) {
        if (slice_is(name, decode_formats[i]->name))
            return decode_formats[i];
    }
    return NULL;
}

struct cutter *cutter_new(const struct format *format, const struct decode_limits *limits,
                          const struct decode_context *context)
{
    struct cutter *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->format = format;
    c->context = context ? context : &decode_no_context;
    c->own = format->cutter_new(limits, c->context);
    return c->own ? c : cutter_free(c);
}

struct cutter *cutter_free(struct cutter *c)
{
    if (c != NULL && c->own != NULL)
        c->format->cutter_free(c->own);
    free(c);
    return NULL;
}

int cutter_cut(struct cutter *c, struct slice have, bool last, struct decode_block *ret,
               size_t *ret_taken, struct err *err)
{
    int r;

    *ret = (struct decode_block){.context = c->context, .line = 1};
    *ret_taken = 0;
    r = c->format->cut(c->own, have, last, ret, ret_taken, err);
    canh_assert(*ret_taken <= have.n && (r <= 0 || ret->text.n <= have.n));
    return r;
}

struct decoder *decoder_new(const struct format *format, const struct keys *keys,
                            const struct decode_limits *limits)
{
    struct decoder *d = format->decoder_new(keys, limits);

    if (d == NULL)
        return NULL;
    d->format = format;
    d->other = decoder_other_new(keys, limits);
    return d->other ? d : decoder_free(d);
}

struct decoder *decoder_free(struct decoder *d)
{
    if (d == NULL)
        return NULL;
    decoder_other_free(d->other);
    d->format->decoder_free(d);
    return NULL;
}

void decoder_open(struct decoder *d, const struct decode_block *block)
{
    struct decode_block opened = *block;

    if (opened.context == NULL)
        opened.context = &decode_no_context;
    decoder_other_open(d->other, &opened);
    d->format->begin(d, &opened);
}

int decoder_next(struct decoder *d, struct event *ret, struct decode_fault *ret_fault)
{
    int r, other;

    do {
        r = d->format->next(d, ret, ret_fault);
        if (CANH_LIKELY(r > 0)) {
            if (CANH_UNLIKELY(ret->raw.n > 0 && (ret->raw.p[0] == '{' || ret->raw.p[0] == ' ')))
                decoder_other_event(d->other, d->format, ret);
            return r;
        }
        other = r < 0 ? decoder_other_fault(d->other, d->format, ret_fault, ret) : -1;
        if (other >= 0)
            d->counts.bad--;
        if (other > 0)
            d->counts.records++;
    } while (other == 0);
    return other > 0 ? 1 : r;
}

int decoder_raw(struct decoder *d, const struct event *e, struct buf *out, struct slice *ret,
                struct err *err)
{
    int r;

    *ret = e->raw;
    if (d->format->raw == NULL)
        return 0;
    buf_clear(out);
    r = d->format->raw(d, e, out, err);
    *ret = r < 0 ? SLICE_NULL : buf_slice(out);
    return r;
}

int decoder_append(struct decoder *d, const struct event *e, struct buf *out, struct err *err)
{
    size_t before = out->len;
    int r;

    if (d->format->raw == NULL) {
        buf_append_slice(out, e->raw);
        return out->err ? err_code(err, out->err) : 0;
    }
    r = d->format->raw(d, e, out, err);
    if (r < 0)
        out->len = before;
    return r;
}

/* What calls itself so in other records is a name or a long number. */
static bool is_event_id(const struct field *f)
{
    struct slice s = f ? slice_trim(slice_of(f->text, f->n)) : SLICE_NULL;
    uint64_t id;

    if (f == NULL || !value_type_has_text(f->type) || s.n > sizeof("0xFFFFFFFF") - 1)
        return false;
    if (slice_starts(s, SLICE("0x")))
        return num_hex(slice_from(s, 2), &id) == 0;
    return num_u64(slice_head(s, slice_find_byte(s, '.')), &id) == 0 && id <= UINT32_MAX;
}

bool event_is_known(const struct format *format, const struct event *e)
{
    return !format->any_layout || e->flags & (EVENT_KNOWN | EVENT_TRUNCATED) ||
           event_get(e, KEY_CHANNEL) != NULL || is_event_id(event_get(e, KEY_EVENT_ID));
}

void event_write_names(const struct format *format, const struct event *e, unsigned most,
                       struct buf *out)
{
    if (format->names != NULL) {
        format->names(e, most, out);
        return;
    }
    for (uint32_t i = 0; e->names != NULL && i < e->count && i < most; i++) {
        buf_puts(out, i ? ", " : "");
        buf_append_slice(out, e->names[i]);
    }
}
