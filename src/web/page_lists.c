/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that are one table of the view room: units, people, assets, how to reach people. And the
 * page that names all the others. */
#include <string.h>

#include "lang/msg_console.h"
#include "view/contacts.h"
#include "view/forms.h"
#include "view/plans.h"
#include "view/units.h"
#include "web/web_internal.h"

/* One list: its path is its name. */
static const struct list {
    const char *name;
    msg_id title, lead;
    int (*read)(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err);
    bool finds;   /* heeds words to look for */
    unsigned who; /* may come in */
} lists[] = {
    {"units", MSG_CONSOLE_LIST_UNITS, MSG_CONSOLE_LIST_UNITS_LEAD, view_units, true, WHO_WORK},
    {"people", MSG_CONSOLE_LIST_PEOPLE, MSG_CONSOLE_LIST_PEOPLE_LEAD, view_people, true, WHO_DUTY},
    {"assets", MSG_CONSOLE_LIST_ASSETS, MSG_CONSOLE_LIST_ASSETS_LEAD, view_assets, true, WHO_WORK},
    {"findings", MSG_CONSOLE_LIST_FINDINGS, MSG_CONSOLE_LIST_FINDINGS_LEAD, view_findings, false,
     WHO_WORK},
    {"statements", MSG_CONSOLE_LIST_STATEMENTS, MSG_CONSOLE_LIST_STATEMENTS_LEAD, view_statements,
     false, WHO_WORK},
    {"contacts", MSG_CONSOLE_LIST_CONTACTS, MSG_CONSOLE_LIST_CONTACTS_LEAD, view_contacts_below,
     false, WHO_DUTY},
};

static const struct list *list_of(const struct visit *v)
{
    const struct uri_target *t = &v->x->target;
    struct slice name = t->segments[t->segment_count - 1];

    for (size_t i = 0; i < CANH_LEN(lists); i++)
        if (slice_is(name, lists[i].name))
            return &lists[i];
    return &lists[0];
}

void visit_write_list_tabs(struct visit *v, const char *here)
{
    for (size_t i = 0; i < CANH_LEN(lists); i++) {
        struct page_scope *tab;
        struct buf href = BUF_INIT(40);

        if (!(lists[i].who & 1u << v->who.actor.role))
            continue;
        tab = page_add(v->page, "list_tabs");
        buf_printf(&href, "/%s", lists[i].name);
        page_set_buf(tab, "tab_href", &href);
        page_set_text(tab, "tab_name", lists[i].name);
        page_set_text(tab, "tab_title", lang_text(v->lang, lists[i].title));
        page_set_flag(tab, "tab_here", strcmp(lists[i].name, here) == 0);
    }
}

static int lists_show(struct visit *v, const struct list *list, const struct table *t,
                      struct err *err)
{
    if (v->api) {
        visit_json_table(v, t);
        return 0;
    }
    visit_write_list_tabs(v, list->name);
    page_set_text(v->page, "list_name", list->name);
    page_set_text(v->page, "list_title", lang_text(v->lang, list->title));
    page_set_text(v->page, "table_title", lang_text(v->lang, list->title));
    page_set_text(v->page, "list_lead", lang_text(v->lang, list->lead));
    visit_write_table(v, v->page, t);
    page_set_when(v->page, "now", state_now(v->s), state_now(v->s));
    return visit_page(v, "list", err);
}

int page_list(struct visit *v, struct err *err)
{
    const struct list *list = list_of(v);
    struct view_ctx ctx = visit_view(v);
    const struct view_query q = {.unit = v->who.actor.unit,
                                 .below = true,
                                 .find = list->finds ? visit_query(v, "find") : SLICE_NULL};
    struct table t;
    int r;

    if (list->read == view_people) /* their pages are for who looks after them */
        ctx.links = WHO_HEAD & 1u << v->who.actor.role;
    r = list->read(&ctx, &q, &t, err);

    if (r == 0)
        r = visit_arrange(v, &t, !list->finds, err);
    if (r == 0)
        r = lists_show(v, list, &t, err);
    table_done(&t);
    return r;
}

int page_more(struct visit *v, struct err *err)
{
    return visit_page(v, "more", err);
}
