/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts, cases, requests, notices … as one table: found without tones, sorted by any column. What
 * of them needs a hand stands on their own pages.
 */
#include "web/page_lists.h"

#include "lang/err_web.h"
#include "lang/msg_console.h"

static int rows_show(struct visit *v, const struct list_source *list, const struct table *t,
                     struct err *err)
{
    page_set_text(v->page, "list_name", list->name);
    page_set_text(v->page, "list_page", list->page);
    page_set_text(v->page, "list_title", lang_text(v->lang, list->title));
    page_set_text(v->page, "table_title", lang_text(v->lang, list->title));
    visit_write_table(v, v->page, t);
    page_set_when(v->page, "now", state_now(v->s), state_now(v->s));
    return visit_page(v, "rows", err);
}

int page_rows(struct visit *v, struct err *err)
{
    const struct list_source *list = list_source_of(v);
    struct table t;
    int r;

    if (list == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    r = list_source_read(v, list, &t, err);
    if (r == 0)
        r = rows_show(v, list, &t, err);
    table_done(&t);
    return r;
}
