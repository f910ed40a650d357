/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/item_text.h"

#include "lang/msg_duty.h"
#include "lang/said.h"
#include "roster/span_text.h"

static const msg_id kinds[DUTY_ITEM_MAX] = {
    [DUTY_ITEM_REQUEST] = MSG_DUTY_ITEM_REQUEST,   [DUTY_ITEM_ORDER] = MSG_DUTY_ITEM_ORDER,
    [DUTY_ITEM_FINDING] = MSG_DUTY_ITEM_FINDING,   [DUTY_ITEM_OUTAGE] = MSG_DUTY_ITEM_OUTAGE,
    [DUTY_ITEM_PLANNED] = MSG_DUTY_ITEM_PLANNED,   [DUTY_ITEM_OVERDUE] = MSG_DUTY_ITEM_OVERDUE,
    [DUTY_ITEM_GAP] = MSG_DUTY_ITEM_GAP,           [DUTY_ITEM_SHIFT] = MSG_DUTY_ITEM_SHIFT,
    [DUTY_ITEM_NOTE] = MSG_DUTY_ITEM_NOTE,         [DUTY_ITEM_WEATHER] = MSG_DUTY_ITEM_WEATHER,
    [DUTY_ITEM_POWER] = MSG_DUTY_ITEM_POWER,       [DUTY_ITEM_HANDOVER] = MSG_DUTY_ITEM_HANDOVER,
    [DUTY_ITEM_APPROVAL] = MSG_DUTY_ITEM_APPROVAL, [DUTY_ITEM_NOTICE] = MSG_DUTY_ITEM_NOTICE,
    [DUTY_ITEM_FORM] = MSG_DUTY_ITEM_FORM,
};

const char *duty_item_kind_text(enum lang lang, enum duty_item_kind kind)
{
    return kind < DUTY_ITEM_MAX ? lang_text(lang, kinds[kind]) : "";
}

static void write_of(struct buf *out, enum lang lang, msg_id what, struct slice who)
{
    if (who.n) {
        buf_append_slice(out, who);
        buf_puts(out, ": ");
    }
    buf_puts(out, lang_text(lang, what));
}

void duty_item_words(struct buf *out, enum lang lang, const struct duty_item *x)
{
    switch (x->fault) {
    case DUTY_ITEM_SHORT:
        lang_write(out, lang, MSG_DUTY_GAP, (uint32_t)x->have, (uint32_t)x->need);
        break;
    case DUTY_ITEM_AWAY:
        lang_write(out, lang, MSG_DUTY_AWAY, SLICE_ARG(x->title));
        break;
    case DUTY_ITEM_RECALLED:
        lang_write(out, lang, MSG_DUTY_RECALLED, SLICE_ARG(x->title));
        break;
    case DUTY_ITEM_CLOCK_BACK:
        buf_puts(out, lang_text(lang, MSG_DUTY_CLOCK_BACK));
        break;
    case DUTY_ITEM_NOT_TAKEN:
        write_of(out, lang, MSG_DUTY_ITEM_NOT_TAKEN, x->title);
        break;
    case DUTY_ITEM_SILENT:
        write_of(out, lang, MSG_DUTY_IS_SILENT, x->title);
        break;
    case DUTY_ITEM_NOT_LEFT:
        write_of(out, lang, MSG_DUTY_IS_OVERDUE, x->title);
        break;
    default:
        said_write(out, lang, lang != LANG_VI && x->english.n ? x->english : x->title);
    }
}

void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_append_slice(out, x->code);
    if (x->code.n && (x->title.n || x->fault))
        buf_puts(out, ": ");
    duty_item_words(out, lang, x);
    if (!x->since && !x->due)
        return;
    buf_puts(out, " (");
    if (x->since) {
        buf_puts(out, lang_text(lang, MSG_DUTY_ITEM_SINCE));
        duty_time_write(out, x->since, offset_s);
    }
    if (x->since && x->due)
        buf_puts(out, x->kind == DUTY_ITEM_GAP ? " " : ", ");
    if (x->due) {
        buf_puts(out, lang_text(lang, x->kind == DUTY_ITEM_GAP ? MSG_DUTY_ITEM_UNTIL
                                                               : MSG_DUTY_ITEM_DUE));
        duty_end_write(out, x->due, offset_s);
    }
    buf_putc(out, ')');
}

void duty_item_describe(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s)
{
    buf_puts(out, duty_item_kind_text(lang, x->kind));
    buf_puts(out, x->kind == DUTY_ITEM_WEATHER || x->kind == DUTY_ITEM_POWER ? ": " : " ");
    duty_item_text(out, lang, x, offset_s);
}
