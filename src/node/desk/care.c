/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Care of the journal while the node runs: keep does it, the one writer. It is an administrator's
 * of the machine, and stands in the state's audit before keep hears of it.
 */
#include "control/wire.h"
#include "lang/err_journal.h"
#include "lang/err_node.h"
#include "node/desk/desk.h"
#include "state/audit.h"

enum { CELLS_MAX = 16 };

static const struct care_row {
    const char *act, *audit; /* audit: the word of its entry; NULL: nothing is changed */
} verbs[CARE_KINDS] = {
    [CARE_STATUS] = {"journal_status", NULL},     [CARE_PLAN] = {"journal_repair_plan", NULL},
    [CARE_REPAIR] = {"journal_repair", "repair"}, [CARE_REDACT] = {"journal_redact", "redact"},
    [CARE_VERIFY] = {"journal_verify", NULL},     [CARE_HEADS] = {"journal_heads", NULL},
    [CARE_CHECK] = {"journal_check", NULL},       [CARE_AUDIT] = {"journal_check_audit", NULL},
};

static unsigned care_find(struct slice act)
{
    unsigned i = 0;

    while (i < CARE_KINDS && !slice_is(act, verbs[i].act))
        i++;
    return i;
}

bool desk_is_care(struct slice act)
{
    return care_find(act) < CARE_KINDS;
}

static int care_audit(struct desk *d, const struct state_actor *actor, unsigned verb,
                      const struct control_args *args, struct err *err)
{
    struct buf text = BUF_INIT(CONTROL_TEXT_MAX);
    struct state_actor who = *actor;
    int r;

    if (verbs[verb].audit == NULL)
        return 0;
    who.purpose = control_text(args, "reason");
    buf_printf(&text, SLICE_FMT " " SLICE_FMT, SLICE_ARG(control_text(args, "stream")),
               SLICE_ARG(control_text(args, "offset")));
    r = state_audit_add(d->s, &who, verbs[verb].audit, "journal", STATE_ID_NONE, buf_slice(&text),
                        err);
    buf_done(&text);
    return r;
}

static int ask_keep(struct desk *d, const struct state_actor *actor, unsigned verb,
                    const struct control_args *args, uint32_t number, struct err *err)
{
    struct buf body = BUF_INIT(FRAME_MAX);
    int64_t offset;
    int r = control_number(args, "offset", 0, &offset, err);

    frame_put_u32(&body, number);
    frame_put_u8(&body, (uint8_t)verb);
    frame_put_u8(&body, (uint8_t)control_lang(args));
    frame_put_u64(&body, (uint64_t)offset);
    frame_put_text(&body, control_text(args, "stream"));
    frame_put_text(&body, slice_head(actor->account, 200));
    frame_put_text(&body, control_text(args, "reason"));
    frame_put_text(&body, control_text(args, "text"));
    if (r == 0)
        r = body.err ? err_code(err, body.err)
                     : channel_send(&d->keep, WIRE_CARE, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

int desk_care(struct desk *d, const struct state_actor *actor, struct slice act,
              const struct control_args *args, uint32_t *ret_number, struct err *err)
{
    unsigned verb = care_find(act);
    int r = 0;

    if (!actor_on_behalf(actor))
        return err_fail(err, CE_DENIED, ERR_NODE_ONLY_ADMINISTRATORS);
    if (verbs[verb].audit && control_text(args, "reason").n == 0)
        return err_fail(err, CE_MISSING, ERR_NODE_REASON_NEEDED);
    if (control_text(args, "reason").n > WIRE_WORDS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_JOURNAL_WHO_AND_WHY_TOO_LONG);
    if (control_text(args, "stream").n > WIRE_STREAM_MAX)
        return err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_STREAM, control_text(args, "stream"));
    if (!channel_is_open(&d->keep))
        return err_fail(err, CE_BUSY, ERR_NODE_NO_JOURNAL_NOW);
    r = care_audit(d, actor, verb, args, err);
    if (++d->cares == 0)
        d->cares = 1;
    if (r == 0)
        r = ask_keep(d, actor, verb, args, d->cares, err);
    if (r == 0)
        *ret_number = d->cares;
    return r;
}

int desk_receive_care_row(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    struct slice cells[CELLS_MAX];
    uint32_t number = frame_get_u32(&r), n = frame_get_u32(&r);

    for (uint32_t i = 0; i < n && i < CELLS_MAX; i++)
        cells[i] = frame_get_text(&r, FRAME_MAX);
    if (n > CELLS_MAX || frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    desk_answer_row(u, number, cells, n);
    return 0;
}

int desk_receive_care_done(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    uint32_t number = frame_get_u32(&r), code = frame_get_u32(&r);
    struct slice why = frame_get_text(&r, FRAME_MAX);

    if (frame_end(&r) < 0 || code > 1000)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    desk_answer_end(u, number, -(int)code, why);
    return 0;
}
