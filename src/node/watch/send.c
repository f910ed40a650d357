/* SPDX-License-Identifier: Apache-2.0 */
/* Batches on their way to keep. */
#include "event/stream.h"
#include "node/watch/correlate.h"
#include "node/watch/listen.h"

#include "base/file.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "os/bulk.h"

bool send_has_place(const struct watch *w)
{
    return channel_is_open(&w->keep) && w->sent_count < SENT_MAX;
}

bool send_has_room(const struct watch *w)
{
    return !w->draining && send_has_place(w);
}

void send_begin(struct batch_out *o)
{
    buf_clear(&o->bytes);
    o->records = o->inputs = o->marks = 0;
    o->urgent = o->later = false;
    batch_begin(&o->bytes);
}

static void write_record(struct batch_out *o, const struct snapshot_source *source,
                         const char *stream, struct batch_record *x)
{
    x->stream = slice_str(stream);
    memcpy(x->source, source->id, 16);
    memcpy(x->unit, source->unit, 16);
    batch_add_record(&o->bytes, x);
    o->records++;
}

static void write_alerts(struct batch_out *o, const struct snapshot_source *source,
                         const struct match_found *found, const struct batch_record *event)
{
    for (uint32_t i = 0; i < found->count; i++) {
        struct buf json = BUF_INIT(ALERT_RECORD_MAX);
        struct batch_record x = *event;

        alert_record_write(&json, &found->alerts[i]);
        x.raw = buf_slice(&json);
        x.count = COUNT_RECORD;
        if (json.err == 0)
            write_record(o, source, STREAM_ALERTS, &x);
        o->urgent = true;
        buf_done(&json);
    }
}

/* What the event is to correlations, in the same batch. */
static void append_items(struct batch_out *o, const struct snapshot_source *source,
                         struct slice items, const struct batch_record *event)
{
    struct slice line;

    while (slice_cut(&items, '\n', &line) && line.n) {
        struct batch_record x = *event;

        x.raw = line;
        x.count = COUNT_RECORD;
        x.flags |= FLAG_CANONICAL;
        write_record(o, source, STREAM_WINDOWS, &x);
        o->urgent = true;
    }
}

void send_record(struct batch_out *o, const struct received_record *x)
{
    struct batch_record to = {.received = x->received,
                              .claimed = TIME_NONE,
                              .base = x->base,
                              .at = x->at,
                              .count = (uint8_t)x->count,
                              .flags = x->flags,
                              .raw = x->text};
    struct match_record match = {.text = x->text,
                                 .format = x->format,
                                 .source = x->source,
                                 .snapshot = &o->w->snapshot,
                                 .received = x->received,
                                 .history = (x->flags & FLAG_HISTORY) != 0,
                                 .canonical = (x->flags & FLAG_CANONICAL) != 0,
                                 .truncated = (x->flags & FLAG_TRUNCATED) != 0,
                                 .base = x->base,
                                 .at = x->at,
                                 .stream = SLICE(STREAM_EVENTS)};
    struct match_found found;

    silence_broken(o->w, x->source, x->received);
    match_ctx_run(o->w->matching, &match, &found);
    if (x->not_before != TIME_NONE && found.time != TIME_NONE && found.time < x->not_before)
        return;
    to.claimed = found.time;
    if (found.history && (x->flags & FLAG_HISTORY) == 0) {
        to.flags |= FLAG_HISTORY;
        o->w->late++;
    }
    write_alerts(o, x->source, &found, &to);
    append_items(o, x->source, found.items, &to);
    write_record(o, x->source, STREAM_EVENTS, &to);
    if (found.lost)
        role_log(&o->w->role, SLICE_FMT ": a record matches more rules than are told of one",
                 SLICE_ARG(x->base));
}

void send_alert(struct batch_out *o, const struct snapshot_source *source,
                const struct alert_record *alert, struct slice base, uint64_t at, int64_t now)
{
    struct match_found found = {.alerts = alert, .count = 1};
    struct batch_record x = {.received = now, .claimed = TIME_NONE, .base = base, .at = at};

    write_alerts(o, source, &found, &x);
}

void send_gap(struct batch_out *o, const struct received_record *at, const char *reason,
              uint64_t count)
{
    struct buf raw = BUF_INIT(200);
    struct batch_record x = {.received = at->received,
                             .claimed = TIME_NONE,
                             .base = at->base,
                             .at = at->at,
                             .flags = FLAG_GAP};

    buf_printf(&raw, "{\"gap\":\"%s\",\"count\":", reason);
    if (count)
        buf_append_u64(&raw, count);
    else
        buf_puts(&raw, "null");
    buf_putc(&raw, '}');
    x.raw = buf_slice(&raw);
    write_record(o, at->source, STREAM_EVENTS, &x);
    o->w->gaps++;
    buf_done(&raw);
}

void send_input(struct batch_out *o, const uint8_t id[16], struct slice cursor)
{
    struct batch_input x = {.cursor = cursor};

    memcpy(x.id, id, 16);
    batch_add_input(&o->bytes, &x);
    o->inputs++;
}

void send_mark(struct batch_out *o, const uint8_t source[16], const struct batch_mark_of *x)
{
    struct batch_mark_of mark = *x;

    memcpy(mark.source, source, 16);
    batch_add_mark(&o->bytes, &mark);
    o->marks++;
}

