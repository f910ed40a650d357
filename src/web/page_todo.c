/* SPDX-License-Identifier: Apache-2.0 */
/* "Việc phải làm": what the unit must do now. */
#include "overview/todo.h"
#include "view/api.h"
#include "web/api.h"
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
    api_items_begin(v, &w);
    for (size_t i = 0; i < items.count; i++)
        view_json_item(&w, &items.items[i], v->lang);
    api_items_end(&w);
    return 0;
}
