/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duty/items.h"

#include "lang/msg_duty.h"
#include "proof/overdue.h"
#include "view/todo.h"

int duty_open_items(struct duty_run *r, struct duty_items *to, struct err *err)
{
    struct act_ctx act = session_act(r->st, r->from);
    int q = duty_items_gather(r->st->s, &r->st->actor, &r->picture.load, r->post, r->from, to, err);

    return q < 0 ? q
                 : proof_overdue(&act, &r->st->actor, r->picture.load.posts[r->post].unit, to, err);
}

void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_put_slice(out, x->code);
    if (x->code.n && (x->title.n || x->fault))
        buf_puts(out, ": ");
    view_item_text(out, lang, x);
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
        duty_put_end(out, x->due, offset_s);
    }
    buf_putc(out, ')');
}

void duty_item_say(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_puts(out, view_item_kind(lang, x->kind));
    buf_putc(out, ' ');
    duty_item_text(out, lang, x, offset_s);
}
