/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What machines say under the audit of what people say: results of checks every hour, the heads of
 * the journal's chains once a day.
 */
#include "base/time.h"
#include "node/desk/search.h"
#include "state/audit.h"
#include "state/checks.h"

/* An hour less than a day: a tick that comes early leaves no day out. */
#define HEADS_EVERY (23 * TIME_HOUR)
enum { HEADS_MAX = 64 * 1024 };

void desk_seal(struct desk *d)
{
    struct err err = ERR_INIT;
    int64_t rows = 0;

    d->seal_held = desk_holds(d);
    if (!d->seal_held && state_result_seal(d->s, &rows, &err) < 0)
        role_log_err(&d->role, "results of checks are under no entry of the audit yet", &err);
}

void desk_ask_heads(struct desk *d)
{
    const struct state_actor system = state_actor_system();
    struct buf last = BUF_INIT(HEADS_MAX);
    int64_t at = 0, now = time_now();
    int r = state_audit_journal_get(d->s, &system, &last, &at, NULL);

    /* an entry of the future was written under a wrong clock */
    if (r >= 0 && (r == 0 || now - at >= HEADS_EVERY || now < at) && channel_is_open(&d->keep))
        (void)!channel_send(&d->keep, WIRE_HEADS, SLICE_NULL, NULL, 0, NULL);
    buf_done(&last);
}

int desk_receive_heads(void *u, struct frame *f, struct err *err)
{
    const struct state_actor system = state_actor_system();
    struct desk *d = u;
    struct err why = ERR_INIT;

    (void)err;
    if (desk_hold(d, desk_receive_heads, u, f))
        return 0;
    if (state_audit_journal_put(d->s, &system, f->body, &why) < 0)
        role_log_err(&d->role, "the journal's heads are under no entry of the audit yet", &why);
    return 0;
}

static void seal_again(void *u, struct loop_timer *t)
{
    (void)t;
    desk_seal(u);
    desk_ask_heads(u);
}

int desk_seal_open(struct desk *d, struct err *err)
{
    desk_seal(d);
    return loop_timer_add(d->role.loop, TIME_HOUR, TIME_HOUR, seal_again, d, NULL, err);
}
