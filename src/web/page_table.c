/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the view room on pages, and in the API. */
#include <string.h>

#include "lang/collate.h"
#include "lang/err_web.h"
#include "web/api.h"

struct view_ctx visit_view(struct visit *v)
{
    return (struct view_ctx){.state = v->s,
                             .actor = &v->who.actor,
                             .arena = v->arena,
                             .lang = v->lang,
                             .zone = ZONE_OWN,
                             .at = state_now(v->s),
                             .links = true};
}

static bool is_shown(const struct table *t, unsigned column)
{
    return t->columns[column].reader != TABLE_PROGRAMS;
}

/* The column that stands i-th on a page: what a row is called comes first. */
static unsigned column_at(const struct table *t, unsigned i)
{
    unsigned name = 0;

    while (name < t->count && strcmp(t->columns[name].key, "name") != 0)
        name++;
    if (name == t->count || i > name)
        return i;
    return i == 0 ? name : i - 1;
}

static const char *mark_class(const struct table_cell *c)
{
    static const char *const classes[] = {"", "is-good", "is-warn", "is-bad", "is-unknown"};

    return c->mark < CANH_LEN(classes) ? classes[c->mark] : "";
}

/* ?sort=KEY, from the last to the first with a - before it. */
static struct slice sort_asked(const struct visit *v, bool *ret_descending)
{
    struct slice key = visit_query(v, "sort");

    *ret_descending = slice_starts(key, SLICE("-"));
    return *ret_descending ? slice_from(key, 1) : key;
}

/* What this page was asked for, as the workbook of the same rows is. */
static void write_same_query(struct visit *v)
{
    static const char *const names[] = {"find", "sort"};
    struct buf query = BUF_INIT(URI_TARGET_MAX);

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct slice value = visit_query(v, names[i]);

        if (value.n == 0)
            continue;
        buf_printf(&query, "%s%s=", query.len ? "&" : "?", names[i]);
        uri_write_escaped(&query, value);
        page_set(v->page, names[i], value);
    }
    page_set_buf(v->page, "same_query", &query);
}

int visit_arrange(struct visit *v, struct table *t, bool finds, struct err *err)
{
    struct viet *words = NULL;
    bool descending;
    struct slice key = sort_asked(v, &descending);
    int r = table_error(t);

    v->sorts = true;
    write_same_query(v);
    if (r == 0 && finds)
        table_find(t, visit_query(v, "find"));
    if (r == 0 && key.n > 0)
        r = viet_new(&words, err);
    if (r == 0 && key.n > 0 && !table_sort(t, key, descending, words))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    words = viet_free(words);
    return r == 0 && table_error(t) < 0 ? err_code(err, table_error(t)) : r;
}

/* A way to the same page sorted by this column; by the one that it is sorted by, the other way. */
static void write_sort(struct visit *v, struct page_scope *head, const struct table_column *column)
{
    struct buf to = BUF_INIT(200);
    bool descending;
    bool here = slice_is(sort_asked(v, &descending), column->key);

    if (here && !descending)
        buf_putc(&to, '-');
    buf_puts(&to, column->key);
    page_set_text(head, "head_key", column->key);
    visit_write_query(v, head, "sort_href", "sort", buf_slice(&to));
    page_set_flag(head, "sort_up", here && !descending);
    page_set_flag(head, "sort_down", here && descending);
    buf_done(&to);
}

static void write_heads(struct visit *v, struct page_scope *p, const struct table *t)
{
    for (unsigned i = 0; i < t->count; i++) {
        unsigned column = column_at(t, i);
        struct buf text = BUF_INIT(4096);
        struct page_scope *head;

        if (!is_shown(t, column))
            continue;
        head = page_add(p, "heads");
        table_heading_write(t, column, &text);
        page_set_buf(head, "heading", &text);
        if (v->sorts)
            write_sort(v, head, &t->columns[column]);
    }
}

static void write_cell(struct page_scope *line, const struct table *t, size_t row, unsigned column)
{
    const struct table_cell *c = table_cell(t, row, column);
    struct page_scope *cell = page_add(line, "cells");
    struct buf text = BUF_INIT(1 << 20), head = BUF_INIT(4096);
    bool missing;

    table_cell_write(t, c, &text);
    missing = text.len == 0 || slice_is(buf_slice(&text), "–");
    if (text.len == 0)
        buf_puts(&text, "–");
    table_heading_write(t, column, &head);
    page_set_buf(cell, "cell", &text);
    page_set_buf(cell, "cell_head", &head);
    page_set_text(cell, "cell_class",
                  missing                                       ? "is-nothing"
                  : strcmp(t->columns[column].key, "name") == 0 ? "is-name"
                                                                : mark_class(c));
    page_set(cell, "cell_href", c->link);
}

void visit_write_table(struct visit *v, struct page_scope *p, const struct table *t)
{
    const struct page_part part = visit_part(v, p, t->rows, PART_ROWS);

    page_set_text(p, "table_name", t->options.name);
    write_heads(v, p, t);
    for (size_t row = part.from; row < part.until; row++) {
        struct page_scope *line = page_add(p, "lines");

        for (unsigned i = 0; i < t->count; i++)
            if (is_shown(t, column_at(t, i)))
                write_cell(line, t, row, column_at(t, i));
    }
    page_set_i64(p, "table_rows", (int64_t)t->rows);
    page_set_flag(p, "table_any", t->rows > 0);
}

void visit_json_table(struct visit *v, const struct table *t)
{
    struct json_write w;

    api_items_begin(v, &w);
    for (size_t row = 0; row < t->rows; row++)
        table_row_to_json(t, row, &w);
    api_items_end(&w);
}

int visit_done(struct visit *v, struct slice path)
{
    if (!v->api)
        return visit_goto(v, path);
    api_reply_done(v);
    return 0;
}
