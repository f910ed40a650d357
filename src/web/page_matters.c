/* SPDX-License-Identifier: Apache-2.0 */
/* What else than alerts people are called for: shifts nobody took, outages, requests, clocks,
 * faults. */
#include "alert/alert.h"
#include "alert/matter.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "lang/msg_console.h"
#include "state/people.h"
#include "view/api.h"
#include "web/api.h"

static const char *kind_word(const struct visit *v, int32_t matter)
{
    static const msg_id words[STATE_MATTER_MAX] = {
        MSG_CONSOLE_MATTER_FAULT,  MSG_CONSOLE_MATTER_FAULT,   MSG_CONSOLE_MATTER_SHIFT,
        MSG_CONSOLE_MATTER_OUTAGE, MSG_CONSOLE_MATTER_CLOCK,   MSG_CONSOLE_MATTER_REQUEST,
        MSG_CONSOLE_MATTER_FAULT,  MSG_CONSOLE_MATTER_LIFE,    MSG_CONSOLE_MATTER_READY,
        MSG_CONSOLE_MATTER_CHANGE, MSG_CONSOLE_MATTER_HANDOVER};

    return lang_text(v->lang, words[matter > 0 && matter < STATE_MATTER_MAX ? matter : 0]);
}

static void write_matter(struct visit *v, const struct state_call *x)
{
    const struct state_actor all = state_actor_system();
    const struct view_ctx view = visit_view(v);
    struct page_scope *row = page_add(v->page, "matters");
    struct buf id = BUF_INIT(64);
    struct state_person p;

    id_write(&id, x->id);
    page_set_buf(row, "matter", &id);
    page_set_text(row, "matter_kind", kind_word(v, x->matter));
    page_set_text(row, "matter_level", level_name(x->level));
    page_set(row, "matter_title", x->title);
    if (!id_eq(x->unit, v->who.actor.unit))
        page_set(row, "matter_of", view_unit_name(&view, x->unit));
    page_set_recorded(v, row, "matter_since", x->created, false);
    page_set_flag(row, "matter_waits", x->state != STATE_CALL_ANSWERED);
    page_set_flag(row, "matter_nobody", x->state == STATE_CALL_NOBODY);
    if (x->state == STATE_CALL_ANSWERED &&
        state_person_get(v->s, &all, x->answerer, v->arena, &p, NULL) == 0)
        page_set(row, "matter_taker", p.name);
}

int write_matters(struct visit *v, size_t most, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct matter_rows list;
    int r = matter_list(&ctx, &v->who.actor, most, &list, err);

    for (size_t i = 0; r == 0 && i < list.count; i++)
        write_matter(v, &list.rows[i]);
    page_set_i64(v->page, "matter_count", (int64_t)list.total);
    if (list.total > list.count)
        page_set_i64(v->page, "matters_more", (int64_t)(list.total - list.count));
    return r;
}

static int matters_accept(struct visit *v, struct state_call *ret, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = matter_accept(&ctx, &v->who.actor, id, ret, err);
    if (r == 0)
        desk_web_changed(v->web, "matter", ret->unit, ret->id);
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

int post_matter_accept(struct visit *v, struct err *err)
{
    struct state_call x;
    int r = matters_accept(v, &x, err);

    return r < 0 ? r : visit_goto(v, SLICE("/"));
}

int api_matters(struct visit *v, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct matter_rows list;
    struct json_write w;
    int r = matter_list(&ctx, &v->who.actor, MATTERS_MAX, &list, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    for (size_t i = 0; i < list.count; i++)
        view_json_matter(&w, &list.rows[i], v->lang);
    api_items_end(&w);
    return 0;
}

int api_matter_accept(struct visit *v, struct err *err)
{
    struct state_call x;
    struct json_write w;
    int r = matters_accept(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_matter(&w, &x, v->lang);
    return 0;
}
