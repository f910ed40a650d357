/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correlations of a live node. What matches are to them is recorded with the events, in the stream
 * `windows`; here it is read back in the order of the journal, so that windows are what the journal
 * says, whoever ended when. How far it was read stands in the journal too, in the batch that has
 * the alerts: what lies before that only fills windows again.
 */
#include <stdlib.h>

#include "base/num.h"
#include "detect/live.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "node/watch/correlate.h"
#include "os/bulk.h"

#define KEEP_EVERY TIME_MINUTE /* how far it was read, without alerts */
#define MARK_EVERY TIME_MINUTE /* between places from which may be read again */
enum { MARKS_MAX = 20000, READ_BYTES = WIRE_BATCH_RAW };

/* What was received at a time stands behind an offset. */
struct place_mark {
    int64_t received;
    uint64_t offset;
};

struct correlate_ctx {
    struct live *live;
    bool asked, reading, ready; /* its position was asked for; a block was; it is known */
    bool at_end;                /* nothing more was there: keep says when there is */
    uint64_t told;              /* items below raised their alerts already */
    uint64_t offset;            /* of the next item */
    int64_t kept_at;            /* when the position was last kept */
    struct place_mark marks[MARKS_MAX];
    uint32_t first_mark, mark_count;
    /* The block that is being taken. */
    struct watch *w;
    struct batch_out batch;
    const struct batch_record *record;
    unsigned alerts; /* of the record */
};

static void input_id(uint8_t ret[16])
{
    static const uint8_t none[16];

    event_id(none, SLICE("canh:windows"), 0, ret);
}

int correlate_begin(struct watch *w)
{
    struct correlate_ctx *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return -CE_NOMEM;
    c->w = w;
    c->batch = (struct batch_out){.w = w, .bytes = BUF_INIT(WIRE_BATCH_MAX)};
    c->live = live_new(w->rules);
    w->correlating = c;
    return c->live ? 0 : -CE_NOMEM;
}

void correlate_end(struct watch *w)
{
    struct correlate_ctx *c = w->correlating;

    if (c == NULL)
        return;
    c->live = live_free(c->live);
    buf_done(&c->batch.bytes);
    free(c);
    w->correlating = NULL;
}

void correlate_link(struct watch *w)
{
    struct correlate_ctx *c = w->correlating;
    uint8_t id[16];

    if (live_span(c->live) == 0)
        return;
    input_id(id);
    c->reading = c->ready = c->at_end = false;
    c->asked = channel_send(&w->keep, WIRE_INPUT, slice_of(id, 16), NULL, 0, NULL) == 0;
}

static void correlate_ask(struct correlate_ctx *c)
{
    struct buf body = BUF_INIT(100);

    if (c->reading || c->at_end || !c->ready || c->w->draining || !send_has_room(c->w))
        return;
    frame_put_text(&body, SLICE(STREAM_WINDOWS));
    frame_put_u64(&body, c->offset);
    frame_put_u32(&body, READ_BYTES);
    c->reading = channel_send(&c->w->keep, WIRE_READ, buf_slice(&body), NULL, 0, NULL) == 0;
    buf_done(&body);
}

/* The cursor: told, and from where windows can be filled again. */
bool correlate_input(struct watch *w, const uint8_t id[16], struct slice cursor)
{
    struct correlate_ctx *c = w->correlating;
    struct slice first;
    uint8_t own[16];
    uint64_t from;

    input_id(own);
    if (c == NULL || memcmp(id, own, sizeof(own)) != 0)
        return false;
    if (!slice_cut(&cursor, ' ', &first) || num_u64(first, &c->told) < 0 ||
        num_u64(cursor, &from) < 0)
        c->told = from = 0;
    if (c->offset == 0) /* else keep was started again: windows are as they were */
        c->offset = from;
    c->ready = true;
    correlate_ask(c);
    return true;
}

static void mark_place(struct correlate_ctx *c, int64_t received, uint64_t offset)
{
    struct place_mark *last = &c->marks[(c->first_mark + c->mark_count - 1) % MARKS_MAX];

    if (c->mark_count && received - last->received < MARK_EVERY)
        return;
    if (c->mark_count == MARKS_MAX) {
        c->first_mark = (c->first_mark + 1) % MARKS_MAX;
        c->mark_count--;
    }
    c->marks[(c->first_mark + c->mark_count++) % MARKS_MAX] = (struct place_mark){received, offset};
}

/* The first item that a window may still need. */
static uint64_t needed_from(struct correlate_ctx *c)
{
    int64_t since = time_now() - live_span(c->live);

    while (c->mark_count > 1 && c->marks[(c->first_mark + 1) % MARKS_MAX].received <= since) {
        c->first_mark = (c->first_mark + 1) % MARKS_MAX;
        c->mark_count--;
    }
    return c->mark_count ? c->marks[c->first_mark].offset : c->offset;
}

