/* SPDX-License-Identifier: Apache-2.0 */
/* A long list page by page: ?from= says behind how many rows it begins. */
#include "base/num.h"
#include "web/web_internal.h"

void visit_write_query(struct visit *v, struct page_scope *p, const char *name, const char *query,
                       struct slice value)
{
    const struct uri_pairs *asked = &v->x->target.pairs;
    struct buf href = BUF_INIT(URI_TARGET_MAX);

    buf_puts(&href, "?");
    for (size_t i = 0; i < asked->count; i++) {
        if (slice_is(asked->items[i].name, query) || slice_is(asked->items[i].name, "from"))
            continue;
        uri_write_escaped(&href, asked->items[i].name);
        buf_putc(&href, '=');
        uri_write_escaped(&href, asked->items[i].value);
        buf_putc(&href, '&');
    }
    buf_printf(&href, "%s=", query);
    uri_write_escaped(&href, value);
    page_set_buf(p, name, &href);
}

/* This page's own address with another ?from=; what else was asked for stays. */
static void write_step(struct visit *v, struct page_scope *p, const char *name, size_t from)
{
    struct buf number = BUF_INIT(40);

    buf_printf(&number, "%zu", from);
    visit_write_query(v, p, name, "from", buf_slice(&number));
    buf_done(&number);
}

struct page_part visit_part(struct visit *v, struct page_scope *p, size_t total, size_t most)
{
    int64_t from = 0;
    struct page_part part;

    if (num_range(visit_query(v, "from"), 0, (int64_t)total, &from) < 0 || (size_t)from == total)
        from = 0;
    part = (struct page_part){(size_t)from, CANH_MIN((size_t)from + most, total)};
    if (total <= most && from == 0)
        return part;
    page_set_flag(p, "pager", true);
    page_set_i64(p, "pager_first", from + 1);
    page_set_i64(p, "pager_last", (int64_t)part.until);
    page_set_i64(p, "pager_total", (int64_t)total);
    if (from > 0)
        write_step(v, p, "pager_back", part.from > most ? part.from - most : 0);
    if (part.until < total)
        write_step(v, p, "pager_on", part.until);
    return part;
}
