/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts and results of checks out of the journal into the state: a block's records and the offset
 * behind them in one transaction, so that none counts twice and none is left out, whatever is
 * killed when.
 */
#include "alert/alert.h"
#include "alert/maintain.h"
#include "base/file.h"
#include "base/time.h"
#include "check/result_record.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "node/desk/doctor.h"
#include "node/desk/search.h"
#include "node/wire/batch.h"
#include "os/bulk.h"
#include "record/probe.h"
#include "state/checks.h"

static int fold_alert(struct desk *d, const struct batch_record *x, struct arena *arena,
                      struct err *err)
{
    struct alert_record alert;
    struct state_id source, unit;
    int r = alert_record_read(x->raw, arena, &alert, err);

    (void)memcpy(source.b, x->source, sizeof(source.b));
    (void)memcpy(unit.b, x->unit, sizeof(unit.b));
    if (r == 0 && !alert.history)
        doctor_note_delay(&d->delay, x->received, time_now());
    return r < 0 ? r : alert_fold(d->s, &alert, source, unit, &d->ladder, err);
}

static int keep_result(struct desk *d, const struct batch_record *x, struct arena *arena,
                       struct err *err)
{
    struct record c = {.s = d->s, .actor = state_actor_system(), .arena = arena};
    struct check_result result = {.text = BUF_INIT(CHECK_TEXT_MAX)};
    struct record_probe_change change;
    struct result_record seen;
    struct state_check check;
    struct state_id id;
    int r = result_record_read(x->raw, arena, &seen, err);

    if (r < 0)
        return r;
    (void)memcpy(id.b, seen.check, sizeof(id.b));
    r = state_check_get(d->s, &c.actor, id, arena, &check, err);
    if (r < 0)
        return r;
    result.outcome = seen.outcome;
    result.at = seen.at;
    result.took = seen.took;
    result.value = seen.value;
    buf_append_slice(&result.text, seen.text);
    r = record_probe_keep(&c, &check, &result, seen.at, seen.station, &change, err);
    check_result_done(&result);
    if (r == 0 && (change.began || change.ended))
        desk_matters_now(d);
    if (r == 0)
        r = maintenance_mark_outage(d->s, &check, seen.at, err);
    if (r == 0)
        desk_timetable_done(d, seen.check, seen.at, seen.outcome != CHECK_NO_ANSWER);
    return r;
}

static const struct stream_row {
    const char *name;
    int (*take)(struct desk *d, const struct batch_record *x, struct arena *arena, struct err *err);
} streams[DESK_STREAMS] = {
    [DESK_ALERTS] = {STREAM_ALERTS, fold_alert},
    [DESK_RESULTS] = {STREAM_RESULTS, keep_result},
};

static int receive_record(struct desk *d, const struct stream_row *stream,
                          const struct batch_record *x, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)8 << 20);
    struct err why = ERR_INIT;
    int r = stream->take(d, x, &arena, &why);

    arena_done(&arena);
    if (r == -CE_IO || r == -CE_BUSY || r == -CE_NOMEM) {
        *err = why;
        return r; /* the disk's trouble, not the record's: the block comes again */
    }
    if (r < 0) {
        d->bad++;
        role_log_err(&d->role, "a record of the journal is left out", &why);
    }
    return 0;
}

static int receive_records(struct desk *d, enum desk_stream which, struct slice bytes,
                           uint64_t next, struct err *err)
{
    const struct stream_row *stream = &streams[which];
    struct batch_reader b;
    struct batch_record x;
    uint64_t n = 0;
    int r = batch_open(&b, bytes, err);

    if (r == 0)
        r = state_begin(d->s, err);
    if (r < 0)
        return r;
    while (r >= 0 && (r = batch_next(&b, &x, err)) > 0) {
        r = receive_record(d, stream, &x, err);
        n++;
    }
    if (r == 0)
        r = state_offset_put(d->s, slice_str(stream->name), next, err);
    if (r == 0)
        r = state_commit(d->s, err);
    else
        state_rollback(d->s);
    if (r == 0) {
        d->taken += n;
        d->consumers[which].offset = next;
        desk_changed(d);
        desk_call_soon(d);
    }
    return r;
}

static int which_stream(struct slice name)
{
    for (int i = 0; i < DESK_STREAMS; i++)
        if (slice_is(name, streams[i].name))
            return i;
    return -1;
}

/* What the state holds offsets of; a consumer of no stream. */
#define JOURNAL_KNOWN SLICE("journal")

static int begin_anew(struct desk *d, uint64_t journal, struct err *err)
{
    int r = state_begin(d->s, err);

    if (r < 0)
        return r;
    for (int i = 0; i < DESK_STREAMS && r == 0; i++)
        r = state_offset_put(d->s, slice_str(streams[i].name), 0, err);
    if (r == 0)
        r = state_offset_put(d->s, JOURNAL_KNOWN, journal, err);
    if (r == 0)
        r = state_commit(d->s, err);
    else
        state_rollback(d->s);
    for (int i = 0; i < DESK_STREAMS && r == 0; i++)
        d->consumers[i] = (struct desk_consumer){.reading = d->consumers[i].reading,
                                                 .asked = d->consumers[i].asked};
    return r;
}

/*
 * The offsets are of one journal. Another one, as after the state was restored beside a new
 * journal, is taken in from its first record: nothing of it is passed over. 1: it was another.
 */
