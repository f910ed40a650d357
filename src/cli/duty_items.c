/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duty_items.h"

#include "lang/msg_duty.h"
#include "proof/overdue.h"

/* What canh found itself, in words. */
static void put_fault(struct buf *out, enum lang lang, const struct duty_item *x)
{
    switch (x->fault) {
    case DUTY_ITEM_SHORT:
        lang_put(out, lang, MSG_DUTY_GAP, (uint32_t)x->have, (uint32_t)x->need);
        break;
    case DUTY_ITEM_AWAY:
        lang_put(out, lang, MSG_DUTY_AWAY, SLICE_ARG(x->title));
        break;
    case DUTY_ITEM_RECALLED:
        lang_put(out, lang, MSG_DUTY_RECALLED, SLICE_ARG(x->title));
        break;
    case DUTY_ITEM_CLOCK_BACK:
        buf_puts(out, lang_text(lang, MSG_DUTY_CLOCK_BACK));
        break;
    default:
        buf_put_slice(out, x->title);
    }
}

int duty_open_items(struct duty_run *r, struct duty_items *to, struct err *err)
{
    struct act_ctx act = ledger_act(r->st, r->from);
    int q = duty_items_gather(r->st->s, &r->st->actor, &r->load, r->post, r->from, to, err);

    return q < 0 ? q : proof_overdue(&act, &r->st->actor, r->load.posts[r->post].unit, to, err);
}

void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_put_slice(out, x->code);
    if (x->code.n && (x->title.n || x->fault))
        buf_puts(out, ": ");
    put_fault(out, lang, x);
    if (!x->since && !x->due)
        return;
    buf_puts(out, " (");
    if (x->since) {
        buf_puts(out, lang_text(lang, MSG_DUTY_ITEM_SINCE));
        duty_put_time(out, x->since, offset_s);
    }
    if (x->since && x->due)
        buf_puts(out, ", ");
    if (x->due) {
        buf_puts(out, lang_text(lang, MSG_DUTY_ITEM_DUE));
        duty_put_time(out, x->due, offset_s);
    }
    buf_putc(out, ')');
}

void duty_item_say(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    static const msg_id words[DUTY_ITEM_MAX] = {
        [DUTY_ITEM_REQUEST] = MSG_DUTY_ITEM_REQUEST, [DUTY_ITEM_ORDER] = MSG_DUTY_ITEM_ORDER,
        [DUTY_ITEM_FINDING] = MSG_DUTY_ITEM_FINDING, [DUTY_ITEM_OUTAGE] = MSG_DUTY_ITEM_OUTAGE,
        [DUTY_ITEM_PLANNED] = MSG_DUTY_ITEM_PLANNED, [DUTY_ITEM_OVERDUE] = MSG_DUTY_ITEM_OVERDUE,
        [DUTY_ITEM_GAP] = MSG_DUTY_ITEM_GAP,         [DUTY_ITEM_SHIFT] = MSG_DUTY_ITEM_SHIFT,
        [DUTY_ITEM_NOTE] = MSG_DUTY_ITEM_NOTE,       [DUTY_ITEM_WEATHER] = MSG_DUTY_ITEM_WEATHER,
        [DUTY_ITEM_POWER] = MSG_DUTY_ITEM_POWER,
    };

    buf_puts(out, lang_text(lang, words[x->kind]));
    buf_putc(out, ' ');
    duty_item_text(out, lang, x, offset_s);
}
