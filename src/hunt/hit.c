/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hit.h"

#include "base/time.h"
#include "hunt/encoded.h"
#include "hunt/pack.h"
#include "sigma/correlation.h"

enum { SCRATCH_MAX = 1024 * 1024, FLAG_LOCAL = 1, FLAG_RECOVERED = 2, FLAG_CORRELATION = 4 };

void hit_scratch_init(struct hit_scratch *s)
{
    s->text = s->value = BUF_INIT(SCRATCH_MAX);
}

void hit_scratch_done(struct hit_scratch *s)
{
    buf_done(&s->text);
    buf_done(&s->value);
}

static void write_head(struct buf *out, const struct hit *h)
{
    pack_u64(out, (uint64_t)h->time);
    pack_u64(out, (h->local ? FLAG_LOCAL : 0u) | (h->recovered ? FLAG_RECOVERED : 0u) |
                      (h->correlation ? FLAG_CORRELATION : 0u));
    pack_u64(out, h->rule);
    pack_u64(out, h->offset);
    pack_u64(out, h->record);
    pack_u64(out, h->count);
    pack_text(out, h->path);
}

static void write_text(struct buf *out, const struct event *e, uint32_t key, uint32_t other)
{
    const struct field *f = alert_field(e, key);
    size_t began = pack_begin(out);

    if (f == NULL && other != KEY_NONE)
        f = alert_field(e, other);
    if (f)
        field_text(f, out);
    pack_text_end(out, began);
}

static void write_detail(struct buf *out, enum label label, struct slice name, struct slice value)
{
    struct slice shown = slice_head_utf8(value, HIT_TEXT);
    size_t began;

    pack_u64(out, label);
    pack_text(out, name);
    began = pack_begin(out);
    buf_append_slice(out, shown);
    if (shown.n < value.n)
        buf_puts(out, "…");
    pack_text_end(out, began);
}

/* What the kind of event shows, in its order. */
static bool write_kind(const struct kind *kind, struct hit_scratch *s, const struct event *e,
                       struct buf *out)
{
    bool any = false;

    buf_clear(&s->value);
    for (uint32_t i = 0; kind && i < kind->show_count; i++) {
        buf_clear(&s->text);
        if (!kind_write_show(&kind->shows[i], e, &s->text))
            continue;
        write_detail(out, kind->shows[i].label, SLICE_NULL, buf_slice(&s->text));
        if (label_rows[kind->shows[i].label].use & LABEL_ENCODED)
            (void)encoded_write(buf_slice(&s->text), &s->value);
        any |= (label_rows[kind->shows[i].label].use & LABEL_SHOWN) != 0;
    }
    if (s->value.len)
        write_detail(out, LABEL_DECODED, SLICE_NULL, buf_slice(&s->value));
    if (any && kind->how.n)
        write_detail(out, LABEL_HOW, SLICE_NULL, kind->how);
    return any;
}

/* Of an event of no kind: what made the rule match. */
static void write_reason(void *ctx, struct slice field, struct slice value)
{
    write_detail(ctx, LABEL_MATCHED, field, value);
}

void hit_write(const struct kinds *kinds, struct hit_scratch *scratch, const struct alert *alert,
               struct buf *out)
{
    const struct event *e = alert->event;
    struct hit h = {.time = alert->time,
                    .local = alert->local,
                    .recovered = (e->flags & EVENT_RECOVERED) != 0,
                    .rule = alert->rule,
                    .offset = e->offset,
                    .record = e->sequence,
                    .count = 1,
                    .path = slice_str(alert->origin->path)};
    size_t began;

    if (alert->gaps || alert->suppression.n)
        return;
    began = pack_begin(out);
    write_head(out, &h);
    write_text(out, e, KEY_COMPUTER, KEY_HOST);
    write_text(out, e, KEY_CHANNEL, KEY_PROGRAM);
    write_text(out, e, KEY_EVENT_ID, KEY_NONE);
    if (!write_kind(kind_of(kinds, e, &scratch->text), scratch, e, out))
        alert_reasons(alert, write_reason, out);
    pack_end(out, began);
}

void hit_write_correlation(const struct correlation_alert *a, struct buf *out)
{
    const struct sigma_correlation *c = ruleset_correlation(a->generation->rules, a->index);
    struct hit h = {.time = a->time,
                    .local = a->local,
                    .correlation = true,
                    .rule = ruleset_count(a->generation->rules) + a->index,
                    .offset = a->offset,
                    .count = a->count,
                    .path = slice_str(a->path)};
    size_t began;

    if (a->incomplete || a->suppression.n)
        return;
    began = pack_begin(out);
    write_head(out, &h);
    pack_text(out, correlation_alert_host(a));
    pack_text(out, SLICE_NULL);
    pack_text(out, SLICE_NULL);
    for (uint32_t i = 0; i < c->group_count; i++)
        write_detail(out, LABEL_MATCHED, c->group_by[i], a->group[i]);
    pack_end(out, began);
}

void hit_read(struct slice in, struct hit *ret)
{
    uint64_t flags;

    ret->time = (int64_t)unpack_u64(&in);
    flags = unpack_u64(&in);
    ret->local = flags & FLAG_LOCAL;
    ret->recovered = flags & FLAG_RECOVERED;
    ret->correlation = flags & FLAG_CORRELATION;
    ret->rule = (uint32_t)unpack_u64(&in);
    ret->offset = unpack_u64(&in);
    ret->record = unpack_u64(&in);
    ret->count = unpack_u64(&in);
    ret->path = unpack_text(&in);
    ret->host = unpack_text(&in);
    ret->channel = unpack_text(&in);
    ret->event_id = unpack_text(&in);
    ret->detail_count = 0;
    while (in.n && ret->detail_count < HIT_DETAILS) {
        struct hit_detail *d = &ret->details[ret->detail_count++];

        d->label = (enum label)unpack_u64(&in);
        d->name = unpack_text(&in);
        d->value = unpack_text(&in);
    }
}

struct slice hit_get(const struct hit *h, enum label label)
{
    for (uint32_t i = 0; i < h->detail_count; i++) {
        if (h->details[i].label == label && h->details[i].name.n == 0)
            return h->details[i].value;
    }
    return SLICE_NULL;
}

void hit_set(struct hit *h, enum label label, struct slice value)
{
    for (uint32_t i = 0; i < h->detail_count; i++) {
        if (h->details[i].label == label && h->details[i].name.n == 0)
            h->details[i].value = value;
    }
}
