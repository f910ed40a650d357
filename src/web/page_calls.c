/* SPDX-License-Identifier: Apache-2.0 */
/* The call list of the visitor's unit as a page to print; numbers are read, and audited, when they
 * are asked for. */
#include "lang/msg_console.h"
#include "papers/papers.h"
#include "web/page_shift.h"
#include "web/paper.h"

int page_calls(struct visit *v, struct err *err)
{
    const bool shown = slice_is(visit_query(v, "numbers"), "yes");
    const int64_t now = state_now(v->s);
    struct papers_ctx p = {.s = v->s, .actor = v->who.actor, .arena = v->arena, .lang = v->lang};
    const struct act_ctx ctx = visit_ctx(v);
    const struct duty_window window = {.unit = p.actor.unit,
                                       .from = now - TIME_DAY,
                                       .until = now + 2 * TIME_DAY,
                                       .terms = shipped_terms()};
    struct duty_picture picture = {.facts = {.count = 0}};
    struct state_unit unit;
    int r = state_unit_get(v->s, &p.actor, p.actor.unit, v->arena, &unit, err);

    p.actor.purpose = slice_str(lang_text(v->lang, MSG_CONSOLE_CALL_LIST_TITLE));
    if (r == 0)
        r = papers_begin(&p, &unit, SLICE_NULL, err);
    if (r == 0)
        r = duty_picture_read(&ctx, &v->who.actor, &window, &picture, err);
    if (r == 0)
        r = papers_call_list(&p, &picture.load, !shown, err);
    if (r == 0)
        r = page_add_paper(v->page, &p.paper, err);
    if (r < 0)
        return r;
    page_set_flag(v->page, "shown", shown);
    page_set_when(v->page, "now", now, 0);
    return visit_page(v, "calls", err);
}
