/* SPDX-License-Identifier: Apache-2.0 */
/* "Việc phải làm": what the unit must do now. */
#include "lang/msg_console.h"
#include "overview/todo.h"
#include "web/page_shift.h"

static int read_todo(struct visit *v, struct duty_items *ret, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    const struct todo_request request = {.unit = v->who.actor.unit, .terms = shipped_terms()};

    *ret = (struct duty_items){.arena = v->arena};
    return todo_read(&ctx, &v->who.actor, &request, ret, err);
}

int page_todo(struct visit *v, struct err *err)
{
    struct duty_items items;
    int64_t now = state_now(v->s);
    int r = read_todo(v, &items, err);

    if (r < 0)
        return r;
    write_items(v, v->page, &items);
    page_set_i64(v->page, "item_count", (int64_t)items.count);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "todo", err);
}

int api_todo(struct visit *v, struct err *err)
{
    struct duty_items items;
    struct json_write w;
    int r = read_todo(v, &items, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    json_open(&w, '{');
    json_key(&w, "items");
    json_open(&w, '[');
    for (size_t i = 0; i < items.count; i++) {
        const struct duty_item *x = &items.items[i];

        json_open(&w, '{');
        json_key(&w, "kind");
        json_text(&w, slice_str(duty_item_kind_to_str(x->kind)));
        json_key(&w, "code");
        json_text(&w, x->code);
        json_key(&w, "title");
        json_text(&w, x->title);
        json_key(&w, "due");
        json_time(&w, x->due ? x->due : TIME_NONE);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    return 0;
}
