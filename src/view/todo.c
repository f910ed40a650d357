/* SPDX-License-Identifier: Apache-2.0 */
#include "view/todo.h"

#include "lang/msg_duty.h"

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

const char *view_item_kind(enum lang lang, enum duty_item_kind kind)
{
    return kind < DUTY_ITEM_MAX ? lang_text(lang, kinds[kind]) : "";
}

static void put_of(struct buf *out, enum lang lang, msg_id what, struct slice who)
{
    if (who.n) {
        buf_put_slice(out, who);
        buf_puts(out, ": ");
    }
    buf_puts(out, lang_text(lang, what));
}

void view_item_text(struct buf *out, enum lang lang, const struct duty_item *x)
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
    case DUTY_ITEM_NOT_TAKEN:
        put_of(out, lang, MSG_DUTY_ITEM_NOT_TAKEN, x->title);
        break;
    case DUTY_ITEM_SILENT:
        put_of(out, lang, MSG_DUTY_IS_SILENT, x->title);
        break;
    case DUTY_ITEM_NOT_LEFT:
        put_of(out, lang, MSG_DUTY_IS_OVERDUE, x->title);
        break;
    default:
        buf_put_slice(out, x->title);
    }
}

static const struct table_column todo_columns[] = {
    {.key = "kind", .title = MSG_DUTY_COL_ITEM, .kind = TABLE_WORD},
    {.key = "code", .title = MSG_DUTY_COL_ID},
    {.key = "what", .title = MSG_DUTY_COL_WHAT, .width = 20, .wrap = true},
    {.key = "due", .title = MSG_DUTY_COL_DUE, .kind = TABLE_TIME},
    {.key = "late", .title = MSG_DUTY_COL_LATE, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "since", .title = MSG_DUTY_COL_SINCE, .kind = TABLE_TIME, .rank = 1},
};

/* What waits for the head, by its key. */
static void put_code(const struct view_ctx *c, struct table *t, const struct duty_item *x)
{
    static const struct view_word words[] = {{"leave", MSG_DUTY_APPROVE_LEAVE},
                                             {"swap", MSG_DUTY_APPROVE_SWAP},
                                             {"roster", MSG_DUTY_APPROVE_ROSTER},
                                             {"cover", MSG_DUTY_APPROVE_COVER}};

    table_text(t, x->code);
    for (size_t i = 0; x->kind == DUTY_ITEM_APPROVAL && i < CANH_LEN(words); i++) {
        if (slice_is(x->code, words[i].key))
            table_shown(t, slice_str(lang_text(c->lang, words[i].text)));
    }
}

static void put_item(const struct view_ctx *c, struct table *t, const struct duty_item *x)
{
    bool late = x->due != 0 && x->due <= c->at;
    struct buf text = BUF_INIT(64 * 1024);

    view_item_text(&text, c->lang, x);
    table_word(t, duty_item_kind_to_str(x->kind), kinds[x->kind]);
    put_code(c, t, x);
    table_text(t, buf_slice(&text));
    view_put_end(c, t, x->due);
    table_mark(t, late ? TABLE_BAD : TABLE_PLAIN);
    table_flag(t, late);
    table_time(t, x->since);
    table_row_end(t);
    buf_done(&text);
}

int view_todo(const struct view_ctx *c, const struct duty_items *items, struct table *ret,
              struct err *err)
{
    VIEW_BEGIN(c, ret, "todo", todo_columns);
    for (size_t i = 0; i < items->count; i++)
        put_item(c, ret, &items->items[i]);
    return view_end(ret, 0, err);
}
