/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calling people: once a second the steps that are due, then the messages that are due to send,
 * and what became of them back into the state.
 */
#include <stdio.h>

#include "alert/call.h"
#include "alert/heard.h"
#include "base/file.h"
#include "base/time.h"
#include "data/data.h"
#include "lang/err_node.h"
#include "node/desk/desk.h"

/* More than a clock is slewed between two looks. */
#define CLOCK_SET (2 * TIME_SECOND)

static int receive_outcome(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    struct state_id id;
    uint8_t outcome;
    struct slice reason;
    struct err why = ERR_INIT;

    if (desk_hold(d, receive_outcome, u, f))
        return 0;
    frame_get_bytes(&r, id.b, sizeof(id.b));
    outcome = frame_get_u8(&r);
    reason = frame_get_text(&r, WIRE_REASON_MAX);
    if (frame_end(&r) < 0 || outcome < OUTBOX_SENT || outcome > OUTBOX_UNKNOWN)
        return err_fail(err, CE_PEER, ERR_NODE_OUTCOME_IS_NONE);
    if (outbox_done(d->s, id, (enum outbox_outcome)outcome, reason, &why) < 0)
        role_log_err(&d->role, "what became of a message cannot be written", &why);
    desk_changed(d);
    return 0;
}

static struct slice duty_terms(void)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;

    return f ? data_bytes(f) : SLICE_NULL;
}

/* An SMS that came in. What cannot be written now comes again. */
static int receive_heard(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    struct heard_message m;
    enum state_heard_outcome outcome;
    struct buf body = BUF_INIT(200);
    struct err why = ERR_INIT;
    int code;

    if (desk_hold(d, receive_heard, u, f))
        return 0;
    m.id = frame_get_text(&r, 100);
    m.from = frame_get_text(&r, 100);
    m.text = frame_get_text(&r, WIRE_LETTER_MAX);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_OUTCOME_IS_NONE);
    if (heard_handle(d->s, &m, duty_terms(), &outcome, &why) < 0) {
        role_log_err(&d->role, "an SMS that came in cannot be written", &why);
        return 0;
    }
    frame_put_text(&body, m.id);
    code = channel_send(&d->send, WIRE_HEARD_DONE, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    desk_changed(d);
    desk_matters_now(d);
    return code;
}

static int receive_inbox(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice why = frame_get_text(&r, WIRE_REASON_MAX);
    uint32_t bad = frame_get_u32(&r);

    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_OUTCOME_IS_NONE);
    d->inbox.since = why.n == 0 ? 0 : d->inbox.since ? d->inbox.since : time_now();
    d->inbox.bad = bad;
    (void)snprintf(d->inbox.why, sizeof(d->inbox.why), SLICE_FMT, SLICE_ARG(why));
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = WIRE_INBOX, .max = 1000, .take = receive_inbox},
    {.type = WIRE_HEARD, .max = FRAME_MAX, .take = receive_heard},
    {.type = WIRE_OUTCOME, .max = 1000, .take = receive_outcome},
};

void desk_calls_forget(struct desk *d)
{
    struct err err = ERR_INIT;

    d->forget_held = desk_holds(d);
    if (!d->forget_held && outbox_forget(d->s, &err) < 0)
        role_log_err(&d->role, "messages handed over cannot be looked at", &err);
}

static void send_lost(void *u, struct channel *c, const struct err *err)
{
    (void)c;
    (void)err;
    desk_calls_forget(u);
}

static void hand_letter(void *u, const struct outbox_letter *x)
{
    struct desk *d = u;
    struct buf body = BUF_INIT(FRAME_MAX);

    frame_put_bytes(&body, x->id.b, sizeof(x->id.b));
    frame_put_u32(&body, (uint32_t)x->channel);
    frame_put_u32(&body, (uint32_t)x->level);
    frame_put_text(&body, x->to);
    frame_put_text(&body, x->code);
    frame_put_text(&body, x->subject);
    frame_put_text(&body, x->text);
    /* What does not reach send is found handed over when the connection ends. */
    (void)!channel_send(&d->send, WIRE_LETTER, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
}

/* Without a gateway there is no send: what waits for one that the node had hears it from here. */
static void refuse_letter(void *u, const struct outbox_letter *x)
{
    struct desk *d = u;
    struct err err = ERR_INIT;

    if (outbox_done(d->s, x->id, OUTBOX_FAILED, SLICE("no way out"), &err) < 0)
        role_log_err(&d->role, "what became of a message cannot be written", &err);
}

/* Somebody set the wall clock, by which steps are due. */
static int follow_clock(struct desk *d, struct err *err)
{
    int64_t ahead = time_now() - loop_clock(), by = ahead - d->clock_ahead;
    int r;

    if (by > -CLOCK_SET && by < CLOCK_SET) {
        d->clock_ahead = ahead;
        return 0;
    }
    r = call_clock_set(d->s, by, err);
    if (r == 0) {
        d->clock_ahead = ahead;
        role_log(&d->role, "the clock was set: steps of calls go by the new one");
    }
    return r;
}

void desk_call(struct desk *d)
{
    struct call_rules rules_now = {.ladder = &d->ladder, .ways = d->ways};
    struct err err = ERR_INIT;
    size_t steps = 0, letters = 0;
    int r;

    if (d->draining || desk_holds(d))
        return;
    r = follow_clock(d, &err);
    if (r == 0)
        r = call_climb(d->s, &rules_now, &steps, &err);
    if (r == 0 && channel_is_open(&d->send))
        r = outbox_drain(d->s, &d->ways, &letters, hand_letter, d, &err);
    else if (r == 0 && !config_has_gateway(&d->role.config))
        r = outbox_drain(d->s, &d->ways, &letters, refuse_letter, d, &err);
    if (r < 0)
        role_log_err(&d->role, "calling people", &err);
    if (steps || letters)
        desk_changed(d);
    if (r == 0 && (steps == CALL_AT_ONCE || letters == OUTBOX_AT_ONCE))
        desk_call_soon(d);
}

void desk_call_soon(struct desk *d)
{
    (void)!loop_timer_set(d->calls, 0, 0, NULL);
}

/* Every second; set anew, or a call at once would move those that follow it. */
static void call_now(void *u, struct loop_timer *t)
{
    (void)!loop_timer_set(t, TIME_SECOND, TIME_SECOND, NULL);
    desk_call(u);
}

int desk_send_open(struct desk *d, int fd, struct err *err)
{
    channel_close(&d->send);
    desk_calls_forget(d);
    return channel_open(&d->send, fd, rules, CANH_LEN(rules), d, d->role.loop, send_lost, err);
}

int desk_calls_open(struct desk *d, struct err *err)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("ladder.yaml")) : NULL;
    const struct config *c = &d->role.config;
    int r = f ? ladder_parse(data_bytes(f), &d->ladder, err)
              : err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_LADDER);

    d->ways = (struct outbox_ways){.sms = c->sms.n > 0,
                                   .mail = c->smtp.n > 0,
                                   .webhook = c->webhook.n > 0,
                                   .plain = !c->marks,
                                   .replies = c->sms.n > 0 && c->sms_inbox.n > 0,
                                   .link = c->site.url};
    d->clock_ahead = time_now() - loop_clock();
    if (!config_has_gateway(c))
        desk_calls_forget(d);
    return r < 0 ? r
                 : loop_timer_add(d->role.loop, TIME_SECOND, TIME_SECOND, call_now, d, &d->calls,
                                  err);
}
