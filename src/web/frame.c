/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around every page: the bar with its tabs, who looks, other languages. */
#include "lang/msg_console.h"
#include "web/web_internal.h"

/* Marks the tab that a page stands under: what is under none of the others is under the last. */
static void write_tab(struct page_scope *p, struct slice path)
{
    static const struct {
        const char *path, *flag;
    } tabs[] = {{"/alerts", "at_alerts"},    {"/rows/alerts", "at_alerts"}, {"/cases", "at_cases"},
                {"/rows/cases", "at_cases"}, {"/todo", "at_todo"},          {"/forms", "at_forms"},
                {"/scan", "at_scan"},        {"/province", "at_province"},  {"/shift", "at_shift"}};
    const char *flag = slice_is(path, "/") ? "at_shift" : "at_more";

    for (size_t i = 0; i < CANH_LEN(tabs); i++)
        if (slice_starts(path, slice_str(tabs[i].path)))
            flag = tabs[i].flag;
    page_set_flag(p, flag, true);
}

/* Those that the page could be in instead. */
static void write_languages(const struct visit *v, struct page_scope *p)
{
    for (int i = 0; i < LANG_MAX; i++) {
        struct page_scope *row = i == (int)v->lang ? NULL : page_add(p, "languages");

        if (row == NULL)
            continue;
        page_set_text(row, "code", lang_names[i]);
        page_set_text(row, "name", lang_text((enum lang)i, MSG_CONSOLE_LANGUAGE));
    }
}

/* Where the page comes back to in another language; what was sent is not sent again. */
static void write_here(const struct visit *v, struct page_scope *p)
{
    const struct uri_target *t = &v->x->target;
    struct buf here = BUF_INIT(2 * URI_TARGET_MAX);

    buf_append_slice(&here, t->path);
    if (t->query.n > 0 && slice_is(v->x->method, "GET")) {
        buf_putc(&here, '?');
        buf_append_slice(&here, t->query);
    }
    page_set_buf(p, "here", &here);
}

/* What stands around every page, and is asked for where the page itself has no such name. */
struct page_scope *visit_frame(struct visit *v)
{
    struct page_scope *p = page_new(v->arena);
    struct slice path = v->x->target.path;

    page_set_text(p, "lang", lang_to_str(v->lang));
    write_languages(v, p);
    write_here(v, p);
    page_set_flag(p, "known", v->known);
    write_tab(p, path);
    page_set_flag(p, "demo", state_is_demo(v->s));
    if (!v->known)
        return p;
    page_set(p, "signed_in", v->who.login);
    page_set(p, "person", v->who.name);
    page_set(p, "unit", v->who.unit_name);
    page_set_text(p, "csrf", v->who.csrf);
    page_set_flag(p, "may_work", WHO_WORK & 1u << v->who.actor.role);
    page_set_flag(p, "oversees", (WHO_HEAD | WHO_OBSERVER) & 1u << v->who.actor.role);
    page_set_flag(p, "may_tech", WHO_TECH & 1u << v->who.actor.role);
    page_set_flag(p, "may_act", WHO_DUTY & 1u << v->who.actor.role);
    return p;
}
