/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts out of the journal into the state: a block's records and the offset behind them in one
 * transaction, so that none counts twice and none is left out, whatever is killed when.
 */
#include "alert/alert.h"
#include "base/file.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "node/desk/desk.h"
#include "node/wire/batch.h"
#include "os/bulk.h"

static const char stream[] = "alerts";

static int fold_record(struct desk *d, const struct batch_record *x, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)4 << 20);
    struct alert_record alert;
    struct state_id source, unit;
    struct err why = ERR_INIT;
    int r;

    memcpy(source.b, x->source, sizeof(source.b));
    memcpy(unit.b, x->unit, sizeof(unit.b));
    r = alert_record_read(x->raw, &arena, &alert, &why);
    if (r == 0)
        r = alert_fold(d->s, &alert, source, unit, &why);
    arena_done(&arena);
    if (r == -CE_IO || r == -CE_BUSY || r == -CE_NOMEM) {
        *err = why;
        return r; /* the disk's trouble, not the record's: the block comes again */
    }
    if (r < 0) {
        d->bad++;
        role_tell(&d->role, "an alert of the journal is left out", &why);
    }
    return 0;
}

static int take_records(struct desk *d, struct slice bytes, uint64_t next, struct err *err)
{
    struct batch_reader b;
    struct batch_record x;
    uint64_t n = 0;
    int r = batch_open(&b, bytes, err);

    if (r == 0)
        r = state_begin(d->s, err);
    if (r < 0)
        return r;
    while (r >= 0 && (r = batch_next(&b, &x, err)) > 0) {
        r = fold_record(d, &x, err);
        n++;
    }
    if (r == 0)
        r = state_offset_put(d->s, slice_str(stream), next, err);
    if (r == 0)
        r = state_commit(d->s, err);
    else
        state_rollback(d->s);
    if (r == 0) {
        d->taken += n;
        d->offset = next;
        desk_changed(d);
    }
    return r;
}

static int take_block(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice name = frame_get_text(&r, WIRE_STREAM_MAX), bytes = SLICE_NULL;
    uint64_t next = frame_get_u64(&r);
    struct err why = ERR_INIT;
    int code;

    (void)frame_get_u64(&r);
    if (frame_end(&r) < 0 || !slice_is(name, stream))
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_WAS_NOT_ASKED_FOR);
    code = bulk_map(f->fds[0], WIRE_BATCH_MAX + (1 << 20), &bytes, err);
    if (code < 0)
        return code;
    d->reading = false;
    if (next == d->offset) { /* nothing more now: keep says when there is */
        bulk_unmap(bytes);
        return 0;
    }
    code = take_records(d, bytes, next, &why);
    bulk_unmap(bytes);
    if (code < 0) {
        role_tell(&d->role, "alerts cannot be taken in, trying again", &why);
        return loop_timer_set(d->again, TIME_SECOND, 0, err);
    }
    desk_take(d);
    return 0;
}

static int take_more(void *u, struct frame *f, struct err *err)
{
    (void)f;
    (void)err;
    desk_take(u);
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = WIRE_BLOCK, .max = 200, .fds = 1, .take = take_block},
    {.type = WIRE_MORE, .max = 200, .take = take_more},
};

void desk_take(struct desk *d)
{
    struct buf body = BUF_INIT(200);

    if (d->reading || d->draining || !channel_is_open(&d->keep))
        return;
    frame_put_text(&body, slice_str(stream));
    frame_put_u64(&body, d->offset);
    frame_put_u32(&body, WIRE_BATCH_RAW);
    d->reading = channel_send(&d->keep, WIRE_READ, buf_slice(&body), NULL, 0, NULL) == 0;
    buf_done(&body);
}

static void keep_lost(void *u, struct channel *c, const struct err *err)
{
    struct desk *d = u;

    (void)c;
    (void)err;
    d->reading = false;
}

int desk_keep_open(struct desk *d, int fd, struct err *err)
{
    int r;

    channel_close(&d->keep);
    d->reading = false;
    r = state_offset_get(d->s, slice_str(stream), &d->offset, err);
    if (r < 0) {
        fd_closep(&fd);
        return r;
    }
    r = channel_open(&d->keep, fd, rules, CANH_LEN(rules), d, d->role.loop, keep_lost, err);
    if (r == 0)
        desk_take(d);
    return r;
}
