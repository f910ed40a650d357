/* SPDX-License-Identifier: Apache-2.0 */
/* A post of the unit, declared or changed from the page of its roster. */
#include "base/num.h"
#include "duty/layer.h"
#include "lang/err_web.h"
#include "lang/msg_duty.h"
#include "web/web_internal.h"

enum { PEOPLE_MAX = 100 };

static const struct {
    const char *key;
    msg_id title;
} post_kinds[] = {
    {"security", MSG_DUTY_POST_SECURITY},
    {"shift", MSG_DUTY_POST_SHIFT},
    {"control-room", MSG_DUTY_POST_CONTROL_ROOM},
    {"rescue", MSG_DUTY_POST_RESCUE},
};

void visit_write_post_kinds(struct visit *v)
{
    for (size_t i = 0; i < CANH_LEN(post_kinds); i++) {
        struct page_scope *row = page_add(v->page, "post_kinds");

        page_set_text(row, "kind", post_kinds[i].key);
        page_set_text(row, "kind_title", lang_text(v->lang, post_kinds[i].title));
    }
}

int post_roster_post(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct post_request q = {.unit = v->who.actor.unit,
                             .code = visit_given(v, "code"),
                             .name = visit_given(v, "name"),
                             .kind = visit_given(v, "kind"),
                             .hours = visit_given(v, "hours"),
                             .mark_minutes = -1,
                             .presence = slice_is(visit_given(v, "presence"), "on-call")
                                             ? STATE_ON_CALL
                                             : STATE_ON_SITE};
    struct state_post done;
    int64_t people = 1;
    int r = 0;

    if (q.code.n == 0 || q.name.n == 0)
        r = err_fail(err, CE_MISSING, ERR_WEB_POST_CODE_AND_NAME);
    if (r == 0 && num_range(visit_given(v, "people"), 1, PEOPLE_MAX, &people) < 0)
        r = err_fail(err, CE_RANGE, ERR_WEB_POST_PEOPLE, PEOPLE_MAX);
    q.people = (int32_t)people;
    if (r == 0)
        r = post_write(&ctx, &v->who.actor, &q, &done, err);
    if (r == 0)
        desk_web_changed(v->web, "shift", done.unit, done.id);
    return r < 0 ? r : visit_done(v, SLICE("/roster?done=1"));
}