static void write_cursor(struct correlate_ctx *c)
{
    struct buf cursor = BUF_INIT(64);
    uint8_t id[16];

    input_id(id);
    buf_printf(&cursor, "%llu %llu", (unsigned long long)c->offset,
               (unsigned long long)needed_from(c));
    send_input(&c->batch, id, buf_slice(&cursor));
    buf_done(&cursor);
}

/* An alert of a correlation belongs to the event that decided. */
static void receive_alert(void *ctx, const struct alert_record *alert)
{
    struct correlate_ctx *c = ctx;
    const struct batch_record *x = c->record;
    struct snapshot_source source = {.zone = 0};
    struct alert_record a = *alert;
    struct buf base = BUF_INIT(64);

    if (x->offset < c->told)
        return;
    memcpy(source.id, x->source, sizeof(source.id));
    memcpy(source.unit, x->unit, sizeof(source.unit));
    a.stream = SLICE(STREAM_EVENTS);
    match_ctx_suppress(c->w->matching, &c->w->snapshot, &source, x->received, &a);
    buf_printf(&base, "windows %llu", (unsigned long long)x->offset);
    send_alert(&c->batch, &source, &a, buf_slice(&base), c->alerts++, x->received);
    buf_done(&base);
}

static int receive_items(struct correlate_ctx *c, struct slice bytes, struct err *err)
{
    struct batch_reader b;
    struct batch_record x;
    int r = batch_open(&b, bytes, err);

    while (r >= 0 && (r = batch_next(&b, &x, err)) > 0) {
        c->record = &x;
        c->alerts = 0;
        mark_place(c, x.received, x.offset);
        r = live_add(c->live, x.raw, receive_alert, c);
        c->offset = x.offset + 1;
    }
    if (r == 0 && c->record) {
        r = live_decide(c->live, receive_alert, c);
        c->record = NULL;
    }
    return r;
}

static void correlate_kept(struct watch *w, const struct sent *s, int code, struct slice taken)
{
    (void)s;
    (void)code;
    (void)taken;
    correlate_resume(w);
}

/* Alerts, and how far was read, at once. */
static int keep_position(struct correlate_ctx *c, struct err *err)
{
    uint8_t id[16];

    input_id(id);
    write_cursor(c);
    c->kept_at = time_now();
    return send_end(&c->batch, correlate_kept, id, NULL, true, err);
}

int correlate_receive_block(void *u, struct frame *f, struct err *err)
{
    struct watch *w = u;
    struct correlate_ctx *c = w->correlating;
    struct frame_reader r = frame_reader(f->body);
    struct slice bytes = SLICE_NULL;
    uint64_t next;
    int code;

    (void)frame_get_text(&r, WIRE_STREAM_MAX);
    next = frame_get_u64(&r);
    (void)frame_get_u64(&r); /* the end */
    (void)frame_get_u64(&r); /* the journal: the offset comes out of it, too */
    if (frame_end(&r) < 0 || !c->reading)
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_WAS_NOT_ASKED_FOR);
    c->reading = false;
    c->at_end = next == c->offset;
    if (c->at_end)
        return 0;
    if (w->draining || w->sent_count == SENT_MAX) /* no place for alerts: it is read again */
        return 0;
    code = bulk_map(f->fds[0], WIRE_BATCH_MAX + (1 << 20), &bytes, err);
    if (code < 0)
        return code;
    send_begin(&c->batch);
    code = receive_items(c, bytes, err);
    bulk_unmap(bytes);
    c->offset = next;
    if (code == 0 && (c->batch.records > 0 || time_now() - c->kept_at > KEEP_EVERY))
        code = keep_position(c, err);
    correlate_ask(c);
    return code;
}

int correlate_receive_more(void *u, struct frame *f, struct err *err)
{
    struct watch *w = u;

    (void)f;
    (void)err;
    correlate_more(w);
    return 0;
}

void correlate_more(struct watch *w)
{
    if (w->correlating)
        w->correlating->at_end = false;
    correlate_resume(w);
}

bool correlate_is_reading(const struct watch *w)
{
    return w->correlating && w->correlating->reading;
}

void correlate_resume(struct watch *w)
{
    if (w->correlating)
        correlate_ask(w->correlating);
}

void correlate_tick(struct watch *w)
{
    live_sweep(w->correlating->live, time_now());
    correlate_resume(w);
}

void correlate_write_status(const struct watch *w, struct buf *out)
{
    struct live_counts n;

    if (w->correlating == NULL)
        return;
    n = live_counts(w->correlating->live);
    status_add(out, "correlation items", n.items);
    status_add(out, "correlation groups", n.groups);
    status_add(out, "correlation late", n.late);
    status_add(out, "correlation dropped", n.dropped);
}
