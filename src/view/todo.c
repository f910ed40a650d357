/* SPDX-License-Identifier: Apache-2.0 */
#include "view/todo.h"

#include "base/time.h"
#include "duty/item_text.h"
#include "lang/msg_duty.h"

static const struct table_column todo_columns[] = {
    {.key = "kind", .title = MSG_DUTY_COL_ITEM, .kind = TABLE_WORD},
    {.key = "code", .title = MSG_DUTY_COL_ID},
    {.key = "what", .title = MSG_DUTY_COL_WHAT, .width = 20, .wrap = true},
    {.key = "due", .title = MSG_DUTY_COL_DUE, .kind = TABLE_TIME},
    {.key = "late", .title = MSG_DUTY_COL_LATE, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "since", .title = MSG_DUTY_COL_SINCE, .kind = TABLE_TIME, .rank = 1},
};

/* What waits for the head, by its key. */
static void write_code(const struct view_ctx *c, struct table *t, const struct duty_item *x)
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

/* By then somebody must stand: when something begins, not the end of a day before it. */
static bool is_beginning(const struct duty_item *x)
{
    return x->kind == DUTY_ITEM_GAP || x->kind == DUTY_ITEM_APPROVAL ||
           x->fault == DUTY_ITEM_NOT_TAKEN;
}

static void write_item(const struct view_ctx *c, struct table *t, const struct duty_item *x)
{
    bool late = time_is_late(x->due, 0, c->at);
    struct buf text = BUF_INIT(64 * 1024);

    duty_item_words(&text, c->lang, x);
    table_word_text(t, slice_str(duty_item_kind_to_str(x->kind)),
                    slice_str(duty_item_kind_text(c->lang, x->kind)));
    write_code(c, t, x);
    table_text(t, buf_slice(&text));
    if (is_beginning(x))
        table_time(t, x->due);
    else
        view_write_end(c, t, x->due);
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
        write_item(c, ret, &items->items[i]);
    return view_end(ret, 0, err);
}