static int check_journal(struct desk *d, uint64_t journal, struct err *err)
{
    uint64_t known = 0;
    int r = 0;

    journal &= INT64_MAX; /* as the state holds numbers */
    if (d->journal == journal)
        return 0;
    r = state_offset_get(d->s, JOURNAL_KNOWN, &known, err);
    if (r == 0 && known == 0)
        r = state_offset_put(d->s, JOURNAL_KNOWN, journal, err);
    else if (r == 0 && known != journal)
        r = begin_anew(d, journal, err);
    if (r < 0)
        return r;
    d->journal = journal;
    if (known == 0 || known == journal)
        return 0;
    role_log(&d->role, "the journal is another one than before: it is taken in from its beginning");
    return 1;
}

static int receive_block(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    int which = which_stream(frame_get_text(&r, WIRE_STREAM_MAX)), code;
    struct slice bytes = SLICE_NULL;
    uint64_t next = frame_get_u64(&r), journal;
    struct err why = ERR_INIT;

    (void)frame_get_u64(&r);
    journal = frame_get_u64(&r);
    if (frame_end(&r) < 0 || which < 0)
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_WAS_NOT_ASKED_FOR);
    d->consumers[which].reading = false;
    if (desk_holds(d)) /* it is asked for again */
        return 0;
    code = check_journal(d, journal, &why);
    if (code < 0) {
        role_log_err(&d->role, "the journal cannot be told from another one", &why);
        return loop_timer_set(d->again, TIME_SECOND, 0, err);
    }
    if (d->consumers[which].asked != d->consumers[which].offset) { /* before it began anew */
        desk_read_on(d);
        return 0;
    }
    code = bulk_map(f->fds[0], WIRE_BATCH_MAX + (1 << 20), &bytes, err);
    if (code < 0)
        return code;
    if (next == d->consumers[which].offset) {
        d->consumers[which].at_end = true;
        bulk_unmap(bytes);
        return 0;
    }
    code = receive_records(d, (enum desk_stream)which, bytes, next, &why);
    bulk_unmap(bytes);
    if (code < 0) {
        role_log_err(&d->role, "what the journal has cannot be taken in, trying again", &why);
        return loop_timer_set(d->again, TIME_SECOND, 0, err);
    }
    desk_read_on(d);
    return 0;
}

static int receive_more(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    int which = which_stream(frame_get_text(&r, WIRE_STREAM_MAX));

    (void)frame_get_u64(&r); /* the end */
    if (frame_end(&r) < 0 || which < 0)
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_WAS_NOT_ASKED_FOR);
    d->consumers[which].at_end = false;
    desk_read_on(d);
    return 0;
}

/* A result of the timetable's own: when it is not on disk, the next run tells. */
static int receive_done(void *u, struct frame *f, struct err *err)
{
    (void)u;
    (void)f;
    (void)err;
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = WIRE_DONE, .max = 16, .take = receive_done},
    {.type = WIRE_BLOCK, .max = 200, .fds = 1, .take = receive_block},
    {.type = WIRE_MORE, .max = 200, .take = receive_more},
    {.type = WIRE_GRANTED, .max = 32, .take = desk_receive_granted},
    {.type = WIRE_CARE_ROW, .max = FRAME_MAX, .take = desk_receive_care_row},
    {.type = WIRE_CARE_DONE, .max = FRAME_MAX, .take = desk_receive_care_done},
    {.type = WIRE_HEADS_ARE, .max = FRAME_MAX, .take = desk_receive_heads},
};

static void ask_more(struct desk *d, enum desk_stream which)
{
    struct desk_consumer *c = &d->consumers[which];
    struct buf body = BUF_INIT(200);

    frame_put_text(&body, slice_str(streams[which].name));
    c->asked = c->offset;
    frame_put_u64(&body, c->offset);
    frame_put_u32(&body, WIRE_BATCH_RAW);
    c->reading = channel_send(&d->keep, WIRE_READ, buf_slice(&body), NULL, 0, NULL) == 0;
    buf_done(&body);
}

void desk_read_on(struct desk *d)
{
    for (int i = 0; i < DESK_STREAMS; i++)
        if (!d->consumers[i].reading && !d->consumers[i].at_end && !d->draining && !desk_holds(d) &&
            channel_is_open(&d->keep))
            ask_more(d, (enum desk_stream)i);
}

static void keep_lost(void *u, struct channel *c, const struct err *err)
{
    struct desk *d = u;

    (void)c;
    (void)err;
    for (int i = 0; i < DESK_STREAMS; i++)
        d->consumers[i].reading = false;
    desk_searches_end(d);
    desk_answers_end(d);
}

int desk_keep_open(struct desk *d, int fd, struct err *err)
{
    int r = 0;

    channel_close(&d->keep);
    desk_searches_end(d);
    desk_answers_end(d);
    for (int i = 0; i < DESK_STREAMS && r == 0; i++) {
        d->consumers[i].reading = d->consumers[i].at_end = false;
        r = state_offset_get(d->s, slice_str(streams[i].name), &d->consumers[i].offset, err);
    }
    if (r < 0) {
        fd_closep(&fd);
        return r;
    }
    r = channel_open(&d->keep, fd, rules, CANH_LEN(rules), d, d->role.loop, keep_lost, err);
    if (r == 0) {
        desk_read_on(d);
        desk_ask_heads(d);
    }
    return r;
}