static struct sent *free_place(struct watch *w)
{
    for (unsigned i = 0; i < SENT_MAX; i++)
        if (w->sent[i].fn == NULL)
            return &w->sent[i];
    return NULL;
}

/* fd -1: the batch is short, and these are its bytes. */
static int send_append(struct watch *w, struct sent *s, int fd, struct slice bytes, bool later,
                       struct err *err)
{
    uint16_t type = fd >= 0 ? WIRE_APPEND : later ? WIRE_APPEND_LATER : WIRE_APPEND_SHORT;
    struct buf body = BUF_INIT(8 + WIRE_SHORT_MAX);
    int r;

    s->number = ++w->number;
    frame_put_u64(&body, s->number);
    if (fd < 0)
        frame_put_bytes(&body, bytes.p, bytes.n);
    r = channel_send(&w->keep, type, buf_slice(&body), &fd, fd >= 0, err);
    buf_done(&body);
    return r < 0 ? -CE_BUSY : 0;
}

static bool is_kept(const struct sent *s)
{
    return s->fd >= 0 || s->bytes.len > 0;
}

int send_end(struct batch_out *o, sent_fn *fn, const uint8_t id[16], void *u, bool once,
             struct err *err)
{
    struct watch *w = o->w;
    struct sent *place = free_place(w), s = {.fn = fn, .urgent = o->urgent, .u = u, .fd = -1};
    int fd = -1, r = 0;

    batch_end(&o->bytes, o->records, o->inputs, o->marks);
    if (o->bytes.err)
        r = err_fail(err, CE_TOO_BIG, ERR_NODE_BATCH_TOO_LARGE);
    else if (place == NULL)
        r = err_code(err, CE_BUSY);
    else if (o->bytes.len > WIRE_SHORT_MAX)
        r = bulk_make(buf_slice(&o->bytes), &fd, err);
    if (r == 0)
        r = send_append(w, &s, fd, buf_slice(&o->bytes), o->later && !o->urgent, err);
    if (r == -CE_BUSY && once && place) {
        s.number = 0;
        r = 0;
    }
    if (r == 0) {
        memcpy(s.id, id, sizeof(s.id));
        if (once && fd < 0) {
            s.bytes = o->bytes;
            o->bytes = BUF_INIT(s.bytes.max);
        }
        s.fd = once ? fd_take(&fd) : -1;
        *place = s;
        w->sent_count++;
        if (s.number == 0)
            files_wake(w);
    }
    buf_done(&o->bytes); /* a large one is not kept in memory */
    fd_closep(&fd);
    return r;
}

/* The answer, unless the batch is to be sent again. */
static void send_answer(struct watch *w, struct sent *place, int code, struct slice taken)
{
    struct sent s = *place;

    if (is_kept(&s) && (code == -CE_BUSY || code == -CE_IO || code == -CE_NOMEM)) {
        place->number = 0;
        return;
    }
    place->fn = NULL;
    w->sent_count--;
    s.fn(w, &s, code, taken);
    fd_closep(&s.fd);
    buf_done(&s.bytes);
}

void send_forget(struct watch *w)
{
    for (unsigned i = 0; i < SENT_MAX; i++)
        if (w->sent[i].fn)
            send_answer(w, &w->sent[i], -CE_BUSY, SLICE_NULL);
}

void send_again(struct watch *w)
{
    for (unsigned i = 0; i < SENT_MAX && channel_is_open(&w->keep); i++) {
        struct sent *s = &w->sent[i];

        if (s->fn && s->number == 0 &&
            send_append(w, s, s->fd, buf_slice(&s->bytes), false, NULL) < 0)
            s->number = 0;
    }
}

bool send_waits(const struct watch *w)
{
    for (unsigned i = 0; i < SENT_MAX; i++)
        if (w->sent[i].fn && w->sent[i].number == 0)
            return true;
    return false;
}

bool send_is_urgent(const struct watch *w)
{
    for (unsigned i = 0; i < SENT_MAX; i++)
        if (w->sent[i].fn && w->sent[i].urgent)
            return true;
    return false;
}

int send_receive_done(void *u, struct frame *f, struct err *err)
{
    struct watch *w = u;
    struct frame_reader r = frame_reader(f->body);
    uint64_t number = frame_get_u64(&r);
    int code = -(int)frame_get_u32(&r);
    struct slice taken = frame_get_text(&r, WIRE_BATCH_MARKS / 8);
    bool urgent = false;

    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    for (unsigned i = 0; i < SENT_MAX; i++)
        if (w->sent[i].fn && w->sent[i].number == number) {
            urgent = w->sent[i].urgent;
            send_answer(w, &w->sent[i], code, taken);
        }
    if (code < 0) { /* what files sent behind it is not on disk either */
        (void)!channel_send(&w->keep, WIRE_AGAIN, SLICE_NULL, NULL, 0, NULL);
        files_again(w);
    } else {
        network_resume(w);
        (urgent ? correlate_more : correlate_resume)(w);
    }
    watch_end_if_drained(w);
    /* who had read all there was looks again when its time comes: a batch a look, not one a line */
    return w->draining || (code == 0 && !w->files_held)
               ? 0
               : loop_timer_set(w->poll, code < 0 ? REFUSED_TIME : 1, POLL_TIME, err);
}
